// A backend that is away, or refuses us: the work waits, people hear of it, and afterwards nothing is lost or doubled.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { ticketIdOf } from "../../machines/tell.ts";
import type { TicketContext } from "../../machines/ticket/types.ts";
import { Keys } from "../../src/redis/keys.ts";
import { type Connector, customer, ONE_OF_EACH } from "./support/connecting.ts";
import { HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";

const STAFF = 7_000_000_002;
const dataDir = mkdtempSync(join(tmpdir(), "tgs-outage-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const scene = useScene({ env: { DATA_DIR: dataDir, STAFF_CHAT_ID: String(STAFF) } });
beforeAll(async () => {
  scene.current.telegram.people.add({ id: STAFF, firstName: "Staff" }).send("/start");
  await scene.current.stage.settle();
});

/** The breaker tries again after 30 s of real time, and those who wait come one after the other. */
const RECOVERS_WITHIN_MS = 75_000;

async function atTheToken(languageCode: "ru" | "en"): Promise<Connector> {
  const anna = await (await customer(scene.current, { user: { languageCode } })).opens();
  await anna.sendsEmail(`anna-${anna.someone.id}@gmail.com`);
  return anna.sendsSheet();
}

/** What waits for its time in the queue runs now: an operator's "promote". */
async function promoteWaiting(): Promise<void> {
  const connection = new Redis({ path: join(dataDir, "redis", "redis.sock"), maxRetriesPerRequest: null });
  const queue = new Queue("outside", { connection, prefix: new Keys().queuePrefix(0) });
  await queue.promoteJobs();
  await queue.close();
  await connection.quit();
}

const product = () => scene.current.stage.product;
const toStaff = (words: string): string[] =>
  scene.current.telegram
    .calls({ method: "sendMessage", chatId: STAFF })
    .map(({ params }) => String(params.text))
    .filter((text) => text.includes(words));

async function expectAllDone(people: readonly Connector[]): Promise<void> {
  await vi.waitFor(
    async () => {
      for (const anna of people) expect(await anna.at()).toBe("ready.watching");
    },
    { timeout: RECOVERS_WITHIN_MS, interval: 500 },
  );
  await scene.current.stage.settle();
  for (const anna of people) {
    expect(anna.effects()).toEqual({ ...ONE_OF_EACH, slices_stored: 1 });
    expect(anna.screen).toMatch(/^(?:Done|Готово)/);
    expect(anna.someone.texts().filter((text) => /^(?:Done|Готово)/.test(text))).toHaveLength(1);
  }
}

describe("a backend that is away (check 6, U9)", () => {
  it("is left alone while the work waits; customers and staff hear of it, and all of it is done once afterwards", async () => {
    const people = [];
    for (let index = 0; index < 7; index += 1) people.push(await atTheToken(index === 0 ? "ru" : "en"));
    product().faults.add({ path: "/api/*", times: 10_000, fault: { reset: true } });
    for (const anna of people) anna.someone.person.send(anna.mint());
    await scene.current.stage.settle();
    // The second attempts come after two seconds; the breaker has opened before, or then.
    await vi.waitFor(() => expect(product().calls().length).toBeGreaterThanOrEqual(5), { timeout: 10_000 });
    await promoteWaiting();
    await scene.current.stage.settle();
    const seq = product().calls().at(-1)?.seq ?? 0;
    for (let times = 0; times < 3; times += 1) {
      await promoteWaiting();
      await scene.current.stage.settle();
    }
    expect(product().calls({ afterSeq: seq }), "an open breaker lets nobody through").toEqual([]);
    for (const anna of people) expect(await anna.at()).toBe("connecting.registering");

    await scene.current.stage.advance(11 * 60_000);
    expect(people[0]?.screen).toBe(
      "Сервис сейчас не отвечает. Ответы и токен сохранены, проверим сами и напишем в течение часа. Делать ничего не нужно.",
    );
    for (const anna of people.slice(1))
      expect(anna.screen).toMatch(/^The service is not answering now\..+Nothing to do\./);
    for (const anna of people) expect(await scene.current.ticketsOf(anna.someone)).toEqual([]);

    await scene.current.stage.advance(HOUR_MS);
    for (const anna of people) {
      expect(anna.screen).toMatch(/We are looking into it and will write|Разбираемся и напишем/);
      expect(await scene.current.ticketsOf(anna.someone)).toMatchObject([
        { subject: "onboarding", about: anna.address },
      ]);
      expect(await anna.at(), "the work itself still waits").toBe("connecting.registering");
      expect(await anna.at("promise")).toBe("late");
      expect((await anna.knows()).token, "the token is kept").not.toBeNull();
    }
    expect(toStaff("onboarding").length).toBeGreaterThanOrEqual(people.length);

    product().faults.clear();
    await expectAllDone(people);
    for (const anna of people) {
      expect(
        new Set(
          anna
            .calls()
            .map(({ idempotency_key }) => idempotency_key)
            .filter(Boolean),
        ).size,
      ).toBe(4);
      expect(await anna.at("promise")).toBe("keptLate");
    }
  }, 120_000);
});

describe("a backend that refuses our credential", () => {
  it("is told to staff once; the work waits, and goes on when the credential is right again", async () => {
    const people = [await atTheToken("en"), await atTheToken("ru")];
    const [first] = people;
    product().faults.add({ path: "/api/*", times: 1, fault: { status: 401, code: "unauthorized" } });
    await first?.sendsToken();
    const calls = product().calls().length;
    await people[1]?.sendsToken();
    await promoteWaiting();
    await scene.current.stage.settle();
    expect(product().calls().length, "nobody is called until it is corrected").toBe(calls);
    for (const anna of people) expect(await anna.at()).toBe("connecting.registering");
    const ticket = await scene.current.stage.read(addressOf.ticket(ticketIdOf("backend", "operator")));
    expect(ticket?.context as unknown as TicketContext).toMatchObject({
      subject: "backend",
      detail: "unauthorized operator",
    });
    expect(toStaff("unauthorized operator")).toHaveLength(1);

    await scene.current.stage.restart();
    await promoteWaiting();
    await expectAllDone(people);
    expect(toStaff("unauthorized operator")).toHaveLength(1);
  });
});

itStaysWhole(scene);
