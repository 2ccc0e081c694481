import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";

/** An update or timer that has waited this long means that nobody works. Unit: milliseconds. */
const STUCK_AFTER_MS = 60_000;

export interface HealthDeps {
  /** Answers quickly or throws. */
  readonly pingRedis: () => Promise<unknown>;
  /** Why this process should get no traffic yet or any more; null when it should. */
  readonly notReady: () => string | null;
  /** How long the oldest due timer and the oldest update have waited. Unit: milliseconds. */
  readonly oldestWaitMs: () => Promise<number>;
  readonly registry: Registry;
}

/** `/healthz`: the process lives and work gets done; `/readyz`: it may get traffic; `/metrics`: Prometheus' text format. */
export function registerHealth(
  server: FastifyInstance,
  { pingRedis, notReady, oldestWaitMs, registry }: HealthDeps,
): void {
  server.get("/healthz", async (_request, reply) => {
    // While Redis is away a restart would not help: that is what /readyz is for.
    const waited = await oldestWaitMs().catch(() => 0);
    const healthy = waited < STUCK_AFTER_MS;
    return reply.code(healthy ? 200 : 503).send({ status: healthy ? "ok" : "stuck", oldestWaitMs: Math.round(waited) });
  });
  server.get("/readyz", async (_request, reply) => {
    const reason =
      notReady() ??
      (await pingRedis().then(
        () => null,
        () => "Redis does not answer",
      ));
    return reply
      .code(reason === null ? 200 : 503)
      .send(reason === null ? { status: "ready" } : { status: "notReady", reason });
  });
  server.get("/metrics", async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
