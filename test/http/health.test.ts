import { describe, expect, it, onTestFinished } from "vitest";
import { type HealthDeps, registerHealth } from "../../src/http/health.ts";
import { makeServer } from "../../src/http/server.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";

function open(overrides: Partial<HealthDeps> = {}) {
  const server = makeServer({ warn: () => {}, error: () => {} });
  onTestFinished(() => server.close());
  registerHealth(server, {
    pingRedis: async () => "PONG",
    notReady: () => null,
    oldestWaitMs: async () => 0,
    metrics: makeMetrics(),
    ...overrides,
  });
  return async (url: string) => {
    const { statusCode, payload } = await server.inject({ url });
    return [statusCode, JSON.parse(payload) as unknown];
  };
}

const away = async (): Promise<never> => {
  throw new Error("away");
};

describe("one person's update that has waited for an hour", () => {
  const waits = { oldestWaitMs: async () => 3_600_000.4 };
  it("makes nobody restart a process that lives: it may be stuck by itself, or the workers are elsewhere", async () => {
    expect(await open(waits)("/healthz")).toEqual([200, { status: "ok" }]);
  });
  it("takes no traffic away from the others, and is said", async () => {
    expect(await open(waits)("/readyz")).toEqual([200, { status: "ready", oldestWaitMs: 3_600_000 }]);
  });
});

describe("a process without its Redis", () => {
  it("lives, and is not ready", async () => {
    const get = open({ pingRedis: away, oldestWaitMs: away });
    expect(await get("/healthz")).toEqual([200, { status: "ok" }]);
    expect(await get("/readyz")).toEqual([503, { status: "notReady", reason: "Redis does not answer" }]);
  });
});

describe("a process that starts or stops", () => {
  it.each(["starting", "stopping"])("lives, and is not ready: %s", async (reason) => {
    const get = open({ notReady: () => reason });
    expect(await get("/healthz")).toEqual([200, { status: "ok" }]);
    expect(await get("/readyz")).toEqual([503, { status: "notReady", reason }]);
  });
});
