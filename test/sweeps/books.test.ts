// Our books against Telegram's list: what was compared, up to where, and what is missing there.
import { describe, expect, it } from "vitest";
import type { LedgerRow } from "../../src/effects/ports.ts";
import { makeRedisBookTicks } from "../../src/redis/book-ticks.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisLedger } from "../../src/redis/ledger.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeRedisStoreIdentity } from "../../src/redis/store-identity.ts";
import { makeRedisBooksProgress } from "../../src/redis/sweep-progress.ts";
import type { BooksDay, Finding } from "../../src/support/answers/drift.ts";
import { makeBooksSweep } from "../../src/sweeps/books.ts";
import type { PaymentsProgress } from "../../src/sweeps/payments.ts";
import { makeStoreWatch } from "../../src/sweeps/store-identity.ts";
import { manualClock } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const HOUR_MS = 3_600_000;

function world() {
  const clock = manualClock();
  const keys = new Keys(freshPrefix());
  const scripts = loadScripts(client);
  const ledger = makeRedisLedger(client, scripts, keys);
  const ticks = makeRedisBookTicks(client, scripts, keys);
  const found: Finding[] = [];
  const days: BooksDay[] = [];
  const idle = { settled: 0, round: null, roundStartedAt: 0, nextRoundAt: 0, since: 0, store: "run-1" };
  let compared: PaymentsProgress | null = null;
  const progress = makeRedisBooksProgress(client, keys);
  const sweep = makeBooksSweep({
    ...{ ledger, ticks, clock, progress },
    payments: { read: async () => compared },
    onDifference: async (finding) => void found.push(finding),
    onDay: async (day) => void days.push(day),
    dayOf: () => "2026-11-23",
  });
  return {
    ...{ clock, keys, ledger, ticks, found, days, sweep, progress },
    /** A round of the payments sweep that began now came to the end of the list. */
    compares(at = clock.time) {
      compared = { ...idle, comparedAt: at };
    },
    async writes(entry: LedgerRow["entry"], chargeId: string, amountMinor: number, currency = "XTR") {
      const row = `${entry}:${chargeId}`;
      await ledger.append({ row, entry, chargeId, userId: 7, orderId: "o", currency, amountMinor, at: clock.time });
    },
    hasSeen: (direction: "in" | "out", chargeId: string, amount: number) =>
      ticks.tick([{ direction, chargeId, amount }]),
    names: () => found.map(({ id }) => id),
  };
}

describe("our books", () => {
  it("have what Telegram's list has: nothing is said, and the totals are the same", async () => {
    const here = world();
    await here.writes("charge", "a", 500);
    await here.writes("refund", "a", -500);
    await here.writes("charge", "b", 300);
    await here.writes("charge", "euro", 990, "EUR");
    await here.hasSeen("in", "a", 500);
    await here.hasSeen("in", "a", 500);
    await here.hasSeen("out", "a", 500);
    await here.hasSeen("in", "b", 300);
    here.clock.time += HOUR_MS;
    here.compares();
    await here.sweep();
    expect(here.names()).toEqual([]);
    expect(here.days).toEqual([{ day: "2026-11-23", at: here.clock.time, ledger: 300, telegram: 300 }]);
    await here.sweep();
    expect(here.days, "once per comparison").toHaveLength(1);
    expect(await here.progress.readComparedAt()).toBe(here.clock.time);
  });

  it("have a charge and a refund that Telegram does not know: each is told once", async () => {
    const here = world();
    await here.writes("charge", "forged", 500);
    await here.writes("charge", "a", 500);
    await here.writes("refund", "a", -500);
    await here.hasSeen("in", "a", 500);
    here.clock.time += HOUR_MS;
    here.compares();
    await here.sweep();
    await here.sweep();
    expect(here.names()).toEqual(["notInBooks:charge:forged", "notInBooks:refund:a"]);
    expect(here.days[0]).toMatchObject({ ledger: 500, telegram: 500 });
  });

  it("are compared up to where the list was, and the rest waits for its turn", async () => {
    const here = world();
    await here.writes("charge", "old", 500);
    here.clock.time += HOUR_MS;
    await here.sweep();
    expect(here.names(), "the list was never read to its end").toEqual([]);
    await here.writes("charge", "young", 500);
    here.compares();
    await here.sweep();
    expect(here.names()).toEqual(["notInBooks:charge:old"]);
    here.clock.time += HOUR_MS;
    here.compares();
    await here.sweep();
    expect(here.names()).toEqual(["notInBooks:charge:old", "notInBooks:charge:young"]);
  });

  it("are gone through in pages, and from where it stopped", async () => {
    const here = world();
    for (let index = 0; index < 450; index += 1) await here.writes("charge", `c${index}`, 1);
    here.clock.time += HOUR_MS;
    here.compares();
    await here.sweep();
    expect(new Set(here.names()).size).toBe(450);
    expect(here.found).toHaveLength(450);
  });
});

describe("the identity of a store", () => {
  it("is its server's, and its count only goes up", async () => {
    const identity = makeRedisStoreIdentity(client, new Keys(freshPrefix()));
    const [one, two] = [await identity.read(), await identity.read()];
    expect(one.id).toMatch(/^[0-9a-f]{40}$/);
    expect(two).toEqual({ id: one.id, beat: one.beat + 1 });
  });

  it("shows an older state by a count that went back, to whoever saw more", async () => {
    const keys = new Keys(freshPrefix());
    const watch = makeStoreWatch(makeRedisStoreIdentity(client, keys));
    const { id } = await watch(null);
    await client.set(keys.beat(), 500);
    expect(await watch(id)).toEqual({ id, hasChanged: false });
    await client.set(keys.beat(), 400);
    expect(await watch(id)).toEqual({ id, hasChanged: true });
    expect(await watch(id)).toEqual({ id, hasChanged: false });
  });
});
