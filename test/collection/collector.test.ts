import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "../../src/collection/moscow.ts";
import { sealOf } from "../../src/quality/slices/canonical.ts";
import { useSlices } from "../quality/slices/support/slices.ts";
import { OTHER_SHEET, PATHS, SHEET, TODAY } from "../sandbox/backend/support.ts";
import { address, at, DAY_MS, HOUR_MS, OFFSET, openCollection } from "./support.ts";

const slices = useSlices();
const TOMORROW = "2026-02-19";
const AT_17 = at(TODAY, "17:00") + OFFSET;
const AT_FREEZE = at(TOMORROW, "06:00");

describe("a day of collection", () => {
  it("runs at every slot, keeps the last of each side, freezes both at 06:00 and names each wish once", async () => {
    const { moveTo, told, slices: store, calls, state } = await openCollection(slices);
    await moveTo(AT_17);
    const open = await store.read(address("local", TODAY), "open");
    expect(open?.head).toMatchObject({ version: null, isPartial: false, startedAt: AT_17, receivedAt: AT_17 });
    expect(open?.rows).toHaveLength(12);
    expect(open?.goods.size).toBe(12);
    await moveTo(AT_FREEZE - 1);
    expect(told.runs).toEqual(["success", "success", "success"]);
    const keys = calls(PATHS.actions.slice(4)).map((call) => call.idempotency_key);
    const starts = [AT_17, at(TODAY, "23:30") + OFFSET, at(TOMORROW, "05:00") + OFFSET];
    expect(keys).toEqual(starts.map((start) => `col:${SHEET}:${start}`));
    expect(await store.head(address("local", TODAY), "v1")).toBeNull();

    await moveTo(AT_FREEZE);
    for (const side of ["local", "upstream"] as const) {
      const sealed = await store.read(address(side, TODAY), "v1");
      // The run of 05:00 completed the day before.
      expect(sealed?.head).toMatchObject({ version: 1, origin: "collection", startedAt: starts[2] });
      expect(sealed?.head.seal).toBe(sealOf(sealed?.rows ?? [], sealed?.head.keys ?? []));
    }
    expect(await state()).toMatchObject({ frozenTo: TODAY, run: null, successes: starts });
    expect(told).toMatchObject({ problems: [], errors: [], unsupported: 0 });
  });

  it("keeps the answers as they came", async () => {
    const { moveTo, slices: store } = await openCollection(slices);
    await moveTo(AT_17);
    const [page, ...more] = (await store.raw(address("upstream", TODAY), "open")) ?? [];
    expect(more).toEqual([]);
    expect(JSON.parse(page?.request ?? "")).toMatchObject({
      dataset: { source: "upstream", values: { date_from: TODAY } },
    });
    expect(JSON.parse(new TextDecoder().decode(page?.body))).toMatchObject({ source_tag: "upstream", row_count: 12 });
  });

  it("reads all pages", async () => {
    const { moveTo, slices: store } = await openCollection(slices, {
      client: (client) => ({
        ...client,
        readRawDataset: (question, meta) => client.readRawDataset({ ...question, limit: 5 }, meta),
      }),
    });
    await moveTo(AT_17);
    expect((await store.read(address("local", TODAY), "open"))?.rows).toHaveLength(12);
    expect(await store.raw(address("local", TODAY), "open")).toHaveLength(3);
  });

  it("reads zeros as missing, on the local side only, in keys that the backend fills with zeros", async () => {
    const { moveTo, slices: store } = await openCollection(slices, {
      backend: { world: { zero_filled_keys: ["adv_sum"], drift: { "*": { missing_values: 0.5 } } } as never },
    });
    await moveTo(AT_17);
    const valuesOf = async (side: "local" | "upstream") => {
      const slice = await store.read(address(side, TODAY), "open");
      const place = slice?.head.keys.indexOf("adv_sum") ?? -1;
      return slice?.rows.map(({ values }) => values[place]) ?? [];
    };
    expect(await valuesOf("local")).toContain(null);
    expect(await valuesOf("local")).not.toContain(0);
    expect(await valuesOf("upstream")).toContain(0);
  });
});

describe("a process that ends", () => {
  it("is replaced by another, which goes on with the same run", async () => {
    const { moveTo, restart, told, calls, state } = await openCollection(slices);
    await moveTo(AT_17 - MINUTE_MS);
    await restart();
    await moveTo(AT_17);
    expect(told.runs).toEqual(["success"]);
    expect(calls(PATHS.actions.slice(4))).toHaveLength(1);
    expect((await state()).successes).toEqual([AT_17]);
  });

  it("while a job runs asks for the same job again", async () => {
    const { world, moveTo, restart, told, calls, state } = await openCollection(slices);
    await world.control("collector", { mode: "async" });
    await moveTo(AT_17);
    expect((await state()).run).toMatchObject({ phase: "polling", startedAt: AT_17 });
    await restart();
    await moveTo(AT_17 + MINUTE_MS);
    expect(told.runs).toEqual(["success"]);
    expect(calls(PATHS.actions.slice(4))).toHaveLength(1);
  });

  it("for hours misses slots: what is younger than two hours is caught up", async () => {
    const { world, collector, told, state } = await openCollection(slices);
    await collector().settled();
    world.clock.ms = at(TOMORROW, "12:30");
    await world.backend.runDue(world.clock.ms);
    await collector().settled();
    expect(told.runs).toEqual(["missed", "missed", "missed", "success"]);
    expect((await state()).lastSlot).toBe(at(TOMORROW, "11:00") + OFFSET);
  });
});

describe("the collector at work for somebody else", () => {
  it("is asked again after 5, 10 and 20 minutes; then the slot is skipped and counted (10.2)", async () => {
    const { world, moveTo, told, calls } = await openCollection(slices);
    await moveTo(AT_17 - 1);
    await world.control("faults", { path: PATHS.actions, times: 9, fault: { status: 409, code: "collector_busy" } });
    await moveTo(AT_17 + 2 * HOUR_MS);
    expect(told.runs).toEqual(["busy"]);
    const times = calls(PATHS.actions.slice(4)).map((call) => call.at - AT_17);
    expect(times).toEqual([0, 5, 15, 35].map((minutes) => minutes * MINUTE_MS));
  });

  it("of ours is waited for: one run at a time", async () => {
    const { world, moveTo, sheets, told, calls } = await openCollection(slices);
    await world.connect(OTHER_SHEET);
    sheets.add(OTHER_SHEET);
    await world.control("collector", { mode: "async" });
    await moveTo(at(TODAY, "18:00"));
    expect(told.runs).toEqual(["success", "success"]);
    expect(calls(PATHS.actions.slice(4)).map((call) => call.status)).toEqual([202, 202]);
  });
});

describe("trouble", () => {
  it("with an answer that is lost leads to one collection: the key is the same", async () => {
    const { world, moveTo, told } = await openCollection(slices);
    await world.strike(PATHS.actions, { lose_answer: true });
    await moveTo(AT_17 + MINUTE_MS);
    expect(told.runs).toEqual(["success"]);
    expect(world.effects("slices_stored")).toHaveLength(1);
  });

  it("with parts: they are asked for again, and the slice is partial until they come", async () => {
    const { world, moveTo, told, slices: store } = await openCollection(slices);
    await world.control("collector", { failing: { parts: ["daily_adv"], times: 1 } });
    await moveTo(AT_17 + 30_000);
    expect(await store.head(address("local", TODAY), "open")).toBeNull();
    await moveTo(AT_17 + 2 * MINUTE_MS);
    expect(await store.head(address("local", TODAY), "open")).toMatchObject({ isPartial: false });
    await world.control("collector", { failing: { parts: ["daily_adv"], times: 9 } });
    await moveTo(at(TODAY, "23:59"));
    expect(await store.head(address("local", TODAY), "open")).toMatchObject({ isPartial: true });
    expect(told.runs).toEqual(["success", "success"]);
  });

  it("with upstream is a day without its reference, not a run without a result", async () => {
    const { world, moveTo, told, slices: store } = await openCollection(slices);
    await world.control("upstream", { available: false });
    await moveTo(AT_17 + 5 * MINUTE_MS);
    expect(told).toMatchObject({ runs: ["success"], problems: ["upstream backend.unavailable"] });
    expect(await store.head(address("local", TODAY), "open")).not.toBeNull();
    expect(await store.head(address("upstream", TODAY), "open")).toBeNull();
  });

  it("with a backend that fails: five tries, then the slot has failed", async () => {
    const { world, moveTo, told, calls } = await openCollection(slices);
    await moveTo(AT_17 - 1);
    await world.strike(PATHS.actions, { status: 500, code: "internal" }, 5);
    await moveTo(AT_17 + HOUR_MS);
    expect(told.runs).toEqual(["failed"]);
    expect(calls(PATHS.actions.slice(4))).toHaveLength(5);
  });
});

describe("a backend that cannot choose a side", () => {
  it("is kept out of every comparison, and told of once (section 8)", async () => {
    const {
      moveTo,
      told,
      slices: store,
      state,
    } = await openCollection(slices, {
      client: (client) => ({
        ...client,
        readRawDataset: async (question, meta) => ({
          ...(await client.readRawDataset(question, meta)),
          isSourceNamed: false,
        }),
      }),
    });
    await moveTo(AT_FREEZE);
    expect(told.unsupported).toBe(1);
    expect((await state()).isUnsupported).toBe(true);
    for (const side of ["local", "upstream"] as const) expect(await store.head(address(side, TODAY), "v1")).toBeNull();
  });
});

describe("10.3: history", () => {
  it("is asked for day by day, newest first, and sealed as a backfill", async () => {
    const { moveTo, slices: store, calls, state } = await openCollection(slices, { settings: { backfillDays: 4 } });
    await moveTo(AT_17 + 10 * MINUTE_MS);
    const asked = calls(PATHS.actions.slice(4))
      .map((call) => call.idempotency_key?.split(":")[3])
      .filter((day) => day !== undefined);
    expect(asked).toEqual(["2026-02-17", "2026-02-16", "2026-02-15", "2026-02-14"]);
    for (const day of asked)
      expect(await store.head(address("local", String(day)), "v1")).toMatchObject({ origin: "backfill", version: 1 });
    expect((await state()).backfill).toBeNull();
    expect(await store.head(address("upstream", "2026-02-16"), "v1")).toBeNull();
  });

  it("goes on where it was when the process ends", async () => {
    const { moveTo, restart, calls, state } = await openCollection(slices, { settings: { backfillDays: 4 } });
    await moveTo(AT_17 + 45_000);
    expect((await state()).backfill).toMatchObject({ last: "2026-02-14" });
    await restart();
    await moveTo(AT_17 + 10 * MINUTE_MS);
    expect(calls(PATHS.actions.slice(4))).toHaveLength(5);
    expect((await state()).backfill).toBeNull();
  });
});

describe("1.7: upstream a week later", () => {
  it("is read once more, becomes the next version, and says how far upstream agrees with itself", async () => {
    const {
      moveTo,
      world,
      collector,
      slices: store,
      store: states,
    } = await openCollection(slices, {
      backend: { world: { revisions: { share: 0.5, size: 0.5 } } as never },
    });
    await moveTo(AT_FREEZE);
    world.clock.ms = AT_FREEZE + 7 * DAY_MS + HOUR_MS + OFFSET;
    await collector().settled();
    const later = await store.head(address("upstream", TODAY), "latest");
    expect(later).toMatchObject({ version: 2, origin: "rereading" });
    expect(await store.head(address("upstream", TODAY), "v1")).toMatchObject({ version: 1, origin: "collection" });
    const [noise] = await states.noise("checklist");
    expect(noise?.day).toBe(TODAY);
    const { nCells = 0, nExact = 0 } = noise?.byKey.adv_sum ?? {};
    expect(nCells).toBe(12);
    expect(nExact).toBeLessThan(12);
    expect(noise?.byKey.stocks_total?.nExact).toBe(12);
  });
});

describe("1.4: data that come after the seal", () => {
  it("are the next version of their day", async () => {
    const { world, moveTo, collector, told, slices: store } = await openCollection(slices);
    const slot = at(TOMORROW, "05:00") + OFFSET;
    /** Without the hundreds of polls on the way. */
    const jumpTo = async (time: number) => {
      world.clock.ms = time;
      await world.backend.runDue(time);
      await collector().settled();
    };
    await moveTo(slot - MINUTE_MS);
    const before = await store.head(address("upstream", TODAY), "open");
    // Longer than the freeze waits for it: 45 minutes.
    await world.control("collector", { mode: "async", seconds_per_day: 5_400 });
    await moveTo(slot);
    await jumpTo(AT_FREEZE + 46 * MINUTE_MS);
    expect(await store.head(address("upstream", TODAY), "latest")).toMatchObject({
      version: 1,
      startedAt: before?.startedAt,
    });
    await jumpTo(slot + 3 * HOUR_MS + MINUTE_MS);
    expect(await store.head(address("upstream", TODAY), "latest")).toMatchObject({ version: 2, startedAt: slot });
    expect(await store.head(address("upstream", TODAY), "v1")).toMatchObject({ startedAt: before?.startedAt });
    // The backend's own slice was sealed as well: the same rows are no new version.
    expect(await store.head(address("local", TODAY), "latest")).toMatchObject({ version: 1 });
    expect(told).toMatchObject({ runs: ["success", "success", "success"], errors: [] });
  });
});

describe("many spreadsheets", () => {
  it("are frozen one after the other without waiting for the next sweep", async () => {
    const { collector, world, sheets, moveTo, store } = await openCollection(slices);
    for (let i = 0; i < 20; i += 1) sheets.add(`sheet${String(i).padStart(30, "0")}`);
    await moveTo(at(TODAY, "12:01"));
    await collector().settled();
    world.clock.ms = AT_FREEZE;
    await collector().sweep();
    await expect
      .poll(async () => (await store.all()).filter(({ frozenTo }) => frozenTo === TODAY).length, { timeout: 10_000 })
      .toBe(21);
  });
});

describe("a right that ends", () => {
  it("ends the collection; what was collected is frozen all the same", async () => {
    const { moveTo, sheets, told, slices: store } = await openCollection(slices);
    await moveTo(AT_17);
    sheets.delete(SHEET);
    await moveTo(at(TODAY, "00:00") + DAY_MS + 6 * HOUR_MS);
    expect(told.runs).toEqual(["success"]);
    expect(await store.head(address("local", TODAY), "v1")).toMatchObject({ version: 1, startedAt: AT_17 });
  });
});
