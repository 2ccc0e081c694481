// A connected customer's data, from the first slot to the gate, in the whole service.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import type { DatasetContext } from "../../machines/dataset/types.ts";
import type { SliceAddress, SliceStore } from "../../src/quality/ports.ts";
import { openDuck } from "../../src/quality/slices/duck.ts";
import { makeSliceStore } from "../../src/quality/slices/store.ts";
import { runOtherProcess } from "../quality/slices/support/run-other-process.ts";
import { customer } from "./support/connecting.ts";
import { DAY_MS, HOUR_MS, useScene } from "./support/scene.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tgs-collection-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const root = join(dataDir, "slices");
const scene = useScene({
  env: { DATA_DIR: dataDir, COLLECTION: "on" },
  // What upstream says of a day changes within the week after.
  backend: { world: { revisions: { share: 1, size: 0.5 } } },
});

/** Ten days of one customer, with three starts of the service. Unit: milliseconds. */
const LONG_MS = 120_000;

/** Days in Moscow. */
const dayAt = (at: number): string => new Date(at + 3 * HOUR_MS).toISOString().slice(0, 10);

/** The same files, as somebody beside the service reads them. */
async function reading<T>(work: (slices: SliceStore) => Promise<T>): Promise<T> {
  const duck = await openDuck({ spillDirectory: join(dataDir, "spill"), threads: 1 });
  try {
    return await work(makeSliceStore({ root, duck, now: () => scene.current.now() }));
  } finally {
    duck.close();
  }
}

describe("a spreadsheet that was connected", () => {
  it("is collected, frozen, judged and read again, whatever ends on the way", { timeout: LONG_MS }, async () => {
    const { stage } = scene.current;
    const anna = await customer(scene.current);
    await anna.opens();
    await anna.answers();
    await stage.advance(60_000);
    expect(await anna.at()).toMatch(/^ready/);
    // The first whole day, by Moscow's clock.
    const day = dayAt(scene.current.now() + DAY_MS);
    const address = (side: "upstream" | "local"): SliceAddress => ({
      ...{ spreadsheetId: anna.sheet, dataset: "checklist", side, day },
    });
    const begins = Date.parse(`${day}T00:00:00+03:00`);
    await stage.advanceTo(begins + 12 * HOUR_MS);
    await stage.restart();
    await stage.advanceTo(begins + DAY_MS + 6 * HOUR_MS - 60_000);
    // A customer's onboarding asks for itself; whatever else was asked has a slot's name, each once.
    const keys = anna
      .calls("/api/actions")
      .map(({ idempotency_key }) => idempotency_key ?? "")
      .filter((key) => key.startsWith("col:"));
    expect(new Set(keys).size).toBe(keys.length);
    const slots = keys.map((key) => Number(key.split(":")[2])).filter((at) => at >= begins && at < begins + DAY_MS);
    expect(slots).toHaveLength(4);

    // Frozen at 06:00 as two sealed sides, whatever a process that died at it has left behind.
    await stage.restart(async () => {
      expect(await runOtherProcess("dies-before", root, address("upstream"))).toBe("SIGKILL");
      expect(await runOtherProcess("dies-after", root, address("local"))).toBe("SIGKILL");
    });
    await stage.advanceTo(begins + DAY_MS + 6 * HOUR_MS + 10 * 60_000);
    for (const side of ["upstream", "local"] as const) {
      const names = readdirSync(join(root, "checklist", side, anna.sheet, day)).sort();
      expect(names).toEqual([expect.stringMatching(/^raw-[0-9a-f]{64}\.gz$/), "v1.parquet"]);
    }
    await reading(async (slices) => {
      for (const side of ["upstream", "local"] as const) {
        const frozen = await slices.read(address(side), "v1");
        expect(frozen?.head).toMatchObject({ version: 1, origin: "collection" });
        expect(frozen?.rows.length).toBeGreaterThan(0);
      }
      const scope = { spreadsheetId: anna.sheet, dataset: "checklist" };
      const history = await slices.list(scope, dayAt(begins - 9 * DAY_MS), dayAt(begins - 2 * DAY_MS));
      expect(history.filter(({ origin, side }) => origin === "backfill" && side === "local").length).toBeGreaterThan(5);
    });

    // Judged by what was sealed.
    const gate = await stage.read(addressOf.dataset("checklist", anna.sheet));
    const context = gate?.context as unknown as DatasetContext | undefined;
    const record = context?.days.find(({ date }) => date === day);
    expect(record).toMatchObject({ status: "ok", asofSkew: false });
    await reading(async (slices) => {
      for (const side of ["upstream", "local"] as const) {
        const head = await slices.head(address(side), "v1");
        expect(record?.seals[side]).toEqual({ version: 1, seal: head?.seal });
      }
    });

    // Sealed once: another process that wants to write other data is told.
    expect(await runOtherProcess("rival", root, address("local"))).toBe("slice.sealed");

    // Read once more after a week: later data are version 2, and version 1 is what it was.
    const before = await reading((slices) => slices.head(address("upstream"), "v1"));
    await stage.advanceTo(begins + 8 * DAY_MS + 8 * HOUR_MS);
    await reading(async (slices) => {
      expect(await slices.head(address("upstream"), "latest")).toMatchObject({ version: 2, origin: "rereading" });
      expect(await slices.head(address("upstream"), "v1")).toEqual(before);
    });
    expect(await scene.current.metric('parity_noise_floor_ratio{dataset="checklist",key="stocks_total"}')).toBe(1);
    expect(await scene.current.metric('slices_restated_total{dataset="checklist"}')).toBeGreaterThan(0);
    expect(await scene.current.metric('collector_runs_total{result="missed"}')).toBe(0);
    expect(await scene.current.metric("slices_freeze_late_scopes")).toBe(0);
  });
});
