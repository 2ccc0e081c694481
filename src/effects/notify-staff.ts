import type { CustomerBot } from "../bot/bot.ts";
import type { EffectExecutor } from "./executor.ts";
import { withPace } from "./notify-customer.ts";
import type { Pacer } from "./telegram/pacer.ts";

/** Tells the people who run the service something. Twice is a second line in their chat: they can bear that better than a lost one. */
export const makeNotifyStaff =
  (bot: Pick<CustomerBot, "notifyStaff">, pacer?: Pacer): EffectExecutor<"notifyStaff"> =>
  (effect) =>
    withPace(pacer, null, () => bot.notifyStaff(effect));
