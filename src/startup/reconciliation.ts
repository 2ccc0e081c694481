// Puts reconciliation together: Telegram's books, our actors and who is in the chats, compared in small pieces by the sweeps.
import type { UserFromGetMe } from "grammy/types";
import { addressOf } from "../../machines/address.ts";
import { ticketIdOf } from "../../machines/tell.ts";
import type { CatalogSource } from "../catalog-source.ts";
import type { Core } from "../core.ts";
import { RetryLater } from "../effects/executor.ts";
import { makeEntitlementReader, makeUnheardReader } from "../effects/read-entitlement.ts";
import type { makeTelegramApi } from "../effects/telegram/api.ts";
import { makeChannelPort } from "../effects/telegram/channel-port.ts";
import { makeCountMembers } from "../effects/telegram/count-members.ts";
import type { makePacer } from "../effects/telegram/pacer.ts";
import { makeCountWaitingUpdates, makeReadStarTransactions } from "../effects/telegram/read-star-transactions.ts";
import { makeTelegramExecutors } from "../effects/telegram/table.ts";
import { isAppError } from "../errors.ts";
import { SWEEP_EVERY_MS } from "../queues/clock-worker.ts";
import { makeRedisBookTicks } from "../redis/book-ticks.ts";
import type { RedisClient } from "../redis/connect.ts";
import { makeRedisDriftBook } from "../redis/drift-book.ts";
import type { Keys } from "../redis/keys.ts";
import type { makeRedisLedger } from "../redis/ledger.ts";
import type { Scripts } from "../redis/scripts.ts";
import { makeRedisStoreIdentity } from "../redis/store-identity.ts";
import { makeRedisBooksProgress, makeRedisPaymentsProgress, makeRedisSweepProgress } from "../redis/sweep-progress.ts";
import type { Actors, Clock } from "../runtime/ports.ts";
import { DriftKind, type Finding } from "../support/answers/drift.ts";
import { countId, countTicket, judgeCount } from "../support/drift/count.ts";
import { judgeRow } from "../support/drift/money.ts";
import { strangerIn } from "../support/drift/place.ts";
import type { DriftDesk } from "../support/drift/ports.ts";
import { makeBooksSweep } from "../sweeps/books.ts";
import { makeCatchUp } from "../sweeps/catch-up.ts";
import { findDouble, makeReport, makeSettleSweep } from "../sweeps/drifts.ts";
import { type MembershipSweepDeps, makeMembershipSweep } from "../sweeps/membership.ts";
import { type LookedAt, makePaymentsSweep, type PaymentsSweepDeps, type RowResult } from "../sweeps/payments.ts";
import { makePlaceJudge } from "../sweeps/read-place.ts";
import { makeRehearsal } from "../sweeps/rehearsal.ts";
import { reportDrift, reportRows } from "../sweeps/report-rows.ts";
import { makeRightsSweep } from "../sweeps/rights.ts";
import { makeRoundAges, type RoundAges } from "../sweeps/round-ages.ts";
import { makeStoreWatch } from "../sweeps/store-identity.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";

/** Unit: milliseconds. */
const LOOK_WITHIN_MS = 15_000;
const ASK_AGAIN_MS = 500;
const ROUNDS: readonly (keyof RoundAges)[] = ["payments", "books", "membership"];

export interface ReconciliationParts {
  readonly api: ReturnType<typeof makeTelegramApi>;
  readonly botInfo: UserFromGetMe;
  readonly core: Core;
  readonly catalog: CatalogSource;
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly pacer: ReturnType<typeof makePacer>;
  readonly ledger: ReturnType<typeof makeRedisLedger>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Payments from then on are ours, whatever is known of them. Epoch ms; null: since this deployment first looked. */
  readonly paymentsSince: number | null;
}

export interface Reconciliation extends DriftDesk {
  /** In the order in which they are called. */
  readonly sweeps: readonly (() => Promise<void>)[];
  /** After an outage: before any timer fires. */
  catchUp(): Promise<void>;
  /** The bot saw somebody come in who has no right. @throws AppError redis.unreachable */
  strangerJoined(stranger: { readonly userId: number; readonly chatId: string; readonly seq: number }): Promise<void>;
}

export function openReconciliation(parts: ReconciliationParts): Reconciliation {
  const { api, botInfo, core, catalog, client, scripts, keys, clock, pacer, ledger, metrics, logger } = parts;
  const { actors } = core;
  const everyMs = () => catalog.current().limits.sweepMs;
  const telegram = {
    ...{ api, botId: botInfo.id, clock, pacer },
    isEntitled: makeEntitlementReader(actors, clock),
    channels: makeChannelPort(actors, clock),
    // Nobody is declined by a look.
    offerToBuy: async () => {},
  };
  const { checkMembership } = makeTelegramExecutors(telegram).invocations;
  const countMembers = makeCountMembers(telegram);
  const waitingAtTelegram = makeCountWaitingUpdates(telegram);

  const book = makeRedisDriftBook(client, keys);
  const ticks = makeRedisBookTicks(client, scripts, keys);
  const progress = makeRedisSweepProgress(client, keys);
  const paymentsProgress = makeRedisPaymentsProgress(client, keys);
  const booksProgress = makeRedisBooksProgress(client, keys);
  const judgePlace = makePlaceJudge(actors, clock);
  const drifts = { actors, book, ticks, judgePlace, clock, ...reportDrift(metrics, logger) };
  const report = makeReport(drifts);
  metrics.collect(
    async () => {
      for (const [kind, count] of Object.entries(await book.counts())) metrics.drift.set({ kind }, count);
    },
    () => {
      for (const kind of DriftKind.options) metrics.drift.set({ kind }, Number.NaN);
    },
  );

  const roundAges = makeRoundAges({
    ...{ actors, clock },
    ...{ payments: paymentsProgress, books: booksProgress, sweeps: progress },
  });
  metrics.collect(
    async () => {
      for (const [round, ageMs] of Object.entries(await roundAges()))
        metrics.reconciliationAgeSeconds.set({ round }, ageMs / 1_000);
    },
    () => {
      for (const round of ROUNDS) metrics.reconciliationAgeSeconds.set({ round }, Number.NaN);
    },
  );

  const payments: Omit<PaymentsSweepDeps, "actors" | "progress" | "onRow" | "tick" | "watchStore" | "onStoreChanged"> =
    {
      readRows: makeReadStarTransactions(telegram),
      hasUpdatesWaiting: async () => (await core.inbox.pending(1)).length > 0 || (await waitingAtTelegram()) > 0,
      ...{ clock, everyMs },
    };
  const membership: Omit<
    MembershipSweepDeps,
    "actors" | "progress" | "onDifference" | "onMembersCounted" | "onLooked"
  > = {
    look: async (chatId, userId) => {
      const run = { effectId: "membership sweep", attempt: 1, signal: AbortSignal.timeout(LOOK_WITHIN_MS) };
      return (await checkMembership({ chatId, userId }, run)).membership;
    },
    unheard: makeUnheardReader(actors, clock),
    ...{ clock, everyMs, calledEveryMs: SWEEP_EVERY_MS },
  };

  const onRow = reportRows(metrics, logger);
  /** Charges that were taken twice, among rows that are seen for the first time. */
  const doublesAmong: DoublesAmong = async (rows) => {
    const seen = await ticks.amounts(rows);
    const fresh = rows.filter(({ direction }, index) => direction === "in" && seen[index] === null);
    const found: Finding[] = [];
    for (const { chargeId } of fresh) {
      const finding = await findDouble(actors, chargeId);
      if (finding !== null) found.push(finding);
    }
    return found;
  };

  const books: Pick<PaymentsSweepDeps, "onRow" | "tick"> = {
    async onRow(result, row) {
      await onRow(result, row);
      const finding = rowFinding(result, row);
      if (finding !== null) await report(finding, { isSent: true });
    },
    async tick(rows) {
      for (const finding of await doublesAmong(rows)) await report(finding);
      await ticks.tick(rows);
    },
  };

  const sweeps = [
    makeMembershipSweep({
      ...membership,
      ...{ actors, progress },
      onLooked: (result) => metrics.membershipLooks.inc({ result }),
      async onDifference(userId, chatId, seen) {
        const finding = await judgePlace(userId, chatId, seen);
        if (finding !== null) await report(finding, { isSent: true });
      },
      async onMembersCounted(chatId, known) {
        const members = await orNotNow(() => countMembers(chatId));
        if (members === null) return;
        const counted = { chatId, known, telegram: members, now: clock.now() };
        const { memory, finding } = judgeCount(counted, await book.readCount(chatId));
        await book.writeCount(chatId, memory);
        if (finding !== null) return report(finding);
        const [open] = (await book.open("unknownMember")).filter(({ id }) => id === countId(chatId));
        if (!open || !(await book.heal(open, clock.now()))) return;
        drifts.onHealed(open);
        const ended = { type: "ticket.closed", by: "reconciliation" };
        await actors.send(countTicket(chatId), ended, { cause: { kind: "system", id: `drift ${open.id}` } });
      },
    }),
    makePaymentsSweep({
      ...payments,
      ...books,
      ...{ actors, progress: paymentsProgress },
      takeInSince: parts.paymentsSince,
      onManyBeforeUs: makeTellOfLostStore({ actors, logger }),
      watchStore: makeStoreWatch(makeRedisStoreIdentity(client, keys)),
      onStoreChanged: async () => {
        logger.warn({ event: "store.changed" }, "the store is another one than before: everything is compared again");
        await progress.restart();
      },
    }),
    makeBooksSweep({
      ...{ ledger, ticks, progress: booksProgress, payments: paymentsProgress, clock },
      onDifference: report,
      onDay: book.writeDay,
      dayOf: (at) => dayFormat.format(at),
    }),
    makeRightsSweep({ actors, judge: judgePlace, progress, clock, everyMs, onDifference: report }),
    makeSettleSweep(drifts),
  ];

  return {
    sweeps,
    book,
    catchUp: makeCatchUp({
      ...{ actors, payments: { ...payments, ...books }, progress: paymentsProgress },
      elapsed: () => performance.now(),
      pause: () => new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS)),
      onCaughtUp: (found) =>
        logger.warn(
          { event: "books.caughtUp", ...found },
          "after an outage Telegram's books were read before time went on",
        ),
    }),
    rehearse: makeRehearsal({
      actors,
      payments,
      membership,
      judgePlace,
      doublesAmong,
      rowFinding,
      paymentsProgress,
      clock,
    }),
    async begin({ whole }) {
      const stored = await paymentsProgress.read();
      // A store that was never compared is compared from the first row on.
      if (stored !== null)
        await paymentsProgress.write({
          ...stored,
          nextRoundAt: 0,
          ...(whole ? { store: null, comparedAt: null } : {}),
        });
      if (whole) await booksProgress.restart();
      await progress.restart();
    },
    strangerJoined: ({ userId, chatId, seq }) => report(strangerIn(userId, chatId, seq, clock.now())),
  };
}

/** @returns null when Telegram cannot be asked now: the next round asks again. */
async function orNotNow<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RetryLater || (isAppError(error) && error.code !== "redis.unreachable")) return null;
    throw error;
  }
}

/** To people, once: nobody else knows whether it is an earlier life of the bot or what was lost. */
const makeTellOfLostStore =
  ({ actors, logger }: { readonly actors: Pick<Actors, "send">; readonly logger: Pick<Logger, "warn"> }) =>
  async (count: number, since: number): Promise<void> => {
    const name = `beforeUs:${since}`;
    const cause = { kind: "system", id: "payments sweep" } as const;
    const opened = { type: "ticket.opened", userId: null, subject: "payment", about: null, messageRef: null } as const;
    const ticket = addressOf.ticket(ticketIdOf("payment", name));
    const { outcome } = await actors.send(ticket, { ...opened, detail: `beforeUs ${count}` }, { cause, key: name });
    if (outcome !== "applied") return;
    logger.warn(
      { event: "books.beforeUs" },
      "Telegram's list has payments from before this deployment, which are nobody's: if its data were lost, set PAYMENTS_SINCE",
    );
  };

type DoublesAmong = (
  rows: readonly { readonly direction: "in" | "out"; readonly chargeId: string }[],
) => Promise<readonly Finding[]>;

/** `2026-11-23`, UTC. */
const dayFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", dateStyle: "short" });

/** null: the row tells nothing that was not known. */
function rowFinding(result: RowResult, { chargeId, at, userId }: LookedAt): Finding | null {
  if (chargeId === undefined || at === undefined) return null;
  if (result !== "paymentFound" && result !== "refundFound" && result !== "chargebackFound" && result !== "failed")
    return null;
  return judgeRow({ result, chargeId, at, userId: userId ?? null });
}
