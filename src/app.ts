// The composition root: builds each part, hands it its parts, starts and stops them in order. The only file that sees every room.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { definitions } from "../machines/registry.ts";
import { commandsIn, makeBot } from "./bot/bot.ts";
import type { UpdateQuarantine } from "./bot/ports.ts";
import type { CheckoutVerdict } from "./bot/pre-checkout.ts";
import { ALLOWED_UPDATES, parseUpdate } from "./bot/updates.ts";
import { type CatalogSource, makeCatalogSource, type ReloadResult, SAMPLE_PLANS_FILE } from "./catalog-source.ts";
import type { Config } from "./config.ts";
import { type Core, makeCore } from "./core.ts";
import { makeTelegramApi } from "./effects/telegram/api.ts";
import { makePacer } from "./effects/telegram/pacer.ts";
import { registerAdmin } from "./http/admin.ts";
import { isLoopback } from "./http/caller.ts";
import { registerHealth } from "./http/health.ts";
import { pageFoldersIn } from "./http/pages.ts";
import { closeServer, makeServer } from "./http/server.ts";
import { registerWebhook, WEBHOOK_PATH } from "./http/webhook.ts";
import { makeIntake, type Received } from "./intake.ts";
import { measureWaiting } from "./measures/measure-waiting.ts";
import { providerTokensOf } from "./plans.ts";
import { type ClockDriver, type ClockParticipant, makeClockDriver } from "./queues/advance-clock.ts";
import { refuseUnfinishedImport } from "./redis/backup-target.ts";
import { makeRedisConversationStorage } from "./redis/conversation-storage.ts";
import { makeRedisEndedSessions } from "./redis/ended-sessions.ts";
import { asUnreachable } from "./redis/failures.ts";
import { readRedisHealth } from "./redis/health.ts";
import { Keys } from "./redis/keys.ts";
import { makeRedisLedger } from "./redis/ledger.ts";
import { makeRedisMessageStore } from "./redis/message-store.ts";
import { makeRedisPseudonyms } from "./redis/person-traces.ts";
import { makeRedisRateLimit } from "./redis/rate-limit.ts";
import { makeRedisScreenStore } from "./redis/screen-store.ts";
import { makeRedisScreenTurns } from "./redis/screen-turns.ts";
import { loadScripts } from "./redis/scripts.ts";
import { makeStandingClock, makeTestClock, systemClock } from "./redis/shared-clock.ts";
import { makeRedisUpdateQuarantine } from "./redis/update-quarantine.ts";
import type { Sandbox } from "./sandbox/start.ts";
import { registerChannels, reportChannels } from "./startup/channels.ts";
import { openCollection } from "./startup/collection.ts";
import { openDesk } from "./startup/desk.ts";
import { listen } from "./startup/listen.ts";
import { startPolling } from "./startup/polling.ts";
import { openProduct } from "./startup/product.ts";
import { openQuality } from "./startup/quality.ts";
import { openReconciliation } from "./startup/reconciliation.ts";
import { openRedis } from "./startup/redis.ts";
import { makeSetAside } from "./startup/set-aside.ts";
import { staffCommands } from "./startup/staff-room.ts";
import { readBotInfo, setUpCommands, setUpStaffCommands, setUpWebhook } from "./startup/telegram.ts";
import { participantWhileOn, sweepWhileOn } from "./startup/while-on.ts";
import { startWork } from "./startup/work.ts";
import type { Logger } from "./telemetry/logger.ts";
import { makeMetrics } from "./telemetry/metrics.ts";

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Something without which nothing can go on was lost: the process should end. */
  readonly onLost: (reason: string) => void;
  /** Told of each secret that the plans hold as soon as they are read, so that no log line shows it. */
  readonly hide?: (secrets: readonly string[]) => void;
  /** Separates deployments that share one Redis. */
  readonly keyPrefix?: string;
  /** The simulated Telegram to live in, which then outlives this app; by default the sandbox has one of its own. */
  readonly sandbox?: Sandbox;
}

export interface App {
  /** How the HTTP server is reached from this machine. */
  readonly url: string;
  readonly core: Core;
  readonly catalog: CatalogSource;
  /** Reads the plans file again; one with problems changes nothing. @throws AppError redis.unreachable: repeat it */
  reloadPlans(): Promise<ReloadResult>;
  readonly clockDriver: ClockDriver | null;
  /** Updates that could not be handled. */
  readonly updatesSetAside: Pick<UpdateQuarantine, "list">;
  /** The service's clock. Epoch ms. */
  readonly now: () => number;
  /** The simulated Telegram; only in the sandbox. */
  readonly sandbox: Sandbox | null;
  /** Takes no new work, lets running work finish. Safe to call twice. */
  stop(): Promise<void>;
}

/** Behind a dynamic import: a service with a token never loads it. */
const startSandbox = async (...args: Parameters<typeof import("./sandbox/start.ts")["startSandbox"]>) =>
  (await import("./sandbox/start.ts")).startSandbox(...args);

/** @throws AppError, each with a sentence that says what to do. */
export async function startApp({
  config,
  logger,
  onLost,
  hide = () => {},
  keyPrefix,
  sandbox: given,
}: AppOptions): Promise<App> {
  const metrics = makeMetrics({ withProcess: true });
  const onError = (where: string, error: Error): void => {
    metrics.backgroundErrors.inc({ where });
    logger.warn(
      { event: "background.error", where, err: error },
      "something failed in the background; it is tried again",
    );
  };
  const undo: (() => Promise<unknown>)[] = [];
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      for (const step of undo.reverse()) await step().catch((error: Error) => onError("stop", error));
    })();
    return stopped;
  };

  try {
    const catalog = await makeCatalogSource(config.plansFile ?? SAMPLE_PLANS_FILE, {
      isOwnTelegramApi: config.mode === "telegram" && (config.telegram?.isOwnApi ?? true),
      hasBackend: config.mode === "sandbox" || config.backend !== undefined,
    });
    hide(providerTokensOf(catalog.current()));
    if (catalog.current().unconnected.length > 0) {
      logger.warn(
        { event: "backend.missing", products: catalog.current().unconnected },
        "products with onboarding: product are sold without being connected: set BACKEND_URL and BACKEND_ADMIN_KEY",
      );
    }
    const redis = await openRedis({
      target: config.redis,
      dataDir: config.dataDir,
      logger,
      metrics,
      onLost: () => onLost("the embedded Redis ended"),
    });
    undo.push(() => redis.close());
    const { client } = redis;
    const keys = new Keys(keyPrefix);
    await refuseUnfinishedImport(client, keys);
    const scripts = loadScripts(client);
    const makeClock = config.mode === "sandbox" ? makeStandingClock : makeTestClock;
    const testClock = config.clock === "test" ? await makeClock(client, keys) : null;
    const clock = testClock ?? systemClock;

    const server = makeServer(logger, { trustedProxies: config.http.trustedProxies });
    const sandbox =
      config.mode === "sandbox"
        ? (given ??
          (await startSandbox({
            clock,
            catalog: catalog.current(),
            // Beside the embedded Redis, whose customers outlive a restart; elsewhere there may be no place to write.
            backend: config.redis === undefined ? { stateFile: join(config.dataDir, "sandbox-backend.json") } : {},
          })))
        : null;
    if (sandbox && !given) undo.push(() => sandbox.stop());
    // A world that outlives the service may have gone on while it was down.
    if (given) await testClock?.moveTo(given.emulator.now());
    const telegram = sandbox?.telegram ?? config.telegram;
    if (!telegram) throw new Error("neither a token nor the sandbox");
    const { botToken: token, apiRoot } = telegram;
    const api = makeTelegramApi({ token, apiRoot });
    const botInfo = await readBotInfo(api);

    const core = makeCore({
      client,
      connections: redis.connections,
      scripts,
      keys,
      clock,
      isClockStanding: testClock !== null && config.mode === "sandbox",
      shards: redis.shards,
      metrics,
      onError,
    });
    undo.push(() => core.stop());
    const { actors } = core;
    measureWaiting(metrics, {
      quarantinedActors: core.quarantine.count,
      failedEffects: core.failed.count,
      oldestWaitMs: core.oldestWaitMs,
      queues: core.inspector.measures,
      outboxPending: core.outboxPending,
      countByState: actors.countByState.bind(actors),
      redisHealth: () => readRedisHealth(client),
      wallClock: systemClock.now,
    });
    const ledger = makeRedisLedger(client, scripts, keys);

    const pacer = makePacer(client, keys.pace(), { isPaced: testClock === null });
    const reconciliation = openReconciliation({
      ...{ api, botInfo, core, catalog, client, scripts, keys, clock, pacer, ledger, metrics, logger },
      paymentsSince: config.paymentsSince,
    });
    const product = await openProduct({
      config,
      backend: config.backend ?? sandbox?.backend ?? null,
      isDemo: sandbox !== null,
      client,
      scripts,
      keys,
      actors,
      clock,
      isPaced: testClock === null,
      logger,
      metrics,
    });
    undo.push(() => product.close());
    const collection =
      product.backend !== null && product.upstream !== null && config.collects
        ? await openCollection({
            ...{ core, client, scripts, keys, catalog, clock, metrics, logger, onError },
            ...{ backend: product.backend, upstream: product.upstream, dataDir: config.dataDir },
            writes: config.role !== "web",
          })
        : null;
    if (collection) undo.push(() => collection.close());
    const quality = openQuality({
      ...{ core, client, scripts, keys, catalog, clock, metrics, logger, onError },
      ...{ upstream: product.upstream?.client ?? null, collected: collection?.collected ?? null },
    });
    const messages = makeRedisMessageStore(client, keys);
    const setAside = makeRedisUpdateQuarantine(client, keys);
    const quarantine = makeSetAside({ kept: setAside, actors, metrics, logger });
    const bot = makeBot(
      {
        actors,
        catalog,
        token,
        botInfo,
        client: { apiRoot },
        clock,
        newId: () => randomUUID().replaceAll("-", ""),
        logger,
        count: (what, detail) => metrics.bot.inc({ what, detail: detail ?? "" }),
        screens: makeRedisScreenStore(client, keys),
        turns: makeRedisScreenTurns(client, scripts, keys),
        conversations: makeRedisConversationStorage(client, keys),
        messages,
        tokens: product.tokens,
        throttle: makeRedisRateLimit(client, keys, () => catalog.current().limits.maxInvoicesPerHour),
        slowDown: (chatId, waitMs) => asUnreachable(() => pacer.slowDown(chatId, waitMs)),
        quarantine,
        strangerJoined: (stranger) => reconciliation.strangerJoined(stranger),
        timeZone: config.timeZone,
        staffChatId: config.staffChatId ?? null,
      },
      () => staff,
    );
    const { staffDesk, support, staff } = openDesk({
      ...{ config, client, scripts, keys, clock, core, catalog, bot, messages, logger },
      ...{ updatesSetAside: setAside, drift: reconciliation.book },
    });
    const updates = core.makeUpdates({
      handle: async (body) => {
        const { update, checkout, receivedAt } = body as Received<CheckoutVerdict>;
        await bot.handleUpdate(update, checkout === undefined ? {} : { checkout });
        if (receivedAt === undefined) return;
        metrics.eventLagSeconds.observe({ source: "update" }, Math.max(0, clock.now() - receivedAt) / 1_000);
      },
      onAnswerDropped: (why) => metrics.bot.inc({ what: "answer.dropped", detail: why }),
    });
    const accept = makeIntake({
      parse: parseUpdate,
      answerPreCheckout: (raw) => bot.answerPreCheckout(raw),
      seal: product.seal,
      receive: (person, received) => updates.receive(person, received),
      quarantine,
      clock,
      metrics,
    });

    // Whoever brings a world along moves its clock as they like; the sandbox's own visitors ask for it.
    const collecting = { isOn: sandbox === null || given !== undefined };
    const works = config.role !== "web";
    const serves = config.role !== "worker";
    if (works) {
      for (const sweep of [...(collection ? [collection.sweep] : []), ...quality.sweeps])
        core.alsoSweep(sweepWhileOn(collecting, sweep));
      await startWork({
        api,
        botInfo,
        bot,
        core,
        client,
        scripts,
        keys,
        clock,
        pacer,
        product,
        ledger,
        reconciliation,
      });
      updates.start();
    }

    const participants: ClockParticipant[] = [
      ...(sandbox ? sandbox.participants : []),
      ...(collection && works
        ? [collection.participant, ...quality.participants].map((one) => participantWhileOn(collecting, one))
        : []),
    ];
    const clockDriver = testClock
      ? makeClockDriver({
          clock: testClock,
          timers: core.timers,
          worker: core.clockWorker,
          pending: core.outbox,
          inbox: core.inbox,
          waitingForRetry: core.waitingForRetry,
          participants,
        })
      : null;

    const webhook = telegram.updates.kind === "webhook" ? telegram.updates : null;
    if (serves && webhook) {
      const onAnswer = (code: number) => metrics.webhookRequests.inc({ code: String(code) });
      registerWebhook(server, { secret: webhook.secret, accept, onAnswer });
    }
    let state: "starting" | "ready" | "stopping" = "starting";
    registerHealth(server, {
      pingRedis: () => client.ping(),
      notReady: () => (state === "ready" ? null : state),
      oldestWaitMs: core.oldestWaitMs,
      metrics,
    });
    registerAdmin(server, {
      support,
      actors,
      foresight: core.foresight,
      auditLog: core.auditLog,
      auditTail: core.auditTail,
      pendingTimers: core.pendingTimers,
      inspector: core.inspector,
      ...staffDesk,
      definitions,
      ledger,
      pseudonyms: makeRedisPseudonyms(client, keys),
      quarantine: core.quarantine,
      drift: reconciliation,
      ...{ datasets: quality.datasets, gateway: quality.gateway },
      failedEffects: { list: core.failed.list, retry: core.retryFailed },
      updatesSetAside: setAside,
      logger,
      now: clock.now.bind(clock),
      about: {
        mode: config.mode,
        clock: config.clock,
        loopbackOnly: isLoopback(config.http.host),
        timeZone: config.timeZone,
      },
      tokens: config.adminTokens,
      keys: config.sealingKeys,
      ended: makeRedisEndedSessions(client, keys),
      host: config.http.host,
      consoleHosts: config.http.consoleHosts,
      pageFolders: pageFoldersIn(),
      home: sandbox ? "/sandbox" : "/console",
      openToLoopback: config.mode === "sandbox",
      wallClock: systemClock.now,
      advanceClock: clockDriver ? (ms) => clockDriver.advance(ms) : null,
      alsoServe: async (scope, premises) => {
        if (!sandbox) return;
        const { registerSandboxPage } = await import("./sandbox/page/routes.ts");
        registerSandboxPage(scope, {
          world: {
            ...sandbox,
            actors,
            catalog,
            clock: clockDriver,
            collecting: collection === null ? null : collecting,
            now: clock.now.bind(clock),
            onError: (error) => onError("sandbox", error),
          },
          plansFile: config.plansFile ?? SAMPLE_PLANS_FILE,
          dataDir: config.dataDir,
          ...premises,
        });
      },
    });
    const url = await listen(server, config.http);
    undo.push(() => closeServer(server));

    if (works) {
      await registerChannels(actors, catalog.current());
      await reportChannels(actors, catalog.current(), logger, botInfo.username);
    }
    if (serves) {
      await setUpCommands(api, { ru: commandsIn("ru"), en: commandsIn("en") }).catch((error: Error) =>
        onError("commands", error),
      );
      if (staff !== null && config.staffChatId !== undefined)
        await setUpStaffCommands(api, config.staffChatId, staffCommands()).catch((error: Error) =>
          onError("commands", error),
        );
      if (webhook) {
        const settings = {
          url: webhook.url ?? `${url}${WEBHOOK_PATH}`,
          secret: webhook.secret,
          allowedUpdates: ALLOWED_UPDATES,
        };
        const { pending } = await setUpWebhook(api, settings);
        logger.info({ event: "webhook.set", pending, allowedUpdates: ALLOWED_UPDATES }, "Telegram calls the webhook");
      } else {
        const stopPolling = await startPolling({
          api: makeTelegramApi({ token, apiRoot, timeoutSeconds: 40 }),
          allowedUpdates: ALLOWED_UPDATES,
          accept,
          onError,
        });
        undo.push(stopPolling);
      }
    }
    state = "ready";
    undo.push(async () => {
      state = "stopping";
    });
    logger.info(
      {
        event: "app.ready",
        url,
        mode: config.mode,
        role: config.role,
        redis: redis.description,
        bot: botInfo.username,
      },
      "ready",
    );
    const reloadPlans = async (): Promise<ReloadResult> => {
      const result = await catalog.reload();
      if (result.ok) hide(providerTokensOf(result.catalog));
      // A chat that is on sale since now needs its actor, or nobody would ever be let in or put out there. Also when nothing has changed
      // since the last time: that one may have failed half way.
      if (result.ok) await registerChannels(actors, result.catalog);
      return result;
    };
    return { url, core, catalog, reloadPlans, clockDriver, updatesSetAside: setAside, now: clock.now, sandbox, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
