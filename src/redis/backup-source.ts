import { Cluster, type Redis } from "ioredis";
import type { ActorAddress } from "../../machines/address.ts";
import { type ContentLine, keep } from "../backup/lines.ts";
import type { ActorAsStored, BackupSource, Mark } from "../backup/ports.ts";
import { AppError, isAppError } from "../errors.ts";
import { inOrder, readRecord, rowOf } from "./backup-records.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import { KEY_TABLE, type Keys } from "./keys.ts";
import { partitionOf, partitions } from "./partitions.ts";
import { storedEntry, ZERO_ID } from "./stream-ids.ts";

const PAGE = 500;
const SCAN_COUNT = 1_000;

/** Reads only, but for the moment in which writes are held. */
export function makeRedisBackupSource(client: RedisClient, keys: Keys): BackupSource {
  const nodes = (): readonly Redis[] => (client instanceof Cluster ? client.nodes("master") : [client]);

  /** Keys of this deployment without its prefix, in pages; one may come twice. */
  async function* scan(pattern: string): AsyncIterable<readonly string[]> {
    for (const node of nodes()) {
      let cursor = "0";
      do {
        const [next, found] = await asUnreachable(() =>
          node.scan(cursor, "MATCH", `${keys.prefix}:${pattern}`, "COUNT", SCAN_COUNT),
        );
        if (found.length > 0) yield found.map((key) => key.slice(keys.prefix.length + 1));
        cursor = next;
      } while (cursor !== "0");
    }
  }

  /** After the one id, up to the other. */
  async function* entries(key: string, after: string, upTo: string) {
    for (let from = `(${after}`; ; ) {
      const page = await asUnreachable(() => client.xrange(key, from, upTo, "COUNT", PAGE));
      yield* page;
      const last = page.at(-1);
      if (page.length < PAGE || !last) return;
      from = `(${last[0]}`;
    }
  }

  const lastOf = async (key: string): Promise<string> =>
    (await asUnreachable(() => client.xrevrange(key, "+", "-", "COUNT", 1)))[0]?.[0] ?? ZERO_ID;

  return {
    async *addresses() {
      const isSeen = /^\{[^}]+\}:a:/;
      for await (const page of scan("{*}:a:*"))
        yield page.filter((key) => isSeen.test(key)).map((key) => key.replace(isSeen, "") as ActorAddress);
    },

    async read(address): Promise<ActorAsStored | null> {
      const fields = await asUnreachable(() => client.hmget(keys.actor(address), "r", "s", "k", "h", "l")).catch(
        (error: unknown) => {
          // What lies there is no actor. Whoever needs it is told by the service; the rest must be copied all the same.
          if (isAppError(error, "redis.refused")) return [];
          throw error;
        },
      );
      const [rev, envelope, known, head, lastEntry] = fields;
      if (rev === null || rev === undefined) return null;
      return {
        address,
        rev: Number(rev),
        head: head ?? "",
        lastEntry: lastEntry ?? "",
        snapshot: keep(envelope ?? ""),
        keys: keep(known ?? ""),
        once: inOrder(await asUnreachable(() => client.hgetall(keys.once(address)))),
      };
    },

    async placesOf(address) {
      const partition = partitionOf(address);
      const id = address.slice(address.indexOf("/") + 1);
      const machine = address.slice(0, address.indexOf("/"));
      const timers: Record<string, number> = {};
      for await (const [member, score] of members(client, keys.timers(partition), `${glob(address)}|*`))
        timers[member.slice(address.length + 1)] = score;
      const index: string[] = [];
      for await (const [member] of members(client, keys.index(partition), `*${glob(id)}`)) {
        const bar = member.indexOf("|");
        const tail = member.slice(bar + 1);
        if (tail === address || (tail === id && member.startsWith(`s:${machine}:`))) index.push(member);
      }
      return { timers, index: index.sort() };
    },

    async mark(): Promise<Mark> {
      const [ledger, ...audit] = await Promise.all([
        lastOf(keys.ledgerRows()),
        ...partitions().map((partition) => lastOf(keys.audit(partition))),
      ]);
      return { audit, ledger };
    },

    async changed(since, upTo) {
      const found = new Set<ActorAddress>();
      await Promise.all(
        partitions().map(async (partition) => {
          const [after = ZERO_ID, end = ZERO_ID] = [since.audit[partition], upTo.audit[partition]];
          if (after === end) return;
          for await (const entry of entries(keys.audit(partition), after, end)) {
            const { a } = JSON.parse(storedEntry(entry).body) as { a: ActorAddress };
            found.add(a);
          }
        }),
      );
      return found;
    },

    async hold(ms) {
      try {
        await Promise.all(nodes().map((node) => node.call("CLIENT", "PAUSE", String(ms), "WRITE")));
      } catch (cause) {
        throw new AppError("backup.noPause", { cause });
      }
    },

    async release() {
      await asUnreachable(() => Promise.all(nodes().map((node) => node.call("CLIENT", "UNPAUSE"))));
    },

    async underWay() {
      const lines = await asUnreachable(() =>
        Promise.all([
          ...partitions().map((partition) => linesOfPartition(client, keys, partition)),
          ...KEY_TABLE.filter(({ key, backup }) => backup === "record" && isOneKey(key)).map(({ key }) =>
            readRecord(client, keys.prefix, key.slice("<p>:".length)),
          ),
        ]),
      );
      return lines.flat();
    },

    async *audit(upTo) {
      for (const partition of partitions())
        for await (const entry of entries(keys.audit(partition), ZERO_ID, upTo.audit[partition] ?? ZERO_ID)) {
          const { entryId, body, hash, previous } = storedEntry(entry);
          yield { kind: "audit", partition, id: entryId, previous, hash, entry: keep(body) };
        }
    },

    async *ledger(upTo) {
      for await (const [id, [, row = ""]] of entries(keys.ledgerRows(), ZERO_ID, upTo.ledger))
        yield { kind: "ledger", id, row: keep(row) };
    },

    async *records(isKnown) {
      const seen = new Set<string>();
      const isLeftOver = (key: string): boolean => {
        const once = /^\{[^}]+\}:once:/;
        return once.test(key) && !isKnown(key.replace(once, ""));
      };
      for await (const page of scan("*"))
        for (const key of page) {
          const row = rowOf(key);
          const isWanted = (row?.backup === "record" && !isOneKey(row.key)) || isLeftOver(key);
          if (!isWanted || seen.has(key)) continue;
          seen.add(key);
          yield* await asUnreachable(() => readRecord(client, keys.prefix, key));
        }
    },
  };
}

/** A key's name is all of it: there is one, not one for each of something. */
const isOneKey = (key: string): boolean => !/<|…|\{t\}/.test(key.slice("<p>".length));

const glob = (text: string): string => text.replace(/[\\*?[\]]/g, "\\$&");

async function* members(client: RedisClient, key: string, pattern: string): AsyncIterable<readonly [string, number]> {
  let cursor = "0";
  do {
    const [next, flat] = await asUnreachable(() => client.zscan(key, cursor, "MATCH", pattern, "COUNT", SCAN_COUNT));
    for (let at = 0; at + 1 < flat.length; at += 2) yield [flat[at] ?? "", Number(flat[at + 1])];
    cursor = next;
  } while (cursor !== "0");
}

async function linesOfPartition(client: RedisClient, keys: Keys, partition: number): Promise<ContentLine[]> {
  const [outbox, refused, persons, places] = await Promise.all([
    client.hgetall(keys.outbox(partition)),
    client.hgetall(keys.quarantine(partition)),
    client.zrange(keys.inboxPending(partition), 0, "-1", "WITHSCORES"),
    client.smembers(keys.secrets(partition)),
  ]);
  const lines: ContentLine[] = [
    ...Object.entries(outbox).map(([effectId, body]) => ({ kind: "outbox" as const, effectId, effect: keep(body) })),
    ...Object.entries(refused).map(([address, why]) => ({ kind: "quarantine" as const, address, why: keep(why) })),
  ];
  for (let at = 0; at + 1 < persons.length; at += 2) {
    const person = persons[at] ?? "";
    const updates = await client.lrange(keys.inbox(person), 0, -1);
    lines.push({ kind: "inbox", person, since: Number(persons[at + 1]), updates: updates.map(keep) });
  }
  for (const place of places) {
    const key = keys.secret(place);
    const [sealed, at] = await Promise.all([client.get(key), client.pexpiretime(key)]);
    if (sealed !== null) lines.push({ kind: "secret", place, sealed, expiresAt: at < 0 ? null : at });
  }
  return lines;
}
