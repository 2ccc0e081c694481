import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysOf } from "../../../machines/dataset/days.ts";
import { GATE_DEFAULTS, type GateSettings } from "../../../machines/dataset/gate.ts";
import { historyOf } from "../../../src/quality/engine/history.ts";
import { judgeDay } from "../../../src/quality/engine/judge-day.ts";
import { type DayMeasure, measureDay } from "../../../src/quality/engine/measure-day.ts";
import { replayGate } from "../../../src/quality/engine/replay-gate.ts";
import { looserThanYellow, tierOf } from "../../../src/quality/engine/tiers.ts";
import type { KeyTable, Limits } from "../../../src/quality/model.ts";
import { SEED, seeded } from "../../support/seeds.ts";
import { DAY, keySettings, type Line, side, sumsOf } from "./support/sides.ts";

/** Nine exact of ten, one off by half; one more is missing. */
const TEN = sumsOf([...Array.from({ length: 9 }, () => [10, 10] as const), [10, 15], [10, undefined]]);
const tier = (green: Limits, yellow: Limits = {}) => tierOf(TEN, { green, yellow });

describe("6 tiers", () => {
  it("6.1 includes the limit", () => {
    expect(tier({ exactMin: 9 / 11, coverageMin: 10 / 11, wapeMax: 0.05, mapeMax: 0.05, maeMax: 0.5 })).toBe("green");
    expect(tier({ exactMin: 0.82 })).toBe("yellow");
    expect(tier({ wapeMax: 0.049 })).toBe("yellow");
    expect(tier({ mapeMax: 0.049 })).toBe("yellow");
    expect(tier({ maeMax: 0.49 })).toBe("yellow");
    expect(tier({ coverageMin: 0.91 })).toBe("yellow");
    expect(tier({ exactMin: 0.9 }, { exactMin: 0.9 })).toBe("red");
  });

  it("6.1 fails a limit whose metric is undefined", () => {
    const nothingPaired = sumsOf([
      [1, undefined],
      [undefined, 1],
    ]);
    expect(tierOf(nothingPaired, { green: { wapeMax: 100 }, yellow: {} })).toBe("yellow");
    expect(tierOf(nothingPaired, { green: { wapeMax: 100 }, yellow: { maeMax: 100 } })).toBe("red");
  });

  it("6.2 is none without cells, and green where nothing is limited", () => {
    expect(tierOf(sumsOf([[null, null]]), { green: {}, yellow: {} })).toBe("none");
    expect(tier({})).toBe("green");
  });

  it("6.3 knows a green limit that is looser than yellow", () => {
    expect(looserThanYellow({ green: { exactMin: 0.8 }, yellow: { exactMin: 0.9 } })).toBe("exactMin");
    expect(looserThanYellow({ green: { wapeMax: 0.2 }, yellow: { wapeMax: 0.1 } })).toBe("wapeMax");
    expect(looserThanYellow({ green: { exactMin: 0.9, maeMax: 1 }, yellow: { exactMin: 0.9 } })).toBeNull();
  });
});

const keys: KeyTable = { k: keySettings() };
const SETTINGS: GateSettings = {
  ...GATE_DEFAULTS,
  ...{ minRows: 0, enterDays: 2, holdDays: 2, minDwellDays: 0, maxPoolDays: 3, requireCompleteness: null },
};
const FIRST = "2026-03-01";

/** What a day is like: cells that are exact of ten; nothing on a side; received too far apart. */
type Kind = number | "no local" | "no upstream" | "nothing" | "skewed";

function measures(kinds: readonly Kind[], rows = 10): DayMeasure[] {
  return kinds.map((kind, index) => {
    const date = addDays(FIRST, index);
    const lines = (value: (i: number) => number): Line[] =>
      Array.from({ length: rows }, (_, i) => [date, i + 1, value(i)]);
    const exact = typeof kind === "number" ? kind : 10;
    const upstream = side(kind === "no upstream" || kind === "nothing" ? [] : lines(() => 10));
    const local = side(kind === "no local" || kind === "nothing" ? [] : lines((i) => (i % 10 < exact ? 10 : 20)));
    return measureDay({ upstream, local, keys }, date, { asofSkew: kind === "skewed" });
  });
}

const judged = (kinds: readonly Kind[], changes: Partial<GateSettings> = {}, from = FIRST) =>
  judgeDay(addDays(FIRST, kinds.length - 1), {
    days: new Map(measures(kinds).map((day) => [day.date, day])),
    ...{ from, keys, settings: { ...SETTINGS, ...changes } },
  });

describe("7.1 the window of a day", () => {
  it("is the day alone when it has rows enough", () =>
    expect(judged([0, 10], { minRows: 10 })).toMatchObject({ windowDays: 1, numericExactRatio: 1 }));

  it("grows day by day until there are rows enough, over days that are not ok", () =>
    expect(judged([5, "no local", 10], { minRows: 20 })).toMatchObject({ windowDays: 3, numericExactRatio: 0.75 }));

  it("is as long as may be when there never are", () =>
    expect(judged([0, 10, 10, 10], { minRows: 100 })).toMatchObject({ windowDays: 3, numericExactRatio: 1 }));

  it("looks at nothing before the range, and is called as long all the same", () => {
    expect(judged([10], { minRows: 100 })).toMatchObject({ windowDays: 3, numericExactRatio: 1 });
    expect(judged([0, 10], { minRows: 20 }, addDays(FIRST, 1))).toMatchObject({ windowDays: 3, numericExactRatio: 1 });
  });

  it("1.6 never pools a day whose sides were received too far apart", () =>
    expect(judged(["skewed", 8, 10], { minRows: 30 })).toMatchObject({ windowDays: 3, numericExactRatio: 0.9 }));
});

describe(`7.1 and 7.2 of any days (TEST_SEED=${SEED})`, () => {
  const kind = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 10 }) },
    { weight: 1, arbitrary: fc.constantFrom("no local", "no upstream", "nothing", "skewed") },
  ) as fc.Arbitrary<Kind>;
  const some = fc.array(fc.record({ kind, rows: fc.integer({ min: 1, max: 10 }) }), { minLength: 1, maxLength: 10 });

  it("the window is the smallest that has rows enough, and all of it is pooled", () => {
    fc.assert(
      fc.property(
        some,
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 7 }),
        (days, minRows, maxPoolDays) => {
          const measured = days.flatMap(({ kind: what, rows }, index) =>
            measures([what], rows).map((day) => ({ ...day, date: addDays(FIRST, index) })),
          );
          const found = judgeDay(addDays(FIRST, days.length - 1), {
            days: new Map(measured.map((day) => [day.date, day])),
            ...{ from: FIRST, keys, settings: { ...SETTINGS, minRows, maxPoolDays } },
          });
          const last = (m: number) => measured.slice(-m).filter((day) => day.status === "ok" && !day.asofSkew);
          if (last(1).length === 0) {
            expect(found).toEqual({ verdict: "no_data", numericExactRatio: null, windowDays: null, tiers: {} });
            return;
          }
          const rowsOf = (m: number) => last(m).reduce((sum, day) => sum + day.rows, 0);
          const lengths = Array.from({ length: maxPoolDays }, (_, i) => i + 1);
          const m = lengths.find((length) => rowsOf(length) >= minRows) ?? maxPoolDays;
          const count = (member: "nExact" | "nCells") =>
            last(m).reduce((sum, day) => sum + (day.sums.k?.[member] ?? 0), 0);
          const ratio = count("nExact") / count("nCells");
          // Green is from 0.9, yellow from 0.8; both below exit_ratio 0.87 and red are a fail.
          const verdict = ratio >= 0.9 ? "pass" : ratio >= 0.87 ? "hold" : "fail";
          expect(found).toMatchObject({ windowDays: m, numericExactRatio: ratio, verdict });
        },
      ),
      seeded(300),
    );
  });
});

describe("7.2 the verdict of a day", () => {
  it.each([
    [10, "pass"],
    [9, "pass"],
    [8, "fail"],
    ["no local", "no_data"],
    ["no upstream", "no_data"],
    ["nothing", "no_data"],
    ["skewed", "no_data"],
  ] as const)("%s exact of ten: %s", (kind, verdict) => expect(judged([kind]).verdict).toBe(verdict));

  it("is hold between the two ratios, or when a critical key is yellow", () => {
    expect(judged([8], { exitRatio: 0.8 })).toMatchObject({ verdict: "hold", tiers: { k: "yellow" } });
    expect(judged([8], { exitRatio: 0.8, enterRatio: 0.8 }).verdict).toBe("hold");
  });

  it("is fail when a critical key is red, whatever the ratio", () =>
    expect(judged([7], { exitRatio: 0, enterRatio: 0 })).toMatchObject({ verdict: "fail", tiers: { k: "red" } }));

  it("says nothing more of a day without a comparison", () =>
    expect(judged(["no local"])).toEqual({
      ...{ verdict: "no_data", numericExactRatio: null, windowDays: null, tiers: {} },
    }));
});

const DAY_OF = (index: number) => addDays(FIRST, index);
function replayed(kinds: readonly Kind[], changes: Partial<GateSettings> = {}, localLines: readonly Line[] = []) {
  const history = historyOf(side(localLines), null);
  return replayGate(measures(kinds), keys, history, { ...SETTINGS, ...changes });
}
const short = (records: ReturnType<typeof replayed>) =>
  records.map(({ state, reason, passStreak }) => [state, reason, passStreak] as const);

describe("7.4 and 7.5 the gate over days", () => {
  it("enters local after enough passes, and falls back on the first fail", () =>
    expect(short(replayed([10, 10, 10, 5]))).toEqual([
      ["upstream", null, 1],
      ["local", "entered", 0],
      ["local", null, 0],
      ["upstream", "fail", 0],
    ]));

  it("7.4.1 keeps the streak over days without data, but not over too many", () => {
    expect(replayed([10, "nothing", "nothing", 10]).map(({ passStreak }) => passStreak)).toEqual([1, 1, 1, 0]);
    expect(replayed([10, "nothing", "nothing", "nothing", 10]).map(({ passStreak }) => passStreak)).toEqual([
      ...[1, 1, 1, 0, 1],
    ]);
  });

  it("7.4.2 waits twice as long after two fallbacks, four times after three and more", () => {
    expect(replayed([10, 5, 10, 5, 10, 10, 5, 10], { enterDays: 1 }).map(({ neededStreak }) => neededStreak)).toEqual([
      ...[1, null, 1, null, 2, 2, null, 4],
    ]);
  });

  it("7.4.2 forgets fallbacks after the days of the back-off", () =>
    expect(
      replayed([10, 5, 10, 5, 10, 10], { enterDays: 1, backoffDays: 3 }).map(({ neededStreak }) => neededStreak),
    ).toEqual([1, null, 1, null, 1, null]));

  it("7.4.3 withholds a switch that comes too soon after the last one, and keeps the streak", () =>
    expect(short(replayed([10, 5, 10, 10, 10], { enterDays: 1, minDwellDays: 3 }))).toEqual([
      ["local", "entered", 0],
      ["upstream", "fail", 0],
      ["upstream", "dwell", 1],
      ["upstream", "dwell", 2],
      ["local", "entered", 0],
    ]));

  it("7.4.3 withholds a switch while local history is incomplete, and keeps the streak", () => {
    const requireCompleteness = { days: 2, pctNmContinuous: 1, pctDaysWithoutHoles: 1 };
    // Absent on the second day: the two days that end with the fourth have no hole.
    const lines: Line[] = [0, 2, 3].map((index) => [DAY_OF(index), 1, 1]);
    expect(short(replayed([10, 10, 10, 10], { requireCompleteness }, lines))).toEqual([
      ["upstream", null, 1],
      ["upstream", "incomplete_history", 2],
      ["upstream", "incomplete_history", 3],
      ["local", "entered", 0],
    ]);
    expect(short(replayed([10, 10], { requireCompleteness })).at(-1)).toEqual(["upstream", "incomplete_history", 2]);
  });

  it("7.4.3 looks at no history before the range", () => {
    const requireCompleteness = { days: 14, pctNmContinuous: 1, pctDaysWithoutHoles: 1 };
    const history = (first: number) => {
      const lines: Line[] = [0, 1].map((index) => [DAY_OF(index), 1, 1]);
      const entry = { nmId: 1, category: "", brand: "", firstSeen: DAY_OF(first), retiredAt: null };
      return historyOf(side(lines), new Map([[1, entry]]));
    };
    const reasonOf = (first: number) =>
      replayGate(measures([10, 10]), keys, history(first), { ...SETTINGS, requireCompleteness }).at(-1)?.reason;
    expect(reasonOf(-30)).toBe("entered");
    expect(reasonOf(0)).toBe("entered");
  });

  it("7.5 falls back after days of hold, which a pass forgives and missing upstream does not touch", () => {
    const settings = { initialState: "local", exitRatio: 0.8 } as const;
    const steps = (kinds: Kind[]) =>
      replayed(kinds, settings).map(({ state, reason, holdStreak }) => [state, reason, holdStreak]);
    expect(steps([8, 10, 8, "no upstream", 8])).toEqual([
      ["local", null, 1],
      ["local", null, 0],
      ["local", null, 1],
      ["local", "unverified", 1],
      ["upstream", "hold", 0],
    ]);
  });

  it("7.5 falls back at once when local data are missing, and stays when only upstream is", () => {
    for (const kind of ["no local", "nothing"] as const)
      expect(short(replayed([kind], { initialState: "local" }))).toEqual([["upstream", "no_local_data", 0]]);
    for (const kind of ["no upstream", "skewed"] as const)
      expect(short(replayed([kind], { initialState: "local" }))).toEqual([["local", "unverified", 0]]);
  });

  it("7.7 gives the same records again", () => {
    const kinds: Kind[] = [10, 10, 8, "nothing", 10, 5, 10, 10];
    expect(replayed(kinds)).toEqual(replayed(kinds));
    expect(replayed(kinds).map(({ date }) => date)).toEqual(daysOf({ from: FIRST, to: DAY_OF(7) }));
    expect(DAY > FIRST).toBe(true);
  });
});
