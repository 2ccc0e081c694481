// A deployment that lived a little, exported and restored: nothing of it differs, and it goes on.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Redis } from "ioredis";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { KEY_TABLE, Keys } from "../../src/redis/keys.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { HOUR_MS, openScene, type Scene } from "../journeys/support/scene.ts";
import type { Subscriber } from "../journeys/support/subscriber.ts";
import { type PrivateRedis, startPrivateRedis } from "../support/redis.ts";
import { contentsOf, exportTo, importFrom, newFile, rowsAmong } from "./support/copy.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Some of each: who paid, who renews, who is about to pay, who wrote to support; and what is not done yet. */
async function live(scene: Scene): Promise<Record<"anna" | "boris" | "clara" | "dora", Subscriber>> {
  const [anna, boris, clara, dora] = [
    await scene.newcomer(),
    await scene.newcomer(),
    await scene.newcomer(),
    await scene.newcomer({ firstName: "Line\u2028break" }),
  ];
  await anna.buysAndJoins("club-quarter");
  await boris.buysAndJoins("club-month");
  await clara.chooses("club-month");
  await dora.says("/support");
  await dora.says("Is anybody there?\u2028Hello");
  return { anna, boris, clara, dora };
}

/** What no journey leaves lying: put there as the service would. */
async function leaveUndone(redis: PrivateRedis): Promise<void> {
  const [client, keys] = [redis.client(), new Keys()];
  await client.hset(
    keys.quarantine(partitionOf(addressOf.customer(1))),
    addressOf.customer(1),
    '{"problem":"actor.quarantined {}","at":5}',
  );
  await client.rpush(keys.inbox("77"), '{"update":{"update_id":1}}', '{"update":{"update_id":2}}');
  await client.zadd(keys.inboxPending(partitionOf("77")), 1_800_000_000_000, "77");
  await client.set(keys.secret("onboarding/77:suite:r1"), "sealed", "EX", 3_600);
  await client.sadd(keys.secrets(partitionOf("onboarding/77:suite")), "onboarding/77:suite:r1");
  for (const { key, type, backup } of KEY_TABLE) if (backup === "record") await leaveSample(client, key, type);
  await client.set(keys.screenTurn(5), "x", "PX", 60_000);
  // Money of an actor that was lost: its keys keep it from beginning anew.
  await client.hset(keys.once(addressOf.payment("lost")), "charge", "applied");
}
/** A key of a row of the table, if there is none: also of rows that this test knows nothing of. */
async function leaveSample(client: Redis, row: string, type: string): Promise<void> {
  const key = row
    .replace("<p>", "tgs")
    .replace("{t}", "{53t}")
    .replaceAll(/<[^>]+>/g, "77");
  if ((await client.exists(key)) === 1) return;
  if (type === "STRING") await client.set(key, '{"b":" ","a":1}', "PX", 3_600_000);
  else if (type === "HASH") await client.hset(key, "5", "erased-1", "6", '{"at":1}');
  else if (type === "LIST") await client.rpush(key, '{"b":2}', "text");
  else if (type === "SET") await client.sadd(key, "some", "others");
  else if (type === "ZSET") await client.zadd(key, 1.5, "some", 2, "others");
  else if (type === "STREAM") await client.xadd(key, "5-1", "field", "value");
  else throw new Error(`a row of type ${type}`);
}

const emptied = async (redis: PrivateRedis) => void (await redis.client().flushall());

describe("a backup", () => {
  it("restores every key as its row in the table of keys says, and the service goes on where it was", async () => {
    const [here, there] = [await startPrivateRedis(), await startPrivateRedis()];
    const ends: (() => Promise<void>)[] = [];
    onTestFinished(async () => {
      for (const end of ends) await end();
    });
    const scene = await openScene((end) => void ends.unshift(end), { redis: here.target });
    const { anna, boris, clara } = await live(scene);

    const path = newFile("backup.jsonl.gz");
    await exportTo(path, here.client());
    expect(statSync(path).mode & 0o777).toBe(0o600);

    // To another host: nothing differs. The service is down meanwhile, or its sweeps would write between two looks.
    await scene.stage.restart(async () => {
      const own = Object.keys(await contentsOf(here.client(), { but: [] }));
      await leaveUndone(here);
      const whole = newFile();
      await exportTo(whole, here.client());
      const { broken } = await importFrom(whole, there.client());
      expect(broken).toEqual([]);
      const [before, after] = [await contentsOf(here.client()), await contentsOf(there.client())];
      expect(after).toEqual(before);
      const shown = rowsAmong(Object.keys(after));
      const wanted = KEY_TABLE.filter(({ backup }) => backup !== "transient").map(({ key }) => key);
      // The queues are others' keys, and nothing waits in an outbox of a service at rest; moment.test.ts has one that does.
      expect(wanted.filter((key) => !shown.includes(key))).toEqual(["<p>:{t}:outbox", "<p>-q<n>:{t}:…"]);
      expect(Object.keys(await contentsOf(there.client(), { but: [] })), "left out").toEqual(Object.keys(after));

      const undone = Object.keys(await contentsOf(here.client(), { but: [] })).filter((name) => !own.includes(name));
      for (const name of undone) await here.client().del(`tgs:${name}`);
    });

    // In the place of the first one, an hour later: what was paid meanwhile is known to Telegram only.
    const paid = await clara.pays();
    expect(paid).toMatchObject({ kind: "paid" });
    await clara.joins();
    await scene.stage.advance(HOUR_MS);
    await scene.stage.restart(async () => {
      await emptied(here);
      await importFrom(path, here.client());
    });
    await scene.stage.settle();
    await vi.waitFor(
      async () => {
        await scene.stage.advance(HOUR_MS);
        await scene.stage.app.core.clockWorker.sweep();
        expect(await clara.billing()).toMatch(/^active/);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(await clara.subscription()).toMatchObject({ charges: 1 });
    expect((await scene.ledgerOf(clara)).map(({ entry }) => entry)).toEqual(["charge"]);

    // Timers that were armed before fire after it; renewals are taken.
    const until = await boris.paidUntil();
    await scene.stage.advanceTo(until + HOUR_MS);
    expect(await boris.subscription()).toMatchObject({ charges: 2 });
    expect(await boris.billing()).toMatch(/^active/);
    await scene.stage.advanceTo((await anna.paidUntil()) + 30 * 24 * HOUR_MS);
    expect(await anna.billing()).toMatch(/^(?:pastDue.hold|expired)/);
    expect(anna.isIn()).toBe(false);
    for (const { person } of [anna, boris, clara])
      for (const address of await scene.stage.actorsOf(person))
        expect(await scene.stage.app.core.actors.verify(address)).toMatchObject({ ok: true });
  });
});

describe("an export that was tampered with", () => {
  it("is refused before anything is written, whatever is wrong with it", async () => {
    const [here, there] = [await startPrivateRedis(), await startPrivateRedis()];
    await leaveUndone(here);
    const path = newFile();
    await exportTo(path, here.client());
    const text = readFileSync(path, "utf8");
    const lines = text.split("\n");
    const spoilt: Readonly<Record<string, [string, RegExp]>> = {
      "cut off": [lines.slice(0, -2).join("\n"), /trailer is missing/],
      "cut within a line": [text.slice(0, -30), /no JSON/],
      "a letter changed": [text.replace("erased-1", "erased-2"), /SHA-256 differs/],
      "a line more": [`${text}{"kind":"record"}\n`, /follows the trailer/],
      "another version": [text.replace('"version":1', '"version":2'), /version 2/],
      "another file": ['{"a":1}\n', /no export of this service/],
      "no JSON": ["PK\u0003\u0004", /no export of this service/],
      empty: ["", /trailer is missing|empty/],
      "a field of another type": [text.replace('"since":1800000000000', '"since":"soon"'), /line \d+: since/],
      "a key that is none of ours": [
        text.replaceAll("{desk}:approvals", "{desk}:elsewhere"),
        /none that an export copies/,
      ],
    };
    for (const [what, [content, problem]] of Object.entries(spoilt)) {
      const bad = newFile(`${what.replaceAll(" ", "-")}.jsonl`);
      writeFileSync(bad, content);
      const refused = await importFrom(bad, there.client()).catch((error: unknown) => error);
      expect(refused, what).toMatchObject({ code: "backup.invalid" });
      expect(JSON.stringify((refused as { details: unknown }).details), what).toMatch(problem);
    }
    const halfGz = newFile("half.jsonl.gz");
    writeFileSync(halfGz, gzipSync(text).subarray(0, 200));
    await expect(importFrom(halfGz, there.client())).rejects.toMatchObject({ code: "backup.invalid" });
    expect(await there.client().dbsize()).toBe(0);

    // Its own file is taken; a second time the place is not empty; one that did not end begins anew.
    await importFrom(path, there.client(), { dryRun: true });
    expect(await there.client().dbsize()).toBe(0);
    await importFrom(path, there.client());
    const restored = await contentsOf(there.client());
    await expect(importFrom(path, there.client())).rejects.toMatchObject({ code: "backup.notEmpty" });
    await there.client().set(new Keys().unfinishedImport(), "1");
    await there.client().hset(new Keys().approvals(), "half", "{}");
    await importFrom(path, there.client());
    expect(await contentsOf(there.client(), { but: [] })).toEqual(restored);
  });
});
