// Who a person is to us: can they be reached, may they buy, what have they done so far. Words: ./CONTEXT.md.
import { and, assign, not, setup, stateIn } from "xstate";
import { declareActions } from "../effects.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { customerEffects } from "./effects.ts";
import { CHARGEBACKS_BEFORE_BLOCK, erased, isNewsAbout, newcomer, withContact } from "./policy.ts";
import type { CustomerContext, CustomerEvent } from "./types.ts";

/** News are counted before they are told: deliveries overtake each other, and the later one holds. */
const block = ["countNews", "tellSubscriptionsBlocked"] as const;
const clear = ["countNews", "tellSubscriptionsCleared"] as const;
/** The language is asked for before it is forgotten: the person is told in it. */
const erase = ["erasePerson", "forgetPerson", "countNews", "tellSubscriptionsMuted", "cancelSubscriptions"] as const;

export const customerMachine = setup({
  types: {} as { context: CustomerContext; events: Stamped<CustomerEvent>; input: ActorInput },
  guards: {
    /** Risk is not asked here: a blocked person's state has no way to a trial. */
    isTrialFree: and([
      ({ context }: { context: CustomerContext }) => context.trialUsedAt === null,
      not(stateIn({ standing: "erased" })),
    ]),
    isNews: ({ context, event }) => event.type === "contact.seen" && isNewsAbout(context, event),
    isNewProduct: ({ context, event }) =>
      event.type === "subscription.opened" && !context.products.includes(event.product),
    isOneChargebackTooMany: ({ context }) => context.chargebacks + 1 >= CHARGEBACKS_BEFORE_BLOCK,
    isOtherLanguage: ({ context, event }) =>
      event.type === "language.chosen" && (event.language !== context.language || !context.languageChosen),
    isMuted: ({ context }) => context.remindersMuted,
    isNotMuted: ({ context }) => !context.remindersMuted,
    hasPaid: ({ context }) => context.hasPaid,
    hasProducts: ({ context }) => context.products.length > 0,
  },
  actions: {
    ...declareActions(customerEffects),
    rememberContact: assign(({ context, event }) => (event.type === "contact.seen" ? withContact(context, event) : {})),
    rememberLanguage: assign(({ event }) =>
      event.type === "language.chosen" ? { language: event.language, languageChosen: true } : {},
    ),
    rememberTerms: assign(({ event }) =>
      event.type === "terms.accepted"
        ? {
            termsAccepted: {
              ...{ version: event.version, at: event.at },
              ...(event.language === undefined ? {} : { language: event.language }),
            },
          }
        : {},
    ),
    useTrial: assign({ trialUsedAt: ({ event }) => event.at }),
    rememberProduct: assign(({ context, event }) =>
      (event.type === "subscription.opened" || event.type === "customer.paid") &&
      !context.products.includes(event.product)
        ? { products: [...context.products, event.product] }
        : {},
    ),
    rememberPaid: assign({ hasPaid: true }),
    rememberRiskReason: assign(({ event }) =>
      event.type === "risk.raised" || event.type === "risk.blocked" ? { riskReason: event.reason } : {},
    ),
    countChargeback: assign({ chargebacks: ({ context }) => context.chargebacks + 1, riskReason: "chargeback" }),
    forgetRiskReason: assign({ riskReason: null }),
    mute: assign({ remindersMuted: true }),
    unmute: assign({ remindersMuted: false }),
    countNews: assign({ news: ({ context }) => (context.news ?? 0) + 1 }),
    forgetPerson: assign(erased),
  },
}).createMachine({
  id: "customer",
  type: "parallel",
  context: ({ input }) => newcomer(input),
  states: {
    /** How we reach them. */
    contact: {
      initial: "neverStarted",
      on: {
        "language.chosen": { guard: "isOtherLanguage", actions: "rememberLanguage" },
        "terms.accepted": { actions: "rememberTerms" },
        // On record by having been heard.
        "input.refused": {},
        "reminders.muted": { guard: "isNotMuted", actions: ["mute", "countNews", "tellSubscriptionsMuted"] },
        "reminders.unmuted": { guard: "isMuted", actions: ["unmute", "countNews", "tellSubscriptionsUnmuted"] },
      },
      states: {
        neverStarted: {
          on: {
            "contact.seen": { target: "reachable", actions: "rememberContact" },
            "contact.blocked": "botBlocked",
          },
        },
        reachable: {
          on: {
            "contact.seen": { guard: "isNews", actions: "rememberContact" },
            "contact.blocked": "botBlocked",
            "erasure.requested": "neverStarted",
          },
        },
        botBlocked: {
          on: {
            "contact.seen": { target: "reachable", actions: "rememberContact" },
            "contact.unblocked": "reachable",
            "erasure.requested": "neverStarted",
          },
        },
      },
    },

    /** Whether we sell to them. */
    risk: {
      initial: "clear",
      states: {
        clear: {
          on: {
            "trial.requested": { guard: "isTrialFree", actions: ["useTrial", "grantTrial"] },
            "risk.raised": { target: "watched", actions: ["rememberRiskReason", "tellStaffRiskRaised"] },
            "chargeback.seen": [
              // Clearing somebody forgives; it does not forget.
              {
                guard: "isOneChargebackTooMany",
                target: "blocked",
                actions: ["countChargeback", "tellStaffRiskRaised", ...block],
              },
              { target: "watched", actions: ["countChargeback", "tellStaffRiskRaised"] },
            ],
            "risk.blocked": { target: "blocked", actions: ["rememberRiskReason", ...block] },
          },
        },
        watched: {
          on: {
            "trial.requested": { guard: "isTrialFree", actions: ["useTrial", "grantTrial"] },
            "risk.raised": { actions: "rememberRiskReason" },
            "chargeback.seen": [
              {
                guard: "isOneChargebackTooMany",
                target: "blocked",
                actions: ["countChargeback", "tellStaffRiskRaised", ...block],
              },
              { actions: ["countChargeback", "tellStaffRiskRaised"] },
            ],
            "risk.blocked": { target: "blocked", actions: ["rememberRiskReason", ...block] },
            "risk.cleared": { target: "clear", actions: "forgetRiskReason" },
          },
        },
        blocked: {
          on: {
            "subscription.opened": { actions: "tellNewSubscriptionBlocked" },
            "chargeback.seen": { actions: "countChargeback" },
            "risk.cleared": { target: "clear", actions: ["forgetRiskReason", ...clear] },
          },
        },
      },
    },

    /** What they have been to us so far. */
    standing: {
      initial: "guest",
      states: {
        guest: {
          on: {
            "subscription.opened": { target: "lead", actions: ["rememberProduct", "tellNewSubscriptionMuted"] },
            "customer.paid": { target: "customer", actions: ["rememberProduct", "rememberPaid"] },
            "erasure.requested": { target: "erased", actions: ["erasePerson", "forgetPerson"] },
          },
        },
        lead: {
          on: {
            "subscription.opened": { guard: "isNewProduct", actions: ["rememberProduct", "tellNewSubscriptionMuted"] },
            "customer.paid": { target: "customer", actions: ["rememberProduct", "rememberPaid"] },
            "erasure.requested": { target: "erased", actions: erase },
          },
        },
        customer: {
          on: {
            "subscription.opened": { guard: "isNewProduct", actions: ["rememberProduct", "tellNewSubscriptionMuted"] },
            "erasure.requested": { target: "erased", actions: erase },
          },
        },
        /** Deaf to the person's own past; a new sign of life is a new beginning, with nothing but the facts kept by `erased`. */
        erased: {
          on: {
            "contact.seen": [
              { guard: "hasPaid", target: "customer", actions: ["unmute", "countNews", "tellSubscriptionsUnmuted"] },
              { guard: "hasProducts", target: "lead", actions: ["unmute", "countNews", "tellSubscriptionsUnmuted"] },
              { target: "guest", actions: "unmute" },
            ],
            "subscription.opened": { guard: "isNewProduct", actions: ["rememberProduct", "tellNewSubscriptionMuted"] },
            "customer.paid": { actions: ["rememberProduct", "rememberPaid"] },
            // What lies outside this actor is erased once more; nobody is told twice.
            "erasure.requested": { actions: "eraseLeftovers" },
          },
        },
      },
    },
  },
});
