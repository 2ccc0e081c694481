// A process that dies at hundreds of random boundaries, in the night at ten thousand. CRASH_POINTS=10000 for more,
// CRASH_SEED=… plays one round again, the one that a failure names.
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { DAY_MS } from "../machines/support/terms.ts";
import { makeRandom } from "../support/random.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { SEED } from "../support/seeds.ts";
import { doubledNotices, judgeRound } from "./points/judge.ts";
import { PERIOD_MS, Round } from "./points/round.ts";

const isNight = process.env.NIGHTLY === "1";
const POINTS = Number(process.env.CRASH_POINTS ?? (isNight ? 10_000 : 300));
const ONLY_SEED = process.env.CRASH_SEED === undefined ? null : Number(process.env.CRASH_SEED);
const MOST_CRASHES_A_PHASE = 24;

/** One small world from its first purchase to after the last period. */
async function play(seed: number): Promise<{ readonly round: Round; readonly wrong: readonly string[] }> {
  const round = new Round(testRedis(), freshPrefix(), makeRandom(seed));
  round.buy();
  await round.live(MOST_CRASHES_A_PHASE);
  const wrong = [...(await judgeRound(round))];
  // The ends of periods of one term and of two, with the days of grace behind each.
  for (const aheadMs of [PERIOD_MS - DAY_MS, 10 * DAY_MS, PERIOD_MS, 40 * DAY_MS]) {
    round.clock.time += aheadMs;
    await round.live(MOST_CRASHES_A_PHASE / 4);
    wrong.push(...(await judgeRound(round)));
  }
  return { round, wrong };
}

describe(`a process that dies at ${ONLY_SEED === null ? `${POINTS} random boundaries (seed ${SEED})` : `the boundaries of seed ${ONLY_SEED}`}`, () => {
  it("I1 I2 I3 I5 I9: no charge lost or doubled, nobody wrongly in or out, nothing stuck, every history whole", async () => {
    const places = new Map<string, number>();
    const startedAt = performance.now();
    let points = 0;
    let doubled = 0;
    let rounds = 0;
    let charges = 0;
    for (; ONLY_SEED === null ? points < POINTS : rounds === 0; rounds += 1) {
      const seed = ONLY_SEED ?? (SEED + rounds) % 0x7fff_ffff;
      const { round, wrong } = await play(seed);
      expect(wrong, `CRASH_SEED=${seed} plays this round again; it died ${round.deaths.join(", ")}`).toEqual([]);
      expect(doubledNotices(round)).toBeLessThanOrEqual(round.deaths.length);
      for (const place of round.deaths) places.set(place, (places.get(place) ?? 0) + 1);
      points += round.deaths.length;
      doubled += doubledNotices(round);
      charges += round.charges.length;
      await sleep(0);
    }
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const table = [...places].sort(([, a], [, b]) => b - a).map(([place, count]) => `${place} ${count}`);
    console.log(
      `seed ${ONLY_SEED ?? SEED}: ${points} crash points in ${rounds} rounds and ${seconds} s; ${charges} charges, ${doubled} messages doubled; ${table.join(", ")}`,
    );
    if (ONLY_SEED === null) expect(places.size).toBeGreaterThan(15);
  }, 14_400_000);
});
