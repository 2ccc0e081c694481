// Running it: Redis away, restarts, several processes, and the process as an operator starts and stops it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { AppError } from "../../src/errors.ts";
import { openStage, type Stage, type StageOptions } from "../../src/sandbox/play/stage.ts";
import { TelegramEmulator } from "../../src/sandbox/telegram/emulator.ts";
import { freePort } from "../support/free-port.ts";
import { startPrivateRedis } from "../support/redis.ts";
import { type AtEnd, startChild } from "./support/child.ts";
import { CHATS, plansFile } from "./support/plans.ts";
import { Scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

/** As long as Telegram's client waits patiently. Unit: milliseconds. */
const SOON_MS = 3_000;

function plansPath(atEnd: AtEnd, text = plansFile()): string {
  const directory = mkdtempSync(join(tmpdir(), "tgs-plans-"));
  const path = join(directory, "plans.yaml");
  writeFileSync(path, text);
  atEnd(async () => rmSync(directory, { recursive: true, force: true }));
  return path;
}

async function openScene(options: StageOptions = {}): Promise<Scene> {
  const path = plansPath(onTestFinished);
  const stage = await openStage({ ...options, env: { PLANS_FILE: path, ...options.env } });
  onTestFinished(() => stage.close());
  await stage.settle();
  return new Scene(stage, path);
}

const readiness = async ({ app }: Stage) => (await fetch(`${app.url}/readyz`)).status;

const postUpdate = (scene: Scene, url: string, update: object) =>
  fetch(`${url}/telegram/webhook`, {
    method: "POST",
    body: JSON.stringify(update),
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": scene.stage.webhookSecret },
  });

async function timed<T>(work: Promise<T>): Promise<{ readonly value: T; readonly tookMs: number }> {
  const from = performance.now();
  const value = await work;
  return { value, tookMs: performance.now() - from };
}

describe("a Redis that does not answer", () => {
  it.each(["hangs", "is dead"] as const)(
    "because it %s: not ready, updates refused, checkouts declined in time, and all of it made up for once",
    async (how) => {
      const redis = await startPrivateRedis();
      const scene = await openScene({ redis: redis.target });
      const anna = await scene.newcomer();
      await anna.chooses("club-month");
      const invoice = anna.invoice();
      expect(await readiness(scene.stage)).toBe(200);

      if (how === "hangs") redis.pause();
      else await redis.kill();
      const ready = await timed(readiness(scene.stage));
      expect(ready.value).toBe(503);
      expect(ready.tookMs).toBeLessThan(SOON_MS);

      const paying = await timed(anna.person.payInvoice(invoice));
      expect(paying.value).toMatchObject({
        kind: "declined",
        errorMessage: expect.stringMatching(/not answering now\. Nothing was charged/),
      });
      expect(paying.tookMs).toBeLessThan(SOON_MS);

      const update = {
        update_id: 4_242,
        message: {
          message_id: 9,
          date: 1,
          chat: { id: anna.id, type: "private" },
          from: anna.person.user,
          text: "/help",
        },
      };
      const refused = await timed(postUpdate(scene, scene.stage.app.url, update));
      expect(refused.value.status).toBeGreaterThanOrEqual(500);
      expect(refused.tookMs).toBeLessThan(SOON_MS);
      anna.person.send("/terms");

      if (how === "hangs") redis.resume();
      else await redis.start();
      await vi.waitFor(async () => expect(await readiness(scene.stage)).toBe(200), { timeout: 15_000 });
      // As Telegram does: again until it is taken. Whether the first one was is not to be seen from outside.
      expect((await postUpdate(scene, scene.stage.app.url, update)).status).toBe(200);
      await scene.settleRetries();
      const heard = anna.texts().map((text) => text.split("\n")[0]);
      expect(
        heard.filter((title) => title === "Help"),
        "one answer to one message, however often it was delivered",
      ).toHaveLength(1);
      expect(heard.filter((title) => title === "Terms")).toHaveLength(1);
      expect(await anna.person.payInvoice(invoice)).toMatchObject({ kind: "paid" });
      await scene.settleRetries();
      expect(await anna.subscription()).toMatchObject({ charges: 1 });
      expect(await scene.ledgerOf(anna)).toHaveLength(1);
    },
  );
});

describe("a restart", () => {
  it("in the middle of everything loses nothing and does nothing twice", async () => {
    const scene = await openScene();
    const anna = await scene.newcomer();
    const boris = await scene.newcomer({ firstName: "Boris" });
    await boris.chooses("club-month");
    // Anna has paid, her invitation failed once and waits for its next attempt when the service goes down.
    scene.telegram.faults.onCall({
      method: "createChatInviteLink",
      chatId: CHATS.club,
      times: 1,
      fault: { kind: "error", status: 500 },
    });
    await anna.buys("club-month");
    expect(await anna.inviteState()).toBe("granting.creating");
    await scene.stage.restart(async () => {
      // Boris' client waits for an answer of a service that is not there; what he writes is delivered later.
      boris.person.send("/help");
    });
    await scene.settleRetries();
    expect(boris.person.screen()?.text).toMatch(/^Help/);
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    expect(anna.chat().match(/Payment received/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(await scene.ledgerOf(anna)).toHaveLength(1);

    await boris.says("/start plans");
    await boris.presses("v1:plan:club-month");
    await boris.pays();
    await boris.joins();
    expect(boris.isIn()).toBe(true);
    const end = await anna.paidUntil();
    await scene.stage.restart();
    await scene.stage.advanceTo(end + 60_000);
    expect(await anna.subscription(), "timers and the clock go on where they were").toMatchObject({ charges: 2 });
  });
});

describe("two processes of the service", () => {
  it("take the same update at once, and one of them applies it", async () => {
    const redis = await startPrivateRedis();
    const scene = await openScene({ redis: redis.target });
    const replica = await scene.stage.replica();
    const urls = [scene.stage.app.url, replica.url];
    const people = await Promise.all(Array.from({ length: 8 }, () => scene.newcomer()));
    for (const [index, someone] of people.entries()) {
      await someone.chooses("club-month");
      const { orderId } = await someone.subscription();
      const from = someone.person.user;
      const update = {
        update_id: 5_000_000 + index,
        message: {
          message_id: 500 + index,
          from,
          chat: { id: someone.id, type: "private", first_name: from.first_name },
          date: Math.floor(scene.now() / 1_000),
          successful_payment: {
            ...{ currency: "XTR", total_amount: 500, invoice_payload: orderId, provider_payment_charge_id: "" },
            ...{ telegram_payment_charge_id: `both-${someone.id}`, is_recurring: true, is_first_recurring: true },
          },
        },
      };
      const answers = await Promise.all([...urls, ...urls].map((url) => postUpdate(scene, url, update)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    }
    await scene.settleRetries();
    for (const someone of people) {
      expect(await someone.subscription()).toMatchObject({ charges: 1 });
      expect(await scene.ledgerOf(someone)).toHaveLength(1);
      expect(someone.chat().match(/Payment received/g)).toHaveLength(1);
      await someone.joins();
      expect(someone.isIn()).toBe(true);
    }
  });
});

const TOKEN = "6900000001:journeys-token-journeys-token-journeys";
const SEALING_KEYS = `k1:${Buffer.alloc(32, 7).toString("base64")}`;

async function realTelegram(atEnd: AtEnd): Promise<TelegramEmulator> {
  const telegram = new TelegramEmulator({ clock: { now: () => Date.now() }, token: TOKEN });
  await telegram.start();
  atEnd(() => telegram.stop());
  for (const id of Object.values(CHATS)) telegram.channels.create({ id });
  return telegram;
}

describe("a reload of the plans", () => {
  it("that failed half way is made up for by the next, though the file is the same", async () => {
    const path = plansPath(onTestFinished);
    const stage = await openStage({ env: { PLANS_FILE: path } });
    onTestFinished(() => stage.close());
    const { app } = stage;
    const { actors } = app.core;
    const address = addressOf.channel(String(CHATS.club));
    const registered = async () =>
      (await actors.history(address)).filter(({ event }) => event.type === "channel.registered").length;
    const before = await registered();
    writeFileSync(path, plansFile({ clubMonthStars: 501 }));
    const send = actors.send.bind(actors);
    const redisAway = vi.spyOn(actors, "send").mockImplementation((to, event, options) => {
      if (event.type === "channel.registered") throw new AppError("redis.unreachable");
      return send(to, event, options);
    });
    await expect(app.reloadPlans()).rejects.toMatchObject({ code: "redis.unreachable" });
    redisAway.mockRestore();
    expect(await registered()).toBe(before);
    expect(await app.reloadPlans()).toMatchObject({ ok: true });
    expect(await registered()).toBe(before + 1);
  });
});

describe("a Redis that would lose data", () => {
  it("ends the process with code 3 and says what to set", async () => {
    const port = await freePort();
    await startPrivateRedis({ args: ["--port", String(port), "--bind", "127.0.0.1", "--appendonly", "no"] });
    const child = await startChild({ REDIS_URL: `redis://127.0.0.1:${port}` }, onTestFinished);
    expect((await child.ended()).code).toBe(3);
    expect(child.stderr()).toMatch(/append-only file is off[\s\S]*Set appendonly yes/);
  });
});

// Each has a process, a Telegram and files of its own, and most of their time is waiting for one to start.
describe.concurrent("the process", () => {
  it("without any setting is a sandbox, says where it is, and ends on SIGTERM with code 0", async ({
    onTestFinished,
  }) => {
    const child = await startChild({}, onTestFinished);
    const { url } = await child.logs("app.ready");
    expect((await fetch(`${String(url)}/readyz`)).status).toBe(200);
    expect(child.stderr()).toMatch(/Sandbox[\s\S]*http:\/\/127\.0\.0\.1:\d+/);
    child.signal("SIGTERM");
    const { code, afterMs } = await child.ended();
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(10_000);
  });

  it.for(["polling", "webhook"] as const)(
    "with a token works by %s, and stops taking updates when it is told to end",
    async (by, { onTestFinished }) => {
      const telegram = await realTelegram(onTestFinished);
      const port = await freePort();
      const webhook = {
        WEBHOOK_URL: `http://127.0.0.1:${port}/telegram/webhook`,
        WEBHOOK_SECRET: "a-secret-of-the-journeys",
      };
      const child = await startChild(
        {
          ...{
            BOT_TOKEN: TOKEN,
            TELEGRAM_API_ROOT: telegram.apiRoot,
            SEALING_KEYS,
            PORT: String(port),
            PLANS_FILE: plansPath(onTestFinished),
          },
          ...(by === "webhook" ? webhook : {}),
        },
        onTestFinished,
      );
      await child.logs("app.ready");
      const anna = telegram.people.add({ languageCode: "en", stars: 1_000 });
      anna.start("plans");
      await vi.waitFor(() => expect(anna.screen()?.text).toMatch(/Plans/), { timeout: 10_000 });
      anna.press("v1:plan:club-month");
      await vi.waitFor(() => expect(anna.screen()?.text).toMatch(/500 ⭐ every 30 days/), { timeout: 10_000 });
      const link = anna
        .screen()
        ?.buttons.flat()
        .find((button) => button.kind === "url");
      expect(await anna.payInvoice(link?.kind === "url" ? link.url : "")).toMatchObject({ kind: "paid" });
      await vi.waitFor(() => expect(anna.screen()?.text).toMatch(/Now join the channel/), { timeout: 10_000 });
      expect(telegram.calls({ method: "setMyCommands" }).length).toBeGreaterThan(0);
      child.signal("SIGTERM");
      const { code, afterMs } = await child.ended();
      expect(code, child.stderr()).toBe(0);
      expect(afterMs).toBeLessThan(10_000);
      const everything = JSON.stringify(child.log()) + child.stderr();
      expect(everything).not.toContain(TOKEN.slice(11));
      expect(everything).not.toContain(webhook.WEBHOOK_SECRET);
    },
  );

  it("with a wrong token ends with code 2 and says where to get the right one", async ({ onTestFinished }) => {
    const telegram = await realTelegram(onTestFinished);
    const child = await startChild(
      {
        BOT_TOKEN: `1234567:${"x".repeat(35)}`,
        TELEGRAM_API_ROOT: telegram.apiRoot,
        SEALING_KEYS,
        PLANS_FILE: plansPath(onTestFinished),
      },
      onTestFinished,
    );
    expect((await child.ended()).code).toBe(2);
    expect(child.stderr()).toMatch(/@BotFather/);
    expect(child.stderr()).not.toMatch(/x{35}|at .*\.ts:\d/);
  });

  it("with a broken environment ends with code 2 and lists every problem, without any value", async ({
    onTestFinished,
  }) => {
    const child = await startChild(
      { BOT_TOKEN: "nonsense-token", PORT: "99999", ROLE: "boss", WEBHOOK_URL: "not a url", ADMIN_TOKENS: "hunter2" },
      onTestFinished,
    );
    expect((await child.ended()).code).toBe(2);
    for (const name of ["BOT_TOKEN", "PORT", "ROLE", "WEBHOOK_URL", "WEBHOOK_SECRET", "ADMIN_TOKENS", "SEALING_KEYS"])
      expect(child.stderr()).toContain(`${name}:`);
    expect(child.stderr()).not.toMatch(/nonsense-token|99999|boss|hunter2/);
  });

  it("with a broken plans file ends with code 2 and names every place in it", async ({ onTestFinished }) => {
    const broken = plansFile()
      .replace("amount: 300 }", "amount: -300 }")
      .replace("product: once,", "product: twice,")
      .replace("access: oneUseLink", "access: anyLink");
    const child = await startChild({ PLANS_FILE: plansPath(onTestFinished, broken) }, onTestFinished);
    expect((await child.ended()).code).toBe(2);
    expect(child.stderr()).toMatch(/products\[1\]\.access \(line \d+\)/);
    expect(child.stderr()).toMatch(/plans\[1\]\.price\.amount \(line \d+\)/);
    expect(child.stderr()).toMatch(/plans\[5\]\.product \(line \d+\): there is no product with this code/);
  });

  it("lives on when the plans cannot be reloaded because Redis is away, and reloads them when told again", async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const redis = await startPrivateRedis({ args: ["--port", String(port)] });
    const path = plansPath(onTestFinished);
    const child = await startChild({ PLANS_FILE: path, REDIS_URL: `redis://127.0.0.1:${port}` }, onTestFinished);
    await child.logs("app.ready");
    await redis.kill();
    writeFileSync(path, plansFile({ clubMonthStars: 501 }));
    child.signal("SIGHUP");
    expect(await child.logs("plans.reloadFailed")).toMatchObject({
      level: "error",
      err: { code: "redis.unreachable" },
    });
    await redis.start();
    await vi.waitFor(
      () => {
        child.signal("SIGHUP");
        expect(child.log().some(({ event }) => event === "plans.reloaded")).toBe(true);
      },
      { timeout: 15_000, interval: 300 },
    );
    child.signal("SIGTERM");
    expect((await child.ended()).code).toBe(0);
  });

  it("without the Redis it was given ends with code 3 and a sentence", async ({ onTestFinished }) => {
    const child = await startChild({ REDIS_URL: `redis://:p4ssw0rd@127.0.0.1:${await freePort()}` }, onTestFinished);
    expect((await child.ended()).code).toBe(3);
    expect(child.stderr()).toMatch(/Redis does not answer; check that it runs/);
    expect(child.stderr() + JSON.stringify(child.log())).not.toContain("p4ssw0rd");
  });
});
