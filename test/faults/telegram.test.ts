// Telegram fails at every call, in every way, and is away for a while: against a real process.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { CallRule } from "../../src/sandbox/telegram/faults.ts";
import { makeRandom } from "../support/random.ts";
import { SEED } from "../support/seeds.ts";
import { PATIENCE_MS, TELEGRAM_FAULTS } from "./support/sizes.ts";
import { World } from "./support/world.ts";

vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });
const ends: (() => Promise<void>)[] = [];
let world: World;
beforeAll(async () => {
  world = await World.open((end) => void ends.unshift(end));
  await world.startService();
});
afterEach(() => world.telegram.faults.clear());
afterAll(async () => {
  for (const end of ends) await end();
});

/** A call whose effect happened all the same is one of the odd ones in each pair. */
const FAULTS: readonly CallRule["fault"][] = [
  { kind: "error", status: 429, retryAfter: 1 },
  { kind: "error", status: 500 },
  { kind: "error", status: 502, execute: true },
  { kind: "reset", when: "before" },
  { kind: "reset", when: "after" },
  { kind: "truncate" },
  { kind: "garbage" },
  { kind: "garbage", execute: true },
];
const CALLS = [
  "createChatInviteLink",
  "approveChatJoinRequest",
  "getChatMember",
  "sendMessage",
  "editMessageText",
] as const;

describe("I2 who paid gets in", () => {
  it(`when every call may fail, before its effect or after it (seed ${SEED})`, async () => {
    const random = makeRandom(SEED);
    const hooks = Array.from({ length: TELEGRAM_FAULTS }, () =>
      world.telegram.faults.onCall({
        method: random.pick(CALLS),
        times: 1,
        skip: random.below(3),
        fault: random.pick(FAULTS),
      }),
    );
    const buyers = world.buyers(3);
    await Promise.all(buyers.map((buyer) => buyer.buysAndJoins()));
    await world.holds();
    const struck = hooks.filter(({ hits }) => hits > 0).length;
    console.log(`seed ${SEED}: ${struck} calls failed; ${world.doubled()} messages doubled`);
    expect(struck).toBeGreaterThan(4);
    for (const { person } of buyers) {
      const joined = world.telegram.calls({ method: "approveChatJoinRequest", userId: person.id });
      expect(joined.filter(({ response }) => response?.ok === true).length).toBeLessThanOrEqual(1);
    }
  });

  it("when Telegram answers no call for a while: updates are kept, effects wait", async () => {
    const buyers = world.buyers(2);
    const invoices = await Promise.all(buyers.map((buyer) => buyer.choosesPlan()));
    const away = (["createChatInviteLink", "sendMessage", "editMessageText"] as const).map((method) =>
      world.telegram.faults.onCall({ method, fault: { kind: "reset", when: "before" } }),
    );
    await Promise.all(buyers.map((buyer, index) => buyer.pays(invoices[index] ?? 0)));
    await sleep(2_000);
    expect(away.some(({ hits }) => hits > 0)).toBe(true);
    expect(world.telegram.pendingUpdates()).toEqual([]);
    for (const rule of away) rule.remove();
    await Promise.all(buyers.map((buyer) => buyer.joins()));
    await world.holds();
  });
});
