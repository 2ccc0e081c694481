// What a worker does: carries out effects and walks through what Telegram says of people and payments.
import type { UserFromGetMe } from "grammy/types";
import type { CustomerBot } from "../bot/bot.ts";
import type { Core } from "../core.ts";
import { makeBackendExecutors } from "../effects/backend/table.ts";
import { makeBroadcast } from "../effects/broadcast.ts";
import { makeErasePerson } from "../effects/erase-person.ts";
import { makeNotifyCustomer } from "../effects/notify-customer.ts";
import { makeNotifyStaff } from "../effects/notify-staff.ts";
import { makeEntitlementReader } from "../effects/read-entitlement.ts";
import { makeRecordLedger } from "../effects/record-ledger.ts";
import { makeExecutors } from "../effects/table.ts";
import type { makeTelegramApi } from "../effects/telegram/api.ts";
import { makeChannelPort } from "../effects/telegram/channel-port.ts";
import type { makePacer } from "../effects/telegram/pacer.ts";
import { makeTelegramExecutors } from "../effects/telegram/table.ts";
import { makeTell } from "../effects/tell.ts";
import type { RedisClient } from "../redis/connect.ts";
import type { Keys } from "../redis/keys.ts";
import type { makeRedisLedger } from "../redis/ledger.ts";
import { makeRedisPersonTraces } from "../redis/person-traces.ts";
import type { Scripts } from "../redis/scripts.ts";
import type { Clock } from "../runtime/ports.ts";
import type { openProduct } from "./product.ts";
import type { Reconciliation } from "./reconciliation.ts";

export interface WorkParts {
  readonly api: ReturnType<typeof makeTelegramApi>;
  readonly botInfo: UserFromGetMe;
  readonly bot: CustomerBot;
  readonly core: Core;
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly pacer: ReturnType<typeof makePacer>;
  readonly product: Awaited<ReturnType<typeof openProduct>>;
  readonly ledger: ReturnType<typeof makeRedisLedger>;
  readonly reconciliation: Reconciliation;
}

/** @throws AppError redis.unreachable */
export async function startWork(parts: WorkParts): Promise<void> {
  const { api, botInfo, bot, core, client, scripts, keys, clock, pacer, product, ledger, reconciliation } = parts;
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
  for (const sweep of reconciliation.sweeps) core.alsoSweep(sweep);
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
  await core.startWorkers(executors, reconciliation.catchUp);
}
