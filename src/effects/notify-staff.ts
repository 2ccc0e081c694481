import type { EffectExecutor } from "./executor.ts";
import { type NotifyDeps, withPace } from "./notify-customer.ts";

/** Tells the people who run the service something. Twice is a second line in their chat: they can bear that better than a lost one. */
export const makeNotifyStaff =
  ({ messenger, pacer }: NotifyDeps): EffectExecutor<"notifyStaff"> =>
  async (effect) => {
    await withPace(pacer, null, () => messenger.notifyStaff(effect));
  };
