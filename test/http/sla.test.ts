import { describe, expect, it } from "vitest";
import { availableShare, type Freshness, type SlaFacts, slaOf } from "../../src/support/sla.ts";
import { HOUR_MS, MINUTE_MS, someTerms } from "../machines/support/terms.ts";

const NOW = Date.UTC(2026, 10, 23, 9);
const DAY_MS = 24 * HOUR_MS;
const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg";
const OTHER = SHEET.replace("1A", "2B");
const PROMISES = { readyMs: 30 * MINUTE_MS, refreshMs: 12 * HOUR_MS, availabilityPercent: 99, sheets: 2 };

const connection = (spreadsheetId: string, connectedAt: number) => ({
  ...{ spreadsheetId, connectedAt, sid: "seller", tokenExpiresAt: NOW + DAY_MS },
});
const everySixHours = (from: number, to: number): number[] => {
  const times: number[] = [];
  for (let at = from; at <= to; at += 6 * HOUR_MS) times.push(at);
  return times;
};
const T0 = NOW - 40 * DAY_MS;

function sla(
  overrides: Partial<NonNullable<SlaFacts["onboarding"]>> = {},
  { connect = PROMISES as typeof PROMISES | null, fresh = {} as Record<string, Freshness>, now = NOW } = {},
) {
  return slaOf({
    product: "suite",
    terms: someTerms({ planCode: "suite-month", connect }),
    onboarding: {
      ...{ entitled: true, promisedFrom: T0, readyBy: T0 + 30 * MINUTE_MS, readyAt: T0 + 20 * MINUTE_MS },
      connections: [connection(SHEET, T0)],
      ...overrides,
    },
    freshness: new Map(Object.entries({ [SHEET]: { since: T0, successes: everySixHours(T0, NOW) }, ...fresh })),
    now,
  });
}
const measure = (what: string, found: ReturnType<typeof slaOf>) => found[0]?.measures.find((one) => one.what === what);

describe("what a plan promises", () => {
  it("is shown with limit and measure, in the unit of the plans file", () => {
    expect(sla()).toEqual([
      {
        ...{ product: "suite", plan: "suite-month", spreadsheetId: SHEET },
        measures: [
          { what: "ready", unit: "minutes", limit: 30, measured: 20, isBreached: false, since: T0, until: null },
          {
            what: "refresh",
            unit: "hours",
            limit: 12,
            measured: 0,
            isBreached: false,
            since: NOW,
            until: NOW + 12 * HOUR_MS,
          },
          {
            ...{ what: "availability", unit: "percent", limit: 99, measured: 100, isBreached: false },
            ...{ since: NOW - 30 * DAY_MS, until: null },
          },
        ],
      },
    ]);
  });

  it("is nothing where nothing is promised, or nothing is connected by it", () => {
    expect(sla({}, { connect: null })).toEqual([]);
    const { availabilityPercent: _, ...rest } = PROMISES;
    expect(sla({}, { connect: { ...rest, readyMs: null, refreshMs: null } as never })).toEqual([]);
  });
});

describe("ready within", () => {
  it("runs while it is not, and is breached as soon as it is late", () => {
    const at = (minutes: number) =>
      measure("ready", sla({ readyAt: null, connections: [] }, { now: T0 + minutes * MINUTE_MS }));
    expect(at(10)).toMatchObject({ measured: 10, isBreached: false, until: T0 + 30 * MINUTE_MS });
    expect(at(31)).toMatchObject({ measured: 31, isBreached: true });
  });

  it("stays breached when it was late", () => {
    expect(measure("ready", sla({ readyAt: T0 + 45 * MINUTE_MS }))).toMatchObject({ measured: 45, isBreached: true });
  });

  it("has nothing to say before the payment, and stops when the right ends", () => {
    expect(measure("ready", sla({ promisedFrom: null, readyBy: null, readyAt: null }))).toMatchObject({
      measured: null,
      isBreached: null,
    });
    expect(measure("ready", sla({ readyAt: null, entitled: false }))).toMatchObject({ measured: null });
  });
});

describe("refresh", () => {
  it("is the age of the oldest spreadsheet's data, which is named", () => {
    const found = sla(
      { connections: [connection(SHEET, T0), connection(OTHER, T0)] },
      { fresh: { [OTHER]: { since: T0, successes: everySixHours(T0, NOW - 13 * HOUR_MS) } } },
    );
    expect(found[0]?.spreadsheetId).toBe(OTHER);
    expect(measure("refresh", found)?.measured).toBeGreaterThan(12);
    expect(measure("refresh", found)?.isBreached).toBe(true);
  });

  it("begins with the connection, which brought the first data", () => {
    const fresh = { [OTHER]: { since: NOW - 2 * HOUR_MS, successes: [] } };
    const found = sla({ connections: [connection(OTHER, NOW - 2 * HOUR_MS)] }, { fresh });
    expect(measure("refresh", found)).toMatchObject({ measured: 2, isBreached: false, until: NOW + 10 * HOUR_MS });
  });

  it("is not measured where nobody collects", () => {
    const found = sla({ connections: [connection(OTHER, T0)] });
    expect(found[0]?.spreadsheetId).toBeNull();
    expect(measure("refresh", found)).toMatchObject({ measured: null, isBreached: null });
  });

  it("is not measured once the right has ended", () => {
    const found = sla({ entitled: false });
    for (const what of ["refresh", "availability"])
      expect(measure(what, found)).toMatchObject({ measured: null, isBreached: null, until: null });
  });
});

describe("availability", () => {
  it("is the part of the time with data that were no older than promised", () => {
    expect(availableShare([0], { from: 0, to: 100 }, 25)).toBe(0.25);
    expect(availableShare([0, 10, 50], { from: 0, to: 100 }, 25)).toBe(0.6);
    // What was fresh when the time began counts from there on.
    expect(availableShare([-10, 40], { from: 0, to: 50 }, 25)).toBe(0.5);
    expect(availableShare([], { from: 5, to: 5 }, 25)).toBeNull();
  });

  it("is breached by a day without a collection", () => {
    const successes = everySixHours(T0, NOW).filter((at) => at < NOW - 5 * DAY_MS || at > NOW - 4 * DAY_MS);
    const found = sla({}, { fresh: { [SHEET]: { since: T0, successes } } });
    expect(measure("availability", found)?.measured).toBeLessThan(99);
    expect(measure("availability", found)?.isBreached).toBe(true);
  });

  it("does not count a time without a right", () => {
    const since = NOW - DAY_MS;
    const found = sla({}, { fresh: { [SHEET]: { since, successes: everySixHours(since, NOW) } } });
    expect(measure("availability", found)).toMatchObject({ measured: 100, since });
  });
});
