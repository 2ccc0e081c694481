import { hash } from "node:crypto";
import { describeEffect } from "./audit-body.ts";
import type { ActorEvent } from "./ports.ts";
import type { Step } from "./step.ts";

/** 132 bits, like those of the audit. */
const LENGTH = 22;

/**
 * Names what an event does to an actor as it stands. Who asks and why are no part of it: the reason is given after the preview. Nor are
 * due times, which move with the clock while somebody reads; which timers there are is.
 */
export function planHashOf(address: string, rev: number, event: ActorEvent, step: Step): string {
  const { by: _by, reason: _reason, ...meant } = event;
  const told = [
    address,
    rev,
    Object.entries(meant).sort(([a], [b]) => (a < b ? -1 : 1)),
    step.outcome,
    step.from,
    step.to,
    step.effects.map(describeEffect),
    Object.keys(step.timersSet).sort(),
    [...step.timersCancelled].sort(),
  ];
  return hash("sha256", JSON.stringify(told), "base64url").slice(0, LENGTH);
}
