import { subscriptionSetup } from "./setup.ts";

const intentPath = "#subscription.intent" as const;
const editInput =
  (canceled: boolean) =>
  ({ context }: { context: { userId: number; firstChargeId: string | null } }) => ({
    userId: context.userId,
    chargeId: context.firstChargeId ?? "",
    canceled,
  });

/** Nobody is charged for an access that people closed, by a revocation or a block of the person, nor for one that has no end. */
const stopDue = {
  "access.revoked": "deciding",
  "term.granted": { guard: "isGrantForLife", target: "deciding" },
  "risk.changed": { guard: "isNowBlocked", target: "deciding" },
} as const;

/** A purchase says what the customer wants now, whatever was wished before. */
const purchase = [
  { guard: "isKnownCharge" },
  { guard: "isOneOff", target: `${intentPath}.prepaid`, actions: "stopOldRenewal" },
  { guard: "isFirstOfRenewal", target: `${intentPath}.autoRenew`, actions: ["stopOldRenewal", "keepFirstCharge"] },
] as const;

/** Nothing was believed to renew, and something charged all the same: it is stopped. */
const somethingRenews = [...purchase, { target: "deciding", actions: "keepFirstCharge" }] as const;

/** Tell the provider to stop charging; shared by leaving and pausing. */
const deciding = subscriptionSetup.createStateConfig({
  always: [
    { guard: "canStopRenewal", target: "stopping" },
    { target: "stopFailed", actions: ["openStopFailedTicket", "tellStopFailed"] },
  ],
});
/** Who wished it knows already; who was given access for life did not ask for it. */
const toStopped = [
  { guard: "hasAccessForLife", target: "stopped", actions: "tellRenewalNeedless" },
  { target: "stopped" },
] as const;
const stopping = subscriptionSetup.createStateConfig({
  invoke: {
    id: "stopRenewal",
    src: "editStarSubscription",
    input: editInput(true),
    // A charge that the provider does not know renews nothing.
    onDone: toStopped,
    onError: { target: "stopFailed", actions: ["openStopFailedTicket", "tellStopFailed"] },
  },
  on: {
    "renewal.canceled": [
      { guard: "isNeedlessRenewalOff", target: "stopped", actions: "tellRenewalNeedless" },
      { guard: "isCurrentRenewal", target: "stopped" },
    ],
  },
});

const endsAtPeriodEnd = subscriptionSetup.createStateConfig({
  initial: "deciding",
  on: {
    "payment.succeeded": purchase,
    "pause.requested": { guard: "isPaidForNow", target: "pauseAtPeriodEnd" },
  },
  states: {
    /** Nothing renews, so nothing has to be stopped: only the wish is kept. */
    noted: {
      on: {
        "cancel.undone": `${intentPath}.prepaid`,
        "pause.requested": { guard: "isPaidForNow", target: `${intentPath}.pauseAtPeriodEnd.noted` },
        "payment.succeeded": somethingRenews,
      },
    },
    deciding,
    stopping: {
      ...stopping,
      on: { ...stopping.on, "cancel.undone": { guard: "isWelcome", target: "allowing" } },
    },
    stopped: {
      on: {
        "cancel.undone": { guard: "isWelcome", target: "allowing" },
        "renewal.enabled": {
          guard: "isCurrentRenewal",
          target: `${intentPath}.autoRenew`,
          actions: "tellRenewalEnabled",
        },
        // What charges for an access that people closed, or that has no end, was not stopped, whatever the provider said.
        "payment.succeeded": [...purchase, { guard: "isStopDue", target: "deciding" }],
      },
    },
    /** The provider still renews; a ticket is open. */
    stopFailed: {
      on: {
        ...stopDue,
        "cancel.requested": "deciding",
        "cancel.undone": `${intentPath}.autoRenew`,
        "renewal.canceled": { guard: "isCurrentRenewal", target: "stopped" },
        "renewal.enabled": {
          guard: "isCurrentRenewal",
          target: `${intentPath}.autoRenew`,
          actions: "tellRenewalEnabled",
        },
        // Charged against the customer's wish: try again to stop it.
        "payment.succeeded": [...purchase, { target: "deciding" }],
      },
    },
    /** After a stop by the bot the customer cannot switch the renewal on alone: first that is allowed again. */
    allowing: {
      invoke: {
        id: "allowRenewal",
        src: "editStarSubscription",
        input: editInput(false),
        onDone: [
          {
            guard: { type: "isUnknownCharge", params: ({ event }) => event.output },
            target: "stopped",
            actions: "openAllowFailedTicket",
          },
          { target: "allowed" },
        ],
        onError: { target: "stopped", actions: "openAllowFailedTicket" },
      },
      on: {
        ...stopDue,
        "cancel.requested": "deciding",
        "renewal.enabled": {
          guard: "isCurrentRenewal",
          target: `${intentPath}.autoRenew`,
          actions: "tellRenewalEnabled",
        },
      },
    },
    /** Allowed, not switched on: only the customer can do that, at the provider. Until then access still ends. */
    allowed: {
      on: {
        ...stopDue,
        "cancel.requested": "deciding",
        "renewal.enabled": {
          guard: "isCurrentRenewal",
          target: `${intentPath}.autoRenew`,
          actions: "tellRenewalEnabled",
        },
        // Charged by the renewal that the customer wanted back.
        "payment.succeeded": [...purchase, { target: `${intentPath}.autoRenew`, actions: "keepFirstCharge" }],
      },
    },
  },
});

const pauseAtPeriodEnd = subscriptionSetup.createStateConfig({
  initial: "deciding",
  on: {
    "payment.succeeded": purchase,
    "cancel.requested": "endsAtPeriodEnd",
    "cancel.undone": { guard: "isWelcome", target: "endsAtPeriodEnd.allowing" },
    "resume.requested": { guard: "isWelcome", target: "endsAtPeriodEnd.allowing" },
    "renewal.enabled": { guard: "isCurrentRenewal", target: "autoRenew", actions: "tellRenewalEnabled" },
  },
  states: {
    noted: {
      on: {
        "cancel.requested": `${intentPath}.endsAtPeriodEnd.noted`,
        "cancel.undone": `${intentPath}.prepaid`,
        "resume.requested": `${intentPath}.prepaid`,
        "payment.succeeded": somethingRenews,
      },
    },
    deciding,
    stopping,
    stopped: {
      on: {
        "cancel.requested": `${intentPath}.endsAtPeriodEnd.stopped`,
        "payment.succeeded": [...purchase, { guard: "isStopDue", target: "deciding" }],
      },
    },
    stopFailed: {
      on: {
        ...stopDue,
        "cancel.undone": `${intentPath}.autoRenew`,
        "resume.requested": `${intentPath}.autoRenew`,
        "renewal.canceled": { guard: "isCurrentRenewal", target: "stopped" },
        "payment.succeeded": [...purchase, { target: "deciding" }],
      },
    },
  },
});

/** What shall happen at the end of the paid time. Access itself never depends on it before then. */
export const intent = subscriptionSetup.createStateConfig({
  initial: "prepaid",
  on: {
    // The customer may be faster than the news of their payment.
    "renewal.canceled": { guard: "isUnheardRenewal", actions: "noteStopped" },
    "renewal.enabled": { guard: "isUnheardStop", actions: "forgetStopped" },
  },
  states: {
    prepaid: {
      on: {
        "payment.succeeded": [
          { guard: "isKnownCharge" },
          { guard: "isOneOff" },
          { guard: "isStoppedRenewal", actions: "stopOldRenewal" },
          { target: "autoRenew", actions: ["stopOldRenewal", "keepFirstCharge"] },
        ],
        "cancel.requested": [
          { guard: "isPaidForNow", target: "endsAtPeriodEnd.noted" },
          // Who is leaving may have paid a moment ago: what that charge would renew is stopped when it comes.
          { guard: "isAtCheckout", actions: "noteUnwantedOrder" },
        ],
        "pause.requested": { guard: "isPaidForNow", target: "pauseAtPeriodEnd.noted" },
        "renewal.enabled": { guard: "isCurrentRenewal", target: "autoRenew", actions: "tellRenewalEnabled" },
      },
    },
    /** The provider charges again by itself. */
    autoRenew: {
      exit: "forgetRenewalFailed",
      // Nobody is charged for an access that people closed or that has no end, however it came to this: by the closing or the gift
      // itself, by a purchase that was under way, by the customer's switch at the provider.
      always: [
        { guard: "isStopDue", target: "endsAtPeriodEnd" },
        { guard: "isUnwantedRenewal", target: "endsAtPeriodEnd", actions: "forgetUnwantedOrder" },
        { guard: "isSwitchedOffAlready", target: "endsAtPeriodEnd.stopped", actions: "forgetStopped" },
      ],
      on: {
        "payment.succeeded": [
          // The renewal that it replaces is stopped like one that is not wanted, and said to be.
          { guard: "isPurchaseForLife", target: "endsAtPeriodEnd" },
          ...purchase,
          { actions: "keepFirstCharge" },
        ],
        "cancel.requested": "endsAtPeriodEnd",
        "pause.requested": { guard: "isPaidForNow", target: "pauseAtPeriodEnd" },
        "renewal.canceled": {
          guard: "isCurrentRenewal",
          target: "endsAtPeriodEnd.stopped",
          actions: "tellRenewalCanceled",
        },
        // Access stays: a grace comes by time, if the money does not come before.
        "renewal.failed": { guard: "isCurrentRenewal", actions: ["noteRenewalFailed", "tellRenewalFailed"] },
        "payment.refunded": { guard: "refundEndsRenewal", target: "prepaid", actions: "stopOldRenewal" },
        "charge.reversed": { target: "prepaid", actions: "stopOldRenewal" },
      },
    },
    endsAtPeriodEnd,
    pauseAtPeriodEnd,
  },
});
