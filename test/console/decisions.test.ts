import { afterEach, describe, expect, it, vi } from "vitest";
import { balances } from "../../src/console/balances.ts";
import { verdict } from "../../src/console/chain-verdict.ts";
import { isConfirmed } from "../../src/console/confirmed.ts";
import { formatMoney } from "../../src/console/money.ts";
import { throttled } from "../../src/console/throttled.ts";

describe("a command that wants confirming", () => {
  it("wants a reason of five characters, spaces not counted", () => {
    expect(isConfirmed("okay", "", null)).toBe(false);
    expect(isConfirmed("  ok  ", "", null)).toBe(false);
    expect(isConfirmed("an outage", "", null)).toBe(true);
  });

  it("wants the number of actors to the digit", () => {
    expect(isConfirmed("an outage", "36", 37)).toBe(false);
    expect(isConfirmed("an outage", "", 37)).toBe(false);
    expect(isConfirmed("an outage", " 37 ", 37)).toBe(true);
  });
});

describe("the check of a chain", () => {
  const whole = { ok: true, entries: 13, brokenAt: null, problem: null } as const;
  it("says in one sentence that it is whole", () => {
    expect(verdict(whole, "en")).toBe(
      "Whole: 13 entries, each sealed with the one before. Nothing was changed or taken away.",
    );
    expect(verdict({ ...whole, entries: 1 }, "en")).toContain("1 entry");
    expect(verdict({ ...whole, entries: 2 }, "ru")).toContain("2 записи,");
    expect(verdict({ ...whole, entries: 21 }, "ru")).toContain("21 запись,");
    expect(verdict({ ...whole, entries: 5 }, "ru")).toContain("5 записей,");
  });

  it("says where it is broken", () => {
    const broken = { ok: false, entries: 13, brokenAt: 7, problem: "changedEntry" } as const;
    expect(verdict(broken, "en")).toContain("event 7");
    expect(verdict(broken, "ru")).toContain("событии 7");
  });

  it("never calls a break whole, though it cannot be named", () => {
    expect(verdict({ ok: false, entries: 1, brokenAt: null, problem: null }, "en")).toMatch(/^Broken/);
  });
});

describe("the books", () => {
  it("leave what came in less what went back, per currency", () => {
    const sums = [
      { currency: "XTR", entry: "charge", amountMinor: 500, rows: 2 },
      { currency: "XTR", entry: "refund", amountMinor: 100, rows: 1 },
      { currency: "RUB", entry: "charge", amountMinor: 29_900, rows: 1 },
      { currency: "XTR", entry: "chargeback", amountMinor: -150, rows: 1 },
    ];
    expect(balances(sums).map(({ currency, amountMinor }) => [currency, amountMinor])).toEqual([
      ["RUB", 29_900],
      ["XTR", 250],
    ]);
  });

  it("show Stars whole and roubles with kopecks", () => {
    expect(formatMoney(500, "XTR", "en")).toBe("500 ⭐");
    expect(formatMoney(29_900, "RUB", "en")).toMatch(/^RUB\s299\.00$/);
  });
});

describe("following what happens", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("reads at once, then once for a burst, and never loses the last wish", () => {
    vi.useFakeTimers();
    const work = vi.fn();
    const reading = throttled(work, 1_000);
    for (let n = 0; n < 5; n += 1) reading.call();
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    expect(work).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5_000);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it("ends with its page", () => {
    vi.useFakeTimers();
    const work = vi.fn();
    const reading = throttled(work, 1_000);
    reading.call();
    reading.call();
    reading.stop();
    vi.advanceTimersByTime(5_000);
    expect(work).toHaveBeenCalledTimes(1);
  });
});
