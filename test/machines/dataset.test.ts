import { describe, expect, it } from "vitest";
import { datasetDefinition } from "../../machines/dataset/definition.ts";
import { GATE_DEFAULTS, type GateSettings, type Side } from "../../machines/dataset/gate.ts";
import { correctedKeys, ROUNDS_BEFORE_STAFF, UNVERIFIED_DAYS } from "../../machines/dataset/policy.ts";
import type { DatasetContext, DayRecord } from "../../machines/dataset/types.ts";
import { ActedActor } from "./support/act.ts";
import { waysOut } from "./support/exits.ts";
import { walk } from "./support/paths.ts";

const DAY_MS = 86_400_000;
/** 2026-09-01T06:10 in Moscow. */
const T0 = Date.UTC(2026, 8, 1, 3, 10);
const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg";
const ID = `checklist:${SHEET}`;
const SETTINGS: GateSettings = { ...GATE_DEFAULTS, requireCompleteness: null };

/** The n-th day of the story. */
const dayAt = (n: number): string => new Date(Date.UTC(2026, 8, n)).toISOString().slice(0, 10);

const opened = (side: Side = "upstream") => ({ type: "dataset.opened", firstDay: dayAt(1), side });
const judged = (date: string, overrides: Record<string, unknown> = {}) => ({
  type: "dataset.dayJudged",
  date,
  status: "ok",
  asofSkew: false,
  verdict: "pass",
  numericExactRatio: 0.95,
  windowDays: 1,
  tiers: { adv_sum: "green" },
  completeness: null,
  evidence: {
    paramsHash: "p1",
    slices: (["upstream", "local"] as const).map((side) => ({ side, date, version: 1, seal: "a".repeat(64) })),
  },
  settings: SETTINGS,
  ...overrides,
});
const pinned = (side: Side, until: number) => ({
  type: "dataset.pinned",
  side,
  until,
  by: "olga",
  reason: "the backend moves",
});
const calibrated = (asOf: string, overrides: Record<string, unknown> = {}) => ({
  type: "dataset.calibrated",
  ...{ set: `${asOf}-0a1b2c3d`, asOf, verdicts: { adv_sum: null, stocks_total: null, profit_without_adv: "no_gain" } },
  release: { isAllowed: true, reason: null },
  evidence: { paramsHash: "p1", slicesHash: "s1" },
  ...overrides,
});
const withdrawn = (date: string, keys: readonly string[], set = `${dayAt(1)}-0a1b2c3d`) => ({
  ...{ type: "dataset.correctionWithdrawn", set, date, keys },
});
const unpinned = { type: "dataset.unpinned", by: "olga", reason: "it has moved" };

class Scope extends ActedActor {
  #day = 0;
  constructor(side: Side = "upstream") {
    super(datasetDefinition, ID, T0);
    this.send(opened(side));
  }
  /** One day after the other, each judged on the morning after it. */
  days(...given: readonly (string | Record<string, unknown>)[]): this {
    for (const one of given) {
      this.#day += 1;
      this.elapse(DAY_MS);
      const overrides = typeof one === "string" ? { verdict: one } : one;
      const isEmpty = overrides.verdict === "no_data";
      this.send(
        judged(dayAt(this.#day), {
          ...(isEmpty ? { status: "upstream_missing", numericExactRatio: null, windowDays: null, tiers: {} } : {}),
          ...overrides,
        }),
      );
    }
    return this;
  }
  passes(count: number): this {
    return this.days(...Array.from({ length: count }, () => "pass"));
  }
  get known(): DatasetContext {
    return this.context<DatasetContext>();
  }
  get last(): DayRecord {
    const record = this.known.days.at(-1);
    if (record === undefined) throw new Error("no day was judged yet");
    return record;
  }
  get gate(): string | undefined {
    return /gate\.(\w+)/.exec(this.state)?.[1];
  }
  /** Says that the backend has heard of the decision. */
  heard(result = "applied"): this {
    return this.finish("setDatasetSource", { result });
  }
}

const autonomous = () => new Scope().passes(7).heard();

describe("a scope that is opened", () => {
  it("is served from upstream, and has nothing to tell", () => {
    const scope = new Scope();
    expect(scope.state).toBe("backend.settled gate.proxyFirst");
    expect(scope.running).toEqual([]);
  });

  it("may begin with the local side, where the settings say so", () => {
    expect(new Scope("local").gate).toBe("autonomous");
  });
});

describe("7.3 the counters", () => {
  it("count passes in a row, and a streak of them is probation", () => {
    const scope = new Scope().passes(2);
    expect(scope.gate).toBe("probation");
    expect(scope.last).toMatchObject({
      passStreak: 2,
      neededStreak: 7,
      state: "upstream",
      switched: false,
      reason: null,
    });
  });

  it("begin anew after a day that does not pass", () => {
    for (const verdict of ["hold", "fail"]) {
      const scope = new Scope().passes(3).days(verdict);
      expect(scope.gate).toBe("proxyFirst");
      expect(scope.last.passStreak).toBe(0);
    }
  });

  it("survive two days without data, and not a third", () => {
    const scope = new Scope().passes(3).days("no_data", "no_data");
    expect(scope.last.passStreak).toBe(3);
    expect(scope.days("no_data").gate).toBe("proxyFirst");
  });
});

describe("7.4 the way to the local side", () => {
  it("takes seven passes in a row, and is told to the backend with a key that never changes", () => {
    const scope = new Scope().passes(7);
    expect(scope.gate).toBe("autonomous");
    expect(scope.last).toMatchObject({
      state: "local",
      switched: true,
      reason: "entered",
      passStreak: 0,
      neededStreak: 7,
    });
    const id = `checklist:${SHEET}:${dayAt(7)}:1`;
    expect(scope.last.decisionId).toBe(id);
    expect(scope.started("setDatasetSource")).toEqual({
      dataset: "checklist",
      spreadsheetId: SHEET,
      side: "local",
      reason: "entered",
      decisionId: id,
      decidedAt: scope.now,
    });
  });

  it("is not taken within the dwell, and the streak keeps its value", () => {
    const settings = { ...SETTINGS, enterDays: 1, minDwellDays: 3 };
    const scope = new Scope("local").days({ verdict: "fail", settings }).heard();
    scope.days({ settings }, { settings });
    expect(scope.last).toMatchObject({ reason: "dwell", passStreak: 2, switched: false });
    expect(scope.days({ settings }).gate).toBe("autonomous");
  });

  it("is not taken over a history with holes", () => {
    const settings = {
      ...SETTINGS,
      enterDays: 1,
      requireCompleteness: { days: 14, pctNmContinuous: 0.95, pctDaysWithoutHoles: 0.9 },
    };
    const scope = new Scope().days(
      { settings, completeness: null },
      { settings, completeness: { pctNmContinuous: 0.94, pctDaysWithoutHoles: 1 } },
      { settings, completeness: { pctNmContinuous: 1, pctDaysWithoutHoles: null } },
    );
    expect(scope.known.days.map(({ reason, passStreak }) => [reason, passStreak])).toEqual([
      ["incomplete_history", 1],
      ["incomplete_history", 2],
      ["incomplete_history", 3],
    ]);
    scope.days({ settings, completeness: { pctNmContinuous: 0.95, pctDaysWithoutHoles: 0.9 } });
    expect(scope.gate).toBe("autonomous");
  });

  it("is longer after each fallback of the last weeks: 7, 7, 14, 28 days", () => {
    const scope = autonomous();
    const needed: (number | null)[] = [];
    const settings = { ...SETTINGS, backoffDays: 366 };
    for (const streak of [7, 14, 28, 28]) {
      scope.days({ verdict: "fail", settings }).heard();
      for (let n = 0; n < streak; n += 1) scope.days({ settings });
      needed.push(scope.last.neededStreak);
      expect(scope.last.reason).toBe("entered");
      scope.heard();
    }
    expect(needed).toEqual([7, 14, 28, 28]);
  });
});

describe("7.5 the way back", () => {
  it("is taken at once after a fail", () => {
    const scope = autonomous().days("fail");
    expect(scope.gate).toBe("proxyFirst");
    expect(scope.last).toMatchObject({ reason: "fail", switched: true, state: "upstream", neededStreak: null });
    expect(scope.started("setDatasetSource")).toMatchObject({ side: "upstream", reason: "fail" });
    expect(scope.known.gate.fallbacks).toEqual([dayAt(8)]);
  });

  it("is taken after three holds, and a pass between them counts them anew", () => {
    const scope = autonomous().days("hold", "hold", "pass", "hold", "hold");
    expect(scope.gate).toBe("autonomous");
    expect(scope.days("hold").last).toMatchObject({ reason: "hold", switched: true });
  });

  it("is taken when there are no local data", () => {
    for (const status of ["local_missing", "both_missing"])
      expect(autonomous().days({ verdict: "no_data", status }).last).toMatchObject({
        reason: "no_local_data",
        switched: true,
      });
  });

  it("is not taken when upstream has nothing to compare with, and people are told after seven days", () => {
    const scope = autonomous();
    for (let n = 1; n < UNVERIFIED_DAYS; n += 1) {
      scope.days("no_data");
      expect(scope.last).toMatchObject({ reason: "unverified", switched: false, state: "local" });
      expect(scope.effects).toEqual([]);
    }
    scope.days("no_data");
    expect(scope.tells).toEqual([{ to: "ticket/dataset:unverified:checklist", type: "ticket.opened" }]);
    // Once: the eighth day has nothing new to say.
    expect(scope.days("no_data").tells).toEqual([]);
    expect(scope.days("pass").known.unverifiedDays).toBe(0);
  });

  it("is not held up by the dwell", () => {
    expect(autonomous().days("fail").last.switched).toBe(true);
  });
});

describe("7.6 a pin", () => {
  const DAYS_10 = 10 * DAY_MS;

  it("serves the pinned side at once and says so to the backend", () => {
    const scope = new Scope().passes(3);
    scope.send(pinned("local", scope.now + DAYS_10));
    expect(scope.gate).toBe("pinned");
    expect(scope.known.gate.side).toBe("local");
    expect(scope.started("setDatasetSource")).toMatchObject({ side: "local", reason: "pinned" });
    expect(scope.known.gate.fallbacks).toEqual([]);
  });

  it("to the side that is served changes nothing but that it stays", () => {
    const scope = new Scope().passes(6);
    scope.send(pinned("upstream", scope.now + DAYS_10));
    expect(scope.running).toEqual([]);
    scope.passes(1);
    expect(scope.gate).toBe("pinned");
    expect(scope.last).toMatchObject({
      ...{ state: "upstream", switched: false, reason: null, passStreak: 7, decisionId: null },
      wouldHave: { state: "local", reason: "entered" },
    });
  });

  it("withholds a fallback, and says that it would have been one", () => {
    const scope = autonomous();
    scope.send(pinned("local", scope.now + DAYS_10));
    scope.days("fail");
    expect(scope.last).toMatchObject({
      state: "local",
      wouldHave: { state: "upstream", reason: "fail" },
      switched: false,
    });
    expect(scope.known.gate.fallbacks).toEqual([]);
    scope.days("hold", "hold", "hold");
    expect(scope.last).toMatchObject({ holdStreak: 3, wouldHave: { reason: "hold" } });
  });

  it("ends by itself with all streaks at 0, and the gate goes on from there", () => {
    const scope = new Scope().passes(5);
    scope.send(pinned("upstream", scope.now + DAYS_10)).passes(1);
    expect(scope.known.gate.passStreak).toBe(6);
    scope.elapse(DAYS_10);
    expect(scope.gate).toBe("proxyFirst");
    expect(scope.known).toMatchObject({ pin: null, gate: { passStreak: 0, holdStreak: 0, noDataStreak: 0 } });
    expect(scope.passes(6).gate).toBe("probation");
    expect(scope.passes(1).gate).toBe("autonomous");
  });

  it("is ended by people before its time", () => {
    const scope = autonomous();
    scope.send(pinned("upstream", scope.now + DAYS_10)).heard();
    scope.send(unpinned);
    expect(scope.gate).toBe("proxyFirst");
    expect(scope.timers).toEqual([]);
    expect(scope.send(unpinned).outcome).toBe("ignored");
  });

  it("takes the place of another pin, and one that is over already is refused", () => {
    const scope = new Scope();
    scope.send(pinned("upstream", scope.now + DAYS_10));
    scope.send(pinned("upstream", scope.now + DAY_MS));
    scope.elapse(DAY_MS);
    expect(scope.gate).toBe("proxyFirst");
    expect(scope.send(pinned("local", scope.now)).outcome).toBe("ignored");
  });

  it("keeps its end over the days that are judged meanwhile", () => {
    const scope = new Scope();
    scope.send(pinned("upstream", scope.now + 2.5 * DAY_MS)).passes(2);
    expect(scope.gate).toBe("pinned");
    expect(scope.elapse(DAY_MS / 2).gate).toBe("proxyFirst");
  });
});

describe("7.7 the record of a day", () => {
  it("is made once: the same day, or an earlier one, changes nothing", () => {
    const scope = new Scope().passes(3);
    const before = scope.known;
    for (const date of [dayAt(3), dayAt(1), "2026-08-31"]) {
      expect(scope.send(judged(date, { verdict: "fail" })).outcome).toBe("ignored");
      expect(scope.known).toEqual(before);
    }
  });

  it("has all that the verdict came from", () => {
    expect(new Scope().passes(1).last).toEqual({
      ...{ date: dayAt(1), status: "ok", asofSkew: false, verdict: "pass", numericExactRatio: 0.95, windowDays: 1 },
      ...{ tiers: { adv_sum: "green" }, completeness: null, neededStreak: 7, state: "upstream", switched: false },
      ...{ reason: null, passStreak: 1, holdStreak: 0, wouldHave: null, decisionId: null, paramsHash: "p1" },
      seals: { upstream: { version: 1, seal: "a".repeat(64) }, local: { version: 1, seal: "a".repeat(64) } },
      judgedAt: T0 + DAY_MS,
    });
  });

  it("is kept for sixty days", () => {
    const scope = new Scope().days(...Array.from({ length: 62 }, () => "fail"));
    expect(scope.known.days).toHaveLength(60);
    expect(scope.known.days[0]?.date).toBe(dayAt(3));
  });
});

describe("a decision on its way to the backend", () => {
  const told = ({ known }: Scope) => [known.decision?.applied, known.decision?.problem];

  it("is on record as applied when the backend has taken it", () => {
    expect(told(autonomous())).toEqual([true, null]);
  });

  it("is on record as not applied when the backend has no such call or a later decision, and people are told", () => {
    for (const result of ["unsupported", "stale", "inactive"]) {
      const scope = new Scope().passes(7).heard(result);
      expect(told(scope)).toEqual([false, result]);
      expect(scope.tells).toEqual([{ to: "ticket/dataset:notApplied:checklist", type: "ticket.opened" }]);
      expect(scope.gate).toBe("autonomous");
    }
  });

  it("is not repeated after a refusal for good", () => {
    const scope = new Scope().passes(7).fail("setDatasetSource", "backend.rejected", true);
    expect(told(scope)).toEqual([false, "backend.rejected"]);
    expect(scope.timers).toEqual([]);
  });

  it("is repeated with the same key until the backend is there; people are told once", () => {
    const scope = new Scope().passes(7);
    const first = scope.started("setDatasetSource");
    let tickets = 0;
    for (let round = 1; round <= ROUNDS_BEFORE_STAFF + 2; round += 1) {
      scope.fail("setDatasetSource");
      tickets += scope.tells.length;
      scope.elapse(60 * 60_000);
      expect(scope.started("setDatasetSource")).toEqual(first);
    }
    expect(tickets).toBe(1);
    expect(scope.heard().known).toMatchObject({ failures: 0, decision: { applied: true } });
  });

  it("is overtaken by the next one, wherever it is", () => {
    const calling = new Scope().passes(7).days("fail");
    expect(calling.started("setDatasetSource")).toMatchObject({ side: "upstream" });
    const waiting = new Scope().passes(7).fail("setDatasetSource").days("fail");
    expect(waiting.known.told).toBe(waiting.known.decision?.id);
    expect(waiting.state).toBe("backend.telling gate.proxyFirst");
  });

  it("has an id that fits into the backend's key, however long the spreadsheet's id is", () => {
    const scope = new ActedActor(datasetDefinition, `${"d".repeat(64)}:${"s".repeat(128)}`, T0);
    scope.send(opened()).send(pinned("local", T0 + DAY_MS));
    const { decisionId } = scope.started("setDatasetSource") as { decisionId: string };
    expect(`gate:${decisionId}`).toMatch(/^[A-Za-z0-9_:.-]{8,128}$/);
  });
});

describe("8 corrections of our own data", () => {
  it("are in use once their fit is allowed, for the keys that it accepted", () => {
    const scope = new Scope();
    expect(correctedKeys(scope.known)).toEqual([]);
    scope.send(calibrated(dayAt(1)));
    expect(correctedKeys(scope.known)).toEqual(["adv_sum", "stocks_total"]);
    expect(scope.known).toMatchObject({ fittedOn: dayAt(1), corrections: { set: `${dayAt(1)}-0a1b2c3d` } });
  });

  it("stay as they are when a later fit is not allowed, and are replaced by one that is", () => {
    const scope = new Scope();
    scope.send(calibrated(dayAt(1)));
    scope.send(calibrated(dayAt(8), { release: { isAllowed: false, reason: "too_few_improved" } }));
    expect(scope.known).toMatchObject({ fittedOn: dayAt(8), corrections: { asOf: dayAt(1) } });
    scope.send(calibrated(dayAt(15), { verdicts: { adv_sum: "no_gain" }, release: null }));
    expect(scope.known).toMatchObject({ fittedOn: dayAt(15), corrections: { asOf: dayAt(1) } });
    scope.send(calibrated(dayAt(22)));
    expect(scope.known.corrections?.asOf).toBe(dayAt(22));
  });

  it("are fitted in order, each day once", () => {
    const scope = new Scope();
    scope.send(calibrated(dayAt(8)));
    const before = scope.known;
    scope.send(calibrated(dayAt(8), { verdicts: { adv_sum: null } })).send(calibrated(dayAt(1)));
    expect(scope.known).toEqual(before);
  });

  it("are withdrawn key by key on the day they are worse (8.8), and that day stays on record", () => {
    const scope = new Scope();
    scope.send(calibrated(dayAt(1))).send(withdrawn(dayAt(2), ["adv_sum"]));
    expect(correctedKeys(scope.known)).toEqual(["stocks_total"]);
    scope.send(withdrawn(dayAt(3), ["adv_sum", "stocks_total"]));
    expect(scope.known.corrections?.withdrawn).toEqual({ adv_sum: dayAt(2), stocks_total: dayAt(3) });
    const before = scope.known;
    scope.send(withdrawn(dayAt(4), ["adv_sum"]));
    expect(scope.known).toEqual(before);
  });

  it("of another set are not touched", () => {
    const scope = new Scope();
    scope.send(calibrated(dayAt(1))).send(withdrawn(dayAt(2), ["adv_sum"], "another"));
    expect(correctedKeys(scope.known)).toEqual(["adv_sum", "stocks_total"]);
  });

  it("change nothing of what is served first", () => {
    const scope = new Scope().passes(2);
    const { state } = scope;
    const { gate } = scope.known;
    scope.send(calibrated(dayAt(2))).send(withdrawn(dayAt(3), ["adv_sum"], `${dayAt(2)}-0a1b2c3d`));
    expect(scope.state).toBe(state);
    expect(scope.known.gate).toEqual(gate);
  });
});

describe("everything that can happen to a scope", () => {
  it("takes every transition, and no state is without a way out (rule 12)", () => {
    const settings = { ...SETTINGS, enterDays: 2, minDwellDays: 0 };
    const walked = walk<DatasetContext>({
      definition: datasetDefinition,
      id: ID,
      startAt: T0,
      samples: ({ days = [] }, now) => {
        const next = dayAt(days.length + 1);
        return [
          opened(),
          ...(days.length < 6 ? ["pass", "hold", "fail"].map((verdict) => judged(next, { verdict, settings })) : []),
          ...(days.length < 6 ? [judged(next, { verdict: "no_data", status: "local_missing", settings })] : []),
          // Corrections have no say in the gate: enough to take them once.
          ...(days.length === 0 ? [calibrated(dayAt(1)), withdrawn(dayAt(2), ["adv_sum"])] : []),
          pinned("local", now + DAY_MS),
          pinned("upstream", now + DAY_MS),
          unpinned,
        ];
      },
      outputs: { setDatasetSource: [{ result: "applied" }, { result: "stale" }] },
      failures: [
        { code: "backend.rejected", final: true },
        { code: "backend.unavailable", final: false },
      ],
      facets: ({ gate, days, pin, failures, decision, corrections }) => [
        ...[days.length === 0 ? correctedKeys({ corrections }).length : 0],
        ...[gate.side, Math.min(gate.passStreak, 2), days.length, pin?.side],
        ...[Math.min(failures, 1), decision?.applied, decision?.side],
      ],
      check: ({ after: { states, context } }) => {
        const gate = states.find((path) => path.startsWith("gate."));
        if (gate === "gate.autonomous") expect(context.gate.side).toBe("local");
        if (gate === "gate.proxyFirst") expect(context.gate).toMatchObject({ side: "upstream", passStreak: 0 });
        if (gate === "gate.probation") expect(context.gate.side).toBe("upstream");
        expect(gate === "gate.pinned").toBe(context.pin !== null);
        if (states.includes("backend.settled")) expect(context.decision?.applied).not.toBeNull();
      },
    });
    expect(walked.untaken).toEqual([]);
    expect(walked.states).toEqual(
      new Set([
        ...["gate.proxyFirst", "gate.probation", "gate.autonomous", "gate.pinned"],
        ...["backend.settled", "backend.telling", "backend.waiting"],
      ]),
    );
    const gate = waysOut(datasetDefinition.machine, "gate");
    expect(gate.pinned?.timed).toEqual(["pinEnd"]);
    // The other side of a day: it comes every day for as long as the scope is active.
    for (const state of ["proxyFirst", "probation", "autonomous"])
      expect(gate[state]?.explicit).toEqual(["dataset.dayJudged", "dataset.pinned"]);
    const backend = waysOut(datasetDefinition.machine, "backend");
    expect(backend.telling?.timed).toContain("done.setDatasetSource");
    expect(backend.waiting?.timed).toContain("retryDelay");
  });
});
