// The proof that data arrive: ask for a refresh and a collection, then look for rows.
import type { InvocationOutput } from "../invocations.ts";
import { moscowDay } from "../moscow-day.ts";
import { failed, giveUp, inactive, jobOf, outputOf, resultOf, whileLoading } from "./outcomes.ts";
import { keyOf } from "./policy.ts";
import { onboardingSetup } from "./setup.ts";

export const smokeRunning = onboardingSetup.createStateConfig({
  entry: "tellProgress",
  after: whileLoading,
  initial: "refreshing",
  states: {
    refreshing: {
      invoke: {
        src: "requestRefresh",
        id: "requestRefresh",
        input: ({ context }) => ({
          key: keyOf(context, "refresh"),
          spreadsheetId: context.spreadsheetId ?? "",
        }),
        onDone: [
          { guard: { type: "isAccepted", params: resultOf<string> }, target: "collecting", actions: "reachRefreshed" },
          ...inactive,
        ],
        onError: failed,
      },
    },
    collecting: {
      invoke: {
        src: "startCollection",
        id: "startCollection",
        input: ({ context, event }) => ({
          key: keyOf(context, `collect:${moscowDay(event.at)}`),
          spreadsheetId: context.spreadsheetId ?? "",
          dateFrom: moscowDay(event.at, 1),
          dateTo: moscowDay(event.at),
        }),
        onDone: [
          {
            guard: { type: "isStored", params: outputOf<InvocationOutput<"startCollection">> },
            target: "reading",
            actions: { type: "reachCollected", params: outputOf<InvocationOutput<"startCollection">> },
          },
          {
            guard: { type: "isQueued", params: outputOf<InvocationOutput<"startCollection">> },
            target: "polling",
            actions: { type: "rememberJob", params: outputOf<InvocationOutput<"startCollection">> },
          },
          ...inactive,
        ],
        onError: failed,
      },
    },
    polling: {
      initial: "waiting",
      states: {
        waiting: { after: { jobPollDelay: "looking" } },
        looking: {
          invoke: {
            src: "readJob",
            id: "readJob",
            input: ({ context }) => ({ jobId: context.jobId ?? "" }),
            onDone: [
              { guard: { type: "isJobRunning", params: jobOf }, target: "waiting" },
              {
                guard: { type: "isJobDone", params: jobOf },
                target: "#onboarding.step.connecting.smokeRunning.reading",
                actions: { type: "reachCollected", params: null },
              },
              { guard: "isGivenUp", target: "#onboarding.step.needsAttention", actions: giveUp },
              // Asked anew, or the same answer would name the same dead job again.
              {
                target: "#onboarding.step.retrying",
                actions: ["askAnewQuietly", "noteUnavailable", "tellDelayedOnce"],
              },
            ],
            onError: failed,
          },
        },
      },
    },
    reading: {
      invoke: {
        src: "readRows",
        id: "readRows",
        input: ({ context, event }) => ({ spreadsheetId: context.spreadsheetId ?? "", day: moscowDay(event.at, 1) }),
        onDone: [
          {
            guard: { type: "hasRows", params: outputOf<InvocationOutput<"readRows">> },
            target: "#onboarding.step.ready",
            actions: ["closeTicket", "finish", "tellReady"],
          },
          ...inactive,
          {
            guard: "isDataLate",
            target: "#onboarding.step.waitingForData",
            actions: ["noteNoData", "tellWaitingForData"],
          },
          { target: "pausing" },
        ],
        onError: failed,
      },
    },
    pausing: { after: { dataLookDelay: "reading" } },
  },
});

/** Connected, but without rows that would prove it. */
export const waitingForData = onboardingSetup.createStateConfig({
  // Without rows it may be the wrong sheet, or a token that was taken back since.
  on: {
    "onboarding.restarted": { target: "#onboarding.step.deciding", actions: ["dropSecret", "startOver", "noteAnswer"] },
  },
  initial: "waiting",
  states: {
    waiting: {
      after: { dataSlotDelay: "looking" },
      on: { "check.requested": "looking", "onboarding.retried": "looking" },
    },
    looking: {
      invoke: {
        src: "readRows",
        id: "readRows",
        input: ({ context, event }) => ({
          spreadsheetId: context.spreadsheetId ?? "",
          day: moscowDay(event.at, 1),
        }),
        onDone: [
          {
            guard: { type: "hasRows", params: outputOf<InvocationOutput<"readRows">> },
            target: "#onboarding.step.ready",
            actions: ["closeTicket", "finish", "tellReady"],
          },
          ...inactive,
          { target: "waiting" },
        ],
        // The next slot comes by itself.
        onError: "waiting",
      },
    },
  },
});
