// Processes of the service die at any moment, stand still, double each other and end as asked: while people pay.
import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { makeRandom } from "../support/random.ts";
import { SEED } from "../support/seeds.ts";
import type { Buyer } from "./support/buyer.ts";
import type { ServiceProcess } from "./support/service-process.ts";
import { FAULT_KILLS, PATIENCE_MS } from "./support/sizes.ts";
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
afterEach(() => world.telegram.faults.clear());
afterAll(async () => {
  for (const end of ends) await end();
});

const everybodyBuys = (buyers: readonly Buyer[]) => Promise.all(buyers.map((buyer) => buyer.buysAndJoins()));

/** Calls in whose middle a process dies; what Telegram did of it, the service cannot know. */
const CALLS = [
  "createChatInviteLink",
  "approveChatJoinRequest",
  "sendInvoice",
  "sendMessage",
  "editMessageText",
] as const;

describe("I1 each charge buys exactly one period", () => {
  it("when each update comes to two processes at the same time", async () => {
    const second = await world.startService();
    const hook = world.telegram.faults.onDelivery({
      fault: { kind: "duplicate", concurrent: true, toUrl: `${world.urlOf(second)}/telegram/webhook` },
    });
    await everybodyBuys(world.buyers(3));
    await world.holds();
    expect(hook.hits).toBeGreaterThan(9);
    expect(world.doubled()).toBe(0);
    world.telegram.faults.clear();
    await world.killService(second);
  });

  it(`when a process is killed ${FAULT_KILLS} times at any moment of a purchase (seed ${SEED})`, async () => {
    const random = makeRandom(SEED);
    const doubledBefore = world.doubled();
    const moments: string[] = [];
    for (let kill = 0; kill < FAULT_KILLS; kill += 1) {
      const buying = everybodyBuys(world.buyers(1 + random.below(2)));
      if (random.below(3) > 0) {
        // In the middle of a call, carried out or not: its answer never comes.
        const method = random.pick(CALLS);
        const execute = random.below(2) === 0;
        const hanging = world.telegram.faults.onCall({ method, times: 1, fault: { kind: "hang", execute } });
        moments.push(`${method}${execute ? " carried out" : ""}`);
        await Promise.race([until(`a call of ${method}`, () => (hanging.hits > 0 ? true : null)), buying]);
        await world.killService(service);
        hanging.remove();
      } else {
        const afterMs = random.below(1_500);
        moments.push(`after ${afterMs} ms`);
        await sleep(afterMs);
        await world.killService(service);
      }
      service = await world.startService();
      await buying;
    }
    const settledMs = await world.holds();
    const doubled = world.doubled() - doubledBefore;
    console.log(
      `seed ${SEED}: killed ${moments.join(", ")}; every promise held ${settledMs} ms later; ${doubled} messages doubled`,
    );
    expect(doubled).toBeLessThanOrEqual(FAULT_KILLS);
  });
});

describe("I11 for one actor commits are serial", () => {
  it("when a process stands still in the middle of a job until another has taken it over, and then goes on", async () => {
    const doubledBefore = world.doubled();
    const slow = world.telegram.faults.onCall({
      method: "createChatInviteLink",
      times: 1,
      fault: { kind: "hang", execute: true },
    });
    const buying = everybodyBuys(world.buyers(2));
    await until("the process is in the middle of a job", () => (slow.hits > 0 ? true : null));
    service.signal("SIGSTOP");
    const second = await world.startService();
    world.leadTo(second);
    slow.remove(); // its answer lies in the socket of the one that stands still
    await buying;
    service.signal("SIGCONT");
    await world.holds();
    expect(world.doubled() - doubledBefore).toBeLessThanOrEqual(1);
    expect(service.isRunning).toBe(true);
    await world.killService(service);
    service = second;
  });
});

describe("I13 a poisoned input harms only itself", () => {
  it("as a job that nobody can read, in each queue", async () => {
    for (const name of ["updates", "actors", "outside", "clock"] as const) {
      const queue = new Queue(name, {
        connection: world.redis.client(),
        prefix: world.reader.keys.queuePrefix(0),
      });
      await queue.add("poison", { effectId: "no address|at all", person: 7, partition: "x" });
      await queue.close();
    }
    await everybodyBuys(world.buyers(2));
    await world.holds();
    expect(service.isRunning).toBe(true);
  });

  it("as an update of a form that nobody expects, which is acknowledged and set aside", async () => {
    const from = { id: world.buyer().person.id, is_bot: false, first_name: "Odd" };
    const chat = { id: from.id, type: "private" as const, first_name: "Odd" };
    const odd: readonly object[] = [
      { message: { message_id: 1, date: 1, chat, from, text: { nested: ["\u0000"] } } },
      { callback_query: { id: 7, from, data: ["v1:status"] } },
    ];
    for (const update of odd) world.telegram.sendRawUpdate(update as never);
    await everybodyBuys(world.buyers(1));
    await world.holds();
  });
});

describe("I16 a restart heals without hands", () => {
  it("when the start itself is killed three times", async () => {
    const before = world.telegram.calls({ method: "setWebhook" }).length;
    const buyers = world.buyers(1);
    const invoices = await Promise.all(buyers.map((buyer) => buyer.choosesPlan()));
    await world.killService(service);
    const paying = Promise.all(buyers.map((buyer, index) => buyer.pays(invoices[index] ?? 0)));
    for (const afterMs of [150, 400, 900]) {
      const starting = world.launchService();
      await sleep(afterMs);
      await starting.kill();
    }
    service = await world.startService();
    await paying;
    await Promise.all(buyers.map((buyer) => buyer.joins()));
    await world.holds();
    expect(world.telegram.calls({ method: "setWebhook" }).length - before).toBeLessThanOrEqual(4);
  });

  it("when a process is asked to end in the middle of purchases: below 10 s, code 0, and the other goes on", async () => {
    const second = await world.startService();
    const buying = everybodyBuys(world.buyers(3));
    await sleep(300);
    service.signal("SIGTERM");
    const { code, afterMs } = await service.ended();
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(10_000);
    world.leadTo(second);
    await buying;
    await world.holds();
  });
});
