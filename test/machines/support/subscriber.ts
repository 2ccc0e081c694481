// A subscription in the situations that its tests begin with.
import { subscriptionDefinition } from "../../../machines/subscription/definition.ts";
import type { SubscriptionContext } from "../../../machines/subscription/types.ts";
import type { Terms } from "../../../machines/terms.ts";
import { ActedActor } from "./act.ts";
import { DAY_MS, NOON, someTerms } from "./terms.ts";

export const PERIOD_MS = 30 * DAY_MS;
export const STAFF = { by: "vera", reason: "asked by phone" };

export const paid = (chargeId: string, fields: { terms?: Terms; orderId?: string; [field: string]: unknown } = {}) => ({
  type: "payment.succeeded",
  payment: `payment/${chargeId}`,
  chargeId,
  orderId: "o1",
  terms: someTerms(),
  recurring: false,
  firstRecurring: false,
  expiresAt: null,
  ...fields,
});
const renewing = someTerms({ recurring: true });
/** First charge of a renewal, and those that follow. */
export const subscribed = (chargeId: string, expiresAt: number | null, fields: Record<string, unknown> = {}) =>
  paid(chargeId, { terms: renewing, recurring: true, firstRecurring: true, expiresAt, ...fields });
export const renewed = (chargeId: string, expiresAt: number | null, fields: Record<string, unknown> = {}) =>
  paid(chargeId, { terms: renewing, recurring: true, expiresAt, ...fields });

export class Subscriber extends ActedActor {
  constructor(now = NOON) {
    super(subscriptionDefinition, "7:channel", now);
  }
  get facts(): SubscriptionContext {
    return this.context<SubscriptionContext>();
  }
  #region(name: string): string {
    return (
      this.state
        .split(" ")
        .find((path) => path.startsWith(`${name}.`))
        ?.slice(name.length + 1) ?? ""
    );
  }
  /** Without the children that only pace messages. */
  get billing(): string {
    return this.#region("billing").replace(/\.(reminding|quiet|winningBack)$/, "");
  }
  get intent(): string {
    return this.#region("intent");
  }
  get access(): string {
    return this.#region("access");
  }
  /** Announcements to invites in the last step: chat, entitled, version. */
  get announced(): readonly (readonly [string, boolean, number])[] {
    return this.effectsOf("tell").flatMap(({ to, event }) =>
      event.type === "entitlement.changed" ? [[to, event.entitled as boolean, event.version as number] as const] : [],
    );
  }
  /** The answer to the payment in the last step. */
  get answer(): unknown {
    return this.effectsOf("tell").find(({ event }) => event.type === "payment.applied")?.event;
  }
}

export const lead = () =>
  new Subscriber().send({ type: "checkout.opened", orderId: "o1", terms: someTerms() }).elapse(DAY_MS);
export const inCheckout = () => new Subscriber().send({ type: "checkout.opened", orderId: "o1", terms: someTerms() });
export const trialing = () => new Subscriber().send({ type: "trial.granted", terms: someTerms() });
/** Paid once at noon for 30 days, without renewal. */
export const prepaid = (terms = someTerms()) => new Subscriber().send(paid("c1", { terms }));
/** Paid at noon, renews at the provider in 30 days. */
export const autoRenewing = () => new Subscriber().send(subscribed("c1", NOON + PERIOD_MS));
export const inSlack = () => autoRenewing().elapse(PERIOD_MS);
export const inGrace = () => prepaid().elapse(PERIOD_MS);
export const inHold = () => prepaid().elapse(PERIOD_MS + 3 * DAY_MS);
export const expired = () => prepaid().elapse(PERIOD_MS + 26 * DAY_MS);
export const paused = () => prepaid().send({ type: "pause.requested" }).elapse(PERIOD_MS);
export const refunded = () =>
  prepaid().elapse(DAY_MS).send({ type: "payment.refunded", chargeId: "c1", access: "policy" });
export const revoked = () =>
  prepaid()
    .elapse(DAY_MS)
    .send({ type: "access.revoked", ...STAFF });
export const forLife = () => prepaid(someTerms({ periodMs: null }));

/** Every state of billing but `revoked`, with a subscription in it. */
export const every = [
  ["lead", lead],
  ["checkout", inCheckout],
  ["trialing", trialing],
  ["active.term", prepaid],
  ["active.lifetime", forLife],
  ["renewalSlack", inSlack],
  ["pastDue.grace", inGrace],
  ["pastDue.hold", inHold],
  ["paused", paused],
  ["expired", expired],
  ["refunded", refunded],
] as const satisfies readonly (readonly [string, () => Subscriber])[];
