import { describe, expect, it } from "vitest";
import { datasetDefinition } from "../../../machines/dataset/definition.ts";
import { evaluateScopeDay } from "../../../src/quality/daily/evaluate-scope.ts";
import { hashOf } from "../../../src/quality/hash-of.ts";
import { MAX_AS_OF_SKEW_MS } from "../../../src/quality/ports.ts";
import { resolveParity } from "../../../src/quality/settings.ts";
import { FakeSlices, SCOPE } from "./support.ts";

const settings = resolveParity({});
const D = "2026-11-22";

const judge = (slices: FakeSlices, { from = "2026-11-01", date = D, given = settings } = {}) =>
  evaluateScopeDay(slices, { scope: SCOPE, from, date, settings: given });

describe("a frozen day", () => {
  it("passes when both sides agree, and says what from", async () => {
    const { event, day } = await judge(new FakeSlices().both(D));
    expect(event).toMatchObject({
      ...{ date: D, status: "ok", asofSkew: false, verdict: "pass", numericExactRatio: 1, windowDays: 1 },
      evidence: {
        paramsHash: hashOf(settings),
        slices: [
          { side: "upstream", date: D, version: 1, seal: "a".repeat(64) },
          { side: "local", date: D, version: 1, seal: "b".repeat(64) },
        ],
      },
    });
    expect(event.tiers.adv_sum).toBe("green");
    expect(day.sums.adv_sum).toMatchObject({ nCells: 300, nExact: 300 });
    // What goes to the machine has the form of its event.
    expect(datasetDefinition.event.parse(event)).toEqual(event);
  });

  it("is the same however often it is judged", async () => {
    const slices = new FakeSlices().both(D);
    expect(await judge(slices)).toEqual(await judge(slices));
  });

  it("fails when our side is off", async () => {
    const slices = new FakeSlices().put("upstream", D, { value: 100 }).put("local", D, { value: 130 });
    const { event } = await judge(slices);
    expect(event).toMatchObject({ verdict: "fail", numericExactRatio: 0 });
    expect(event.tiers.stocks_total).toBe("red");
  });

  it.each([
    ["local_missing", (slices: FakeSlices) => slices.put("upstream", D)],
    ["upstream_missing", (slices: FakeSlices) => slices.put("local", D)],
    ["both_missing", (slices: FakeSlices) => slices],
  ] as const)("is no data when it is %s", async (status, fill) => {
    const { event } = await judge(fill(new FakeSlices()));
    expect(event).toMatchObject({ status, verdict: "no_data", numericExactRatio: null, windowDays: null, tiers: {} });
  });

  it("is no data when the sides were received too far apart (1.6)", async () => {
    const at = Date.parse(D);
    const far = new FakeSlices()
      .put("upstream", D, { receivedAt: at })
      .put("local", D, { receivedAt: at + MAX_AS_OF_SKEW_MS + 1 });
    expect((await judge(far)).event).toMatchObject({ status: "ok", asofSkew: true, verdict: "no_data" });
    const near = new FakeSlices()
      .put("upstream", D, { receivedAt: at })
      .put("local", D, { receivedAt: at + MAX_AS_OF_SKEW_MS });
    expect((await judge(near)).event).toMatchObject({ asofSkew: false, verdict: "pass" });
  });

  it("is not compared with what was filled in later (10.3), but that counts for the history", async () => {
    const slices = new FakeSlices().put("upstream", D).put("local", D, { origin: "backfill" });
    const { event, day } = await judge(slices, { from: D });
    expect(event).toMatchObject({ status: "local_missing", verdict: "no_data" });
    expect(day.history).toEqual({ nmTotal: 300, nmContinuous: 300, daysTotal: 1, daysWhole: 1 });
  });
});

describe("a small seller (7.1)", () => {
  it("is judged on as many days as it takes to have two hundred rows", async () => {
    const slices = new FakeSlices();
    for (const day of ["2026-11-19", "2026-11-20", "2026-11-21", D]) slices.both(day, { rows: 60 });
    expect((await judge(slices)).event).toMatchObject({ windowDays: 4, verdict: "pass" });
  });

  it("is judged on days that were compared, and the others are passed over", async () => {
    const slices = new FakeSlices()
      .both(D, { rows: 100 })
      .put("upstream", "2026-11-21")
      .both("2026-11-20", { rows: 100 });
    const { event } = await judge(slices);
    expect(event).toMatchObject({ windowDays: 3, verdict: "pass" });
    expect(event.evidence.slices.map(({ date }) => date)).toEqual([D, D, "2026-11-21", "2026-11-20", "2026-11-20"]);
  });

  it("is not judged on days before its first", async () => {
    const slices = new FakeSlices().both(D, { rows: 10 }).both("2026-11-21", { rows: 500, value: 7 });
    expect((await judge(slices, { from: D })).event.evidence.slices).toHaveLength(2);
  });
});

describe("the history that entering asks for (7.4)", () => {
  it("begins with the first evaluated day, and has a hole where a row is missing", async () => {
    const slices = new FakeSlices().both("2026-11-20").both(D);
    const { event } = await judge(slices, { from: "2026-11-20" });
    expect(event.completeness).toEqual({ pctNmContinuous: 0, pctDaysWithoutHoles: 2 / 3 });
    expect((await judge(slices, { from: D })).event.completeness).toEqual({
      pctNmContinuous: 1,
      pctDaysWithoutHoles: 1,
    });
  });

  it("expects an article for ever after its first row, also where that lies before the window (5.1)", async () => {
    const slices = new FakeSlices().put("local", "2026-11-01", { rows: 300 });
    for (let day = 2; day <= 22; day += 1) slices.both(`2026-11-${String(day).padStart(2, "0")}`, { rows: 299 });
    const { day } = await judge(slices);
    expect(day.history).toEqual({ nmTotal: 300, nmContinuous: 299, daysTotal: 14, daysWhole: 0 });
  });

  it("is of no account where nothing is required, and is measured all the same", async () => {
    const given = resolveParity({ gate: { requireCompleteness: null } });
    const { event, day } = await judge(new FakeSlices().both(D), { given });
    expect(event.completeness).toBeNull();
    expect(day.history.nmTotal).toBe(300);
  });
});

describe("reading", () => {
  it("asks for each slice once", async () => {
    const slices = new FakeSlices().both(D);
    await judge(slices);
    expect(new Set(slices.reads).size).toBe(slices.reads.length);
  });
});
