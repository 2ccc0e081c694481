// One call from its request to its reply: fault, credentials, limits, body, key, the call itself; written down in the journal.
import type { IncomingHttpHeaders } from "node:http";
import { BACKEND_ERROR_CODES, type BackendErrorCode, rowOf } from "../../../backend/contract/errors.ts";
import { IdempotencyKey, RequestId } from "../../../backend/contract/headers.ts";
import type { Answer } from "../calls/answer.ts";
import type { CallContext } from "../calls/call.ts";
import { type Route, routeOf } from "../calls/table.ts";
import { Refusal } from "../errors.ts";
import { type Fault, type Faults, kindOf } from "../faults.ts";
import { type Journal, masked, type OpenRecord } from "../journal.ts";
import type { Profile, Reply } from "../profile.ts";
import type { Clock, ClockWaits, Timer } from "../timers.ts";
import type { TokenPolicy } from "../wb-token/read.ts";
import type { RateLimits } from "../world/rate-limits.ts";
import type { World } from "../world/world.ts";
import { type Authenticator, requireRole } from "./authenticate.ts";
import { fingerprintOf, parseBody } from "./request-body.ts";

export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** null: too large. */
  readonly body: Buffer | null;
}

export interface ExchangeDeps {
  readonly world: () => World;
  readonly clock: Clock;
  readonly waits: ClockWaits;
  readonly timer: Timer;
  readonly profile: Profile;
  readonly tokenPolicy: TokenPolicy;
  readonly authenticator: Authenticator;
  readonly limits: () => RateLimits;
  readonly faults: Faults;
  readonly journal: Journal;
  /** The world has changed. */
  readonly onEffect: () => void;
  readonly onDefect: (cause: unknown) => void;
  /** Around a time in which the call does nothing but hang. */
  readonly idle: <T>(wait: Promise<T>) => Promise<T>;
}

/** null: the connection is dropped. */
export type Outcome = Reply | null;

export class Exchange {
  readonly #deps: ExchangeDeps;
  #requests = 0;

  constructor(deps: ExchangeDeps) {
    this.#deps = deps;
  }

  async run(incoming: Incoming): Promise<Outcome> {
    const { clock, journal, faults, profile } = this.#deps;
    this.#requests += 1;
    const asked = RequestId.safeParse(incoming.headers["x-request-id"]);
    const key = incoming.headers["idempotency-key"];
    // On record from the start: a call that hangs is seen too.
    const draft = journal.add({
      at: clock.now(),
      method: incoming.method,
      path: incoming.path,
      idempotency_key: typeof key === "string" ? key : null,
      request_id: asked.success ? asked.data : `req_${String(this.#requests).padStart(8, "0")}`,
      role: null,
      status: null,
      code: null,
      replayed: false,
      fault: null,
      effects: [],
      body: null,
    });
    const fault = faults.strike(incoming.path);
    draft.fault = fault === null ? null : kindOf(fault);
    const outcome = await this.#outcome(incoming, draft, fault);
    if (outcome === null) return null;
    draft.status = outcome.status;
    const headers = profile.sendsRequestId ? { ...outcome.headers, "X-Request-Id": draft.request_id } : outcome.headers;
    return { ...outcome, headers };
  }

  async #outcome(incoming: Incoming, draft: OpenRecord, fault: Fault | null): Promise<Outcome> {
    if (fault !== null) {
      if ("reset" in fault) return null;
      if ("hang" in fault) {
        await this.#deps.idle(this.#deps.faults.hang());
        return null;
      }
      if ("status" in fault || "success_false" in fault) return this.#failure(fault, draft);
    }
    const reply = await this.#reply(incoming, draft, fault);
    if (draft.effects.length > 0) this.#deps.onEffect();
    return fault !== null && "lose_answer" in fault ? null : reply;
  }

  async #reply(incoming: Incoming, draft: OpenRecord, fault: Fault | null): Promise<Reply> {
    try {
      return await this.#answer(incoming, draft, fault);
    } catch (cause) {
      // A defect of the simulator: told to whoever runs it, without internals for the client.
      if (!(cause instanceof Refusal)) this.#deps.onDefect(cause);
      return this.#refused(cause, draft);
    }
  }

  #refused(cause: unknown, draft: OpenRecord): Reply {
    const refusal = cause instanceof Refusal ? cause : new Refusal("internal");
    draft.code = refusal.code;
    return this.#deps.profile.refuse(refusal, draft.request_id);
  }

  async #answer(incoming: Incoming, draft: OpenRecord, fault: Fault | null): Promise<Reply> {
    const { clock, profile, authenticator, limits } = this.#deps;
    const route = routeOf(incoming.method, incoming.path, profile);
    if (!route) throw new Refusal("not_found");
    const caller = route.row.role === null ? null : authenticator.identify(incoming.headers);
    draft.role = caller?.role ?? null;
    if (caller && route.row.role !== null) {
      requireRole(caller, route.row.role);
      const retryAfterS = limits().take(caller.name, route.row.rateClass, clock.now());
      if (retryAfterS > 0) throw new Refusal("rate_limited", { retryAfterS });
    }
    const body = route.row.request === null ? null : parseBody(incoming.headers["content-type"], incoming.body);
    draft.body = masked(body);
    // A read without a body has no answer for a malformed request: it gets an id of its own.
    if (route.row.request !== null) checkHeader(RequestId, "X-Request-Id", incoming.headers["x-request-id"]);
    const context = this.#context(draft, caller, route);
    const run = async (): Promise<Reply> => {
      if (fault !== null && "delay_ms" in fault) await this.#delay(fault.delay_ms);
      this.#deps.world().tick(clock.now());
      const answer: Answer = await route.run(body, context);
      return profile.answer(route.name, answer);
    };
    return route.row.isKeyed && profile.honoursKeys ? this.#once(incoming, draft, body, run) : run();
  }

  /** Runs the call, or gives the stored answer of the first call with this key. */
  async #once(incoming: Incoming, draft: OpenRecord, body: unknown, run: () => Promise<Reply>): Promise<Reply> {
    const key = incoming.headers["idempotency-key"];
    if (key === undefined) return run();
    checkHeader(IdempotencyKey, "Idempotency-Key", key);
    const name = String(key);
    const { idempotency } = this.#deps.world();
    const now = this.#deps.clock.now();
    const state = idempotency.begin(name, fingerprintOf(incoming.method, incoming.path, body), now);
    if (state.kind === "inProgress") throw new Refusal("idempotency_in_progress");
    if (state.kind === "conflict") throw new Refusal("idempotency_conflict");
    if (state.kind === "replay") {
      const { status, headers, body: stored } = state.answer;
      draft.replayed = true;
      draft.code = codeIn(stored);
      return { status, headers: { ...headers, "Idempotent-Replayed": "true" }, body: stored };
    }
    let reply: Reply | null = null;
    try {
      reply = await run();
      return reply;
    } catch (cause) {
      // A refusal that asks for a retry must not be what the retry gets; nor one that ends when the spreadsheet is registered.
      if (cause instanceof Refusal && !cause.isRetryable && cause.status !== 401 && cause.status !== 403)
        reply = this.#deps.profile.refuse(cause, draft.request_id);
      throw cause;
    } finally {
      const fingerprint = fingerprintOf(incoming.method, incoming.path, body);
      idempotency.finish(
        name,
        reply === null ? null : { key: name, fingerprint, storedAt: now, ...reply, headers: { ...reply.headers } },
      );
    }
  }

  #failure(fault: Extract<Fault, { status: number } | { success_false: true }>, draft: OpenRecord): Reply {
    const isError = "status" in fault;
    const usual = isError ? (BACKEND_ERROR_CODES.find((code) => rowOf(code).status === fault.status) ?? null) : null;
    const code: BackendErrorCode | null = fault.code === undefined ? (isError ? usual : "internal") : fault.code;
    const row = code === null ? null : rowOf(code);
    const usualRetryS = row?.defaultRetryAfterMs === undefined ? null : row.defaultRetryAfterMs / 1000;
    draft.code = code;
    return this.#deps.profile.fail(
      isError ? fault.status : 200,
      code,
      fault.message ?? row?.text ?? "The call failed.",
      draft.request_id,
      {
        retryable: row !== null && row.retry !== "no",
        retryAfterS: isError ? (fault.retry_after ?? usualRetryS) : null,
        details: isError ? (fault.details ?? {}) : {},
      },
    );
  }

  #context(draft: OpenRecord, caller: CallContext["caller"], route: Route): CallContext {
    const { world, clock, waits, profile, tokenPolicy } = this.#deps;
    return {
      world: world(),
      now: () => clock.now(),
      waits,
      profile,
      tokenPolicy,
      caller,
      requestId: draft.request_id,
      pathValue: route.pathValue,
      effect: (effect) => draft.effects.push(effect),
    };
  }

  #delay(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#deps.timer.after(ms, resolve);
    });
  }
}

function checkHeader(schema: typeof IdempotencyKey, name: string, value: string | string[] | undefined): void {
  if (value === undefined || schema.safeParse(value).success) return;
  throw new Refusal("invalid_request", { message: `The header ${name} is not of its form.` });
}

const codeIn = (body: unknown): string | null =>
  typeof body === "object" && body !== null && "code" in body ? String(body.code) : null;
