import { describe, expect, it } from "vitest";
import type { MetricSpec } from "../../src/telemetry/metric-spec.ts";
import { METRICS } from "../../src/telemetry/metric-table.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";

describe("the table of metrics", () => {
  const specs: readonly MetricSpec[] = Object.values(METRICS);
  it("names each metric once, counters by `_total` and the rest without", () => {
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    for (const { name, type } of specs) expect([name, name.endsWith("_total")]).toEqual([name, type === "counter"]);
  });
  it("becomes what /metrics shows", async () => {
    const text = await makeMetrics().text();
    for (const { name, type } of specs) expect(text).toContain(`# TYPE ${name} ${type}\n`);
  });
  it("lets counters begin at 0 where their labels are known, so that the first event counts as a rise", async () => {
    const text = await makeMetrics().text();
    expect(text).toContain('tg_payments_failed_total{reason="underpaid"} 0');
    expect(text).toContain('tg_paid_to_access_seconds_bucket{le="60",to="link"} 0');
    expect(text).toContain("tg_wrongful_removals_total 0");
  });
});

describe("what is read before a scrape", () => {
  it("is read each time, and a read that fails hides nothing else", async () => {
    const metrics = makeMetrics();
    let failed = 0;
    metrics.collect(
      async () => metrics.failedEffects.set(failed),
      () => {},
    );
    metrics.collect(
      async () => {
        throw new Error("away");
      },
      () => metrics.quarantinedActors.set(Number.NaN),
    );
    expect(await metrics.text()).toContain("tg_failed_effects 0");
    failed = 3;
    const text = await metrics.text();
    expect(text).toContain("tg_failed_effects 3");
    expect(text).toContain("tg_quarantined_actors Nan");
  });
});
