import { z } from "zod";
import type { FleetDay, ParityBook, ScopeDay } from "../quality/daily/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { StoredSums as Sums } from "./stored-sums.ts";

/** What single scopes said of a day: pooled within the hour, and kept for their pages, which show two months. Unit: milliseconds. */
const SCOPES_KEPT_MS = 62 * 86_400_000;
const MOST_DAYS = 90;

const count = z.int().nonnegative();
const Status = z.enum(["ok", "local_missing", "upstream_missing", "both_missing"]);
const Tier = z.enum(["none", "green", "yellow", "red"]);
const History = z.object({ nmTotal: count, nmContinuous: count, daysTotal: count, daysWhole: count });
const StoredScopeDay: z.ZodType<ScopeDay> = z.object({
  status: Status,
  asofSkew: z.boolean(),
  sums: z.record(z.string(), Sums),
  tiers: z.record(z.string(), Tier),
  history: History,
});
const StoredFleetDay: z.ZodType<FleetDay> = z.object({
  date: z.iso.date(),
  scopes: count,
  sums: z.record(z.string(), Sums),
  tiers: z.record(z.string(), z.partialRecord(Tier, count)),
  statuses: z.partialRecord(Status, count),
  skewed: count,
  history: History,
}) as unknown as z.ZodType<FleetDay>;

/** What the frozen days said, per scope for a while and pooled for a quarter: hashes. */
export function makeRedisParityBook(client: RedisClient, keys: Pick<Keys, "parityScopes" | "parityDays">): ParityBook {
  return {
    async putScope({ dataset, spreadsheetId }, day, said) {
      const key = keys.parityScopes(dataset, day);
      await asUnreachable(() => client.hset(key, spreadsheetId, JSON.stringify(said)));
      await asUnreachable(() => client.pexpire(key, SCOPES_KEPT_MS));
    },
    scopesOf: async (dataset, day) =>
      (await asUnreachable(() => client.hvals(keys.parityScopes(dataset, day)))).map((json) =>
        StoredScopeDay.parse(JSON.parse(json)),
      ),
    async daysOf({ dataset, spreadsheetId }, days) {
      const found = await Promise.all(
        days.map((day) => asUnreachable(() => client.hget(keys.parityScopes(dataset, day), spreadsheetId))),
      );
      return new Map(
        days.flatMap((day, index) => {
          const json = found[index] ?? null;
          return json === null ? [] : [[day, StoredScopeDay.parse(JSON.parse(json))] as const];
        }),
      );
    },
    async putDay(dataset, day) {
      const key = keys.parityDays(dataset);
      await asUnreachable(() => client.hset(key, day.date, JSON.stringify(day)));
      const old = (await asUnreachable(() => client.hkeys(key))).sort().reverse().slice(MOST_DAYS);
      if (old.length > 0) await asUnreachable(() => client.hdel(key, ...old));
    },
    days: async (dataset) =>
      (await asUnreachable(() => client.hvals(keys.parityDays(dataset))))
        .map((json) => StoredFleetDay.parse(JSON.parse(json)))
        .sort((a, b) => (a.date < b.date ? -1 : 1)),
  };
}
