// What becomes of a step whose outcome is not the one hoped for.
import type { InvocationName, InvocationOutput } from "../invocations.ts";

export interface Done<K extends InvocationName> {
  event: { output: InvocationOutput<K> };
}
export const resultOf = <R>({ event }: { event: { output: { result: R } } }): R => event.output.result;
export const jobOf = ({ event }: Done<"readJob">) => event.output.state;
export const outputOf = <O>({ event }: { event: { output: O } }): O => event.output;

/** People are told, once, and the customer that they are. */
export const giveUp = ["openTicket", "tellAttentionOnce", "noteRefused"] as const;

/** The backend could not be reached, or would not do it: later again by itself, at last with the help of people. */
export const failed = [
  { guard: "isGivenUp", target: "#onboarding.step.needsAttention", actions: giveUp },
  { target: "#onboarding.step.retrying", actions: ["noteUnavailable", "tellDelayedOnce"] },
] as const;

/**
 * The call waits for its turn: the backend is away, or told us to wait. The work goes on; only people hear of it. `stuck` alone where a
 * long wait is usual.
 */
const stuck = { actions: ["openTicket", "tellAttentionOnce", "noteStuck"] } as const;
export const whileWaiting = { slowDelay: { actions: ["tellSlowOnce", "noteSlow"] }, stuckDelay: stuck } as const;
export const whileLoading = { stuckDelay: stuck } as const;

/** The backend does not know the spreadsheet any more. */
export const inactive = [
  {
    guard: { type: "isInactiveOnce", params: resultOf<string> },
    target: "#onboarding.step.deciding",
    actions: "registerOnceMore",
  },
  {
    guard: { type: "isInactive", params: resultOf<string> },
    target: "#onboarding.step.needsAttention",
    actions: giveUp,
  },
] as const;
