// What a worker does: carries out effects and walks through what Telegram says of people and payments.
import type { UserFromGetMe } from "grammy/types";
import type { CustomerBot } from "../bot/bot.ts";
import type { CatalogSource } from "../catalog-source.ts";
import type { Core } from "../core.ts";
import { makeBackendExecutors } from "../effects/backend/table.ts";
import { makeBroadcast } from "../effects/broadcast.ts";
import { makeErasePerson } from "../effects/erase-person.ts";
import { makeNotifyCustomer } from "../effects/notify-customer.ts";
import { makeNotifyStaff } from "../effects/notify-staff.ts";
import { makeEntitlementReader, makeUnheardReader } from "../effects/read-entitlement.ts";
import { makeRecordLedger } from "../effects/record-ledger.ts";
import { makeExecutors } from "../effects/table.ts";
import type { makeTelegramApi } from "../effects/telegram/api.ts";
import { makeChannelPort } from "../effects/telegram/channel-port.ts";
import type { makePacer } from "../effects/telegram/pacer.ts";
import { makeCountWaitingUpdates, makeReadStarTransactions } from "../effects/telegram/read-star-transactions.ts";
import { makeTelegramExecutors } from "../effects/telegram/table.ts";
import { makeTell } from "../effects/tell.ts";
import { SWEEP_EVERY_MS } from "../queues/clock-worker.ts";
import type { RedisClient } from "../redis/connect.ts";
import type { Keys } from "../redis/keys.ts";
import type { makeRedisLedger } from "../redis/ledger.ts";
import { makeRedisPersonTraces } from "../redis/person-traces.ts";
import type { Scripts } from "../redis/scripts.ts";
import { makeRedisPaymentsProgress, makeRedisSweepProgress } from "../redis/sweep-progress.ts";
import type { Clock } from "../runtime/ports.ts";
import { makeMembershipSweep } from "../sweeps/membership.ts";
import { makePaymentsSweep } from "../sweeps/payments.ts";
import { reportRows } from "../sweeps/report-rows.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { openProduct } from "./product.ts";

/** Unit: milliseconds. */
const LOOK_WITHIN_MS = 15_000;

export interface WorkParts {
  readonly api: ReturnType<typeof makeTelegramApi>;
  readonly botInfo: UserFromGetMe;
  readonly bot: CustomerBot;
  readonly core: Core;
  readonly catalog: CatalogSource;
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly pacer: ReturnType<typeof makePacer>;
  readonly product: Awaited<ReturnType<typeof openProduct>>;
  readonly ledger: ReturnType<typeof makeRedisLedger>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** @throws AppError redis.unreachable */
export async function startWork(parts: WorkParts): Promise<void> {
  const { api, botInfo, bot, core, catalog, client, scripts, keys, clock, pacer, product, ledger, metrics, logger } =
    parts;
  const { actors } = core;
  const telegramDeps = {
    api,
    botId: botInfo.id,
    isEntitled: makeEntitlementReader(actors, clock),
    channels: makeChannelPort(actors, clock),
    clock,
    pacer,
    offerToBuy: async (person: { readonly userId: number; readonly userChatId: number }) => {
      await bot.notifyDeclined(person);
    },
  };
  const onTelegram = makeTelegramExecutors(telegramDeps);
  core.alsoSweep(
    makeMembershipSweep({
      actors,
      look: async (chatId, userId) => {
        const run = { effectId: "membership sweep", attempt: 1, signal: AbortSignal.timeout(LOOK_WITHIN_MS) };
        return (await onTelegram.invocations.checkMembership({ chatId, userId }, run)).membership;
      },
      unheard: makeUnheardReader(actors, clock),
      progress: makeRedisSweepProgress(client, keys),
      clock,
      everyMs: () => catalog.current().limits.sweepMs,
      calledEveryMs: SWEEP_EVERY_MS,
      onLooked: (result) => metrics.membershipLooks.inc({ result }),
    }),
  );
  const waitingAtTelegram = makeCountWaitingUpdates(telegramDeps);
  core.alsoSweep(
    makePaymentsSweep({
      actors,
      readRows: makeReadStarTransactions(telegramDeps),
      hasUpdatesWaiting: async () => (await core.inbox.pending(1)).length > 0 || (await waitingAtTelegram()) > 0,
      progress: makeRedisPaymentsProgress(client, keys),
      clock,
      everyMs: () => catalog.current().limits.sweepMs,
      onRow: reportRows(metrics, logger),
    }),
  );
  const executors = makeExecutors(
    {
      ...onTelegram.effects,
      tell: makeTell(actors),
      broadcast: makeBroadcast(actors),
      recordLedger: makeRecordLedger(ledger),
      dropSecret: ({ owner, ref }) => product.dropSecret(owner, ref),
      notifyCustomer: makeNotifyCustomer({ messenger: bot, pacer }),
      notifyStaff: makeNotifyStaff({ messenger: bot, pacer }),
      erasePerson: makeErasePerson({
        actors,
        traces: makeRedisPersonTraces(client, scripts, keys),
        messenger: bot,
        pacer,
      }),
    },
    { ...onTelegram.invocations, ...makeBackendExecutors(product) },
  );
  await core.startWorkers(executors);
}
