// A machine whose clock is wrong, and then wrong the other way.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { ticketIdOf } from "../../machines/tell.ts";
import { CHATS } from "../journeys/support/plans.ts";
import { PATIENCE_MS } from "./support/sizes.ts";
import { until } from "./support/until.ts";
import { World } from "./support/world.ts";

vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });
const ends: (() => Promise<void>)[] = [];
let world: World;
beforeAll(async () => {
  world = await World.open((end) => void ends.unshift(end));
});
afterAll(async () => {
  for (const end of ends) await end();
});

const HOURS_MS = 2 * 3_600_000;
const wrongBy = (ms: number) => ({
  NODE_OPTIONS: `--import ${join(import.meta.dirname, "support/skewed-clock.mjs")}`,
  SKEW_MS: String(ms),
});

async function withClock(wrongByMs: number, whatPeopleDo: () => Promise<void>): Promise<void> {
  const service = await world.startService(wrongBy(wrongByMs));
  const [line] = service.log();
  expect(Math.abs(Number(line?.time) - Date.now() - wrongByMs)).toBeLessThan(120_000);
  await whatPeopleDo();
  await world.killService(service);
}

describe("I1 I2 a purchase goes through on a machine", () => {
  it("when its clock is two hours ahead, then two hours behind: access or a ticket, never twice the time", async () => {
    await withClock(HOURS_MS, async () => {
      await world.buyer().buysAndJoins();
      await world.holds();
    });
    const behind = world.buyer();
    await withClock(-HOURS_MS, async () => {
      await behind.buys();
      // The link that this machine asks for has ended already by Telegram's clock: Telegram refuses it, and people hear of that.
      const ticket = addressOf.ticket(ticketIdOf("inviteFailed", `${behind.person.id}:${CHATS.club}`));
      await until("there is a way in or a ticket", async () => {
        behind.knocks();
        return behind.isInside || (await world.reader.actors.read(ticket)) !== null ? true : null;
      });
    });
    // Right again, with what the other two left behind.
    await world.startService();
    await world.buyer().buysAndJoins();
    const outside = `user ${behind.person.id} paid and is outside`;
    await until("nothing else is wrong", async () =>
      (await world.wrongs()).every((line) => line === outside) ? true : null,
    );
  });
});
