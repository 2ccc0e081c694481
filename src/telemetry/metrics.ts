import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Every metric of this service, by the name under which /metrics shows it. */
export interface Metrics {
  readonly registry: Registry;
  readonly updates: Counter<"kind" | "result">;
  readonly bot: Counter<"what" | "detail">;
  readonly preCheckoutSeconds: Histogram<"result">;
  readonly timerLatenessSeconds: Histogram<"outcome">;
  readonly effectRetries: Counter<"code">;
  readonly backendSeconds: Histogram<"call" | "result">;
  readonly membershipLooks: Counter<"result">;
  readonly starTransactions: Counter<"result">;
  readonly updatesSetAside: Counter<"kind" | "problem">;
  readonly redisErrors: Counter<"client">;
  readonly backgroundErrors: Counter<"where">;
  /** Adds numbers that are counted where they lie, each time somebody asks. One that cannot be counted just now is NaN. */
  watch(counts: Watched): void;
}

/** What waits: all should be 0, or near it. */
export interface Watched {
  /** How long the oldest due timer and the oldest update have waited for somebody to work on them. Unit: milliseconds. */
  readonly oldestWaitMs: () => Promise<number>;
  readonly quarantinedActors: () => Promise<number>;
  readonly failedEffects: () => Promise<number>;
}

export function makeMetrics({ withProcess = false }: { readonly withProcess?: boolean } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });
  return {
    registry,
    updates: new Counter({
      name: "tg_updates_total",
      help: "Updates taken in, by kind and what became of them",
      labelNames: ["kind", "result"],
      registers,
    }),
    bot: new Counter({
      name: "tg_bot_events_total",
      help: "What the bot counts: stale presses, malformed updates, refusals",
      labelNames: ["what", "detail"],
      registers,
    }),
    preCheckoutSeconds: new Histogram({
      name: "tg_pre_checkout_seconds",
      help: "From receiving a pre-checkout query to having answered it",
      labelNames: ["result"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
      registers,
    }),
    timerLatenessSeconds: new Histogram({
      name: "tg_timer_lateness_seconds",
      help: "How late a timer of an actor fired",
      labelNames: ["outcome"],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 3_600],
      registers,
    }),
    backendSeconds: new Histogram({
      name: "tg_backend_seconds",
      help: "Calls to the product backend, by call and what came of them",
      labelNames: ["call", "result"],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60, 300, 900],
      registers,
    }),
    effectRetries: new Counter({
      name: "tg_effect_retries_total",
      help: "Attempts of effects that failed in passing, by error code",
      labelNames: ["code"],
      registers,
    }),
    membershipLooks: new Counter({
      name: "tg_membership_looks_total",
      help: "Looks of the membership sweep, by whether our record was right",
      labelNames: ["result"],
      registers,
    }),
    starTransactions: new Counter({
      name: "tg_star_transactions_total",
      help: "Rows of Telegram's list of Star transactions that were compared with our record, by what came of it",
      labelNames: ["result"],
      registers,
    }),
    updatesSetAside: new Counter({
      name: "tg_updates_set_aside_total",
      help: "Updates that could not be handled and are kept for people to look at, by kind and problem",
      labelNames: ["kind", "problem"],
      registers,
    }),
    redisErrors: new Counter({
      name: "tg_redis_errors_total",
      help: "Connection errors of Redis clients",
      labelNames: ["client"],
      registers,
    }),
    backgroundErrors: new Counter({
      name: "tg_background_errors_total",
      help: "Errors outside any request, by place",
      labelNames: ["where"],
      registers,
    }),
    watch({ quarantinedActors, failedEffects, oldestWaitMs }) {
      const gauge = (name: string, help: string, count: () => Promise<number>) =>
        new Gauge({
          name,
          help,
          registers,
          async collect() {
            this.set(await count().catch(() => Number.NaN));
          },
        });
      gauge(
        "tg_quarantined_actors",
        "Actors whose stored form was refused, until staff release them",
        quarantinedActors,
      );
      gauge(
        "tg_oldest_wait_seconds",
        "How long the oldest due timer and the oldest update have waited for work on them to begin or succeed",
        async () => (await oldestWaitMs()) / 1_000,
      );
      gauge("tg_failed_effects", "Effects that were given up, until staff decide", failedEffects);
    },
  };
}
