import { z } from "zod";
import { ProductCode, type UserId } from "../address.ts";
import { event, Staff } from "../event.ts";
import { Terms } from "../terms.ts";

export const Language = z.enum(["ru", "en"]);
export type Language = z.infer<typeof Language>;

export const CustomerEvent = z.discriminatedUnion("type", [
  /** The person wrote, pressed or started: they can be reached, and this is what they are called now. */
  event("contact.seen", {
    username: z.string().max(64).nullable(),
    firstName: z.string().max(256),
    /** From Telegram; used until the person chooses. */
    language: Language,
    /** The campaign of the link that they came by, if any. */
    ref: z.string().max(64).nullable(),
  }),
  event("contact.blocked", {}),
  event("contact.unblocked", {}),
  event("language.chosen", { language: Language }),
  /** `language`: in which the terms were shown. */
  event("terms.accepted", { version: z.string().max(64), language: Language.optional() }),
  event("trial.requested", { terms: Terms }),
  /** From a subscription: it exists, so that risk and erasure reach it. */
  event("subscription.opened", { product: ProductCode }),
  /** From a subscription: the first charge was applied. */
  event("customer.paid", { product: ProductCode }),
  /** Something suspicious (a stranger joined by their link): the person is watched. */
  event("risk.raised", { reason: z.string().min(1).max(200) }),
  /** From a payment: first one watches, second one blocks. */
  event("chargeback.seen", { chargeId: z.string().max(256) }),
  event("risk.blocked", Staff),
  event("risk.cleared", Staff),
  event("reminders.muted", {}),
  event("reminders.unmuted", {}),
  /** Something that no screen of ours sends: nothing changes, and it is on record. What it held is not. */
  event("input.refused", { what: z.enum(["forgedPress"]) }),
  event("erasure.requested", Staff),
]);
export type CustomerEvent = z.infer<typeof CustomerEvent>;

export interface CustomerContext {
  readonly userId: z.infer<typeof UserId>;
  readonly username: string | null;
  /** Earlier usernames, newest first, at most 5. */
  readonly formerUsernames: readonly string[];
  readonly firstName: string | null;
  readonly language: Language;
  readonly languageChosen: boolean;
  /** Epoch ms; once per person, over all products. */
  readonly trialUsedAt: number | null;
  /** The latest; the history has all. `language`: in which the terms were shown; absent in older snapshots. */
  readonly termsAccepted: { readonly version: string; readonly at: number; readonly language?: Language } | null;
  readonly remindersMuted: boolean;
  readonly products: readonly string[];
  /** At least one charge was applied; outlives an erasure, so that a returning payer is known as one. */
  readonly hasPaid: boolean;
  readonly riskReason: string | null;
  readonly chargebacks: number;
  /** Counts what subscriptions are told of risk and reminders, so that an overtaken word is recognised. Absent in older snapshots. */
  readonly news?: number;
  readonly ref: string | null;
  readonly firstSeenAt: number;
}
