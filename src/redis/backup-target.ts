import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Cluster, type Redis } from "ioredis";
import { z } from "zod";
import type { ActorAddress } from "../../machines/address.ts";
import { type ContentLine, textOf } from "../backup/lines.ts";
import type { BackupTarget } from "../backup/ports.ts";
import { AppError } from "../errors.ts";
import { rowOf, writeRecord } from "./backup-records.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitionOf } from "./partitions.ts";
import { loadScripts } from "./scripts.ts";
import { systemClock } from "./shared-clock.ts";

const SCAN_COUNT = 1_000;
const SAMPLE = 3;
/** Renewed while the import lives, so that only one that died or stands still leaves it. Unit: milliseconds. */
const LEASE_MS = 30_000;

/** Who imports: what the turn's key holds. `at`: epoch ms. */
const Turn = z.object({ name: z.string(), pid: z.int(), host: z.string(), at: z.int() });

/** An import has begun here and has not ended. @throws AppError redis.unreachable */
export const isImportUnfinished = async (client: RedisClient, keys: Keys): Promise<boolean> =>
  (await asUnreachable(() => client.exists(keys.unfinishedImport()))) === 1;

/** @throws AppError backup.unfinished */
export async function refuseUnfinishedImport(client: RedisClient, keys: Keys): Promise<void> {
  if (await isImportUnfinished(client, keys)) throw new AppError("backup.unfinished");
}

/**
 * Writes into an empty deployment, which no other process uses. Of two imports one has the turn: a lease, looked at before every write.
 * A process that stands still between that look and its write for longer than the lease is the one thing left that two could do at once.
 */
export function makeRedisBackupTarget(
  client: RedisClient,
  keys: Keys,
  { leaseMs = LEASE_MS }: { readonly leaseMs?: number } = {},
): BackupTarget {
  const scripts = loadScripts(client);
  let turn: { readonly text: string; readonly renewing: NodeJS.Timeout } | null = null;

  const renew = (text: string): Promise<unknown> => scripts.renewTurn([keys.importTurn()], [text, leaseMs]);
  /** @throws AppError backup.importTakenOver */
  const stayOurs = async (): Promise<void> => {
    const { text } = turn ?? { text: "" };
    if ((await asUnreachable(() => renew(text))) !== 1) throw new AppError("backup.importTakenOver");
  };

  const nodes = (): readonly Redis[] => (client instanceof Cluster ? client.nodes("master") : [client]);

  async function* scan(): AsyncIterable<{ readonly node: Redis; readonly page: readonly string[] }> {
    for (const pattern of [`${keys.prefix}:*`, `${keys.prefix}-q*`])
      for (const node of nodes()) {
        let cursor = "0";
        do {
          const [next, page] = await asUnreachable(() => node.scan(cursor, "MATCH", pattern, "COUNT", SCAN_COUNT));
          if (page.length > 0) yield { node, page };
          cursor = next;
        } while (cursor !== "0");
      }
  }

  const writeOne = async (line: ContentLine): Promise<void> => {
    switch (line.kind) {
      case "plan":
        return;
      case "actor": {
        const address = line.address as ActorAddress;
        const partition = partitionOf(address);
        const fields = ["r", line.rev, "s", textOf(line.snapshot), "h", line.head, "l", line.lastEntry];
        const known = textOf(line.keys);
        if (known !== "") fields.push("k", known);
        const timers = Object.entries(line.timers).flatMap(([id, dueAt]) => [dueAt, `${address}|${id}`]);
        const once = Object.entries(line.once).flat();
        await Promise.all([
          client.hset(keys.actor(address), ...fields),
          once.length > 0 && client.hset(keys.once(address), ...once),
          timers.length > 0 && client.zadd(keys.timers(partition), ...timers),
          line.index.length > 0 && client.zadd(keys.index(partition), ...line.index.flatMap((member) => [0, member])),
        ]);
        return;
      }
      case "outbox": {
        const address = line.effectId.split("|").slice(0, -2).join("|");
        await client.hset(keys.outbox(partitionOf(address)), line.effectId, textOf(line.effect));
        return;
      }
      case "audit":
        await client.xadd(
          keys.audit(line.partition),
          line.id,
          ...["d", textOf(line.entry), "h", line.hash, "p", line.previous],
        );
        return;
      case "ledger":
        return writeLedger(line.id, textOf(line.row));
      case "inbox":
        if (line.updates.length > 0) await client.rpush(keys.inbox(line.person), ...line.updates.map(textOf));
        await client.zadd(keys.inboxPending(partitionOf(line.person)), line.since, line.person);
        return;
      case "secret": {
        const owner = line.place.slice(0, line.place.lastIndexOf(":"));
        await client.set(keys.secret(line.place), line.sealed);
        if (line.expiresAt !== null) await client.pexpireat(keys.secret(line.place), line.expiresAt);
        await client.sadd(keys.secrets(partitionOf(owner)), line.place);
        return;
      }
      case "quarantine":
        await client.hset(keys.quarantine(partitionOf(line.address)), line.address, textOf(line.why));
        return;
      case "record":
        return writeRecord(client, keys.prefix, line);
    }
  };

  const writeLedger = async (id: string, row: string): Promise<void> => {
    const { row: name, entry, currency, amountMinor } = JSON.parse(row) as Readonly<Record<string, string>>;
    const sum = `${currency}:${entry}`;
    await Promise.all([
      client.xadd(keys.ledgerRows(), id, "r", row),
      client.hset(keys.ledgerSeen(), String(name), id),
      client.hincrby(keys.ledgerSums(), sum, Number(amountMinor)),
      client.hincrby(keys.ledgerSums(), `${sum}:rows`, 1),
    ]);
  };

  return {
    refusalOf(line) {
      if (line.kind !== "record") return null;
      const row = rowOf(line.key);
      return row?.backup === "record" || row?.key.includes(":once:") ? null : "key: it is none that an export copies";
    },

    async contents() {
      let count = 0;
      const sample: string[] = [];
      for await (const { page } of scan()) {
        const found = page.filter((key) => key !== keys.importTurn());
        count += found.length;
        sample.push(...found.slice(0, SAMPLE - sample.length));
      }
      return { keys: count, sample, isUnfinished: await isImportUnfinished(client, keys) };
    },

    async begin() {
      const about = { name: randomUUID(), pid: process.pid, host: hostname(), at: systemClock.now() };
      const text = JSON.stringify(about satisfies z.infer<typeof Turn>);
      const [key, args] = [keys.importTurn(), ["PX", leaseMs, "NX"] as const];
      if ((await asUnreachable(() => client.set(key, text, ...args))) !== "OK")
        throw new AppError("backup.importUnderWay", {
          details: { problems: [describe(await asUnreachable(() => client.get(key)))] },
        });
      // A renewal that fails is made up for by the next one; who lost the turn learns it at the next write.
      const renewing = setInterval(() => void renew(text).catch(() => {}), leaseMs / 3);
      renewing.unref();
      turn = { text, renewing };
    },

    async mark() {
      await stayOurs();
      await asUnreachable(() => client.set(keys.unfinishedImport(), "1"));
    },

    async clear() {
      // The mark last: until then it is an unfinished import still.
      const kept = [keys.unfinishedImport(), keys.importTurn()];
      await stayOurs();
      for await (const { node, page } of scan()) {
        await stayOurs();
        for (const key of page) if (!kept.includes(key)) await asUnreachable(() => node.unlink(key));
      }
    },

    async write(lines) {
      await stayOurs();
      await asUnreachable(() => Promise.all(lines.map(writeOne)));
    },

    async end() {
      const { text } = turn ?? { text: "" };
      const ended = await asUnreachable(() => scripts.endImport([keys.importTurn(), keys.unfinishedImport()], [text]));
      if (ended !== 1) throw new AppError("backup.importTakenOver");
    },

    async leave() {
      if (turn === null) return;
      const { text, renewing } = turn;
      turn = null;
      clearInterval(renewing);
      // One that cannot be given back runs out.
      await scripts.endTurn([keys.importTurn()], [text]).catch(() => {});
    },
  };
}

/** @param text what the turn's key held; null: it ran out meanwhile. */
function describe(text: string | null): string {
  try {
    const { pid, host, at } = Turn.parse(JSON.parse(text ?? ""));
    return `begun ${Math.max(0, Math.round((systemClock.now() - at) / 1_000))} s ago by process ${pid} on ${host}`;
  } catch {
    return "it has just ended";
  }
}
