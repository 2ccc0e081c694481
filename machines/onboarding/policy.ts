import { parsePairId } from "../address.ts";
import { InvocationFailure } from "../invocations.ts";
import { DAY_MS, intoHours } from "../reminder-hours.ts";
import { type Connection, type OnboardingContext, PROGRESS, type Problem, type Progress } from "./types.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Between two rounds at a backend that could not be reached; each round is several tries. Together within an hour. */
const RETRY_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS] as const;
export const MAX_ROUNDS = RETRY_MS.length;
/** Staff were told; meanwhile it may have mended itself. Unit: milliseconds. */
export const ATTENTION_RETRY_MS = 6 * HOUR_MS;
/** How long the first rows are waited for before the customer hears that they take longer. Unit: milliseconds. */
export const DATA_WAIT_MS = 30 * MINUTE_MS;
/** Between two looks for rows meanwhile. Unit: milliseconds. */
export const DATA_LOOK_MS = 2 * MINUTE_MS;
/** Between two looks afterwards, about the pace of regular collections. Unit: milliseconds. */
export const DATA_SLOT_MS = HOUR_MS;
/** A call that waits for its turn this long is told to the customer; after the second time people are told. Unit: milliseconds. */
export const SLOW_MS = 10 * MINUTE_MS;
export const STUCK_MS = HOUR_MS;
/** Between two looks at a running collection; the contract allows one every 5 s. Unit: milliseconds. */
export const JOB_POLL_MS = 10_000;
/** Days of silence after which an unfinished connection is recalled; then no more. Unit: milliseconds. */
const NUDGES_MS = [DAY_MS, 3 * DAY_MS] as const;
/** Before the end of a token's life. Unit: milliseconds. */
const TOKEN_REMINDERS_MS = [14 * DAY_MS, 7 * DAY_MS, 3 * DAY_MS, DAY_MS] as const;

export const retryDelay = ({ failures }: OnboardingContext): number => RETRY_MS[failures - 1] ?? RETRY_MS[0];

export const hasReached = ({ progress }: OnboardingContext, step: Progress): boolean =>
  PROGRESS.indexOf(progress) >= PROGRESS.indexOf(step);

const SHEET_REFUSALS: readonly (Problem | null)[] = ["spreadsheetUnknown", "spreadsheetClosed", "spreadsheetTaken"];

/** The spreadsheet in hand will not do as it is: another one, or another try, is the customer's word. */
export const isSheetRefused = ({ problem }: OnboardingContext): boolean => SHEET_REFUSALS.includes(problem);

/** What is asked of the backend, named by what is meant and not by the attempt: a repetition has the same key. */
export const keyOf = ({ userId, product, intent }: OnboardingContext, step: string): string =>
  `onb:${userId}:${product}:${intent}:${step}`;

export const isConnected = ({ connections }: OnboardingContext, spreadsheetId: string): boolean =>
  connections.some((connection) => connection.spreadsheetId === spreadsheetId);

/** Only the customer's own token of a connected spreadsheet is to be replaced. */
export const isTokenRenewal = (context: OnboardingContext): boolean =>
  context.spreadsheetId !== null && isConnected(context, context.spreadsheetId);

/** When the next word about an unfinished connection is due, epoch ms; null: it was said often enough. */
export function nextNudgeAt({ nudgesSent, answeredAt, reminderHours }: OnboardingContext, now: number): number | null {
  const after = NUDGES_MS[nudgesSent];
  return after === undefined ? null : Math.max(now, intoHours(answeredAt + after, reminderHours));
}

/** The next moment at which the end of a token's life is near, over all spreadsheets, epoch ms; those that are over are not made up for. */
export function nextTokenReminderAt({ connections, reminderHours }: OnboardingContext, now: number): number | null {
  const planned = connections
    .flatMap(({ tokenExpiresAt }) => TOKEN_REMINDERS_MS.map((lead) => intoHours(tokenExpiresAt - lead, reminderHours)))
    .filter((at) => at > now);
  return planned.length === 0 ? null : Math.min(...planned);
}

/** The token whose end comes first. */
export const nextToExpire = ({ connections }: OnboardingContext): Connection | null =>
  connections.reduce<Connection | null>(
    (first, next) => (first === null || next.tokenExpiresAt < first.tokenExpiresAt ? next : first),
    null,
  );

export function withConnection(context: OnboardingContext, now: number): readonly Connection[] {
  const { connections, spreadsheetId, sid, tokenExpiresAt } = context;
  if (spreadsheetId === null || sid === null || tokenExpiresAt === null) return connections;
  const known = connections.find((connection) => connection.spreadsheetId === spreadsheetId);
  const next: Connection = { spreadsheetId, sid, tokenExpiresAt, connectedAt: known?.connectedAt ?? now };
  return known === undefined
    ? [...connections, next]
    : connections.map((connection) => (connection === known ? next : connection));
}

/**
 * The spreadsheet is being registered once more, and its token was added before that: whether it is still there the backend can say, so the
 * customer is not asked for it.
 */
export const isTokenAtBackend = ({ wasReregistered, progress, token, sid }: OnboardingContext): boolean =>
  wasReregistered && progress === "nothing" && token === null && sid !== null;

/** What went wrong, as a code for people. */
export function failureOf(event: unknown): InvocationFailure {
  const parsed = InvocationFailure.safeParse((event as { error?: unknown }).error);
  return parsed.success ? parsed.data : { code: "unknown", final: false };
}

/** Nothing is being connected. */
export const NOTHING_IN_HAND = {
  spreadsheetId: null,
  token: null,
  sid: null,
  tokenExpiresAt: null,
  isTokenMessageLeft: false,
  tokenWarning: null,
  progress: "nothing",
  wasReregistered: false,
  jobId: null,
  storedRows: 0,
  dataBy: null,
  problem: null,
  failures: 0,
} as const satisfies Partial<OnboardingContext>;

/** Before anything happened. XState also calls it without input on every step and throws the result away. */
export function firstContext(input: { readonly id: string; readonly at: number } | undefined): OnboardingContext {
  const { userId, rest } = input === undefined ? { userId: 0, rest: "" } : parsePairId(input.id);
  return {
    userId,
    product: rest,
    entitled: false,
    accessVersion: 0,
    sheetsAllowed: 1,
    reminderHours: { from: 0, to: 24, utcOffsetMinutes: 0 },
    email: null,
    connections: [],
    isConnecting: true,
    ...NOTHING_IN_HAND,
    intent: 0,
    lastAnswer: null,
    hasTicket: false,
    nudgesSent: 0,
    answeredAt: input?.at ?? 0,
    nextNudgeAt: null,
    nextTokenReminderAt: null,
    promisedFrom: null,
    readyBy: null,
    readyAt: null,
  };
}
