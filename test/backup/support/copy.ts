// An export of one Redis into a file, and the file into another Redis, as the commands do it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { onTestFinished } from "vitest";
import type { MachineDefinition } from "../../../machines/definition.ts";
import { definitions } from "../../../machines/registry.ts";
import { type ExportReport, exportAll } from "../../../src/backup/export.ts";
import { importAll } from "../../../src/backup/import.ts";
import { FORMAT, FORMAT_VERSION } from "../../../src/backup/lines.ts";
import type { BackupSource } from "../../../src/backup/ports.ts";
import { openLineWriter } from "../../../src/backup/write-file.ts";
import { rowOf } from "../../../src/redis/backup-records.ts";
import { makeRedisBackupSource } from "../../../src/redis/backup-source.ts";
import { makeRedisBackupTarget } from "../../../src/redis/backup-target.ts";
import type { RedisClient } from "../../../src/redis/connect.ts";
import { KEY_TABLE, Keys } from "../../../src/redis/keys.ts";
import { MachineCatalog } from "../../../src/runtime/machine-catalog.ts";

/** Gone with the test. */
export function newFile(name = "export.jsonl"): string {
  const directory = mkdtempSync(join(tmpdir(), "tgs-backup-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, name);
}

export interface ExportOptions {
  readonly prefix?: string;
  readonly machines?: readonly MachineDefinition[];
  /** Does something at the moment between two reads. */
  readonly around?: (source: BackupSource) => BackupSource;
}

export async function exportTo(
  path: string,
  client: RedisClient,
  { prefix = "tgs", machines = definitions, around = (source) => source }: ExportOptions = {},
): Promise<ExportReport> {
  const header = { kind: "header", format: FORMAT, version: FORMAT_VERSION, madeAt: 1, service: "test" } as const;
  const writer = await openLineWriter(path, header);
  const report = await exportAll({
    source: around(makeRedisBackupSource(client, new Keys(prefix))),
    machines: new MachineCatalog(machines),
    write: (line) => writer.write(line),
    progress: () => {},
    now: () => performance.now(),
  });
  await writer.end();
  return report;
}

export const importFrom = (path: string, client: RedisClient, { prefix = "tgs", dryRun = false } = {}) =>
  importAll({ target: makeRedisBackupTarget(client, new Keys(prefix)), path, dryRun, progress: () => {} });

/** What every key holds, by its name without prefix; of a decision. */
export async function contentsOf(
  client: Redis,
  { prefix = "tgs", but = ["transient"] }: { readonly prefix?: string; readonly but?: readonly string[] } = {},
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const page of client.scanStream({ match: `${prefix}:*`, count: 1_000 }))
    for (const key of page as string[]) {
      const name = key.slice(prefix.length + 1);
      const row = rowOf(name);
      if (!row) throw new Error(`no row for ${name}`);
      if (!but.includes(row.backup)) found[name] = await readValue(client, key);
    }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Which rows of the table of keys have a key among these. */
export const rowsAmong = (names: readonly string[]): string[] =>
  KEY_TABLE.map(({ key }) => key).filter((key) => names.some((name) => rowOf(name)?.key === key));

async function readValue(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case "string":
      return [await client.get(key), (await client.pttl(key)) > 0];
    case "hash":
      return client.hgetall(key);
    case "list":
      return client.lrange(key, 0, -1);
    case "set":
      return (await client.smembers(key)).sort();
    case "zset":
      return client.zrange(key, 0, "-1", "WITHSCORES");
    default:
      return client.xrange(key, "-", "+");
  }
}
