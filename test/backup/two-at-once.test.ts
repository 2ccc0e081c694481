// Two imports into one Redis, two exports into one file: one of each is told, and neither spoils the other's work.
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Redis } from "ioredis";
import { expect, it } from "vitest";
import { importAll } from "../../src/backup/import.ts";
import { FORMAT, FORMAT_VERSION } from "../../src/backup/lines.ts";
import type { BackupTarget } from "../../src/backup/ports.ts";
import { openLineWriter } from "../../src/backup/write-file.ts";
import { isImportUnfinished, makeRedisBackupTarget } from "../../src/redis/backup-target.ts";
import { Keys } from "../../src/redis/keys.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { contentsOf, newFile } from "./support/copy.ts";

const HEADER = { kind: "header", format: FORMAT, version: FORMAT_VERSION, madeAt: 1, service: "test" } as const;
const record = (value: string) =>
  ({ kind: "record", key: "{ledger}:pseudonyms", expiresAt: null, type: "hash", value: { 5: value } }) as const;

async function exportOf(value: string): Promise<string> {
  const path = newFile();
  const writer = await openLineWriter(path, HEADER);
  await writer.write(record(value));
  await writer.end();
  return path;
}

const importInto = (target: BackupTarget, path: string) =>
  importAll({ target, path, dryRun: false, progress: () => {} });

it("lets one import write; the other is told by whom and since when, and writes nothing", async () => {
  const keys = new Keys(freshPrefix());
  const [first, second] = [makeRedisBackupTarget(testRedis(), keys), makeRedisBackupTarget(testRedis(), keys)];
  let refused: unknown;
  await importInto(
    {
      ...first,
      async write(lines) {
        refused = await importInto(second, await exportOf("second")).catch((error: unknown) => error);
        await first.write(lines);
      },
    },
    await exportOf("first"),
  );
  expect(refused).toMatchObject({ code: "backup.importUnderWay" });
  expect(JSON.stringify((refused as { details: unknown }).details)).toMatch(
    new RegExp(`begun \\d+ s ago by process ${process.pid} on .+`),
  );
  const client = testRedis();
  expect(await client.hgetall(keys.pseudonyms())).toEqual({ 5: "first" });
  // Nothing of the turn is left: who comes now is told of what lies here, not of an import.
  expect(Object.keys(await contentsOf(client, { prefix: keys.prefix, but: [] }))).toEqual(["{ledger}:pseudonyms"]);
  await expect(importInto(second, await exportOf("second"))).rejects.toMatchObject({ code: "backup.notEmpty" });
  expect(await isImportUnfinished(client, keys), "a refused import marks nothing").toBe(false);
});

it("takes up after an import that died, once its lease has run out", async () => {
  const keys = new Keys(freshPrefix());
  const itsClient: Redis = testRedis({ retryStrategy: () => null });
  const dead = makeRedisBackupTarget(itsClient, keys, { leaseMs: 400 });
  await dead.begin();
  await dead.mark();
  await dead.write([record("half")]);
  itsClient.disconnect();

  const client = testRedis();
  const next = makeRedisBackupTarget(client, keys, { leaseMs: 400 });
  const path = await exportOf("whole");
  await expect(importInto(next, path)).rejects.toMatchObject({ code: "backup.importUnderWay" });
  expect(await isImportUnfinished(client, keys)).toBe(true);
  await expect.poll(() => client.exists(keys.importTurn())).toBe(0);
  await importInto(next, path);
  expect(await client.hgetall(keys.pseudonyms())).toEqual({ 5: "whole" });
  expect(await isImportUnfinished(client, keys)).toBe(false);
});

it("stops an import that stood still while another one took over, before it writes or says that it is done", async () => {
  const keys = new Keys(freshPrefix());
  const client = testRedis();
  const [stood, other] = [makeRedisBackupTarget(client, keys), makeRedisBackupTarget(client, keys)];
  await stood.begin();
  await stood.mark();
  await client.del(keys.importTurn());
  await other.begin();
  await expect(stood.write([record("late")])).rejects.toMatchObject({ code: "backup.importTakenOver" });
  await expect(stood.clear()).rejects.toMatchObject({ code: "backup.importTakenOver" });
  await expect(stood.end()).rejects.toMatchObject({ code: "backup.importTakenOver" });
  await stood.leave();
  expect(await isImportUnfinished(client, keys)).toBe(true);
  expect(await client.exists(keys.importTurn())).toBe(1);
  expect(await client.exists(keys.pseudonyms())).toBe(0);
  await other.end();
});

it("keeps its turn for as long as it lives, however long a step takes", async () => {
  const keys = new Keys(freshPrefix());
  const client = testRedis();
  const slow = makeRedisBackupTarget(client, keys, { leaseMs: 150 });
  await slow.begin();
  const seen = await client.get(keys.importTurn());
  await testRedis().wait(1, 400); // no replica: four hundred milliseconds
  expect(await client.get(keys.importTurn())).toBe(seen);
  await slow.leave();
  expect(await client.exists(keys.importTurn())).toBe(0);
});

it("makes one whole file of two exports to the same name", async () => {
  const path = newFile();
  const [first, second] = [await openLineWriter(path, HEADER), await openLineWriter(path, HEADER)];
  await second.write(record("second"));
  await first.write(record("first"));
  await first.end();
  const whole = readFileSync(path, "utf8");
  expect(whole).toContain('"first"');
  await expect(second.end()).rejects.toMatchObject({ code: "backup.fileExists" });
  await second.giveUp();
  expect(readFileSync(path, "utf8")).toBe(whole);
  expect(readdirSync(dirname(path))).toHaveLength(1);
});
