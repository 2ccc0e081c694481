import { createHash } from "node:crypto";
import { z } from "zod";
import { type ActorAddress, ActorAddress as Address, addressOf } from "../../machines/address.ts";
import { Effect } from "../../machines/effects.ts";
import { type InvocationName, invocations } from "../../machines/invocations.ts";
import { AppError, isAppError } from "../errors.ts";
import type { Clock } from "../runtime/ports.ts";
import { RetryAfter, RetryLater, type Run, waitBefore } from "./executor.ts";
import { retryPolicies } from "./policies.ts";
import type { ActorDoor, FailedEffects, Outbox } from "./ports.ts";
import type { Executors } from "./table.ts";

const Stored = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("effect"), effect: Effect }),
  z.object({
    kind: z.literal("invoke"),
    childId: z.string(),
    src: z.string().refine((src): src is InvocationName => src in invocations, "unknown invocation"),
    input: z.unknown(),
  }),
]);

/** How often an effect looks whether people have mended what it waits for: its quarantined actor, the bot's token. Unit: milliseconds. */
const MENDED_WAIT_MS = 60_000;

/** What a worker does next with the job of an effect. */
export type RunOutcome =
  | { readonly next: "done" }
  /** Not an attempt: somebody told us to wait, or has something to mend first, which `code` names. Unit: milliseconds. */
  | { readonly next: "later"; readonly inMs: number; readonly code?: string }
  /** The attempt failed in passing; the wait before the next one. */
  | { readonly next: "retry"; readonly inMs: number; readonly code: string };

export interface RunEffectDeps {
  readonly door: ActorDoor;
  readonly outbox: Outbox;
  readonly executors: Executors;
  readonly failed: FailedEffects;
  readonly clock: Clock;
  readonly random: () => number;
  /** For tests that kill the process between two lines; does nothing otherwise. */
  readonly crashPoint?: (name: "before-call" | "after-call" | "after-result") => void;
}

/**
 * Runs one attempt of one effect and settles its outbox entry. May run twice for the same attempt: the outbox entry is the truth,
 * and each executor says why a second run does no harm.
 */
export function makeEffectRunner(deps: RunEffectDeps): (effectId: string, attempt: number) => Promise<RunOutcome> {
  const { door, outbox, executors, failed, clock, crashPoint = () => {} } = deps;

  return async (effectId, attempt) => {
    const body = await outbox.read(effectId);
    if (body === null) return { next: "done" };
    const parsed = Stored.safeParse(readJson(body));
    const source = sourceOf(effectId);
    if (!parsed.success) {
      await giveUp(effectId, "unknown", "effect.invalidInput", body);
      return { next: "done" };
    }
    const stored = parsed.data;
    const name = stored.kind === "invoke" ? stored.src : stored.effect.kind;
    if (stored.kind === "invoke") {
      try {
        if (!(await door.awaits(source, stored.childId, effectId))) {
          await outbox.remove(effectId);
          return { next: "done" };
        }
      } catch (error) {
        // The actor cannot be read: whether it still wants this is known when people have mended it, so the effect waits.
        if (isAppError(error) && !error.retry) return { next: "later", inMs: MENDED_WAIT_MS, code: error.code };
        throw error;
      }
    }
    const policy = retryPolicies[name];
    const run: Run = { effectId, attempt, signal: AbortSignal.timeout(policy.timeoutMs) };
    let output: unknown;
    try {
      crashPoint("before-call");
      if (stored.kind === "effect") await withinTime(run, executors.effect(stored.effect, run));
      else output = await withinTime(run, executors.invoke(stored.src, stored.input, run));
    } catch (error) {
      if (error instanceof RetryLater) return { next: "later", inMs: error.retryInMs };
      // Nothing is wrong with the effect. A token that is exchanged would otherwise end all that are under way in one ticket each.
      if (isAppError(error, "telegram.unauthorized")) return { next: "later", inMs: MENDED_WAIT_MS, code: error.code };
      const { code, final } = failureOf(error);
      if (!final && attempt < policy.attempts) {
        const ownMs = waitBefore(policy, attempt, deps.random());
        return { next: "retry", inMs: error instanceof RetryAfter ? Math.max(ownMs, error.retryInMs) : ownMs, code };
      }
      // The last try: an invocation's machine hears of it, everything else is kept for a person.
      if (stored.kind === "invoke") await deliver(effectId, stored, body, { ok: false, error: { code, final } });
      else await giveUp(effectId, name, code, body);
      return { next: "done" };
    }
    // From here on the call has succeeded. Where noting that fails, the job is repeated; a success is never reported as a failure.
    crashPoint("after-call");
    if (stored.kind === "invoke") await deliver(effectId, stored, body, { ok: true, output });
    else await outbox.remove(effectId);
    crashPoint("after-result");
    return { next: "done" };
  };

  /** A machine that cannot take the result, today or ever, must not cause the same call again and again: a person decides. */
  async function deliver(
    effectId: string,
    { childId, src }: { readonly childId: string; readonly src: string },
    body: string,
    result: Parameters<ActorDoor["deliverResult"]>[3],
  ): Promise<void> {
    try {
      await door.deliverResult(sourceOf(effectId), effectId, childId, result);
    } catch (error) {
      const { code, final } = failureOf(error);
      if (!final) throw error;
      await giveUp(effectId, src, code, body);
    }
  }

  async function giveUp(effectId: string, kind: string, code: string, body: string): Promise<void> {
    const at = clock.now();
    await failed.add(effectId, { kind, code, body, at });
    const about = sourceOf(effectId);
    // Staff who cannot be told would not hear of that ticket either: each would fail and open the next one, without end.
    if (kind === "notifyStaff") return outbox.remove(effectId);
    const opened = {
      type: "ticket.opened",
      userId: null,
      subject: "effectFailed",
      about,
      detail: `${kind} ${code}`.slice(0, 120),
      messageRef: null,
    };
    try {
      // Tried again by staff, it may fail again, and that is news.
      const options = { cause: { kind: "effect", id: effectId }, key: `failed ${effectId} ${at}` } as const;
      await door.send(failureTicketOf(effectId), opened, options);
    } catch (error) {
      // A ticket that is broken itself: the effect is kept and counted without it. Repeated for it, it would call the other side each time.
      if (!failureOf(error).final) throw error;
    }
    await outbox.remove(effectId);
  }
}

/** The conversation about an effect that failed for good. */
export const failureTicketOf = (effectId: string): ActorAddress =>
  addressOf.ticket(`effect-${createHash("sha1").update(effectId).digest("hex").slice(0, 16)}`);

/** The actor that asked for an effect: effect ids are `<address>|<revision>|<index>`. */
export function sourceOf(effectId: string): ActorAddress {
  return Address.parse(effectId.slice(0, effectId.indexOf("|")));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema, like everything else that nobody knows
  }
}

function failureOf(error: unknown): { code: string; final: boolean } {
  // Written by a newer build while this one is being replaced: another process can read it.
  if (isAppError(error, "actor.unknownVersion")) return { code: error.code, final: false };
  if (error instanceof RetryAfter) return { code: error.code, final: false };
  if (error instanceof AppError) return { code: error.code, final: !error.retry };
  // Something nobody planned for: tried again, because giving up early loses more than trying in vain.
  return { code: "effect.unavailable", final: false };
}

function withinTime<T>({ signal }: Run, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const expired = () => reject(new AppError("effect.timeout"));
    signal.addEventListener("abort", expired, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", expired));
  });
}
