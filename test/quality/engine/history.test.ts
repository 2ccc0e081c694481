import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysOf } from "../../../machines/dataset/days.ts";
import { completenessOf, historyOf } from "../../../src/quality/engine/history.ts";
import type { Catalogue, CatalogueEntry } from "../../../src/quality/model.ts";
import { SEED, seeded } from "../../support/seeds.ts";
import { side } from "./support/sides.ts";

const WINDOW = { from: "2026-03-01", to: "2026-03-05" };
const on = (nmId: number, ...days: number[]) => days.map((day) => [`2026-03-0${day}`, nmId, null] as const);
const listed = (...entries: (Partial<CatalogueEntry> & { nmId: number })[]): Catalogue =>
  new Map(
    entries.map((entry) => [entry.nmId, { category: "", brand: "", firstSeen: null, retiredAt: null, ...entry }]),
  );
const found = (rows: ReturnType<typeof on>, catalogue: Catalogue | null = null, window = WINDOW) =>
  completenessOf(historyOf(side(rows), catalogue), window);

describe("5 completeness of local history", () => {
  it("5.1 expects an nm_id from its first local row where nothing else is known", () =>
    expect(found(on(1, 3, 4, 5))).toEqual({
      ...{ nmTotal: 1, nmContinuous: 1, pctNmContinuous: 1 },
      ...{ daysTotal: 3, daysWhole: 3, pctDaysWithoutHoles: 1 },
      ...{ expectedCells: 3, holes: 0, fillRatio: 1, longestGapDays: 0 },
    }));

  it("5.1 expects it from first_seen, and no longer from retired_at on", () => {
    const catalogue = listed({ nmId: 1, firstSeen: "2026-03-02", retiredAt: "2026-03-04" });
    expect(found(on(1, 1, 2, 4, 5), catalogue)).toMatchObject({ expectedCells: 2, holes: 1, longestGapDays: 1 });
  });

  it("5.1 leaves out what has neither, and what is expected outside the window only", () => {
    expect(found([], listed({ nmId: 1 }))).toMatchObject({ nmTotal: 0, pctNmContinuous: null, fillRatio: null });
    const catalogue = listed(
      { nmId: 1, firstSeen: "2026-03-06" },
      { nmId: 2, firstSeen: "2026-01-01", retiredAt: "2026-03-01" },
    );
    expect(found(on(2, 2), catalogue)).toMatchObject({ nmTotal: 0, daysTotal: 0, pctDaysWithoutHoles: null });
  });

  it("5.1 counts a first local row before the window", () =>
    expect(found(on(1, 1, 5), null, { from: "2026-03-02", to: "2026-03-05" })).toMatchObject({
      ...{ expectedCells: 4, holes: 3, longestGapDays: 3 },
    }));

  it("5.3 counts holes, whole days and the longest gap of one nm_id", () =>
    expect(found([...on(1, 1, 2, 5), ...on(2, 1, 2, 3, 4, 5), ...on(3, 1, 3, 5)])).toEqual({
      ...{ nmTotal: 3, nmContinuous: 1, pctNmContinuous: 1 / 3 },
      ...{ daysTotal: 5, daysWhole: 2, pctDaysWithoutHoles: 2 / 5 },
      ...{ expectedCells: 15, holes: 4, fillRatio: 11 / 15, longestGapDays: 2 },
    }));

  it("5.3 counts an nm_id that is listed and never there", () =>
    expect(found(on(1, 1, 2, 3, 4, 5), listed({ nmId: 2, firstSeen: "2026-03-02" }))).toMatchObject({
      ...{ nmTotal: 2, nmContinuous: 1, daysTotal: 5, daysWhole: 1, holes: 4, longestGapDays: 4 },
    }));
});

describe(`5 completeness, counted day by day (TEST_SEED=${SEED})`, () => {
  const dayAt = (index: number): string => addDays("2026-02-25", index);
  const rows = fc.uniqueArray(fc.tuple(fc.nat(12), fc.integer({ min: 1, max: 4 })), {
    selector: ([day, nmId]) => `${day} ${nmId}`,
    maxLength: 30,
  });
  const date = fc.option(fc.nat(12).map(dayAt));
  const entries = fc.uniqueArray(
    fc.record({ nmId: fc.integer({ min: 1, max: 5 }), firstSeen: date, retiredAt: date }),
    { selector: ({ nmId }) => nmId },
  );

  it("is that of the text, for any rows, catalogue and window", () => {
    fc.assert(
      fc.property(rows, entries, fc.nat(12), fc.nat(12), (present, catalogue, start, length) => {
        const window = { from: dayAt(start), to: dayAt(start + length) };
        const isPresent = (nmId: number, day: string) => present.some(([at, id]) => id === nmId && dayAt(at) === day);
        const nmIds = [1, 2, 3, 4, 5].map((nmId) => {
          const entry = catalogue.find((one) => one.nmId === nmId);
          const firstRow = present
            .filter(([, id]) => id === nmId)
            .map(([at]) => dayAt(at))
            .sort()[0];
          const first = entry?.firstSeen ?? firstRow;
          const retired = entry?.retiredAt ?? "9999-12-31";
          const expected = daysOf(window).filter((day) => first !== undefined && first <= day && day < retired);
          return { expected, there: expected.map((day) => isPresent(nmId, day)) };
        });
        const days = daysOf(window).map((day) =>
          nmIds.flatMap(({ expected, there }) => (expected.includes(day) ? [there[expected.indexOf(day)]] : [])),
        );
        const gaps = nmIds.flatMap(({ there }) =>
          there
            .map((is) => (is ? " " : "x"))
            .join("")
            .split(" "),
        );
        const found = completenessOf(
          historyOf(side(present.map(([at, nmId]) => [dayAt(at), nmId, null] as const)), listed(...catalogue)),
          window,
        );
        expect(found).toMatchObject({
          nmTotal: nmIds.filter(({ there }) => there.length > 0).length,
          nmContinuous: nmIds.filter(({ there }) => there.length > 0 && there.every(Boolean)).length,
          daysTotal: days.filter((there) => there.length > 0).length,
          daysWhole: days.filter((there) => there.length > 0 && there.every(Boolean)).length,
          expectedCells: days.flat().length,
          holes: days.flat().filter((is) => !is).length,
          longestGapDays: Math.max(0, ...gaps.map((gap) => gap.length)),
        });
        const shareOf = (part: number, whole: number) => (whole === 0 ? null : part / whole);
        expect(found.pctNmContinuous).toBe(shareOf(found.nmContinuous, found.nmTotal));
        expect(found.pctDaysWithoutHoles).toBe(shareOf(found.daysWhole, found.daysTotal));
        expect(found.fillRatio).toBe(shareOf(found.expectedCells - found.holes, found.expectedCells));
      }),
      seeded(300),
    );
  });
});
