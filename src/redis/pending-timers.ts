// Every armed timer by due time, over all partitions: for people who look. Who fires them: timer-store.ts.
import { ActorAddress } from "../../machines/address.ts";
import type { PendingTimers } from "../queues/ports.ts";
import { wrongCursor } from "../wrong-cursor.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitions } from "./partitions.ts";

/** A timer in the order of a page: by due time, then by its name. */
interface Place {
  readonly dueAt: number;
  /** `<address>|<timer id>`. */
  readonly member: string;
}

const compare = (a: Place, b: Place): number =>
  a.dueAt - b.dueAt || (a.member < b.member ? -1 : +(a.member > b.member));

export function makeRedisPendingTimers(client: RedisClient, keys: Keys): PendingTimers {
  /** The first so many of a partition after a place; those of the same due time are read and passed over. */
  const readAfter = async (partition: number, after: Place | null, limit: number): Promise<Place[]> => {
    const found: Place[] = [];
    for (let offset = 0; found.length < limit; offset += limit) {
      const from = after === null ? "-inf" : String(after.dueAt);
      const flat = await asUnreachable(() =>
        client.zrange(keys.timers(partition), from, "+inf", "BYSCORE", "LIMIT", offset, limit, "WITHSCORES"),
      );
      for (let at = 0; at + 1 < flat.length; at += 2) {
        const place = { member: flat[at] ?? "", dueAt: Number(flat[at + 1]) };
        if (after === null || compare(place, after) > 0) found.push(place);
      }
      if (flat.length < limit * 2) break;
    }
    return found;
  };
  const sum = async (count: (key: string) => Promise<number>): Promise<number> =>
    (await asUnreachable(() => Promise.all(partitions().map((partition) => count(keys.timers(partition)))))).reduce(
      (all, some) => all + some,
      0,
    );

  return {
    async page(cursor, limit) {
      const after = readPlace(cursor);
      const all = await Promise.all(partitions().map((partition) => readAfter(partition, after, limit + 1)));
      const inOrder = all.flat().sort(compare);
      const page = inOrder.slice(0, limit);
      const last = page.at(-1);
      const timers = page.map(({ member, dueAt }) => {
        const bar = member.indexOf("|");
        return { address: member.slice(0, bar), id: member.slice(bar + 1), dueAt };
      });
      return { timers, cursor: inOrder.length > limit && last ? `${last.dueAt}~${last.member}` : null };
    },
    total: () => sum((key) => client.zcard(key)),
    late: (now) => sum((key) => client.zcount(key, "-inf", `(${now}`)),
  };
}

function readPlace(cursor: string | null): Place | null {
  if (cursor === null) return null;
  const [, dueAt, member] = /^(-?\d{1,16})~(.{1,600})$/.exec(cursor) ?? [];
  const isTimer = ActorAddress.safeParse(member?.slice(0, member.indexOf("|"))).success;
  if (dueAt === undefined || member === undefined || !isTimer) throw wrongCursor();
  return { dueAt: Number(dueAt), member };
}
