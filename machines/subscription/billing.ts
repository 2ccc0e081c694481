import { subscriptionSetup } from "./setup.ts";

const paid = ["countAnnouncement", "announceLeftChats", "takePayment", "tellFirstPaid", "answerPayment"] as const;
const credited = ["takeExtension", "noteOutageCredited", "tellExtended"] as const;
const granted = ["countAnnouncement", "announceLeftChats", "takeGrant", "tellExtended"] as const;

const trialing = subscriptionSetup.createStateConfig({
  entry: "watchTrial",
  initial: "reminding",
  after: {
    trialEnd: [{ guard: "isClockStopped" }, { target: "expired", actions: ["beginRest", "tellExpired"] }],
  },
  on: {
    "term.extended": { target: "trialing", reenter: true, actions: ["extendTrial", "tellExtended"] },
    "outage.credited": {
      guard: "isOutageOwed",
      target: "trialing",
      reenter: true,
      actions: ["extendTrial", "noteOutageCredited", "tellExtended"],
    },
    "channel.recovered": [
      { guard: "isOutageOver", target: "trialing", reenter: true, actions: ["giveTimeBack", "startClock"] },
      { guard: "isStoppedForIt", actions: "startClock" },
    ],
  },
  states: {
    reminding: {
      entry: "planTrialReminder",
      always: { guard: "hasNoReminderLeft", target: "quiet" },
      after: {
        nextReminder: [
          { guard: "isReminderPointless", target: "reminding", reenter: true },
          { target: "reminding", reenter: true, actions: ["remindTrialEnding", "countReminder"] },
        ],
      },
    },
    quiet: {},
  },
});

const takenBack = [
  { guard: "refundEndsAccess", target: "refunded", actions: "takeBackTime" },
  { guard: "refundShortens", target: "active", reenter: true, actions: "takeBackTime" },
] as const;

const active = subscriptionSetup.createStateConfig({
  initial: "choosing",
  on: {
    "payment.refunded": takenBack,
    // Time that another charge paid is not taken with it.
    "charge.reversed": takenBack,
  },
  states: {
    choosing: {
      always: [{ guard: "isForLife", target: "lifetime" }, { target: "term" }],
    },
    term: {
      entry: "watchPaidTime",
      initial: "reminding",
      after: {
        periodEnd: [
          // The timer is used up here; recovery arms a new one for the time that is given back.
          { guard: "isClockStopped" },
          { guard: "isPausing", target: "#subscription.billing.paused", actions: ["beginPause", "tellPaused"] },
          // Who chose to leave is not courted with a grace.
          { guard: "isLeaving", target: "#subscription.billing.expired", actions: ["beginRest", "tellExpired"] },
          { guard: "renewsItself", target: "#subscription.billing.renewalSlack", actions: "beginSlack" },
          { target: "#subscription.billing.pastDue.grace", actions: ["beginGrace", "tellGraceStarted"] },
        ],
      },
      on: {
        "term.extended": { target: "term", reenter: true, actions: ["takeExtension", "tellExtended"] },
        "outage.credited": { guard: "isOutageOwed", target: "term", reenter: true, actions: credited },
        // What was sent spoke of a charge that did not come; what is left to remind of is the end of the paid time.
        "renewal.failed": { guard: "isRenewalFailing", target: "term", reenter: true, actions: "forgetReminders" },
        "channel.recovered": [
          { guard: "isOutageOver", target: "term", reenter: true, actions: ["giveTimeBack", "startClock"] },
          { guard: "isStoppedForIt", actions: "startClock" },
        ],
      },
      states: {
        reminding: {
          entry: "planEndReminder",
          always: { guard: "hasNoReminderLeft", target: "quiet" },
          after: {
            nextReminder: [
              { guard: "isReminderPointless", target: "reminding", reenter: true },
              {
                guard: "willBeCharged",
                target: "reminding",
                reenter: true,
                actions: ["remindRenewing", "countReminder"],
              },
              { target: "reminding", reenter: true, actions: ["remindEnding", "countReminder"] },
            ],
          },
        },
        quiet: {},
      },
    },
    lifetime: { entry: ["clearDeadline", "clearReminder"] },
  },
});

/** The provider may report a renewal late: nothing is said and nothing is taken away yet. */
const renewalSlack = subscriptionSetup.createStateConfig({
  after: {
    slackEnd: [
      { guard: "isClockStopped" },
      { guard: "isLeaving", target: "expired", actions: ["beginRest", "tellExpired"] },
      { guard: "isPausing", target: "paused", actions: ["beginPause", "tellPaused"] },
      { target: "pastDue.grace", actions: ["beginGraceAfterSlack", "tellGraceStarted"] },
    ],
  },
  on: {
    "payment.refunded": { guard: "refundEndsAccess", target: "refunded", actions: "takeBackTime" },
    "charge.reversed": { target: "refunded", actions: "takeBackAll" },
    "term.extended": { target: "active", actions: ["takeExtension", "tellExtended"] },
    "outage.credited": { guard: "isOutageOwed", target: "active", actions: credited },
    "channel.recovered": [
      { guard: "isOutageOver", target: "renewalSlack", reenter: true, actions: ["giveGraceBack", "startClock"] },
      { guard: "isStoppedForIt", actions: "startClock" },
    ],
  },
});

const pastDue = subscriptionSetup.createStateConfig({
  initial: "grace",
  on: {
    "payment.refunded": { guard: "refundEndsAccess", target: "refunded", actions: "takeBackTime" },
    "charge.reversed": { target: "refunded", actions: "takeBackAll" },
    "term.extended": { target: "active", actions: ["takeExtension", "tellExtended"] },
    "outage.credited": { guard: "isOutageOwed", target: "active", actions: credited },
  },
  states: {
    grace: {
      initial: "reminding",
      after: {
        graceEnd: [
          { guard: "isClockStopped" },
          { guard: "isLeaving", target: "#subscription.billing.expired", actions: ["beginRest", "tellExpired"] },
          { target: "hold", actions: ["beginHold", "tellHoldStarted"] },
        ],
      },
      on: {
        "channel.recovered": [
          { guard: "isOutageOver", target: "grace", reenter: true, actions: ["giveGraceBack", "startClock"] },
          { guard: "isStoppedForIt", actions: "startClock" },
        ],
      },
      states: {
        reminding: {
          entry: "planGraceReminder",
          always: { guard: "hasNoReminderLeft", target: "quiet" },
          after: {
            nextReminder: [
              { guard: "isReminderPointless", target: "reminding", reenter: true },
              { target: "reminding", reenter: true, actions: ["remindGrace", "countReminder"] },
            ],
          },
        },
        quiet: {},
      },
    },
    hold: {
      entry: "clearReminder",
      after: { holdEnd: { target: "#subscription.billing.expired", actions: ["beginRest", "tellExpired"] } },
    },
  },
});

/** Pays, prolongs, takes away: the state of access by money and time. */
export const billing = subscriptionSetup.createStateConfig({
  initial: "lead",
  on: {
    "payment.succeeded": [
      // Asked again, because the answer was late or lost: the same answer, nothing else.
      { guard: "isKnownCharge", actions: "answerPayment" },
      // Nobody is charged for an access that has no end: the money is for people to give back, and access stays as it is.
      { guard: "isNeedlessRenewal", actions: ["noteChargeWithoutTime", "answerPayment", "openNeedlessPaymentTicket"] },
      // The time is kept as bought, because the block may be lifted; access stays closed, and people decide about the money.
      { guard: "isBlocked", target: ".active", actions: [...paid, "openBlockedPaymentTicket"] },
      { target: ".active", actions: paid },
    ],
    "term.granted": { target: ".active", actions: granted },
    "access.revoked": { target: ".revoked", actions: ["rememberRevocation", "tellRevoked"] },
    "channel.unavailable": { guard: "isOwnNewOutage", actions: "stopClock" },
    // No time was running that could be given back.
    "channel.recovered": [
      { guard: "isStoppedForIt", actions: "startClock" },
      { guard: "isUnheardOutage", actions: "noteOutageEnded" },
    ],
    "reminders.muted": { guard: "isMuting", actions: "mute" },
    "reminders.unmuted": { guard: "isUnmuting", actions: "unmute" },
  },
  states: {
    /** Showed interest; nothing was bought or granted. */
    lead: {
      entry: "clearDeadline",
      on: {
        "checkout.opened": { target: "checkout", actions: "takeOffer" },
        "trial.granted": { target: "trialing", actions: ["takeTrial", "tellTrialStarted"] },
      },
    },
    checkout: {
      after: {
        checkoutReminder: [{ guard: "isReminderUnwelcome" }, { actions: "remindCheckout" }],
        checkoutEnd: "lead",
      },
      on: {
        "checkout.opened": { target: "checkout", reenter: true, actions: "takeOffer" },
        "trial.granted": { target: "trialing", actions: ["takeTrial", "tellTrialStarted"] },
      },
    },
    trialing,
    active,
    renewalSlack,
    pastDue,
    paused: {
      entry: "clearReminder",
      after: { pauseEnd: { target: "expired", actions: ["beginRest", "tellExpired"] } },
      on: {
        "resume.requested": { guard: "hasCredit", target: "active", actions: ["takeCredit", "tellResumed"] },
        "term.extended": { actions: ["addCredit", "tellCreditAdded"] },
        "outage.credited": { guard: "isOutageOwed", actions: ["addCredit", "noteOutageCredited", "tellCreditAdded"] },
        "payment.refunded": { guard: "refundEndsAccess", target: "refunded", actions: "takeBackTime" },
        "charge.reversed": { target: "refunded", actions: "takeBackAll" },
      },
    },
    expired: {
      entry: "clearDeadline",
      initial: "winningBack",
      on: {
        "trial.granted": { target: "trialing", actions: ["takeTrial", "tellTrialStarted"] },
        "term.extended": { target: "active", actions: ["takeExtension", "tellExtended"] },
        "outage.credited": { guard: "isOutageOwed", target: "active", actions: credited },
        "resume.requested": { guard: "hasCredit", target: "active", actions: ["takeCredit", "tellResumed"] },
      },
      states: {
        winningBack: {
          entry: "planWinBack",
          always: { guard: "hasNoReminderLeft", target: "quiet" },
          after: {
            nextReminder: [
              { guard: "isReminderUnwelcome", target: "winningBack", reenter: true },
              { target: "winningBack", reenter: true, actions: ["winBack", "countReminder"] },
            ],
          },
        },
        quiet: {},
      },
    },
    refunded: { entry: ["clearDeadline", "clearReminder"] },
    /** Taken away by people, with a reason. Only their own word leads out; money that still comes is kept, not honoured. */
    revoked: {
      entry: ["clearDeadline", "clearReminder"],
      on: {
        "payment.succeeded": [
          { guard: "isKnownCharge", actions: "answerPayment" },
          { actions: ["noteChargeWithoutTime", "answerPayment", "openPaymentTicket"] },
        ],
        "term.granted": {},
        "access.revoked": {},
        "access.reinstated": [
          { guard: "isPaid", target: "active", actions: ["forgetRevocation", "tellReinstated"] },
          { guard: "hasTrialLeft", target: "trialing", actions: ["forgetRevocation", "tellReinstated"] },
          { target: "expired", actions: ["forgetRevocation", "beginRest", "tellReinstated"] },
        ],
      },
    },
  },
});
