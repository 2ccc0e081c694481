import type { FastifyInstance } from "fastify";

export interface HealthDeps {
  /** Answers quickly or throws. */
  readonly pingRedis: () => Promise<unknown>;
  /** Why this process should get no traffic yet or any more; null when it should. */
  readonly notReady: () => string | null;
  /** How long the oldest due timer and the oldest update have waited. Unit: milliseconds. */
  readonly oldestWaitMs: () => Promise<number>;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
}

/**
 * `/healthz`: this process lives; `/readyz`: it may get traffic; `/metrics`: Prometheus' text format.
 *
 * Whether work gets done is said (`oldestWaitMs`, `tg_oldest_wait_seconds`) and decides neither: one person's stuck update must not have
 * the service restarted or cut off from everybody else, nor workers that are down a process that only takes requests.
 */
export function registerHealth(
  server: FastifyInstance,
  { pingRedis, notReady, oldestWaitMs, metrics }: HealthDeps,
): void {
  // That it answers is the answer. While Redis is away a restart would not help: that is what /readyz is for.
  server.get("/healthz", async () => ({ status: "ok" }));
  server.get("/readyz", async (_request, reply) => {
    const reason =
      notReady() ??
      (await pingRedis().then(
        () => null,
        () => "Redis does not answer",
      ));
    if (reason !== null) return reply.code(503).send({ status: "notReady", reason });
    const waited = await oldestWaitMs().catch(() => null);
    return { status: "ready", oldestWaitMs: waited === null ? null : Math.round(waited) };
  });
  server.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
