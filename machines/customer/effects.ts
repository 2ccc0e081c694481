import type { EffectsOf } from "../effects.ts";
import type { Stamped } from "../event.ts";
import type { SubscriptionEvent } from "../subscription/types.ts";
import { tell } from "../tell.ts";
import type { CustomerContext, CustomerEvent } from "./types.ts";

type Table = Record<string, EffectsOf<CustomerContext, Stamped<CustomerEvent>>>;

const tellEverySubscription = ({ userId, products }: CustomerContext, event: SubscriptionEvent) =>
  products.map((product) => tell.subscription(userId, product, event));

const versionOf = ({ news }: CustomerContext): number => news ?? 0;

export const customerEffects = {
  grantTrial: ({ context, event }) =>
    event.type === "trial.requested"
      ? [tell.subscription(context.userId, event.terms.product, { type: "trial.granted", terms: event.terms })]
      : [],
  tellSubscriptionsBlocked: ({ context }) =>
    tellEverySubscription(context, { type: "risk.changed", blocked: true, version: versionOf(context) }),
  tellSubscriptionsCleared: ({ context }) =>
    tellEverySubscription(context, { type: "risk.changed", blocked: false, version: versionOf(context) }),
  tellSubscriptionsMuted: ({ context }) =>
    tellEverySubscription(context, { type: "reminders.muted", version: versionOf(context) }),
  tellSubscriptionsUnmuted: ({ context }) =>
    tellEverySubscription(context, { type: "reminders.unmuted", version: versionOf(context) }),
  /** Who asked to be forgotten must not be charged again. */
  cancelSubscriptions: ({ context }) => tellEverySubscription(context, { type: "cancel.requested" }),
  /** A subscription that begins after a block or a mute has to know of it. */
  tellNewSubscriptionBlocked: ({ context, event }) =>
    event.type === "subscription.opened"
      ? [
          tell.subscription(context.userId, event.product, {
            type: "risk.changed",
            blocked: true,
            version: versionOf(context),
          }),
        ]
      : [],
  tellNewSubscriptionMuted: ({ context, event }) =>
    event.type === "subscription.opened" && context.remindersMuted
      ? [tell.subscription(context.userId, event.product, { type: "reminders.muted", version: versionOf(context) })]
      : [],
  /** All that is kept of the person outside this actor. */
  erasePerson: ({ context, event }) => [
    { kind: "erasePerson", userId: context.userId, language: context.language, upTo: event.at },
  ],
  eraseLeftovers: ({ context, event }) => [
    { kind: "erasePerson", userId: context.userId, language: null, upTo: event.at },
  ],
  tellStaffRiskRaised: ({ context }) => [
    {
      kind: "notifyStaff",
      notice: "risk.raised",
      params: { userId: context.userId, reason: context.riskReason, chargebacks: context.chargebacks },
    },
  ],
} as const satisfies Table;
