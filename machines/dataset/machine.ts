// From which side a scope is served: the gate's days, the staff's pins, and telling the backend. Words: ./CONTEXT.md.
import { assign, setup } from "xstate";
import { declareActions } from "../effects.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { declareInvocation, type InvocationOutput } from "../invocations.ts";
import { datasetEffects } from "./effects.ts";
import {
  calibrate,
  failureOf,
  firstContext,
  isInUse,
  isLaterFit,
  isNextDay,
  judge,
  noteApplied,
  pin,
  retryDelay,
  unpin,
  withdraw,
} from "./policy.ts";
import type { DatasetContext, DatasetEvent } from "./types.ts";

type Told = InvocationOutput<"setDatasetSource">;
const toldOf = ({ event }: { event: { output: Told } }): Told => event.output;

const isNextDayNow = { guard: "isNextDay", target: "deciding", actions: ["judge", "tellUnverified"] } as const;
const pinnedNow = { guard: "isPinAhead", target: "deciding", actions: "pin" } as const;

export const datasetMachine = setup({
  types: {} as { context: DatasetContext; events: Stamped<DatasetEvent>; input: ActorInput },
  actors: { setDatasetSource: declareInvocation("setDatasetSource") },
  delays: {
    pinEnd: ({ context, event }) => Math.max(0, (context.pin?.until ?? 0) - event.at),
    retryDelay: ({ context }) => retryDelay(context),
  },
  guards: {
    isNextDay: ({ context, event }) => event.type === "dataset.dayJudged" && isNextDay(context, event.date),
    isLaterFit: ({ context, event }) => event.type === "dataset.calibrated" && isLaterFit(context, event.asOf),
    isInUse: ({ context, event }) => event.type === "dataset.correctionWithdrawn" && isInUse(context, event),
    isPinAhead: ({ event }) => event.type === "dataset.pinned" && event.until > event.at,
    isPinned: ({ context }) => context.pin !== null,
    isLocal: ({ context }) => context.gate.side === "local",
    hasStreak: ({ context }) => context.gate.passStreak > 0,
    hasNews: ({ context }) => context.decision?.applied === null,
    isOvertaken: ({ context: { decision, told } }) => decision?.applied === null && decision.id !== told,
    isApplied: (_, told: Told) => told.result === "applied",
    isRefused: ({ event }) => failureOf(event).final,
  },
  actions: {
    ...declareActions(datasetEffects),
    open: assign(({ context, event }) =>
      event.type === "dataset.opened" ? { from: event.firstDay, gate: { ...context.gate, side: event.side } } : {},
    ),
    judge: assign(({ context, event }) => (event.type === "dataset.dayJudged" ? judge(context, event) : {})),
    calibrate: assign(({ context, event }) => (event.type === "dataset.calibrated" ? calibrate(context, event) : {})),
    withdraw: assign(({ context, event }) =>
      event.type === "dataset.correctionWithdrawn" ? withdraw(context, event) : {},
    ),
    pin: assign(({ context, event }) => {
      if (event.type !== "dataset.pinned") return {};
      const { side, until, by, reason, at } = event;
      return pin(context, { side, until, by, reason, since: at });
    }),
    unpin: assign(({ context }) => unpin(context)),
    noteTelling: assign({ told: ({ context }) => context.decision?.id ?? null }),
    noteApplied: assign(({ context }) => noteApplied(context, true, null)),
    noteNotApplied: assign(({ context }, told: Told) =>
      noteApplied(context, false, told.result === "applied" ? null : told.result),
    ),
    noteRefused: assign(({ context, event }) => noteApplied(context, false, failureOf(event).code)),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
  },
}).createMachine({
  id: "dataset",
  type: "parallel",
  context: ({ input }) => firstContext(input),
  // How our own data are corrected has no say in which side is served.
  on: {
    "dataset.calibrated": { guard: "isLaterFit", actions: "calibrate" },
    "dataset.correctionWithdrawn": { guard: "isInUse", actions: "withdraw" },
  },
  states: {
    gate: {
      initial: "unopened",
      states: {
        unopened: { on: { "dataset.opened": { target: "deciding", actions: "open" } } },

        /** What is known says where it is. */
        deciding: {
          always: [
            { guard: "isPinned", target: "pinned" },
            { guard: "isLocal", target: "autonomous" },
            { guard: "hasStreak", target: "probation" },
            { target: "proxyFirst" },
          ],
        },

        /** Upstream is served; no day in a row has passed. */
        proxyFirst: { on: { "dataset.dayJudged": isNextDayNow, "dataset.pinned": pinnedNow } },
        /** Upstream is served, and the local side passes day by day. */
        probation: { on: { "dataset.dayJudged": isNextDayNow, "dataset.pinned": pinnedNow } },
        /** The local side is served. */
        autonomous: { on: { "dataset.dayJudged": isNextDayNow, "dataset.pinned": pinnedNow } },
        /** People said which side. The gate judges on and switches nothing. */
        pinned: {
          after: { pinEnd: { target: "deciding", actions: "unpin" } },
          on: {
            "dataset.dayJudged": isNextDayNow,
            "dataset.pinned": pinnedNow,
            "dataset.unpinned": { target: "deciding", actions: "unpin" },
          },
        },
      },
    },

    /** What the backend knows of the newest decision. It follows; what is served here does not wait for it. */
    backend: {
      initial: "settled",
      states: {
        settled: { always: { guard: "hasNews", target: "telling" } },
        telling: {
          entry: "noteTelling",
          // A newer decision: the older one is not worth telling any more.
          always: { guard: "isOvertaken", target: "telling", reenter: true },
          invoke: {
            src: "setDatasetSource",
            id: "setDatasetSource",
            input: ({ context: { dataset, spreadsheetId, decision } }) => ({
              dataset,
              spreadsheetId,
              side: decision?.side ?? "upstream",
              reason: decision?.reason ?? "",
              decisionId: decision?.id ?? "",
              decidedAt: decision?.decidedAt ?? 0,
            }),
            onDone: [
              { guard: { type: "isApplied", params: toldOf }, target: "settled", actions: "noteApplied" },
              { target: "settled", actions: [{ type: "noteNotApplied", params: toldOf }, "tellNotApplied"] },
            ],
            onError: [
              { guard: "isRefused", target: "settled", actions: ["noteRefused", "tellNotApplied"] },
              { target: "waiting", actions: ["countFailure", "tellUnreachable"] },
            ],
          },
        },
        /** It could not be reached in a whole round of tries. */
        waiting: { always: { guard: "isOvertaken", target: "telling" }, after: { retryDelay: "telling" } },
      },
    },
  },
});
