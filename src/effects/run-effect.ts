import { createHash } from "node:crypto";
import { z } from "zod";
import { type ActorAddress, ActorAddress as Address, addressOf } from "../../machines/address.ts";
import { Effect } from "../../machines/effects.ts";
import { type InvocationName, invocations } from "../../machines/invocations.ts";
import { AppError } from "../errors.ts";
import type { Clock } from "../runtime/ports.ts";
import { RetryLater, type Run, waitBefore } from "./executor.ts";
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

/** What a worker does next with the job of an effect. */
export type RunOutcome =
  | { readonly next: "done" }
  /** Not an attempt: somebody told us to wait. Unit: milliseconds. */
  | { readonly next: "later"; readonly inMs: number }
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
    const parsed = Stored.safeParse(JSON.parse(body));
    const source = sourceOf(effectId);
    if (!parsed.success) {
      await giveUp(effectId, "unknown", "effect.invalidInput", body);
      return { next: "done" };
    }
    const stored = parsed.data;
    const name = stored.kind === "invoke" ? stored.src : stored.effect.kind;
    if (stored.kind === "invoke" && !(await door.awaits(source, stored.childId, effectId))) {
      await outbox.remove(effectId);
      return { next: "done" };
    }
    const policy = retryPolicies[name];
    const run: Run = { effectId, attempt, signal: AbortSignal.timeout(policy.timeoutMs) };
    try {
      crashPoint("before-call");
      if (stored.kind === "effect") {
        await withinTime(run, executors.effect(stored.effect, run));
        crashPoint("after-call");
        await outbox.remove(effectId);
      } else {
        const output = await withinTime(run, executors.invoke(stored.src, stored.input, run));
        crashPoint("after-call");
        await door.deliverResult(source, effectId, stored.childId, { ok: true, output });
      }
      crashPoint("after-result");
      return { next: "done" };
    } catch (error) {
      if (error instanceof RetryLater) return { next: "later", inMs: error.retryInMs };
      const { code, final } = failureOf(error);
      if (!final && attempt < policy.attempts) return { next: "retry", inMs: waitBefore(policy, attempt, deps.random()), code };
      // The last try: an invocation's machine hears of it, everything else is kept for a person.
      if (stored.kind === "invoke") await door.deliverResult(source, effectId, stored.childId, { ok: false, error: { code, final } });
      else await giveUp(effectId, name, code, body);
      return { next: "done" };
    }
  };

  async function giveUp(effectId: string, kind: string, code: string, body: string): Promise<void> {
    await failed.add(effectId, { kind, code, body, at: clock.now() });
    const ticket = addressOf.ticket(`effect-${createHash("sha1").update(effectId).digest("hex").slice(0, 16)}`);
    const about = sourceOf(effectId);
    await door.send(
      ticket,
      { type: "ticket.opened", userId: null, subject: "effectFailed", about, detail: `${kind} ${code}`.slice(0, 120), messageRef: null },
      { cause: { kind: "effect", id: effectId }, key: `failed ${effectId}` },
    );
    await outbox.remove(effectId);
  }
}

/** The actor that asked for an effect: effect ids are `<address>|<revision>|<index>`. */
export function sourceOf(effectId: string): ActorAddress {
  return Address.parse(effectId.slice(0, effectId.indexOf("|")));
}

function failureOf(error: unknown): { code: string; final: boolean } {
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
