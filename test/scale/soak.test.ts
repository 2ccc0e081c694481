// That `npm run soak` works: three seconds of it. What it finds in ten minutes is in docs/scaling.md.
import { expect, it, vi } from "vitest";
import { quantile } from "./support/read-metrics.ts";
import { soak } from "./support/soak-run.ts";

vi.setConfig({ testTimeout: 120_000 });

it("a soak buys, samples and says what it is too short for", async () => {
  const lines: string[] = [];
  const report = await soak({ rate: 20, seconds: 3, sampleSeconds: 1, progress: (line) => lines.push(line) });
  expect(report.samples).toHaveLength(3);
  expect(lines).toHaveLength(3);
  const [, , last] = report.samples;
  expect(last?.rss).toHaveLength(2);
  expect(Math.min(...(last?.rss ?? [0]))).toBeGreaterThan(50_000_000);
  expect(report.samples.reduce((sum, { updates }) => sum + updates, 0)).toBeGreaterThan(20);
  expect(report.verdicts.map(({ met }) => met).slice(0, 4)).toEqual([null, null, null, null]);
});

it("a quantile lies within its bucket, and counts only what came since the last reading", () => {
  const before = new Map([
    [0.1, 90],
    [1, 100],
    [Number.POSITIVE_INFINITY, 100],
  ]);
  const now = new Map([
    [0.1, 90],
    [1, 110],
    [Number.POSITIVE_INFINITY, 110],
  ]);
  expect(quantile(now, before, 0.5)).toBeCloseTo(0.55);
  expect(quantile(now, now, 0.5)).toBeNaN();
  expect(
    quantile(
      new Map([
        [1, 0],
        [Number.POSITIVE_INFINITY, 4],
      ]),
      new Map(),
      0.99,
    ),
  ).toBe(1);
});
