// Actors on a real Redis with a clock the test moves.
import type { MachineName } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { makeRedisActorStore } from "../../src/redis/actor-store.ts";
import { makeRedisAuditLog } from "../../src/redis/audit-log.ts";
import { makeRedisAuditTail } from "../../src/redis/audit-tail.ts";
import type { RedisClient } from "../../src/redis/connect.ts";
import { Keys } from "../../src/redis/keys.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { ActorSystem } from "../../src/runtime/actor-system.ts";
import type { AuditLog, AuditTail } from "../../src/runtime/audit-ports.ts";
import { foresightOf } from "../../src/runtime/foresight.ts";
import type { Foresight } from "../../src/runtime/foresight-ports.ts";
import { MachineCatalog } from "../../src/runtime/machine-catalog.ts";
import type { AfterCommit, Cause, Clock, StepObserver } from "../../src/runtime/ports.ts";

export const START = 1_800_000_000_000;
export const CAUSE: Cause = { kind: "system", id: "test" };

export interface ManualClock extends Clock {
  time: number;
}
export const manualClock = (time = START): ManualClock => ({
  time,
  now() {
    return this.time;
  },
});

export interface TestActors {
  readonly actors: ActorSystem;
  readonly foresight: Foresight;
  readonly auditLog: AuditLog;
  readonly auditTail: AuditTail;
  readonly keys: Keys;
  readonly added: string[];
  readonly moved: number[];
}

/** @param cacheSize 0: every event is loaded, as in a process that never saw the actor. */
export function makeTestActors(
  client: RedisClient,
  prefix: string,
  {
    definitions,
    clock,
    cacheSize = 100,
    observers = new Map(),
  }: {
    readonly definitions: readonly MachineDefinition[];
    readonly clock: Clock;
    readonly cacheSize?: number;
    readonly observers?: ReadonlyMap<MachineName, StepObserver>;
  },
): TestActors {
  const keys = new Keys(prefix);
  const added: string[] = [];
  const moved: number[] = [];
  const afterCommit: AfterCommit = {
    effectsAdded: (_address, effects) => added.push(...effects.map(({ effectId }) => effectId)),
    timerMoved: (_address, dueAt) => moved.push(dueAt),
  };
  const store = makeRedisActorStore(client, loadScripts(client), keys);
  const machines = new MachineCatalog(definitions);
  const actors = new ActorSystem({ machines, store, clock, afterCommit, cacheSize, observers });
  const onError = (where: string, error: Error) => {
    throw new Error(where, { cause: error });
  };
  return {
    ...{ actors, foresight: foresightOf(machines, actors, clock), keys, added, moved },
    auditLog: makeRedisAuditLog(client, keys, store, { idsAreTime: false }),
    auditTail: makeRedisAuditTail(client, keys, { onError, everyMs: 5 }),
  };
}
