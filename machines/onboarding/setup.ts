import { assign, setup, stateIn } from "xstate";
import { declareActions } from "../effects.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { declareInvocation, type InvocationOutput } from "../invocations.ts";
import { onboardingEffects } from "./effects.ts";
import {
  ATTENTION_RETRY_MS,
  DATA_LOOK_MS,
  DATA_SLOT_MS,
  DATA_WAIT_MS,
  failureOf,
  hasReached,
  isConnected,
  isSheetRefused,
  isTokenAtBackend,
  isTokenRenewal,
  JOB_POLL_MS,
  MAX_ROUNDS,
  NOTHING_IN_HAND,
  nextNudgeAt,
  nextTokenReminderAt,
  retryDelay,
  SLOW_MS,
  STUCK_MS,
  withConnection,
} from "./policy.ts";
import type { OnboardingContext, OnboardingEvent, Problem, Progress } from "./types.ts";

type Context = OnboardingContext;
type Change = Partial<Context>;
type Event = Stamped<OnboardingEvent>;
interface Step {
  readonly context: Context;
  readonly event: Event;
}
type Registered = InvocationOutput<"registerSpreadsheet">["result"];
type Added = InvocationOutput<"addToken">;
type Verified = InvocationOutput<"verifyToken">["result"];
type Collected = InvocationOutput<"startCollection">;
type Job = InvocationOutput<"readJob">["state"];
type Rows = InvocationOutput<"readRows">;

const left = (at: number | null, now: number) => Math.max(0, (at ?? 0) - now);

const SPREADSHEET_PROBLEMS = {
  unknown: "spreadsheetUnknown",
  closed: "spreadsheetClosed",
  taken: "spreadsheetTaken",
} as const satisfies Record<Exclude<Registered, "registered">, Problem>;

/** What the announcement at hand says about access; null for one that was overtaken by a later one. */
const accessNow = ({ context, event }: Step): boolean | null =>
  event.type === "access.changed" && event.version > context.accessVersion ? event.entitled : null;

const hasRows = ({ context }: Step, found: Rows) =>
  (found.result === "rows" && found.rows > 0) || (found.result === "unsupported" && context.storedRows > 0);

/** Words of the onboarding: delays, guards, assigns and effects. The way itself is in machine.ts. */
export const onboardingSetup = setup({
  types: {} as { context: Context; events: Event; input: ActorInput },
  actors: {
    registerSpreadsheet: declareInvocation("registerSpreadsheet"),
    addToken: declareInvocation("addToken"),
    verifyToken: declareInvocation("verifyToken"),
    requestRefresh: declareInvocation("requestRefresh"),
    startCollection: declareInvocation("startCollection"),
    readJob: declareInvocation("readJob"),
    readRows: declareInvocation("readRows"),
  },

  delays: {
    nextNudge: ({ context, event }) => left(context.nextNudgeAt, event.at),
    nextTokenReminder: ({ context, event }) => left(context.nextTokenReminderAt, event.at),
    promiseEnd: ({ context, event }) => left(context.readyBy, event.at),
    retryDelay: ({ context }) => retryDelay(context),
    slowDelay: SLOW_MS,
    stuckDelay: STUCK_MS,
    attentionRetryDelay: ATTENTION_RETRY_MS,
    jobPollDelay: JOB_POLL_MS,
    dataLookDelay: DATA_LOOK_MS,
    dataSlotDelay: DATA_SLOT_MS,
  },

  guards: {
    isNews: (step) => accessNow(step) !== null,
    isNowOpen: (step) => accessNow(step) === true,
    isNowClosed: (step) => accessNow(step) === false,
    isNotEntitled: ({ context }) => !context.entitled,

    // Which step is next: a question of what is known.
    isNothingInHand: ({ context }) => !context.isConnecting,
    hasEmail: ({ context }) => context.email !== null,
    hasNoEmail: ({ context }) => context.email === null,
    hasSpreadsheet: ({ context }) => context.spreadsheetId !== null,
    hasNoSpreadsheet: ({ context }) => context.spreadsheetId === null,
    isSheetRefused: ({ context }) => isSheetRefused(context),
    needsToken: ({ context }) =>
      context.token === null && !hasReached(context, "tokenAdded") && !isTokenAtBackend(context),
    isAt: ({ context }, progress: Progress) => context.progress === progress,

    hasNoNudgeLeft: ({ context }) => context.nextNudgeAt === null,
    hasNoTokenReminder: ({ context }) => context.nextTokenReminderAt === null,
    hasConnections: ({ context }) => context.connections.length > 0,
    isTokenRenewal: ({ context }) => isTokenRenewal(context),
    isGivenConnected: ({ context, event }) =>
      event.type === "spreadsheet.given" && isConnected(context, event.spreadsheetId),
    hasSomethingToTell: ({ context }) => context.isTokenMessageLeft || context.tokenWarning !== null,
    isOwnConnection: ({ context, event }) =>
      event.type === "token.requested" && isConnected(context, event.spreadsheetId),
    hasSheetLeft: ({ context }) => context.connections.length < context.sheetsAllowed,

    // What the backend said.
    isRegistered: (_, result: Registered) => result === "registered",
    isRegisteredAgain: ({ context }, result: Registered) => result === "registered" && isTokenAtBackend(context),
    isAdded: (_, added: Added) => added.result === "added",
    isActive: (_, verified: Verified) => verified === "active",
    isStored: (_, collected: Collected) => collected.result === "stored",
    isQueued: (_, collected: Collected) => collected.result === "queued",
    isJobRunning: (_, job: Job) => job === "running",
    isJobDone: (_, job: Job) => job === "done",
    hasRows,
    /** The backend lost sight of the spreadsheet. Registering once more is worth a try, and only one. */
    isInactiveOnce: ({ context }, result: string) => result === "inactive" && !context.wasReregistered,
    isInactive: (_, result: string) => result === "inactive",
    isAccepted: (_, result: string) => result === "accepted",
    isDataLate: ({ context, event }) => context.dataBy !== null && context.dataBy <= event.at,
    /** A refusal for good is not worth another round. */
    isGivenUp: ({ context, event }) => failureOf(event).final || context.failures >= MAX_ROUNDS,

    isPromised: ({ context }) => context.entitled && context.readyBy !== null && context.readyAt === null,
    isReady: stateIn({ step: "ready" }),
  },

  actions: {
    ...declareActions(onboardingEffects),

    rememberAccess: assign(({ context, event }): Change => {
      if (event.type !== "access.changed") return {};
      const { entitled, version, readyMs, sheets, reminderHours, since } = event;
      const begins = entitled && !context.entitled && context.readyAt === null;
      return {
        entitled,
        accessVersion: version,
        sheetsAllowed: sheets,
        reminderHours,
        // The plan's promise counts from the payment that opened access; a later one does not make it longer.
        ...(begins
          ? {
              promisedFrom: since,
              readyBy: readyMs === null ? null : since + readyMs,
              answeredAt: event.at,
              nudgesSent: 0,
            }
          : {}),
      };
    }),

    takeEmail: assign(
      ({ context, event }): Change =>
        event.type === "email.given"
          ? { email: event.email, progress: "nothing", intent: context.intent + 1, problem: null }
          : {},
    ),
    takeSpreadsheet: assign(
      ({ context, event }): Change =>
        event.type === "spreadsheet.given"
          ? {
              ...NOTHING_IN_HAND,
              // The token in hand goes with the new spreadsheet.
              token: context.token,
              sid: context.sid,
              tokenExpiresAt: context.tokenExpiresAt,
              isTokenMessageLeft: context.isTokenMessageLeft,
              tokenWarning: context.tokenWarning,
              spreadsheetId: event.spreadsheetId,
              intent: context.intent + 1,
            }
          : {},
    ),
    takeToken: assign(
      ({ context, event }): Change =>
        event.type === "token.given"
          ? {
              token: { ref: event.ref },
              sid: event.sid,
              tokenExpiresAt: event.expiresAt,
              isTokenMessageLeft: event.isMessageLeft,
              tokenWarning: event.warning,
              intent: context.intent + 1,
              problem: null,
            }
          : {},
    ),
    noteAnswer: assign(
      ({ context, event }): Change => ({
        answeredAt: event.at,
        nudgesSent: 0,
        lastAnswer: "answer" in event ? event.answer : context.lastAnswer,
      }),
    ),
    /** Asked anew by a person: the stored answer of the same question must not come back. */
    askAnew: assign(({ context }): Change => ({ intent: context.intent + 1, failures: 0, problem: null })),
    askAnewQuietly: assign(({ context }): Change => ({ intent: context.intent + 1 })),
    startOver: assign(({ context }): Change => ({ ...NOTHING_IN_HAND, email: null, intent: context.intent + 1 })),
    forgetPerson: assign(
      ({ context }): Change => ({
        ...NOTHING_IN_HAND,
        email: null,
        connections: [],
        isConnecting: true,
        hasTicket: false,
        intent: context.intent + 1,
        // The next announcement opens it, whatever the last one said.
        entitled: false,
      }),
    ),
    takeAnother: assign(
      ({ context }): Change => ({ ...NOTHING_IN_HAND, isConnecting: true, intent: context.intent + 1 }),
    ),
    takeRenewal: assign(
      ({ context, event }): Change =>
        event.type === "token.requested"
          ? {
              ...NOTHING_IN_HAND,
              isConnecting: true,
              spreadsheetId: event.spreadsheetId,
              progress: "registered",
              intent: context.intent + 1,
            }
          : {},
    ),
    /** An earlier question is asked: what was wrong with a later answer does not belong there. */
    dismissProblem: assign({ problem: null }),
    /** The customer has seen the result, and what there was to say about the token. */
    noteTold: assign({ isTokenMessageLeft: false, tokenWarning: null }),
    putDown: assign({ ...NOTHING_IN_HAND, isConnecting: false }),

    reach: assign((_, progress: Progress): Change => ({ progress, failures: 0, problem: null })),
    reachTokenAdded: assign(
      ({ context }, added: Added): Change =>
        added.result === "added"
          ? {
              progress: "tokenAdded",
              token: null,
              sid: added.sid,
              // What the token says about itself, where the backend does not say it.
              tokenExpiresAt: added.expiresAt ?? context.tokenExpiresAt,
              failures: 0,
              problem: null,
            }
          : { intent: context.intent },
    ),
    reachRefreshed: assign(
      ({ event }): Change => ({
        progress: "refreshed",
        failures: 0,
        problem: null,
        dataBy: event.at + DATA_WAIT_MS,
      }),
    ),
    reachCollected: assign(
      (_, collected: Collected | null): Change => ({
        progress: "collected",
        failures: 0,
        problem: null,
        jobId: null,
        storedRows: collected?.result === "stored" ? collected.rows : 0,
      }),
    ),
    rememberJob: assign(
      (_, collected: Collected): Change => (collected.result === "queued" ? { jobId: collected.jobId } : {}),
    ),
    registerOnceMore: assign(
      ({ context }): Change => ({
        progress: "nothing",
        wasReregistered: true,
        intent: context.intent + 1,
      }),
    ),

    noteSpreadsheetProblem: assign(
      (_, result: Registered): Change => (result === "registered" ? {} : { problem: SPREADSHEET_PROBLEMS[result] }),
    ),
    noteConnectedAlready: assign({ problem: "spreadsheetConnected" }),
    noteTokenRefused: assign(
      (_, added: Added): Change => ({
        token: null,
        sid: null,
        tokenExpiresAt: null,
        problem: added.result === "refused" ? (`tokenRefused:${added.reason}` as const) : ("tokenLost" as const),
      }),
    ),
    noteTokenNotActive: assign({
      token: null,
      sid: null,
      tokenExpiresAt: null,
      progress: "registered",
      problem: "tokenNotActive",
    }),
    noteSlow: assign({ problem: "unavailable" }),
    noteStuck: assign({ problem: "refused", hasTicket: true }),
    noteNoData: assign({ problem: "noData", failures: 0 }),
    noteUnavailable: assign(({ context }): Change => ({ failures: context.failures + 1, problem: "unavailable" })),
    noteRefused: assign(
      ({ context }): Change => ({ failures: context.failures + 1, problem: "refused", hasTicket: true }),
    ),

    planNudge: assign(({ context, event }): Change => ({ nextNudgeAt: nextNudgeAt(context, event.at) })),
    countNudge: assign({ nudgesSent: ({ context }) => context.nudgesSent + 1 }),
    planTokenReminder: assign(
      ({ context, event }): Change => ({
        nextTokenReminderAt: nextTokenReminderAt(context, event.at),
      }),
    ),

    finish: assign(
      ({ context, event }): Change => ({
        ...NOTHING_IN_HAND,
        // The result takes the place of the message that said so.
        isTokenMessageLeft: context.isTokenMessageLeft,
        tokenWarning: context.tokenWarning,
        connections: withConnection(context, event.at),
        isConnecting: false,
        readyAt: context.readyAt ?? event.at,
      }),
    ),
  },
});
