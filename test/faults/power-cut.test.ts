// The last moments of the store are gone, as after a power cut, a failover or a restored backup: what Telegram knows brings them back.
import { createHash } from "node:crypto";
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { makeRandom } from "../support/random.ts";
import { SEED } from "../support/seeds.ts";
import type { Buyer } from "./support/buyer.ts";
import { AOF_CUTS, PATIENCE_MS } from "./support/sizes.ts";
import { until } from "./support/until.ts";
import { World } from "./support/world.ts";

vi.setConfig({ testTimeout: PATIENCE_MS });

const MINUTE_MS = 60_000;
const OWNER = "owner-token-of-this-test-and-no-other";
const ADMIN_TOKENS = `olga:owner:${createHash("sha256").update(OWNER).digest("hex")}`;

/** The part of the append-only file that grows. */
function aofOf(dataDir: string): string {
  const directory = join(dataDir, "appendonlydir");
  const name = readdirSync(directory).find((file) => file.endsWith(".incr.aof"));
  if (name === undefined) throw new Error("there is no append-only file");
  return join(directory, name);
}

/** People who do one thing after the other, all of them at the same time. */
const all = <T>(buyers: readonly Buyer[], what: (buyer: Buyer, index: number) => Promise<T>) =>
  Promise.all(buyers.map(what));

describe("I17 an older state converges by itself", () => {
  it.each(Array.from({ length: AOF_CUTS }, (_, index) => (SEED + index) % 0x7fff_ffff))(
    "when the append-only file is cut at a random byte of a purchase (TEST_SEED=%i plays it first)",
    async (seed) => {
      const random = makeRandom(seed);
      const ends: (() => Promise<void>)[] = [];
      let aheadMs = 0;
      try {
        const clock = { now: () => Date.now() + aheadMs };
        const world = await World.open((end) => void ends.unshift(end), {
          clock,
          env: { CLOCK: "test", ADMIN_TOKENS },
        });
        const advance = async (ms: number) => {
          aheadMs += ms;
          const [service] = world.services.slice(-1);
          if (!service) throw new Error("no service runs");
          const response = await fetch(`${world.urlOf(service)}/api/v1/clock/advance`, {
            method: "POST",
            headers: { "content-type": "application/json", authorization: `Bearer ${OWNER}` },
            body: JSON.stringify({ ms }),
          });
          expect(response.status).toBe(200);
        };
        const service = await world.startService();

        // Whose order is on disk for good, and whose whole purchase may be lost.
        const known = world.buyers(2);
        const invoices = await all(known, (buyer) => buyer.choosesPlan());
        const aof = aofOf(world.redis.dataDir);
        const safeBytes = statSync(aof).size;
        const fresh = world.buyers(1);
        await all(known, (buyer, index) => buyer.pays(invoices[index] ?? 0));
        await all(known, (buyer) => buyer.joins());
        await all(fresh, (buyer) => buyer.buysAndJoins());
        await world.holds();
        await advance(5 * MINUTE_MS);

        await world.killService(service);
        await world.redis.kill();
        const bytes = statSync(aof).size;
        const cutAt = safeBytes + random.below(bytes - safeBytes);
        truncateSync(aof, cutAt);
        await world.redis.start();
        const restartedAt = performance.now();
        await world.startService();
        await advance(15 * MINUTE_MS);
        await until("what was paid is on record again", async () => {
          const wrong = (await world.wrongs()).filter(
            (line) => !fresh.some(({ person }) => line.includes(`${person.id}`)),
          );
          return wrong.filter((line) => !line.startsWith("ledger")).length === 0 ? true : null;
        }).catch(async (cause) => {
          throw new Error(`cut at ${cutAt - safeBytes} of ${bytes - safeBytes}: ${(await world.wrongs()).join("; ")}`, {
            cause,
          });
        });
        for (const { charges } of [...known, ...fresh])
          for (const chargeId of charges)
            await until(`${chargeId} is known again`, () => world.reader.actors.read(addressOf.payment(chargeId)));
        console.log(
          `seed ${seed}: ${bytes - cutAt} of ${bytes - safeBytes} bytes lost; all charges back after ${Math.round(performance.now() - restartedAt)} ms`,
        );
      } finally {
        for (const end of ends) await end();
      }
    },
  );
});
