import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureDay } from "../../../src/quality/engine/measure-day.ts";
import { tableOf } from "../../../src/quality/engine/row-table.ts";
import { poolSums } from "../../../src/quality/engine/sums.ts";
import type { KeySettings, KeyTable, Row, Sums } from "../../../src/quality/model.ts";
import { measureFleetDay } from "../../../src/quality/slices/fleet-day.ts";
import { SEED, seeded } from "../../support/seeds.ts";
import { DAY, FREEZE, type Line, slice } from "./support/new-slice.ts";
import { useSlices } from "./support/slices.ts";

const slices = useSlices();

const settings = (changes: Partial<KeySettings>): KeySettings => ({
  ...{ absTol: 0.01, relTol: 0.01, missingAsZero: false, decimals: 2, critical: true, green: {}, yellow: {} },
  ...changes,
});
const KEYS: KeyTable = {
  stocks_total: settings({}),
  adv_sum: settings({ missingAsZero: true, absTol: 0, relTol: 0.1 }),
};

const value = fc.oneof(
  fc.constantFrom(null, 0, 1, -1, 0.01, 100, 101, 101.01, 1e-10, 1e15),
  fc.double({ min: -1_000, max: 1_000, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
);
const lines = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 9 }), value, value), {
  selector: ([nmId]) => nmId,
  maxLength: 8,
});
/** A scope's two sides; undefined: never collected. */
const scope = fc.record({
  upstream: fc.option(lines, { nil: undefined }),
  local: fc.option(lines, { nil: undefined }),
});

const idOf = (index: number): string => `scope${String(index).padStart(20, "0")}`;
const rowsOf = (side: readonly Line[] | undefined): Row[] =>
  (side ?? []).map(([nmId, ...values]) => ({ date: DAY, nmId, values }));

function engineSums({
  upstream,
  local,
}: {
  upstream?: readonly Line[] | undefined;
  local?: readonly Line[] | undefined;
}) {
  const sides = { upstream: tableOf(rowsOf(upstream), 2), local: tableOf(rowsOf(local), 2), keys: KEYS };
  return measureDay(sides, DAY);
}

function expectAlike(found: Sums | undefined, wanted: Sums | undefined): void {
  for (const member of Object.keys(wanted ?? {}) as (keyof Sums)[]) {
    const [is, should] = [found?.[member] ?? Number.NaN, wanted?.[member] ?? Number.NaN];
    // Errors of both signs may cancel out: what is left then depends on the order of adding, by as much as their size.
    const size = Math.max(Math.abs(should), member === "sumError" ? (wanted?.sumAbsError ?? 0) : 0);
    const tolerance = member.startsWith("n") || member === "signMismatch" ? 0 : Math.max(1e-6, size * 1e-9);
    expect(Math.abs(is - should), `${member}: ${is} instead of ${should}`).toBeLessThanOrEqual(tolerance);
  }
}

describe("a frozen day of all scopes, compared in SQL", () => {
  it(`says of each what the engine says, and pools them by adding (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scope, { maxLength: 5 }), async (scopes) => {
        const { store, root, duck } = await slices.open();
        for (const [index, sides] of scopes.entries())
          for (const side of ["upstream", "local"] as const) {
            const own = sides[side];
            if (own === undefined) continue;
            await store.putSealed(slice(own, { spreadsheetId: idOf(index), side }), 1, FREEZE);
          }
        const fleet = await measureFleetDay({ root, duck, scopesAtOnce: 2 }, "checklist", DAY, KEYS);
        const wanted = scopes
          .map((sides, index) => ({ id: idOf(index), ...engineSums(sides) }))
          .filter(({ status }) => status === "ok");
        expect(fleet.scopes.map(({ spreadsheetId }) => spreadsheetId)).toEqual(wanted.map(({ id }) => id));
        for (const [index, { sums }] of wanted.entries())
          for (const key of Object.keys(KEYS)) expectAlike(fleet.scopes[index]?.byKey[key], sums[key]);
        for (const key of Object.keys(KEYS))
          expectAlike(fleet.pooled[key], poolSums(wanted.flatMap(({ sums }) => sums[key] ?? [])));
      }),
      seeded(12),
    );
  });

  it("takes in scopes that were sealed later, and leaves backfilled days out", async () => {
    const { store, root, duck } = await slices.open();
    const put = async (index: number, origin: "collection" | "backfill") => {
      for (const side of ["upstream", "local"] as const)
        await store.putSealed(slice([[1, 5, 1]], { spreadsheetId: idOf(index), side, origin }), 1, FREEZE);
    };
    const measured = async () => (await measureFleetDay({ root, duck }, "checklist", DAY, KEYS)).scopes.length;
    expect(await measured()).toBe(0);
    await put(1, "collection");
    await put(2, "backfill");
    expect([await measured(), await measured()]).toEqual([1, 1]);
    await put(3, "collection");
    expect(await measured()).toBe(2);
  });

  it("counts a key that older files do not have as missing", async () => {
    const { store, root, duck } = await slices.open();
    for (const side of ["upstream", "local"] as const) await store.putSealed(slice([[1, 5, 1]], { side }), 1, FREEZE);
    const keys = { ...KEYS, profit: settings({}) };
    const pooled = async () => (await measureFleetDay({ root, duck }, "checklist", DAY, keys)).pooled;
    const before = await pooled();
    expect([before.profit?.nCells, before.stocks_total?.nExact]).toEqual([0, 1]);
    for (const [index, names] of [Object.keys(keys), ["stocks_total", "adv_sum"]].entries())
      for (const side of ["upstream", "local"] as const)
        await store.putSealed(
          {
            ...slice([], { side, spreadsheetId: idOf(index) }),
            keys: names,
            rows: [{ date: DAY, nmId: 7, values: names.map(() => 3) }],
          },
          1,
          FREEZE,
        );
    const after = await pooled();
    expect([after.profit?.nCells, after.profit?.nExact, after.stocks_total?.nExact]).toEqual([1, 1, 3]);
  });
});
