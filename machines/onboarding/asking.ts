import { onboardingSetup } from "./setup.ts";

/** The customer's turn. Reminded twice, then left in peace. */
export const asking = onboardingSetup.createStateConfig({
  entry: "planNudge",
  initial: "awaitingEmail",
  always: { guard: "hasNoNudgeLeft", target: "resting" },
  after: { nextNudge: { target: "deciding", actions: ["countNudge", "remindUnfinished"] } },
  on: {
    "connect.opened": { target: "deciding", actions: "noteAnswer" },
    "reminders.muted": "resting",
    "onboarding.restarted": { target: "deciding", actions: ["dropSecret", "startOver", "noteAnswer"] },
  },
  states: {
    awaitingEmail: {
      on: {
        "email.given": { target: "#onboarding.step.deciding", actions: ["takeEmail", "noteAnswer"] },
        "step.kept": { guard: "hasEmail", target: "#onboarding.step.deciding", actions: ["askAnew", "noteAnswer"] },
      },
    },
    awaitingSpreadsheet: {
      on: {
        "spreadsheet.given": [
          { guard: "isGivenConnected", actions: ["noteConnectedAlready", "noteAnswer"] },
          { target: "#onboarding.step.deciding", actions: ["takeSpreadsheet", "noteAnswer"] },
        ],
        "step.kept": {
          guard: "hasSpreadsheet",
          target: "#onboarding.step.deciding",
          actions: ["askAnew", "noteAnswer"],
        },
        "check.requested": {
          guard: "hasSpreadsheet",
          target: "#onboarding.step.deciding",
          actions: ["askAnew", "noteAnswer"],
        },
        "step.back": [
          {
            guard: "hasConnections",
            target: "#onboarding.step.deciding",
            actions: ["dropSecret", "putDown", "noteAnswer"],
          },
          { target: "awaitingEmail", actions: ["dismissProblem", "noteAnswer"] },
        ],
      },
    },
    awaitingToken: {
      on: {
        "token.given": {
          target: "#onboarding.step.deciding",
          actions: ["takeToken", "noteAnswer"],
        },
        "step.back": [
          {
            guard: "isTokenRenewal",
            target: "#onboarding.step.deciding",
            actions: ["putDown", "noteAnswer"],
          },
          { target: "awaitingSpreadsheet", actions: ["dismissProblem", "noteAnswer"] },
        ],
      },
    },
  },
});
