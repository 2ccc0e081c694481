// Drills on what the service stands on: its Redis, its secrets, its backup. The steps of the runbooks are carried out word for word.
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { Keys } from "../../src/redis/keys.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeRedisSecretStore } from "../../src/redis/secret-store.ts";
import { Secret } from "../../src/sealing/secret.ts";
import { runExport } from "../../src/startup/export.ts";
import { runImport } from "../../src/startup/import.ts";
import { rotateKeys } from "../../src/startup/rotate-keys.ts";
import { openScene, type Scene } from "../journeys/support/scene.ts";
import { freePort } from "../support/free-port.ts";
import { ringOf, sealingKeysText } from "../support/key-ring.ts";
import { type PrivateRedis, startPrivateRedis } from "../support/redis.ts";
import { ADMIN_TOKENS, Host, sha256, TOKEN } from "./support/host.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const PAGES = ["redis", "leaked-token", "restore"];

const ends: (() => Promise<void>)[] = [];
let redis: PrivateRedis;
let scene: Scene;
/** What the service is started with next: what a reader wrote into `.env`. */
let env: Record<string, string> = { ADMIN_TOKENS, SEALING_KEYS: sealingKeysText("k1") };
/** Ends the service's absence, and waits until it is there. */
let back: (() => Promise<void>) | null = null;

async function goAway(): Promise<void> {
  await new Promise<void>((isAway) => {
    const up = new Promise<void>((comeBack) => {
      const restarted = () =>
        scene.stage.restart(async () => {
          isAway();
          await up;
        }, env);
      const done = restarted();
      back = async () => {
        comeBack();
        await done;
      };
    });
  });
}

async function command(run: (print: (text: string) => void) => Promise<number>): Promise<string> {
  let said = "";
  const code = await run((text) => {
    said += text;
  });
  if (code !== 0) throw new Error(`exit code ${code}: ${said}`);
  return said;
}
const ofRedis = () => ({ ...env, REDIS_URL: `redis://127.0.0.1:${redisPort}` });
let redisPort = 0;

const host = new Host(() => scene, {
  "compose logs": async () => "the last lines",
  "compose exec -T redis redis-cli": async (args) => {
    const [name = "", ...rest] = args.slice(5);
    return `${await redis.client().call(name, ...rest)}\n`;
  },
  "compose exec -T redis df": async () => "Filesystem Size Used Avail Use% Mounted on\n",
  "compose exec -T app node dist/src/startup/rotate-keys-main.js": () =>
    command((print) => rotateKeys({ env: ofRedis(), print })),
  "compose restart app": async () => {
    await scene.stage.restart(undefined, env);
    return "";
  },
  "compose stop": async () => {
    await goAway();
    await redis.stop();
    return "";
  },
  "compose run --rm --no-deps -T redis sh -c": async (args) => {
    const { status, stderr } = spawnSync("sh", ["-c", args.at(-1) ?? ""], { cwd: redis.dataDir, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return "";
  },
  "compose run --rm --no-deps -T --user": async (args) => {
    const mounted = (args[args.indexOf("--volume") + 1] ?? "").split(":");
    const given = args.slice(args.indexOf("dist/src/startup/import-main.js") + 1);
    const inside = given.map((arg) => arg.replace(new RegExp(`^${mounted[1]}/`), `${mounted[0]}/`));
    return await command((print) => runImport({ env: ofRedis(), args: inside, print, progress: () => {} }));
  },
  "compose up --detach --wait redis": async () => {
    await redis.start();
    return "";
  },
  "compose up --detach --wait": async () => {
    if (back) await back();
    else await scene.stage.restart(undefined, env);
    back = null;
    return "";
  },
});

/** A reader who changes a line of `.env`: the next start has it. The simulated Telegram's own token and secret stay as they are. */
function editor(name: string, value: string): string {
  const path = join(host.directory, "editor");
  env = { ...env, [name]: value };
  writeFileSync(path, `#!/bin/sh\necho '${name}=changed' >> "$1"\n`);
  chmodSync(path, 0o700);
  return path;
}

beforeAll(async () => {
  redisPort = await freePort();
  const atEnd = (end: () => Promise<void>) => void ends.unshift(end);
  redis = await startPrivateRedis({ args: ["--port", String(redisPort)], atEnd });
  scene = await openScene(atEnd, { redis: redis.target, env: { PORT: String(await freePort()), ...env } });
  await host.open();
  atEnd(() => host.close());
});
afterAll(async () => {
  await back?.();
  for (const end of ends) await end();
});

const status = async (path: string, token?: string) =>
  (
    await fetch(`${scene.stage.app.url}${path}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    })
  ).status;
const knock = async (id: number) =>
  (
    await fetch(`${scene.stage.app.url}/telegram/webhook`, {
      method: "POST",
      body: JSON.stringify({
        update_id: 4_242,
        message: {
          message_id: 1,
          date: 1,
          chat: { id, type: "private" },
          from: { id, is_bot: false, first_name: "x" },
          text: "hello",
        },
      }),
      headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": scene.stage.webhookSecret },
    })
  ).status;

describe("Redis", () => {
  it("is full: writes are refused, room is given, and who wrote meanwhile is answered", async () => {
    const { id: guest } = await scene.newcomer();
    const look = await host.does("redis", "look");
    expect(look.json[0]).toMatchObject({ status: "ready" });
    for (const line of ["loading:0", "aof_last_write_status:ok", "aof_last_bgrewrite_status:ok"])
      expect(look.lines.map((one) => one.trim())).toContain(line);
    await redis.client().config("SET", "maxmemory", "1");
    expect(await knock(guest)).toBe(503);
    const full = (await host.does("redis", "look")).lines.map((line) => line.trim());
    expect(full).toContain("maxmemory:1");
    await host.does("redis", "room");
    expect(await knock(guest)).toBe(200);
    await host.does("redis", "disk");
    await host.does("redis", "workers");
  });

  it("is down: not ready, started again by its own step, and the service finds it", async () => {
    await redis.kill();
    expect(await status("/readyz")).toBe(503);
    await host.does("redis", "start");
    await expect.poll(() => status("/readyz"), { timeout: 20_000 }).toBe(200);
    const over = await host.does("redis", "over");
    expect(over.lines).toContainEqual(expect.stringMatching(/^tg_redis_persistence_ok\{.*\} 1$/));
  });
});

describe("a leaked token", () => {
  it("of the bot: calls wait while the old one is refused, none is given up, and each start registers the webhook again", async () => {
    const anna = await scene.newcomer();
    await anna.buys("club-quarter");
    const look = await host.does("leaked-token", "look", { WHO: "oncall" });
    expect(look.json).toMatchObject([
      { result: { url: `${scene.stage.app.url}/telegram/webhook` } },
      { entries: expect.any(Array) },
    ]);
    scene.telegram.faults.onCall({
      method: "sendMessage",
      fault: { kind: "error", status: 401, description: "Unauthorized" },
    });
    await scene.staff(anna.subscriptionAt(), { type: "access.revoked", by: "-", reason: "while nothing can be sent" });
    expect(await scene.metric('tg_effect_retries_total{code="telegram.unauthorized"}')).toBeGreaterThan(0);
    expect(await scene.stage.app.core.failed.list()).toEqual([]);
    scene.telegram.faults.clear();
    await host.does("leaked-token", "bot-token", { EDITOR: editor("LOG_LEVEL", "silent") });
    await anna.says("/start");
    await host.does("leaked-token", "webhook-secret", { EDITOR: editor("LOG_LEVEL", "silent") });
    expect(await knock(anna.id)).toBe(200);
  });

  it("of a person: the new one works, the old one does not, and nothing was done with it", async () => {
    expect(await status("/api/v1/me", "old")).toBe(401);
    env = { ...env, ADMIN_TOKENS: `${ADMIN_TOKENS},boris:support:${sha256("old")}` };
    await scene.stage.restart(undefined, env);
    expect(await status("/api/v1/me", "old")).toBe(200);
    const { lines } = await host.does("leaked-token", "admin-token", {
      ...{
        WHO: "boris",
        ROLE: "support",
        EDITOR: editor("ADMIN_TOKENS", `${ADMIN_TOKENS},boris:support:${sha256("new")}`),
      },
    });
    const [secret = "", entry] = lines;
    expect(entry).toBe(`boris:support:${sha256(secret)}`);
    expect((await host.does("leaked-token", "compare")).json).toMatchObject([{ dryRun: false }, { drifts: [] }]);
    expect((await host.does("leaked-token", "over", { OLD: "old" })).lines[0]).toBe("401");
    expect([await status("/api/v1/me", "new"), await status("/api/v1/me", TOKEN)]).toEqual([200, 200]);
  });

  it("of the seal: everything is put under the new key, and the old one may go", async () => {
    const at = addressOf.onboarding(7_012_345_678, "suite");
    const owner = { address: at, purpose: "wbToken" } as const;
    const store = makeRedisSecretStore(redis.client(), loadScripts(redis.client()), new Keys());
    await store.put(at, "r1", ringOf("k1").seal(new Secret("the token"), owner));
    const step = { EDITOR: editor("SEALING_KEYS", sealingKeysText("k2", "k1")) };
    const { lines } = await host.does("leaked-token", "sealing-key", step);
    expect(lines.join("\n")).toMatch(/^k2:.{44}\n[\s\S]*put under it now: 1[\s\S]*take "k1" out/);
    expect(
      ringOf("k2")
        .open((await store.read(at, "r1")) ?? "", owner)
        .reveal(),
    ).toBe("the token");
  });
});

describe("a backup", () => {
  it("is restored as the page says; who paid since then is found, and nothing differs in the end", async () => {
    const [anna, boris] = [await scene.newcomer(), await scene.newcomer()];
    await anna.buysAndJoins("club-quarter");
    await boris.chooses("club-month");
    const file = join(host.directory, "tgs.jsonl.gz");
    await command((print) => runExport({ env: ofRedis(), args: ["--out", file], print, progress: () => {} }));
    await boris.pays();
    await boris.joins();

    const BACKUP = "tgs.jsonl.gz";
    const look = await host.does("restore", "look", { BACKUP });
    expect(Number(look.lines[0])).toBeGreaterThan(10);
    await host.does("restore", "aside");
    expect(await redis.client().dbsize()).toBe(0);
    const { lines } = await host.does("restore", "import", { BACKUP });
    expect(lines).toEqual([
      expect.stringMatching(/^The file is whole/),
      expect.stringMatching(/^Imported/),
      expect.any(String),
    ]);
    await host.does("restore", "start");
    await vi.waitFor(
      async () => {
        await scene.stage.advance(60_000);
        await scene.stage.app.core.clockWorker.sweep();
        await scene.stage.settle();
        expect(await boris.billing()).toMatch(/^active/);
        expect((await host.does("restore", "over")).json[0]).toMatchObject({ drifts: [] });
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(await anna.billing()).toMatch(/^active/);
    expect((await scene.ledgerOf(boris)).map(({ entry }) => entry)).toEqual(["charge"]);
    expect((await host.does("restore", "people")).json).toMatchObject([{ actors: [] }, { needs: [] }]);
  });
});

describe("no backup", () => {
  it("what was paid is taken in when the page's variable says so: it waits for people, who give it back or its time", async () => {
    const anna = await scene.newcomer();
    await anna.buysAndJoins("club-quarter");
    const [charge] = (await scene.ledgerOf(anna)).map(({ chargeId }) => chargeId);
    const payment = async () => (await scene.stage.app.core.actors.read(addressOf.payment(charge ?? "")))?.states ?? [];
    const sweep = async () => {
      await scene.stage.advance(400_000);
      await scene.stage.app.core.clockWorker.sweep();
      await scene.stage.settle();
    };
    await scene.stage.advance(60_000);
    // The test clock lies in Redis; that of a real host does not.
    const clock = new Keys().clock();
    const offset = (await redis.client().zscore(clock, "offset")) ?? "0";
    await host.does("restore", "aside");
    await redis.client().zadd(clock, offset, "offset");
    await host.does("restore", "start");
    await sweep();
    expect(await payment(), "paid before this deployment").toEqual([]);
    expect(anna.isIn(), "nobody is put out for that").toBe(true);

    await host.does("restore", "payments-since", { EDITOR: editor("PAYMENTS_SINCE", "all") });
    await vi.waitFor(
      async () => {
        await sweep();
        expect(await payment()).toEqual(["quarantined"]);
      },
      { timeout: 20_000, interval: 100 },
    );
    const tickets = await scene.ticketsOf(anna);
    expect(tickets).toEqual([expect.objectContaining({ subject: "disputedPayment" })]);
  });
});

it("leaves no step of these pages untried", () => host.expectAllDone(PAGES));
