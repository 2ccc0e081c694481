import { z } from "zod";
import { ActorAddress, type MachineName } from "../../machines/address.ts";
import type { Lookup } from "../../machines/definition.ts";
import { isAppError } from "../errors.ts";
import type {
  ActorStore,
  Commit,
  CommitResult,
  DueTimer,
  StatePage,
  StoredActor,
  StoredEntry,
} from "../runtime/ports.ts";
import { wrongCursor } from "../wrong-cursor.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable, redisFailure } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { PARTITIONS, partitionOf, partitions } from "./partitions.ts";
import type { Scripts } from "./scripts.ts";
import { makeTraceSearch } from "./trace-of.ts";

const HistoryReply = z.array(z.string());

/**
 * Ends a range of the index: the character after the bar, and after every letter and dot of a state. What follows the bar may be any
 * text, also such as sorts after every letter of Latin-1, so a range ends before its prefix does.
 */
const AFTER_BAR = "}";

/** Of an actor whose key holds something else: it has no envelope, and whoever reads it quarantines it like any other without one. */
const UNREADABLE: StoredActor = { rev: 0, envelope: "", keys: "", head: "", lastEntry: "" };

/** Actors in Redis: one hash per actor, everything else per partition (keys.ts), one script per step. */
export function makeRedisActorStore(client: RedisClient, scripts: Scripts, keys: Keys): ActorStore {
  const acrossPartitions = async (read: (partition: number) => Promise<string[]>): Promise<string[]> =>
    (await asUnreachable(() => Promise.all(partitions().map(read)))).flat();

  /** @returns null when the actor's key holds something else. */
  const fieldsOf = async (address: ActorAddress, ...fields: string[]): Promise<(string | null)[] | null> => {
    try {
      return await asUnreachable(() => client.hmget(keys.actor(address), ...fields));
    } catch (error) {
      if (isAppError(error, "redis.refused")) return null;
      throw error;
    }
  };

  return {
    async load(address): Promise<StoredActor | null> {
      const fields = await fieldsOf(address, "r", "s", "k", "h", "l");
      if (fields === null) return UNREADABLE;
      const [rev, envelope, known, head, lastEntry] = fields;
      if (rev === null || rev === undefined) return null;
      return {
        rev: Number(rev),
        envelope: envelope ?? "",
        keys: known ?? "",
        head: head ?? "",
        lastEntry: lastEntry ?? "",
      };
    },

    async revision(address): Promise<number> {
      const [rev] = (await fieldsOf(address, "r")) ?? [];
      return Number(rev ?? 0);
    },

    commit(step: Commit): Promise<CommitResult> {
      const partition = partitionOf(step.address);
      const scriptKeys = [
        keys.actor(step.address),
        keys.audit(partition),
        keys.outbox(partition),
        keys.timers(partition),
        keys.index(partition),
      ];
      if (step.once || step.expectedRev === 0) scriptKeys.push(keys.once(step.address));
      return scripts.commitStep(scriptKeys, commitArguments(step)).then(readCommitReply, async (cause: unknown) => {
        const error = redisFailure(cause);
        // Whoever had it in memory loads it then, and sees what has become of it.
        if (error.code === "redis.refused" && (await fieldsOf(step.address, "r")) === null) return { kind: "stale" };
        throw error;
      });
    },

    async history(address, { limit, before }): Promise<readonly StoredEntry[]> {
      const start = before ?? (await asUnreachable(() => client.hget(keys.actor(address), "l"))) ?? "";
      const entries: StoredEntry[] = [];
      let next = start;
      while (next !== "" && entries.length < limit) {
        const page = Math.min(500, limit - entries.length);
        const flat = HistoryReply.parse(
          await asUnreachable(() => scripts.readHistory([keys.audit(partitionOf(address))], [next, page])),
        );
        for (let at = 0; at + 3 < flat.length; at += 4) {
          entries.push({
            entryId: flat[at] ?? "",
            body: flat[at + 1] ?? "",
            hash: flat[at + 2] ?? "",
            previous: flat[at + 3] ?? "",
          });
        }
        if (flat.length < page * 4) break;
        next = entries.at(-1)?.previous ?? "";
      }
      return entries;
    },

    async find(lookup: Lookup): Promise<readonly ActorAddress[]> {
      const start = `${lookup}|`;
      const members = await acrossPartitions((partition) =>
        client.zrange(keys.index(partition), `[${start}`, `(${lookup}${AFTER_BAR}`, "BYLEX"),
      );
      return members.map((member) => ActorAddress.parse(member.slice(start.length)));
    },

    async pageInState(
      machine: MachineName,
      statePrefix: string,
      cursor: string | null,
      limit: number,
    ): Promise<StatePage> {
      const start = `s:${machine}:${statePrefix}`;
      const addresses: ActorAddress[] = [];
      let { partition, member } = readCursor(cursor, machine, start);
      while (partition < PARTITIONS) {
        const from = member === "" ? `[${start}` : `(${member}`;
        const wanted = limit - addresses.length;
        const page = await asUnreachable(() =>
          client.zrange(keys.index(partition), from, `(${start}${AFTER_BAR}`, "BYLEX", "LIMIT", 0, wanted),
        );
        for (const entry of page) {
          const bar = entry.indexOf("|");
          const state = entry.slice(`s:${machine}:`.length, bar);
          // `granting` must not find `grantingOther`.
          if (statePrefix === "" || state === statePrefix || state.startsWith(`${statePrefix}.`)) {
            addresses.push(ActorAddress.parse(`${machine}/${entry.slice(bar + 1)}`));
          }
          member = entry;
        }
        if (page.length < wanted) {
          partition += 1;
          member = "";
        } else if (addresses.length >= limit) {
          return { addresses, cursor: `${partition}|${member}` };
        }
      }
      return { addresses, cursor: null };
    },

    async countByState(machine: MachineName): Promise<Readonly<Record<string, number>>> {
      const start = `s:${machine}:`;
      const counts: Record<string, number> = {};
      // Skips from state to state: one read for the next state's name, one count for its members.
      await asUnreachable(() =>
        Promise.all(
          partitions().map(async (partition) => {
            let from = `[${start}`;
            for (;;) {
              const [member] = await client.zrange(
                keys.index(partition),
                from,
                `(${start}${AFTER_BAR}`,
                "BYLEX",
                "LIMIT",
                0,
                1,
              );
              if (member === undefined) return;
              const state = member.slice(start.length, member.indexOf("|"));
              const end = `${start}${state}${AFTER_BAR}`;
              const members = await client.zlexcount(keys.index(partition), `[${start}${state}|`, `(${end}`);
              counts[state] = (counts[state] ?? 0) + members;
              from = `[${end}`;
            }
          }),
        ),
      );
      return counts;
    },

    async postponeTimer(timer: DueTimer, dueAt: number): Promise<void> {
      const member = `${timer.address}|${timer.timerId}`;
      await asUnreachable(() => client.zadd(keys.timers(partitionOf(timer.address)), "XX", dueAt, member));
    },

    async dropTimer(timer: DueTimer): Promise<void> {
      await asUnreachable(() =>
        client.zrem(keys.timers(partitionOf(timer.address)), `${timer.address}|${timer.timerId}`),
      );
    },

    async quarantine(address: ActorAddress, problem: string, at: number): Promise<void> {
      await asUnreachable(() =>
        client.hset(keys.quarantine(partitionOf(address)), address, JSON.stringify({ problem, at })),
      );
    },

    traceOf: makeTraceSearch(client, keys),
  };
}

/** By hand: this is read for every event, and a schema took as long as the rest of the call. @throws Error for any other reply. */
function readCommitReply(reply: unknown): CommitResult {
  if (Array.isArray(reply)) {
    const [first, second, third] = reply as readonly unknown[];
    if (first === -1) return { kind: "stale" };
    if (first === -2 && typeof second === "string") return { kind: "duplicate", outcome: second };
    if (first === -3) return { kind: "actorLost" };
    if (typeof first === "number" && first > 0 && typeof second === "string" && typeof third === "string") {
      return { kind: "committed", rev: first, lastEntry: second, earliestDueAt: third === "" ? null : Number(third) };
    }
  }
  throw new Error(
    "commit-step.lua answered in a form that actor-store.ts does not know: the two are of different versions",
  );
}

function commitArguments(step: Commit): (string | number)[] {
  const args: (string | number)[] = [
    step.expectedRev,
    step.envelope ?? "",
    step.keys ?? "",
    step.entry,
    step.head,
    step.address,
    step.once?.key ?? "",
    step.once?.outcome ?? "",
    step.outboxAdd.length,
    step.outboxRemove.length,
    step.timersSet.length,
    step.timersRemove.length,
    step.indexAdd.length,
    step.indexRemove.length,
  ];
  for (const { effectId, body } of step.outboxAdd) args.push(effectId, body);
  args.push(...step.outboxRemove);
  for (const { id, dueAt } of step.timersSet) args.push(id, dueAt);
  args.push(...step.timersRemove, ...step.indexAdd, ...step.indexRemove);
  return args;
}

/** @param start What every member that is walked through begins with. @throws AppError http.badRequest */
function readCursor(cursor: string | null, machine: MachineName, start: string): { partition: number; member: string } {
  if (cursor === null) return { partition: 0, member: "" };
  const member = cursor.slice(cursor.indexOf("|") + 1);
  const address = ActorAddress.safeParse(`${machine}/${member.slice(member.indexOf("|") + 1)}`);
  if (!address.success || !member.startsWith(start)) throw wrongCursor();
  const partition = partitionOf(address.data);
  if (cursor !== `${partition}|${member}`) throw wrongCursor();
  return { partition, member };
}
