// The daily decision against a real Redis: actors, the book, and slices in memory.
import { describe, expect, it } from "vitest";
import { addressOf } from "../../../machines/address.ts";
import { datasetDefinition } from "../../../machines/dataset/definition.ts";
import type { DatasetContext } from "../../../machines/dataset/types.ts";
import { type DailyEvaluationDeps, makeDailyEvaluation } from "../../../src/quality/daily/daily-evaluation.ts";
import type { Scope } from "../../../src/quality/daily/ports.ts";
import { resolveParity } from "../../../src/quality/settings.ts";
import { makeRedisParityBook } from "../../../src/redis/parity-book.ts";
import { makeTestActors, manualClock } from "../../support/actors.ts";
import { freshPrefix, testRedis } from "../../support/redis.ts";
import { FakeSlices, SCOPE, SHEET } from "./support.ts";

const client = testRedis();
const OTHER: Scope = { ...SCOPE, spreadsheetId: SHEET.replace("1A", "2B") };
const DAY_MS = 86_400_000;
/** 06:06 in Moscow: 2026-11-22 has been frozen just now. */
const MORNING = Date.UTC(2026, 10, 23, 3, 6);

function world({ scopes = [SCOPE], time = MORNING }: { scopes?: readonly Scope[]; time?: number } = {}) {
  const clock = manualClock(time);
  const { actors, keys } = makeTestActors(client, freshPrefix(), { definitions: [datasetDefinition], clock });
  const slices = new FakeSlices();
  const book = makeRedisParityBook(client, keys);
  const errors: string[] = [];
  const finished: string[] = [];
  let active = scopes;
  const deps: DailyEvaluationDeps = {
    ...{ actors, slices, book, clock, calibrate: null },
    scopes: { list: async () => active },
    settings: () => resolveParity({ gate: { requireCompleteness: null } }),
    onError: (_where, error) => errors.push(error.message),
    onFinished: (day) => finished.push(day),
  };
  const addressOfScope = ({ dataset, spreadsheetId }: Scope) => addressOf.dataset(dataset, spreadsheetId);
  const sweep = makeDailyEvaluation(deps);
  return {
    ...{ clock, slices, book, errors, finished, actors, deps, sweep },
    setScopes: (next: readonly Scope[]) => {
      active = next;
    },
    context: async (scope = SCOPE) =>
      (await actors.read(addressOfScope(scope)))?.context as unknown as DatasetContext | undefined,
    history: (scope = SCOPE) => actors.history(addressOfScope(scope), { limit: 200 }),
    /** The next mornings, one after the other. */
    async mornings(count: number, fill: (day: string) => void) {
      for (let n = 0; n < count; n += 1) {
        fill(new Date(clock.time + 3 * 3_600_000 - DAY_MS).toISOString().slice(0, 10));
        await sweep();
        clock.time += DAY_MS;
      }
    },
  };
}

describe("the morning after", () => {
  it("makes a scope's first record and pools the fleet's day", async () => {
    const here = world();
    here.slices.both("2026-11-22");
    await here.sweep();
    expect(await here.context()).toMatchObject({ from: "2026-11-22", days: [{ date: "2026-11-22", verdict: "pass" }] });
    expect(here.finished).toEqual(["2026-11-22"]);
    const [day] = await here.book.days("checklist");
    expect(day).toMatchObject({ date: "2026-11-22", scopes: 1, statuses: { ok: 1 }, tiers: { adv_sum: { green: 1 } } });
    expect(day?.sums.adv_sum).toMatchObject({ nCells: 300, nExact: 300 });
  });

  it("waits for a slice that is missing until seven, and then judges without it", async () => {
    const here = world();
    here.slices.put("upstream", "2026-11-22");
    await here.sweep();
    expect(await here.context()).toBeUndefined();
    here.clock.time = Date.UTC(2026, 10, 23, 4, 0);
    await here.sweep();
    expect((await here.context())?.days).toMatchObject([{ status: "local_missing", verdict: "no_data" }]);
    expect(here.finished).toEqual(["2026-11-22"]);
  });

  it("is looked at once: the same day again changes nothing, in another process neither", async () => {
    const here = world();
    here.slices.both("2026-11-22");
    await here.sweep();
    const before = await here.history();
    const reads = here.slices.reads.length;
    await here.sweep();
    expect(here.slices.reads).toHaveLength(reads);
    await makeDailyEvaluation(here.deps)();
    expect(await here.history()).toEqual(before);
  });

  it("leaves out what fails at one scope, and comes back to it", async () => {
    const here = world({ scopes: [SCOPE, OTHER] });
    here.slices.both("2026-11-22").both("2026-11-22", { scope: OTHER });
    const { readFrozen } = here.slices;
    here.slices.readFrozen = async (scope, side, day) => {
      if (scope === SCOPE) throw new Error("the disk is away");
      return readFrozen.call(here.slices, scope, side, day);
    };
    await here.sweep();
    expect(here.errors).toEqual(["the disk is away"]);
    expect((await here.context(OTHER))?.days).toHaveLength(1);
    expect(here.finished).toEqual([]);
    here.slices.readFrozen = readFrozen;
    here.clock.time += 60_000;
    await here.sweep();
    expect((await here.context())?.days).toHaveLength(1);
    expect(here.finished).toEqual(["2026-11-22"]);
  });
});

describe("mornings that were missed", () => {
  it("are made up for in order, each with its own day", async () => {
    const here = world();
    here.slices.both("2026-11-22");
    await here.sweep();
    for (const day of ["2026-11-23", "2026-11-24", "2026-11-25"]) here.slices.both(day);
    here.clock.time += 3 * DAY_MS;
    await here.sweep();
    expect((await here.context())?.days.map(({ date, passStreak }) => [date, passStreak])).toEqual([
      ["2026-11-22", 1],
      ["2026-11-23", 2],
      ["2026-11-24", 3],
      ["2026-11-25", 4],
    ]);
  });
});

describe("a week of agreement, and a day of none", () => {
  it("leads to our own data and back, with a decision for each", async () => {
    const here = world();
    await here.mornings(7, (day) => here.slices.both(day));
    expect(await here.context()).toMatchObject({
      gate: { side: "local" },
      decision: { side: "local", reason: "entered", id: `checklist:${SHEET}:2026-11-28:1` },
    });
    await here.mornings(1, (day) => here.slices.put("upstream", day).put("local", day, { value: 200 }));
    expect(await here.context()).toMatchObject({
      gate: { side: "upstream", fallbacks: ["2026-11-29"] },
      decision: { side: "upstream", reason: "fail", id: `checklist:${SHEET}:2026-11-29:2` },
    });
  });
});
