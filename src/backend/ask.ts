import { z } from "zod";
import { AppError } from "../errors.ts";
import { type BackendAddress, readBackendUrl } from "./base-url.ts";
import { type Breaker, makeBreaker } from "./breaker.ts";
import { type Failure, failureOfGarbage, failureOfRefusal, failureOfSilence, type Place } from "./classify.ts";
import { type AnswerOf, type CallName, type CallRow, callRow } from "./contract/calls.ts";
import type { BackendErrorCode } from "./contract/errors.ts";
import { HEADERS, IdempotencyKey, RequestId } from "./contract/headers.ts";
import { CONNECT_TIMEOUT_MS, MAX_BODY_BYTES } from "./contract/limits.ts";
import type { BackendGate, Bucket, Credential } from "./gate.ts";
import type { CallMeta } from "./ports.ts";
import { type Asked, problemsOf, readAnswer } from "./read-answer.ts";
import { readRetryAfter } from "./retry-after.ts";
import { makeTransport, type NoAnswer, type Transport } from "./transport.ts";
import { BackendWait } from "./wait.ts";

/** One call that was made. Names and numbers only: for logs and metrics. */
export interface CallReport {
  readonly call: CallName;
  readonly requestId: string;
  /** null: no answer. */
  readonly status: number | null;
  /** Why it did not succeed; null: it did. */
  readonly problem: BackendErrorCode | NoAnswer | "invalidAnswer" | null;
  readonly isReplayed: boolean;
  readonly durationMs: number;
}

/** A credential was refused; nobody is called until it is corrected. */
export interface UnauthorizedAlert {
  readonly credential: Credential;
  readonly call: CallName;
  readonly requestId: string;
}

export interface BackendOptions {
  /** Origin, with or without a path in place of `/api`. */
  readonly url: string;
  /** Role operator. */
  readonly adminKey: string;
  /** Role client, used wherever it suffices; without it `adminKey` serves for all. */
  readonly clientKey?: string | undefined;
  readonly gate: BackendGate;
  /** Epoch ms, the real time: a Retry-After may be a date. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Called once for a refused credential, in one of all processes. When it throws, the call fails with that and the next one tells. */
  readonly onUnauthorized: (alert: UnauthorizedAlert) => void | Promise<void>;
  readonly observe?: (report: CallReport) => void;
  /** Shorter ones for tests. Unit: milliseconds. */
  readonly timeouts?: { readonly connectMs?: number; readonly answerMs?: number };
}

export interface Asking {
  readonly body: unknown;
  readonly asked: Asked;
  readonly meta: CallMeta & { readonly idempotencyKey?: string; readonly isLastAttempt?: boolean };
}

export interface Answered<Body = unknown> {
  readonly body: Body;
  readonly status: number;
  readonly isSourceNamed: boolean;
  readonly retryAfterMs: number | null;
  /** The body as it was received, and as it was sent. */
  readonly bytes: Uint8Array;
  readonly sent: string | null;
}

export interface Asker {
  /**
   * One attempt at one call.
   * @returns what the call's schema of the contract accepted.
   * @throws BackendWait, AppError backend.*, effect.invalidInput (nothing was sent), redis.unreachable
   */
  ask<K extends CallName>(name: K, asking: Asking): Promise<Answered<AnswerOf<K>>>;
  close(): Promise<void>;
}

type Attempt =
  | { readonly isFailure: false; readonly answered: Answered }
  | (Failure & { readonly answered: null; readonly mayHaveRun: boolean });

export function makeAsker(options: BackendOptions): Asker {
  const { gate, now, observe, onUnauthorized, timeouts = {} } = options;
  const address: BackendAddress = readBackendUrl(options.url);
  const transport: Transport = makeTransport(address.origin, timeouts.connectMs ?? CONNECT_TIMEOUT_MS);
  const breaker: Breaker = makeBreaker(options.random);

  /** The weakest credential that suffices. */
  function credentialOf({ role }: CallRow): { readonly credential: Credential; readonly key: string | null } {
    if (role === null) return { credential: "none", key: null };
    if (role === "client" && options.clientKey !== undefined) return { credential: "client", key: options.clientKey };
    return { credential: "operator", key: options.adminKey };
  }

  async function ask<K extends CallName>(name: K, asking: Asking): Promise<Answered<AnswerOf<K>>> {
    const row = callRow(name);
    const { credential, key } = credentialOf(row);
    const bucket: Bucket = { credential, rateClass: row.rateClass };
    const body = writeBody(name, asking);
    const { unauthorizedMs, slowedMs, isAlerted } = await gate.look(bucket);
    // Asked for without a credential: whether the backend lives, which is asked for most when nothing else works.
    const isGuarded = credential !== "none";
    if (isGuarded && unauthorizedMs > 0) throw new BackendWait("unauthorized", unauthorizedMs);
    if (slowedMs > 0) throw new BackendWait("slowedDown", slowedMs);
    if (isGuarded) breaker.check();
    const permit = await gate.take(bucket);
    if (!permit.ok) throw new BackendWait("pace", permit.retryInMs);

    const once = () => attempt(name, row, key, body, asking);
    const end = isGuarded ? await breaker.run(once) : await once();
    if (end.answered !== null) {
      if (isGuarded && isAlerted) await gate.withdrawAlert(credential);
      return end.answered as Answered<AnswerOf<K>>; // readAnswer held it against the schemas that AnswerOf is made of
    }
    const { error, mayHaveRun } = end;
    if (error instanceof BackendWait && error.reason === "rateLimited") await gate.slowDown(bucket, error.retryInMs);
    if (name === "runCollector" && mayHaveRun) await gate.holdCollector();
    if (isGuarded && error instanceof AppError && error.code === "backend.unauthorized")
      await refuse({ credential, call: name, requestId: asking.meta.requestId });
    throw error;
  }

  async function refuse(alert: UnauthorizedAlert): Promise<void> {
    if (await gate.claimAlert(alert.credential)) {
      try {
        await onUnauthorized(alert);
      } catch (error) {
        await gate.withdrawAlert(alert.credential);
        throw error;
      }
    }
    await gate.closeUnauthorized();
  }

  /** Never throws, whatever the backend does: the breaker is to see every end. */
  async function attempt(
    call: CallName,
    row: CallRow,
    key: string | null,
    body: string | null,
    { asked, meta }: Asking,
  ): Promise<Attempt> {
    const place: Place = { call, requestId: meta.requestId };
    const startedMs = performance.now();
    const report = (status: number | null, problem: CallReport["problem"], isReplayed = false) =>
      observe?.({
        call,
        requestId: meta.requestId,
        status,
        problem,
        isReplayed,
        durationMs: performance.now() - startedMs,
      });

    const exchange = await transport.send({
      method: row.method,
      path: `${address.prefix}${row.path.replace("{job_id}", encodeURIComponent(asked.jobId ?? ""))}`,
      headers: {
        ...(key === null ? {} : { [HEADERS.authorization]: `Bearer ${key}` }),
        [HEADERS.requestId]: meta.requestId,
        ...(row.isKeyed && meta.idempotencyKey !== undefined ? { [HEADERS.idempotencyKey]: meta.idempotencyKey } : {}),
      },
      body,
      answerTimeoutMs: timeouts.answerMs ?? row.answerTimeoutMs,
      signal: meta.signal,
    });
    if (!exchange.ok) {
      report(null, exchange.failure);
      const { failure } = exchange;
      return { ...failureOfSilence(place, failure), answered: null, mayHaveRun: failure !== "connect" };
    }
    const { answer } = exchange;
    const reading = readAnswer(call, answer, asked);
    const retryAfterMs = readRetryAfter(answer.header(HEADERS.retryAfter), now());
    switch (reading.kind) {
      case "success":
        report(answer.status, null, answer.header(HEADERS.idempotentReplayed) === "true");
        return { isFailure: false, answered: { ...reading, retryAfterMs, bytes: answer.bytes, sent: body } };
      case "refusal": {
        const { refusal } = reading;
        report(answer.status, refusal.code);
        return {
          ...failureOfRefusal(place, refusal, retryAfterMs, meta.isLastAttempt ?? false),
          answered: null,
          // 504: somebody on the way gave up waiting, not the collector.
          mayHaveRun: refusal.code === "upstream_timeout",
        };
      }
      case "garbage":
        report(answer.status, "invalidAnswer");
        return { ...failureOfGarbage(place, answer.status, reading.problems), answered: null, mayHaveRun: false };
    }
  }

  return { ask, close: () => transport.close() };
}

/** @throws AppError effect.invalidInput */
function writeBody(name: CallName, { body, asked, meta }: Asking): string | null {
  const row = callRow(name);
  const problems: string[] = [];
  const hold = (schema: z.ZodType, value: unknown, what: string) => {
    const checked = schema.safeParse(value);
    if (!checked.success) problems.push(...problemsOf(checked.error).map((problem) => `${what}.${problem}`));
    return checked.data;
  };
  hold(RequestId, meta.requestId, "requestId");
  if (row.isKeyed) hold(IdempotencyKey, meta.idempotencyKey, "idempotencyKey");
  if (name === "getJob") hold(JobPathPart, asked.jobId, "jobId");
  const request = row.request === null ? null : hold(row.request, body, "request");
  const text = request === null || request === undefined ? null : JSON.stringify(request);
  if (text !== null && Buffer.byteLength(text) > MAX_BODY_BYTES) problems.push("request: too large");
  if (problems.length > 0) throw new AppError("effect.invalidInput", { details: { call: name, problems } });
  return text;
}

/** Becomes a part of the path: `.` and `..` would name another address. */
const JobPathPart = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(?!\.{1,2}$)/);
