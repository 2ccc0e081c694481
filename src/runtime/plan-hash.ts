import { hash } from "node:crypto";
import type { PlannedStep } from "./foresight-ports.ts";
import type { ActorEvent } from "./ports.ts";

/** 132 bits, like those of the audit. */
const LENGTH = 22;

/**
 * Names what an event does to an actor as it stands, and all that follows from it: who else hears of it, what becomes of them, and which
 * messages are sent. Who asks and why are no part of it: the reason is given after the preview. Nor are due times, which move with the
 * clock while somebody reads; which timers there are is.
 */
export function planHashOf(
  address: string,
  rev: number,
  event: ActorEvent,
  step: PlannedStep,
  follows: readonly PlannedStep[],
): string {
  const { by: _by, reason: _reason, ...meant } = event;
  const fields = Object.entries(meant).sort(([a], [b]) => (a < b ? -1 : 1));
  const told = [address, rev, fields, [step, ...follows].map(consequence)];
  return hash("sha256", JSON.stringify(told), "base64url").slice(0, LENGTH);
}

/** The same without how far the actor has come: many are looked at, of which some always hear something that makes no difference. */
export const consequencesOf = (step: PlannedStep, follows: readonly PlannedStep[]): string =>
  hash("sha256", JSON.stringify([step, ...follows].map(consequence)), "base64url").slice(0, LENGTH);

const consequence = ({
  address,
  event,
  outcome,
  note = "",
  from,
  to,
  effects,
  timersSet,
  timersCancelled,
}: PlannedStep) => [
  ...[address, event, outcome, note, from, to, effects],
  timersSet.map(({ id }) => id).sort(),
  [...timersCancelled].sort(),
];
