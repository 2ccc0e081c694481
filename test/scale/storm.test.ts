// That `npm run storm` works and its limits hold, small: what 100,000 do is a matter of `npm run storm` itself. In the nightly run, for it
// waits for half a minute.
import { expect, it, vi } from "vitest";
import { storm } from "./support/storm-run.ts";

vi.setConfig({ testTimeout: 180_000 });

it.runIf(process.env.NIGHTLY === "1")(
  "300 expiries are on record in time, the breaker holds until it is released, and checkouts are answered meanwhile",
  async () => {
    const report = await storm({
      ...{ actors: 300, leadMs: 20_000, windowMs: 3_000, workers: 1, buyers: 4, breaker: 5 },
      progress: () => {},
    });
    expect(report.wrong).toEqual([]);
    expect(report.removals.beforeRelease).toBe(5);
    expect(report.removals.afterRelease).toBeGreaterThan(0);
    expect(report.lateMs.sample).toBe(300);
    expect(report.checkoutMs).toHaveLength(4);
  },
);
