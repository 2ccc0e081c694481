// From payment to a working product: what the customer is asked, and what the backend does with it. Words: ./CONTEXT.md.
import { addressOf } from "../address.ts";
import type { InvocationOutput } from "../invocations.ts";
import { asking } from "./asking.ts";
import { failed, inactive, outputOf, resultOf, whileWaiting } from "./outcomes.ts";
import { firstContext, keyOf } from "./policy.ts";
import { onboardingSetup } from "./setup.ts";
import { smokeRunning, waitingForData } from "./smoke.ts";

export const onboardingMachine = onboardingSetup.createMachine({
  id: "onboarding",
  type: "parallel",
  context: ({ input }) => firstContext(input),
  states: {
    step: {
      initial: "paused",
      on: {
        // Nothing is kept; whoever has access all the same begins anew with the next word of the subscription.
        "person.erased": { target: ".paused", actions: ["dropSecret", "closeTicket", "forgetPerson"] },
        "access.changed": [
          { guard: "isNowClosed", target: ".paused", actions: "rememberAccess" },
          { guard: "isNews", actions: "rememberAccess" },
        ],
      },
      states: {
        /** No access, no steps; what was answered and reached is kept. */
        paused: {
          on: {
            "access.changed": [
              { guard: "isNowOpen", target: "deciding", actions: "rememberAccess" },
              { guard: "isNews", actions: "rememberAccess" },
            ],
          },
        },

        /** The first thing that is missing. */
        deciding: {
          always: [
            { guard: "isNothingInHand", target: "ready" },
            // Asked again for the same sheet, the backend would only repeat itself: the customer says when it is worth it.
            { guard: "isSheetRefused", target: "asking.awaitingSpreadsheet" },
            { guard: "hasNoEmail", target: "asking.awaitingEmail" },
            { guard: "hasNoSpreadsheet", target: "asking.awaitingSpreadsheet" },
            { guard: "needsToken", target: "asking.awaitingToken" },
            { guard: { type: "isAt", params: "nothing" }, target: "connecting.registering" },
            { guard: { type: "isAt", params: "registered" }, target: "connecting.addingToken" },
            { guard: { type: "isAt", params: "tokenAdded" }, target: "connecting.verifyingToken" },
            { guard: { type: "isAt", params: "verified" }, target: "connecting.smokeRunning.refreshing" },
            { guard: { type: "isAt", params: "refreshed" }, target: "connecting.smokeRunning.collecting" },
            { target: "connecting.smokeRunning.reading" },
          ],
        },

        asking,

        /** Said often enough, or asked to be silent: the customer comes back by a press or /connect. */
        resting: {
          on: {
            "connect.opened": { target: "deciding", actions: "noteAnswer" },
            "onboarding.restarted": { target: "deciding", actions: ["dropSecret", "startOver", "noteAnswer"] },
          },
        },

        connecting: {
          initial: "registering",
          states: {
            registering: {
              entry: "tellProgress",
              after: whileWaiting,
              invoke: {
                src: "registerSpreadsheet",
                id: "registerSpreadsheet",
                input: ({ context }) => ({
                  key: keyOf(context, "register"),
                  spreadsheetId: context.spreadsheetId ?? "",
                  email: context.email ?? "",
                }),
                onDone: [
                  {
                    guard: { type: "isRegisteredAgain", params: resultOf },
                    target: "#onboarding.step.deciding",
                    actions: { type: "reach", params: "tokenAdded" },
                  },
                  {
                    guard: { type: "isRegistered", params: resultOf },
                    target: "#onboarding.step.deciding",
                    actions: { type: "reach", params: "registered" },
                  },
                  {
                    target: "#onboarding.step.asking.awaitingSpreadsheet",
                    actions: [{ type: "noteSpreadsheetProblem", params: resultOf }, "tellProblem"],
                  },
                ],
                onError: failed,
              },
            },
            addingToken: {
              entry: "tellProgress",
              after: whileWaiting,
              invoke: {
                src: "addToken",
                id: "addToken",
                input: ({ context }) => ({
                  key: keyOf(context, "token"),
                  spreadsheetId: context.spreadsheetId ?? "",
                  email: context.email ?? "",
                  owner: addressOf.onboarding(context.userId, context.product),
                  ref: context.token?.ref ?? "",
                }),
                onDone: [
                  {
                    guard: { type: "isAdded", params: outputOf<InvocationOutput<"addToken">> },
                    target: "#onboarding.step.deciding",
                    actions: [
                      "dropSecret",
                      { type: "reachTokenAdded", params: outputOf<InvocationOutput<"addToken">> },
                    ],
                  },
                  ...inactive,
                  {
                    target: "#onboarding.step.asking.awaitingToken",
                    actions: [
                      "dropSecret",
                      { type: "noteTokenRefused", params: outputOf<InvocationOutput<"addToken">> },
                      "tellProblem",
                    ],
                  },
                ],
                onError: failed,
              },
            },
            verifyingToken: {
              entry: "tellProgress",
              after: whileWaiting,
              invoke: {
                src: "verifyToken",
                id: "verifyToken",
                input: ({ context }) => ({ spreadsheetId: context.spreadsheetId ?? "", sid: context.sid ?? "" }),
                onDone: [
                  {
                    guard: { type: "isActive", params: resultOf },
                    target: "#onboarding.step.deciding",
                    actions: { type: "reach", params: "verified" },
                  },
                  ...inactive,
                  {
                    target: "#onboarding.step.asking.awaitingToken",
                    actions: ["noteTokenNotActive", "tellProblem"],
                  },
                ],
                onError: failed,
              },
            },
            smokeRunning,
          },
        },

        retrying: {
          after: { retryDelay: "deciding" },
          on: { "check.requested": "deciding", "onboarding.retried": "deciding" },
        },

        needsAttention: {
          after: { attentionRetryDelay: "deciding" },
          on: {
            "check.requested": { target: "deciding", actions: "askAnew" },
            "onboarding.retried": { target: "deciding", actions: "askAnew" },
            "onboarding.restarted": { target: "deciding", actions: ["dropSecret", "startOver", "noteAnswer"] },
          },
        },

        waitingForData,

        ready: {
          initial: "watching",
          on: {
            "connect.opened": { guard: "hasSomethingToTell", actions: "noteTold" },
            "spreadsheet.requested": {
              guard: "hasSheetLeft",
              target: "deciding",
              actions: ["takeAnother", "noteAnswer"],
            },
            "token.requested": { guard: "isOwnConnection", target: "deciding", actions: ["takeRenewal", "noteAnswer"] },
          },
          states: {
            watching: {
              entry: "planTokenReminder",
              always: { guard: "hasNoTokenReminder", target: "quiet" },
              after: { nextTokenReminder: { target: "watching", reenter: true, actions: "remindToken" } },
            },
            quiet: {},
          },
        },
      },
    },

    /** The plan's promise, from the payment to a product that works. */
    promise: {
      initial: "none",
      states: {
        none: { always: { guard: "isPromised", target: "running" } },
        running: {
          always: [
            { guard: "isReady", target: "kept" },
            { guard: "isNotEntitled", target: "none" },
          ],
          after: { promiseEnd: { target: "late", actions: "tellStaffLate" } },
        },
        late: {
          always: [
            { guard: "isReady", target: "keptLate" },
            { guard: "isNotEntitled", target: "none" },
          ],
        },
        kept: {},
        keptLate: {},
      },
    },
  },
});
