import { describe, expect, it } from "vitest";
import { makeMetrics } from "../../src/telemetry/metrics.ts";

describe("what waits for a person", () => {
  it("for how long is said in seconds, as one stuck inbox or dead workers show it", async () => {
    const metrics = makeMetrics();
    const none = async () => 0;
    metrics.watch({ quarantinedActors: none, failedEffects: none, oldestWaitMs: async () => 61_500 });
    expect(await metrics.registry.metrics()).toContain("tg_oldest_wait_seconds 61.5");
  });
  it("is counted each time somebody looks", async () => {
    const metrics = makeMetrics();
    let failed = 0;
    metrics.watch({ quarantinedActors: async () => 2, failedEffects: async () => failed, oldestWaitMs: async () => 0 });
    expect(await metrics.registry.metrics()).toContain("tg_failed_effects 0");
    failed = 3;
    const text = await metrics.registry.metrics();
    expect(text).toContain("tg_failed_effects 3");
    expect(text).toContain("tg_quarantined_actors 2");
  });
  it("that cannot be counted is not a number, and hides nothing else", async () => {
    const metrics = makeMetrics();
    const away = async () => {
      throw new Error("away");
    };
    metrics.watch({ quarantinedActors: away, failedEffects: async () => 1, oldestWaitMs: away });
    const text = await metrics.registry.metrics();
    expect(text).toContain("tg_quarantined_actors Nan");
    expect(text).toContain("tg_failed_effects 1");
  });
});
