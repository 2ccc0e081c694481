import type { ActorInput } from "../event.ts";
import type { CustomerContext, CustomerEvent } from "./types.ts";

/** Enough to recognise somebody who was written about under an earlier name. */
const MAX_FORMER_USERNAMES = 5;
/** One reversal can be a mistake of the payer's bank; the second is a habit. */
export const CHARGEBACKS_BEFORE_BLOCK = 2;

/** XState asks for a context without input on every step; what it gets then is thrown away. */
export function newcomer(input: ActorInput | undefined): CustomerContext {
  return {
    userId: Number(input?.id ?? 0),
    username: null,
    formerUsernames: [],
    firstName: null,
    language: "en",
    languageChosen: false,
    trialUsedAt: null,
    termsAccepted: null,
    remindersMuted: false,
    products: [],
    hasPaid: false,
    riskReason: null,
    chargebacks: 0,
    news: 0,
    ref: null,
    firstSeenAt: input?.at ?? 0,
  };
}

type ContactSeen = Extract<CustomerEvent, { type: "contact.seen" }>;

/** What a sign of life changes about a person. */
export function withContact(context: CustomerContext, seen: ContactSeen): Partial<CustomerContext> {
  const renamed = context.username !== null && context.username !== seen.username;
  return {
    username: seen.username,
    firstName: seen.firstName,
    language: context.languageChosen ? context.language : seen.language,
    formerUsernames: renamed ? withFormer(context, context.username as string) : context.formerUsernames,
    // The first way in counts: later links must not take the credit for a customer who is already here.
    ref: context.ref ?? seen.ref,
  };
}

function withFormer({ formerUsernames }: CustomerContext, username: string): readonly string[] {
  return [username, ...formerUsernames.filter((known) => known !== username)].slice(0, MAX_FORMER_USERNAMES);
}

/** A sign of life that says nothing new: most updates of a busy conversation. */
export function isNewsAbout(context: CustomerContext, seen: ContactSeen): boolean {
  return Object.entries(withContact(context, seen)).some(
    ([field, value]) => context[field as keyof CustomerContext] !== value,
  );
}

/**
 * What erasure leaves: nothing that names or describes the person. Kept are facts without which the next visit would cheat
 * (the trial is used once) or money would be unexplained (products, reversals).
 */
export const erased = {
  username: null,
  formerUsernames: [],
  firstName: null,
  language: "en",
  languageChosen: false,
  termsAccepted: null,
  ref: null,
  riskReason: null,
  remindersMuted: true,
} as const satisfies Partial<CustomerContext>;
