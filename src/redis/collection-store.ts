import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { CollectionStore, Noise } from "../collection/ports.ts";
import { ScopeState } from "../collection/state.ts";
import type { Scope } from "../quality/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

const count = z.int().nonnegative();
const Sums = z.object({
  ...{ nCells: count, nPaired: count, nExact: count, nEqual: count, nMissingLocal: count, nMissingUpstream: count },
  ...{ nMape: count, signMismatch: count },
  ...{ sumAbsError: z.number(), sumError: z.number(), sumAbsUpstream: z.number(), sumApe: z.number() },
});
const StoredNoise: z.ZodType<Noise> = z.object({ day: z.string(), byKey: z.record(z.string(), Sums) });

const nameOf = ({ dataset, spreadsheetId }: Scope): string => `${dataset}:${spreadsheetId}`;

function scopeOf(name: string): Scope {
  const colon = name.indexOf(":");
  return { dataset: name.slice(0, colon), spreadsheetId: name.slice(colon + 1) };
}

/** The collection of every scope: a hash of states, and when each is to be looked at. */
export function makeRedisCollectionStore(
  client: RedisClient,
  scripts: Pick<Scripts, "saveScope" | "renewTurn" | "endTurn">,
  keys: Pick<Keys, "collectScopes" | "collectDue" | "collectLease" | "collectorTurn" | "noise">,
): CollectionStore {
  return {
    async read(scope) {
      const json = await asUnreachable(() => client.hget(keys.collectScopes(), nameOf(scope)));
      return json === null ? null : ScopeState.parse(JSON.parse(json));
    },

    async save(state, lookAt) {
      const written = await asUnreachable(() =>
        scripts.saveScope(
          [keys.collectScopes(), keys.collectDue()],
          [nameOf(state), state.rev, JSON.stringify({ ...state, rev: state.rev + 1 }), lookAt === null ? "" : lookAt],
        ),
      );
      return written === 1;
    },

    async postpone(scope, lookAt) {
      // XX: one that is never to be looked at stays so.
      await asUnreachable(() => client.zadd(keys.collectDue(), "XX", lookAt, nameOf(scope)));
    },

    due: async (now, limit) =>
      (
        await asUnreachable(() => client.zrange(keys.collectDue(), "-inf", String(now), "BYSCORE", "LIMIT", 0, limit))
      ).map(scopeOf),

    async nextAt() {
      const [, score] = await asUnreachable(() => client.zrange(keys.collectDue(), 0, "0", "WITHSCORES"));
      return score === undefined ? null : Number(score);
    },

    all: async () =>
      (await asUnreachable(() => client.hvals(keys.collectScopes()))).map((json) => ScopeState.parse(JSON.parse(json))),

    async lease(scope, forMs) {
      const key = keys.collectLease(nameOf(scope));
      const holder = randomUUID();
      if ((await asUnreachable(() => client.set(key, holder, "PX", forMs, "NX"))) === null) return null;
      return {
        renew: async (ms) => (await asUnreachable(() => scripts.renewTurn([key], [holder, ms]))) === 1,
        release: async () => void (await asUnreachable(() => scripts.endTurn([key], [holder]))),
      };
    },

    async takeCollector(scope, forMs) {
      const key = keys.collectorTurn();
      const name = nameOf(scope);
      if ((await asUnreachable(() => client.set(key, name, "PX", forMs, "NX"))) !== null) return true;
      return (await asUnreachable(() => scripts.renewTurn([key], [name, forMs]))) === 1;
    },
    async freeCollector(scope) {
      await asUnreachable(() => scripts.endTurn([keys.collectorTurn()], [nameOf(scope)]));
    },

    async putNoise({ dataset, spreadsheetId }, noise) {
      await asUnreachable(() => client.hset(keys.noise(dataset), spreadsheetId, JSON.stringify(noise)));
    },
    noise: async (dataset) =>
      (await asUnreachable(() => client.hvals(keys.noise(dataset)))).map((json) => StoredNoise.parse(JSON.parse(json))),
  };
}
