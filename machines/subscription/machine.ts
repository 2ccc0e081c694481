// One person's paid access to one product: until when, what then, and who is told. Words: ./CONTEXT.md.
import { billing } from "./billing.ts";
import { intent } from "./intent.ts";
import { stranger } from "./policy.ts";
import { subscriptionSetup } from "./setup.ts";

export const subscriptionMachine = subscriptionSetup.createMachine({
  id: "subscription",
  type: "parallel",
  context: ({ input }) => stranger(input),
  entry: "tellSubscriptionOpened",
  states: {
    billing,
    intent,

    /** Access regardless of billing, by staff, with an end. */
    override: {
      initial: "none",
      states: {
        none: {
          on: { "override.set": { guard: "isOverrideAhead", target: "set", actions: "rememberOverride" } },
        },
        set: {
          after: { overrideEnd: { target: "none", actions: "forgetOverride" } },
          on: {
            "override.set": [
              { guard: "isOverrideAhead", target: "set", reenter: true, actions: "rememberOverride" },
              { target: "none", actions: "forgetOverride" },
            ],
          },
        },
      },
    },

    /** Follows billing, risk and override by itself, and tells the invites of every chat whenever it turns. */
    access: {
      initial: "closed",
      on: {
        "risk.changed": [
          { guard: "isBlockThatTakes", actions: ["rememberRisk", "tellBlocked"] },
          { guard: "isRiskNews", actions: "rememberRisk" },
        ],
      },
      states: {
        closed: {
          always: { guard: "isEntitled", target: "open", actions: ["countAnnouncement", "announceOpen"] },
          on: { "access.announced": { actions: ["countAnnouncement", "announceClosed"] } },
        },
        open: {
          always: { guard: "isNotEntitled", target: "closed", actions: ["countAnnouncement", "announceClosed"] },
          on: {
            // Told again with every payment: whoever is entitled but outside gets a new way in.
            "payment.succeeded": { guard: "isNewCharge", actions: ["countAnnouncement", "announceOpen"] },
            "term.granted": { actions: ["countAnnouncement", "announceOpen"] },
            "access.announced": { actions: ["countAnnouncement", "announceOpen"] },
          },
        },
      },
    },
  },
});
