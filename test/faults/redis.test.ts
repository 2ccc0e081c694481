// Redis dies, stands still, is full, cannot write: while people pay, against a real process and a real server.
import { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ServiceProcess } from "./support/service-process.ts";
import { PATIENCE_MS, REDIS_PAUSE_MS } from "./support/sizes.ts";
import { until } from "./support/until.ts";
import { World } from "./support/world.ts";

vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });
const ends: (() => Promise<void>)[] = [];
let world: World;
let service: ServiceProcess;
beforeAll(async () => {
  world = await World.open((end) => void ends.unshift(end));
  service = await world.startService();
});
afterAll(async () => {
  for (const end of ends) await end();
});

/** Webhook calls are limited to two seconds of waiting for Redis; the rest is for a busy machine. Unit: milliseconds. */
const REFUSED_WITHIN_MS = 6_000;

/** People pay while it happens; in the end each promise holds for each of them. */
async function whilePeoplePay(fault: () => Promise<void>): Promise<void> {
  const from = performance.now();
  const ready = world.buyers(2);
  const invoices = await Promise.all(ready.map((buyer) => buyer.choosesPlan()));
  // These are at their invoice when it begins, the last one comes in the middle of it.
  const paying = ready.map(async (buyer, index) => {
    await buyer.pays(invoices[index] ?? 0);
    await buyer.joins();
  });
  const latecomer = world.buyer();
  await Promise.all([fault(), ...paying, latecomer.buysAndJoins()]);
  const boughtMs = Math.round(performance.now() - from);
  const settledMs = await world.holds();
  console.log(
    `${expect.getState().currentTestName}: all bought in ${boughtMs} ms, every promise held ${settledMs} ms later`,
  );
}

async function isRefused(): Promise<void> {
  const { status, afterMs } = await world.knock(service);
  expect(status).toBe(503);
  expect(afterMs).toBeLessThan(REFUSED_WITHIN_MS);
}

describe("I12 an acknowledged update is durable", () => {
  it("when Redis is killed and comes back: 503 meanwhile, nothing lost, nothing twice", async () => {
    await whilePeoplePay(async () => {
      await sleep(100);
      await world.redis.kill();
      await isRefused();
      expect(await world.status(service, "/readyz")).toBe(503);
      await world.redis.start();
      await until("it is ready again", async () => ((await world.status(service, "/readyz")) === 200 ? true : null));
    });
    expect(service.isRunning).toBe(true);
  });

  it("when Redis has no memory left: commits are refused as a whole, and go on when there is room", async () => {
    await whilePeoplePay(async () => {
      await world.client.config("SET", "maxmemory", "1");
      await isRefused();
      await sleep(500);
      await world.client.config("SET", "maxmemory", "0");
    });
  });

  it("when Redis cannot write to its disk (MISCONF): refused, and goes on when it can", async () => {
    const inTheWay = join(world.redis.dataDir, "dump.rdb");
    await whilePeoplePay(async () => {
      mkdirSync(inTheWay);
      await world.client.config("SET", "save", "3600 1");
      await world.client.bgsave();
      await until("saving has failed", async () =>
        (await world.client.info("persistence")).includes("rdb_last_bgsave_status:err") ? true : null,
      );
      await isRefused();
      rmdirSync(inTheWay);
      await world.client.config("SET", "save", "");
    });
  });
});

describe("I16 the service heals without hands", () => {
  it(`when Redis stands still for ${REDIS_PAUSE_MS} ms, longer than the locks of the workers`, async () => {
    await whilePeoplePay(async () => {
      await sleep(200);
      world.redis.pause();
      const pausedAt = performance.now();
      await isRefused();
      await sleep(Math.max(0, REDIS_PAUSE_MS - (performance.now() - pausedAt)));
      world.redis.resume();
    });
    expect(world.doubled()).toBe(0);
  });

  it("and stops as asked afterwards, with code 0 in less than 10 s", async () => {
    service.signal("SIGTERM");
    const { code, afterMs } = await service.ended();
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(10_000);
  });

  it("but does not start on a Redis that may delete: code 3, and says which setting", async () => {
    await world.client.config("SET", "maxmemory", "500mb");
    await world.client.config("SET", "maxmemory-policy", "allkeys-lru");
    const refused = world.launchService();
    expect((await refused.ended()).code).toBe(3);
    expect(refused.stderr).toContain("maxmemory-policy noeviction");
  });
});
