import type { EffectExecutor } from "./executor.ts";
import { type NotifyDeps, withPace } from "./notify-customer.ts";

/** A gate of its own: a group takes twenty messages a minute, and its 429 must not hold up what customers wait for. */
const GATE = "staff";

/** Tells the people who run the service something. Twice is a second line in their chat: they can bear that better than a lost one. */
export const makeNotifyStaff =
  ({ messenger, pacer }: NotifyDeps): EffectExecutor<"notifyStaff"> =>
  async (effect) => {
    await withPace(pacer, GATE, () => messenger.notifyStaff(effect));
  };
