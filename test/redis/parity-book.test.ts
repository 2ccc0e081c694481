import { describe, expect, it } from "vitest";
import type { FleetDay, ScopeDay } from "../../src/quality/daily/ports.ts";
import { emptySums } from "../../src/quality/engine/sums.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisParityBook } from "../../src/redis/parity-book.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const history = { nmTotal: 1, nmContinuous: 1, daysTotal: 1, daysWhole: 0 };
const SAID: ScopeDay = {
  ...{ status: "ok", asofSkew: false, history, tiers: { adv_sum: "green" } },
  sums: { adv_sum: { ...emptySums(), nCells: 3, sumAbsError: 0.5 } },
};
const day = (date: string): FleetDay => ({
  ...{ date, scopes: 1, history, statuses: { ok: 1 }, skewed: 0 },
  ...{ sums: SAID.sums, tiers: { adv_sum: { green: 1 } } },
});

describe("what the frozen days said", () => {
  it("is kept per spreadsheet for two months, the last word of each", async () => {
    const keys = new Keys(freshPrefix());
    const book = makeRedisParityBook(client, keys);
    const scope = { dataset: "checklist", spreadsheetId: "a" };
    await book.putScope(scope, "2026-11-22", { ...SAID, status: "local_missing" });
    await book.putScope(scope, "2026-11-22", SAID);
    await book.putScope({ ...scope, spreadsheetId: "b" }, "2026-11-22", SAID);
    expect(await book.scopesOf("checklist", "2026-11-22")).toEqual([SAID, SAID]);
    expect(await book.scopesOf("checklist", "2026-11-21")).toEqual([]);
    expect(await client.pttl(keys.parityScopes("checklist", "2026-11-22"))).toBeGreaterThan(60 * 86_400_000);
  });

  it("is read back for the days of one spreadsheet; those that are gone are left out", async () => {
    const book = makeRedisParityBook(client, new Keys(freshPrefix()));
    const scope = { dataset: "checklist", spreadsheetId: "a" };
    await book.putScope(scope, "2026-11-22", SAID);
    await book.putScope({ ...scope, spreadsheetId: "b" }, "2026-11-21", SAID);
    expect([...(await book.daysOf(scope, ["2026-11-21", "2026-11-22"]))]).toEqual([["2026-11-22", SAID]]);
    expect((await book.daysOf(scope, [])).size).toBe(0);
  });

  it("is kept pooled for ninety days, oldest first", async () => {
    const book = makeRedisParityBook(client, new Keys(freshPrefix()));
    const dates = Array.from({ length: 92 }, (_, n) => new Date(Date.UTC(2026, 8, 1 + n)).toISOString().slice(0, 10));
    for (const date of [...dates].reverse()) await book.putDay("checklist", day(date));
    const days = await book.days("checklist");
    expect(days.map(({ date }) => date)).toEqual(dates.slice(2));
    expect(days[0]).toEqual(day(dates[2] ?? ""));
  });
});
