// Whatever happens to the service between two messages of a customer, the set-up ends ready, with one registration.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { Keys } from "../../src/redis/keys.ts";
import { type Connector, customer, ONE_OF_EACH } from "./support/connecting.ts";
import { itStaysWhole, useScene } from "./support/scene.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tgs-resilience-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const scene = useScene({ env: { DATA_DIR: dataDir } });

/** A client of the service's own Redis, which is another one after a restart. */
let redis: Redis;
const open = () => {
  redis = new Redis({ path: join(dataDir, "redis", "redis.sock"), maxRetriesPerRequest: null });
};
beforeEach(open);
afterEach(async () => void (await redis.quit()));

const keys = new Keys();
const dialogueOf = ({ someone }: Connector) => keys.conversation(someone.id);

/** @returns whether there was a dialogue to do it to. */
type Disturbance = (anna: Connector) => Promise<boolean>;

const restart: Disturbance = async () => {
  await redis.quit();
  await scene.current.stage.restart();
  open();
  return true;
};

const loseDialogue: Disturbance = async (anna) => (await redis.del(dialogueOf(anna))) > 0;

/** As an older or a newer service would have left it. */
const otherVersion: Disturbance = async (anna) => {
  const stored = await redis.get(dialogueOf(anna));
  if (stored === null) return false;
  const { state } = JSON.parse(stored) as { state: object };
  await redis.set(dialogueOf(anna), JSON.stringify({ version: [0, 1], state }));
  return true;
};

/** The handler comes as far as Telegram, which fails once: the same update is handled again. */
const failAnswer =
  (execute: boolean): Disturbance =>
  async ({ someone }) => {
    const chatId = someone.id;
    scene.current.telegram.faults.onCall({
      method: "sendMessage",
      chatId,
      times: 1,
      fault: { kind: "error", status: 500, execute },
    });
    return true;
  };

const deliverTwice: Disturbance = async ({ someone }) => {
  scene.current.telegram.faults.onDelivery({
    updateType: "message",
    userId: someone.id,
    times: 1,
    fault: { kind: "duplicate", concurrent: true },
  });
  return true;
};

const loseAcknowledgement: Disturbance = async ({ someone }) => {
  scene.current.telegram.faults.onDelivery({
    updateType: "message",
    userId: someone.id,
    times: 1,
    fault: { kind: "ackLost" },
  });
  return true;
};

describe("between any two messages", () => {
  it.each<[string, Disturbance, number, boolean?]>([
    ["a restart of the service", restart, 0],
    ["the loss of the dialogue's state", loseDialogue, 2],
    ["a dialogue's state of another version", otherVersion, 2],
    ["a Telegram that fails at the answer", failAnswer(false), 4],
    ["a Telegram whose answer is lost after it was sent", failAnswer(true), 4, false],
    ["an update that comes twice at once", deliverTwice, 4],
    ["an acknowledgement that is lost", loseAcknowledgement, 4],
  ])(
    "%s changes nothing about the end",
    async (_, disturb, atLeast, hasOneScreen = true) => {
      const anna = await customer(scene.current);
      let disturbed = 0;
      const token = anna.mint();
      const steps = [
        () => anna.someone.person.send("/connect"),
        () => anna.someone.person.send("anna@gmail.com"),
        () => anna.someone.person.send(anna.sheet),
        () => anna.someone.person.send(token),
      ];
      const states = ["asking.awaitingEmail", "asking.awaitingSpreadsheet", "asking.awaitingToken", "ready.watching"];
      for (const [index, send] of steps.entries()) {
        if (await disturb(anna)) disturbed += 1;
        send();
        await scene.current.settleRetries();
        expect(await anna.at(), `after message ${index + 1}`).toBe(states[index]);
      }
      expect(disturbed).toBeGreaterThanOrEqual(atLeast);
      await disturb(anna);
      await scene.current.settleRetries();
      expect(anna.effects()).toEqual({ ...ONE_OF_EACH, slices_stored: 1 });
      expect(anna.screen).toMatch(/^Done/);
      expect(anna.someone.person.messages().filter(({ text }) => text.includes(token))).toEqual([]);
      const { connections, token: held } = await anna.knows();
      expect(connections).toHaveLength(1);
      expect(held).toBeNull();
      expect(await redis.keys("*secret:*"), "no sealed token stays behind").toEqual([]);
      // Of a message whose answer was lost nobody knows, so its buttons stay; what they say is checked when they are pressed.
      const screens = anna.someone.person
        .messages()
        .filter(({ from, buttons, kind }) => from === "bot" && kind === "text" && buttons.length > 0);
      if (hasOneScreen) expect(screens).toHaveLength(1);
    },
    60_000,
  );
});

describe("the dialogue's stored state", () => {
  it("holds nothing of what was written, and does not grow", async () => {
    const anna = await (await customer(scene.current)).opens();
    await anna.someone.says("not an address at all");
    const small = (await redis.get(dialogueOf(anna))) ?? "";
    for (let times = 0; times < 5; times += 1) await anna.someone.says("not an address at all");
    const stored = (await redis.get(dialogueOf(anna))) ?? "";
    expect(stored).not.toContain("not an address");
    expect(stored.length).toBeLessThanOrEqual(small.length + 16);
    expect(await redis.ttl(dialogueOf(anna))).toBeGreaterThan(0);
  });
});

itStaysWhole(scene);
