// Compares our record of charges with Telegram's own list of Star transactions. An update that never came would otherwise be somebody
// who paid and got nothing, and a chargeback, of which Telegram sends no update at all, access for money that is gone.
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import { PAYMENT_ONCE, UNREADABLE_ORDER } from "../../machines/payment/identity.ts";
import type { PaymentContext } from "../../machines/payment/types.ts";
import { ticketIdOf } from "../../machines/tell.ts";
import { RetryLater } from "../effects/executor.ts";
import { isAppError } from "../errors.ts";
import type { Actors, ActorView, Clock } from "../runtime/ports.ts";
import { readStarTransaction, type StarTransaction } from "./star-transaction.ts";
import type { makeStoreWatch } from "./store-identity.ts";

export interface Round {
  /** Where it began. */
  readonly from: number;
  /** Where it goes on. */
  readonly at: number;
  /** The first row that has to wait. */
  readonly heldAt: number | null;
  /** The newest rows of a round over everything: when it has come to the end, it begins at the first one. */
  readonly isTail?: boolean | undefined;
  /** How many rows so far were sold before us. */
  readonly beforeUs?: number | undefined;
}

/** How far the list was compared. The list only grows, at its end; places are counted from its oldest row, from 0. */
export interface PaymentsProgress {
  /** Rows before this place need no further look, apart from the overlap. */
  readonly settled: number;
  /** The round under way; null between two rounds. */
  readonly round: Round | null;
  /** Epoch ms. */
  readonly roundStartedAt: number;
  /** Epoch ms. */
  readonly nextRoundAt: number;
  /** Sales from then on are ours: when this deployment first looked, in whole seconds, or earlier where staff say so. Epoch ms. */
  readonly since: number;
  /** When the last round began that came to the end of the list, epoch ms; null: none has. Lines of our books until then have their row. */
  readonly comparedAt: number | null;
  /** The store that all of the list was compared with, see store-identity.ts; null: never all of it. */
  readonly store: string | null;
  /** The store may be an older one, which lacks refunds of ours from that time. Epoch ms; absent: it never was another. */
  readonly forgotten?: { readonly from: number; readonly until: number } | undefined;
}

/** The store of a server that does not name itself. */
const NAMELESS = "nameless";

export interface PaymentsProgressStore {
  /** @throws AppError redis.unreachable */
  read(): Promise<PaymentsProgress | null>;
  /** @throws AppError redis.unreachable */
  write(progress: PaymentsProgress): Promise<void>;
}

export type RowResult =
  /** Our record says the same. */
  | "known"
  /** Too young: the update that tells of it may still be under way. */
  | "held"
  | "paymentFound"
  | "refundFound"
  | "chargebackFound"
  /** Sold by this bot before this service began to look, for an order that is none of ours. */
  | "beforeUs"
  /** Taken back for a charge we know nothing of. */
  | "unknownCharge"
  /** Withdrawals, gifts, commissions. */
  | "other"
  | "unreadable"
  /** The actor could not take it; people have to look. */
  | "failed";

export interface LookedAt {
  /** Absent for rows that are nobody's charge. */
  readonly chargeId?: string;
  /** Epoch ms, Telegram's. */
  readonly at?: number;
  /** Who paid. */
  readonly userId?: number;
  readonly error?: Error;
}

export interface PaymentsSweepDeps {
  readonly actors: Pick<Actors, "read" | "find" | "send">;
  /** Rows from a place on, oldest first. @throws RetryLater when it is not our turn, AppError when Telegram cannot be asked now. */
  readonly readRows: (offset: number, limit: number) => Promise<readonly unknown[]>;
  /** Whether updates wait at Telegram or with us. @throws as `readRows` */
  readonly hasUpdatesWaiting: () => Promise<boolean>;
  readonly progress: PaymentsProgressStore;
  readonly clock: Clock;
  /** A round begins at most this often, or sooner when a row had to wait. Unit: milliseconds. */
  readonly everyMs: () => number;
  readonly onRow: (result: RowResult, row: LookedAt) => void | Promise<void>;
  /** Remembers rows that are charges of ours, so that our books can be compared with the list, too. */
  readonly tick: (rows: readonly TickedRow[]) => Promise<void>;
  /** Sales from then on are ours, though their orders are unknown: where the store was lost. Epoch ms; null: nothing was lost. */
  readonly takeInSince?: number | null;
  /** A round over everything saw so many sales from before us that it may be the store that was lost. `since`: epoch ms. */
  readonly onManyBeforeUs?: (count: number, since: number) => Promise<void>;
  /** Whether the store is another one than it was. */
  readonly watchStore: ReturnType<typeof makeStoreWatch>;
  /** Told when it is: what others know of Telegram may be of an older state as well. */
  readonly onStoreChanged: () => Promise<void>;
}

export interface TickedRow {
  readonly direction: "in" | "out";
  readonly chargeId: string;
  /** Whole Stars. */
  readonly amount: number;
}

/** Rows that stand for a line of our books. */
const TICKED: ReadonlySet<RowResult> = new Set<RowResult>(["known", "paymentFound", "refundFound", "chargebackFound"]);

/** The most that Telegram gives at once. */
const PAGE = 100;
/** The sweep is called every few seconds, by a job that others wait for: a long history is read in pieces. */
const PAGES_PER_CALL = 5;
/** Rows looked at again in every round, should the list not be as strictly in order as it says. */
const OVERLAP = 50;
/** The same at the start: the store may be an older one than Telegram's books (a restored backup, a failover). */
const OVERLAP_AT_START = 500;
/** So many sales before ours are somebody's trade: of a bot with an earlier life, or of a service whose store was lost. */
const MANY_BEFORE_US = 10;
/** An update that is under way takes milliseconds, behind a restart some seconds. Unit: milliseconds. */
const UPDATE_GRACE_MS = 60_000;
/** A refund sends a service message, a chargeback nothing; so much patience before silence says something. Unit: milliseconds. */
const REFUND_GRACE_MS = 600_000;
/** Telegram keeps an update that it cannot deliver for 24 h: then silence is an answer even if others wait. Unit: milliseconds. */
const UPDATES_KEPT_MS = 24 * 3_600_000;

/** @returns one call of the sweep: some pages of the list, then the rest next time. */
export function makePaymentsSweep(deps: PaymentsSweepDeps): () => Promise<void> {
  const { progress, clock } = deps;
  let isStart = true;
  let isWholeDue = false;
  return async () => {
    try {
      const stored = await progress.read();
      const comparedWith = stored?.store ?? null;
      const { id, hasChanged } = await deps.watchStore(comparedWith);
      if (hasChanged && comparedWith !== null && !isWholeDue) await deps.onStoreChanged();
      const since = Math.min(deps.takeInSince ?? Number.POSITIVE_INFINITY, stored?.since ?? wholeSecond(clock.now()));
      // What was nobody's may be ours now: rows that were passed are looked at again.
      isWholeDue ||= hasChanged || comparedWith === null || (stored !== null && since < stored.since);
      const store = id ?? NAMELESS;
      const isOther = hasChanged && (comparedWith !== null || stored === null);
      const forgotten = isOther
        ? { from: stored?.comparedAt ?? stored?.forgotten?.from ?? 0, until: clock.now() }
        : undefined;
      let current = beginRound(stored, clock.now(), { isStart, isWhole: isWholeDue, store, since, forgotten });
      for (let pages = 0; current !== null && pages < PAGES_PER_CALL; pages += 1) {
        const next: PaymentsProgress = await lookAtPage(deps, current);
        await progress.write(next);
        isStart = false;
        isWholeDue = false;
        current = next.round === null ? null : next;
      }
    } catch (error) {
      // Not our turn, or somebody is away: this page again next time. Looking twice does no harm.
      if (error instanceof RetryLater || (isAppError(error) && error.retry)) return;
      throw error;
    }
  };
}

const wholeSecond = (at: number): number => at - (at % 1_000);

/** @returns null: it is not time yet. */
function beginRound(
  stored: PaymentsProgress | null,
  now: number,
  about: Pick<PaymentsProgress, "since"> & {
    readonly isStart: boolean;
    readonly isWhole: boolean;
    readonly store: string;
    readonly forgotten: PaymentsProgress["forgotten"];
  },
): PaymentsProgress | null {
  const { isStart, isWhole, store, since, forgotten } = about;
  const last = {
    ...(stored ?? { settled: 0, round: null, roundStartedAt: now, nextRoundAt: now, comparedAt: null, store }),
    since,
    forgotten: forgotten ?? stored?.forgotten,
  };
  // The store may have been set back by hours: every row is compared again, however far the list was settled.
  if (isWhole) return { ...last, store, comparedAt: null, round: wholeRound(last.settled), roundStartedAt: now };
  // A round over everything that was cut off goes on: all its rows have to be seen.
  if (last.round?.isTail || last.round?.from === 0) return last;
  if (!isStart) {
    if (last.round !== null) return last;
    // A clock that was set back must not stop the rounds.
    if (now < last.nextRoundAt && now >= last.roundStartedAt) return null;
  }
  const from = Math.max(0, last.settled - (isStart ? OVERLAP_AT_START : OVERLAP));
  return { ...last, round: { from, at: from, heldAt: null }, roundStartedAt: now };
}

const FROM_THE_FIRST = { from: 0, at: 0, heldAt: null } as const satisfies Round;

/**
 * What an older store lacks are the newest rows, and a long list takes its time: a hundred rows a second. So they are looked at first,
 * and then all of it in order, the newest once more: a refund among them may be that of a charge which is found only now.
 */
function wholeRound(settled: number): Round {
  const from = settled - OVERLAP_AT_START;
  return from > 0 ? { from, at: from, heldAt: null, isTail: true } : FROM_THE_FIRST;
}

async function lookAtPage(deps: PaymentsSweepDeps, progress: PaymentsProgress): Promise<PaymentsProgress> {
  const { readRows, clock, everyMs } = deps;
  const { from, at, heldAt: heldBefore, isTail = false }: Round = progress.round ?? FROM_THE_FIRST;
  const rows = await readRows(at, PAGE);
  // The list is shorter than what was compared: it is another one, so all of it is new.
  if (rows.length === 0 && at === from && from > 0) return { ...progress, settled: 0, round: FROM_THE_FIRST };

  let heldAt = heldBefore;
  let beforeUs = progress.round?.beforeUs ?? 0;
  const ticked: TickedRow[] = [];
  // In order: what takes a charge back stands behind the charge, which may be found only now.
  for (const [index, raw] of rows.entries()) {
    const row = readStarTransaction(raw);
    const { result, error } = await settleOrFail(deps, row, progress);
    if (result === "held") heldAt ??= at + index;
    if (result === "beforeUs") beforeUs += 1;
    const isCharge = row.kind === "sale" || row.kind === "return";
    if (isCharge && TICKED.has(result))
      ticked.push({ direction: row.kind === "sale" ? "in" : "out", chargeId: row.chargeId, amount: row.amount });
    const about = isCharge ? { chargeId: row.chargeId, userId: row.userId, at: row.at } : {};
    await deps.onRow(result, { ...about, ...(error ? { error } : {}) });
  }
  await deps.tick(ticked);
  const end = at + rows.length;
  const atTheEnd = isTail ? FROM_THE_FIRST : null;
  const round = rows.length < PAGE ? atTheEnd : { from, at: end, heldAt, beforeUs, ...(isTail ? { isTail } : {}) };
  if (round === null && from === 0 && beforeUs >= MANY_BEFORE_US) await deps.onManyBeforeUs?.(beforeUs, progress.since);
  return {
    ...progress,
    settled: heldAt ?? Math.max(progress.settled, end),
    round,
    comparedAt: round === null ? progress.roundStartedAt : progress.comparedAt,
    nextRoundAt: clock.now() + (heldAt === null ? everyMs() : Math.min(everyMs(), UPDATE_GRACE_MS)),
  };
}

/** One charge whose actor is broken keeps none of the others from being found. */
async function settleOrFail(
  deps: PaymentsSweepDeps,
  row: StarTransaction,
  progress: PaymentsProgress,
): Promise<{ result: RowResult; error?: Error }> {
  try {
    return { result: await settle(deps, row, progress) };
  } catch (error) {
    if (!isAppError(error) || error.retry || error.code.startsWith("telegram.")) throw error;
    return { result: "failed", error };
  }
}

async function settle(deps: PaymentsSweepDeps, row: StarTransaction, progress: PaymentsProgress): Promise<RowResult> {
  switch (row.kind) {
    case "sale":
      return settleSale(deps, row, progress);
    case "return":
      return settleReturn(deps, row, progress);
    case "other":
    case "unreadable":
      return row.kind;
    default:
      return row satisfies never;
  }
}

const causeOf = ({ roundStartedAt }: PaymentsProgress) =>
  ({ kind: "system", id: `payments sweep ${roundStartedAt}` }) as const;

type Sale = Extract<StarTransaction, { kind: "sale" }>;

async function settleSale(
  { actors, clock }: PaymentsSweepDeps,
  sale: Sale,
  progress: PaymentsProgress,
): Promise<RowResult> {
  const { chargeId, userId, orderId, at, periodMs } = sale;
  const payment = addressOf.payment(chargeId);
  if ((await actors.read(payment)) !== null) return "known";
  if (clock.now() - at < UPDATE_GRACE_MS) return "held";
  // What a bot sold in an earlier life is no business of ours: nobody here could say what it was for, and its buyers must not be told
  // that their payment is looked at. Later, an order that nobody knows is a lost one, and people have to look.
  const order = await actors.read(addressOf.order(orderId));
  if (order === null && at < progress.since) return "beforeUs";
  const { outcome } = await actors.send(
    payment,
    {
      type: "payment.received",
      userId,
      amountMinor: sale.amount,
      currency: "XTR",
      recurring: periodMs !== null,
      firstRecurring: periodMs !== null && (await isFirst(actors, sale, periodMs)),
      expiresAt: periodMs === null ? null : at + periodMs,
      orderId,
      providerChargeId: null,
      paidAt: at,
      source: "reconciliation",
    },
    { cause: causeOf(progress), once: PAYMENT_ONCE, key: "row" },
  );
  return outcome === "applied" ? "paymentFound" : "known";
}

/**
 * A row does not say whether it began the subscription or renewed it. A renewal comes about when an earlier charge of the same order
 * and payer ends; a second purchase by the same link comes in the middle of one. Half a period tells them apart, however early
 * Telegram charges.
 */
async function isFirst(
  actors: Pick<Actors, "read" | "find">,
  { chargeId, userId, orderId, at }: Sale,
  periodMs: number,
): Promise<boolean> {
  if (orderId === UNREADABLE_ORDER) return true;
  const own = addressOf.payment(chargeId);
  const addresses = (await actors.find(`orderId=${orderId}`)).filter(
    (address: ActorAddress) => address.startsWith("payment/") && address !== own,
  );
  for (const address of addresses) {
    const other = await readable(actors, address);
    // A payment that cannot be read was there before: what it was, people find out.
    if (other === "broken") return false;
    if (other === null) continue;
    const { userId: payer, recurring, expiresAt, receivedAt } = other.context as unknown as PaymentContext;
    if (recurring && payer === userId && (expiresAt ?? receivedAt + periodMs) <= at + periodMs / 2) return false;
  }
  return true;
}

async function readable(actors: Pick<Actors, "read">, address: ActorAddress): Promise<ActorView | null | "broken"> {
  try {
    return await actors.read(address);
  } catch (error) {
    if (isAppError(error) && !error.retry) return "broken";
    throw error;
  }
}

type Return = Extract<StarTransaction, { kind: "return" }>;

async function settleReturn(deps: PaymentsSweepDeps, row: Return, progress: PaymentsProgress): Promise<RowResult> {
  const { actors, clock } = deps;
  const { chargeId, at } = row;
  const payment = addressOf.payment(chargeId);
  const view = await actors.read(payment);
  if (view === null) return "unknownCharge";
  if (isIn(view, "refunded") || isIn(view, "chargedBack")) return "known";
  const ageMs = clock.now() - at;
  if (ageMs < UPDATE_GRACE_MS) return "held";
  const { forgotten } = progress;
  const isForgotten = forgotten !== undefined && at >= forgotten.from && at < forgotten.until;
  const type = isForgotten ? "refund.seen" : await returnOf(deps, view, chargeId, ageMs);
  if (type === null) return "held";
  await actors.send(payment, { type }, { cause: causeOf(progress), key: `row ${type}` });
  return type === "refund.seen" ? "refundFound" : "chargebackFound";
}

/**
 * Whether we gave it back or it was taken: the row is the same for both. What we asked for is a refund. A refund made elsewhere sends a
 * service message, which gets here as an update; a chargeback sends nothing. So whoever waited long enough, with no update left that
 * might still tell of a refund, has a chargeback before them. At worst it is a refund whose message was lost: access ends in either
 * case, and the ticket that a chargeback opens lets staff put the rest right. Not asked about times of which the store forgot what
 * we did ourselves: nobody is watched and blocked for what staff gave back.
 * @returns null: not to be told yet.
 */
async function returnOf(
  { actors, hasUpdatesWaiting }: PaymentsSweepDeps,
  view: ActorView,
  chargeId: string,
  ageMs: number,
): Promise<"refund.seen" | "chargeback.seen" | null> {
  if (isIn(view, "refunding")) return "refund.seen";
  // Our own refund whose answers were all lost: it was given up here, and done there.
  if ((await actors.read(addressOf.ticket(ticketIdOf("refundFailed", chargeId)))) !== null) return "refund.seen";
  if (ageMs < REFUND_GRACE_MS) return null;
  if (ageMs < UPDATES_KEPT_MS && (await hasUpdatesWaiting())) return null;
  return "chargeback.seen";
}

const isIn = ({ states }: ActorView, state: string): boolean =>
  states.some((path) => path === state || path.startsWith(`${state}.`));
