// The port `ActorStore` in memory, for tests that need thousands of runs; held to the same suite as Redis (test/redis/actor-store.test.ts).
import type { ActorAddress } from "../../machines/address.ts";
import type { ActorStore, Commit, CommitResult, DueTimer, StoredActor, StoredEntry } from "../../src/runtime/ports.ts";

export interface MemoryStore extends ActorStore {
  /** Effects in the order in which they were asked for, with those that have ended. */
  readonly asked: { readonly effectId: string; readonly body: string }[];
  readonly outbox: ReadonlyMap<string, string>;
  /** Oldest first; equal due times in the order of their names, as a sorted set has them. */
  due(now: number): DueTimer[];
  nextDueAt(): number | null;
}

interface Row extends StoredActor {
  readonly once: Map<string, string>;
}

export function makeMemoryStore(): MemoryStore {
  const actors = new Map<ActorAddress, Row>();
  const entries = new Map<string, StoredEntry>();
  const timers = new Map<string, { timer: DueTimer; dueAt: number }>();
  const index = new Set<string>();
  const outbox = new Map<string, string>();
  const asked: { effectId: string; body: string }[] = [];
  const quarantined = new Map<string, string>();
  const nameOf = (address: string, timerId: string) => `${address}|${timerId}`;
  const inOrder = () =>
    [...timers]
      .sort(([a, { dueAt: x }], [b, { dueAt: y }]) => x - y || (a < b ? -1 : 1))
      .map(([, { timer, dueAt }]) => ({ ...timer, dueAt }));

  return {
    asked,
    outbox,
    due: (now) => inOrder().filter(({ dueAt }) => dueAt <= now),
    nextDueAt: () => inOrder()[0]?.dueAt ?? null,

    async load(address) {
      const row = actors.get(address);
      return row
        ? { rev: row.rev, envelope: row.envelope, keys: row.keys, head: row.head, lastEntry: row.lastEntry }
        : null;
    },
    revision: async (address) => actors.get(address)?.rev ?? 0,

    async commit(step: Commit): Promise<CommitResult> {
      const { address } = step;
      const row = actors.get(address);
      const first = step.once ? row?.once.get(step.once.key) : undefined;
      if (first !== undefined) return { kind: "duplicate", outcome: first };
      if ((row?.rev ?? 0) !== step.expectedRev) return { kind: "stale" };
      const rev = step.expectedRev + 1;
      const entryId = `${entries.size + 1}-0`;
      entries.set(entryId, { entryId, body: step.entry, hash: step.head, previous: row?.lastEntry ?? "" });
      const once = row?.once ?? new Map<string, string>();
      if (step.once) once.set(step.once.key, step.once.outcome);
      actors.set(address, {
        rev,
        envelope: step.envelope ?? row?.envelope ?? "",
        keys: step.keys ?? row?.keys ?? "",
        head: step.head,
        lastEntry: entryId,
        once,
      });
      for (const { effectId, body } of step.outboxAdd) {
        outbox.set(effectId, body);
        asked.push({ effectId, body });
      }
      for (const effectId of step.outboxRemove) outbox.delete(effectId);
      for (const timerId of step.timersRemove) timers.delete(nameOf(address, timerId));
      for (const { id, dueAt } of step.timersSet)
        timers.set(nameOf(address, id), { timer: { address, timerId: id, dueAt }, dueAt });
      for (const member of step.indexRemove) index.delete(member);
      for (const member of step.indexAdd) index.add(member);
      return {
        kind: "committed",
        rev,
        lastEntry: entryId,
        earliestDueAt: step.timersSet.length > 0 ? (inOrder()[0]?.dueAt ?? null) : null,
      };
    },

    async history(address, { limit, before }) {
      const found: StoredEntry[] = [];
      let next = before ?? actors.get(address)?.lastEntry ?? "";
      while (next !== "" && found.length < limit) {
        const entry = entries.get(next);
        if (!entry) break;
        found.push(entry);
        next = entry.previous;
      }
      return found;
    },
    find: async (lookup) =>
      [...index]
        .filter((member) => member.startsWith(`${lookup}|`))
        .map((member) => member.slice(lookup.length + 1) as ActorAddress),
    async pageInState(machine, prefix, cursor, limit) {
      const members = [...index].sort().filter((member) => {
        const path = member.slice(`s:${machine}:`.length, member.indexOf("|"));
        return (
          member.startsWith(`s:${machine}:`) && (prefix === "" || path === prefix || path.startsWith(`${prefix}.`))
        );
      });
      const rest = members.filter((member) => cursor === null || member > cursor);
      const page = rest.slice(0, limit);
      const addresses = page.map((member) => `${machine}/${member.slice(member.indexOf("|") + 1)}` as ActorAddress);
      return { addresses, cursor: rest.length > limit ? (page.at(-1) ?? null) : null };
    },
    async countByState(machine) {
      const counts: Record<string, number> = {};
      for (const member of index) {
        const [state = ""] = member.split("|");
        if (state.startsWith(`s:${machine}:`))
          counts[state.slice(`s:${machine}:`.length)] = (counts[state.slice(`s:${machine}:`.length)] ?? 0) + 1;
      }
      return counts;
    },
    async postponeTimer({ address, timerId }, dueAt) {
      const known = timers.get(nameOf(address, timerId));
      if (known) known.dueAt = dueAt;
    },
    async dropTimer({ address, timerId }) {
      timers.delete(nameOf(address, timerId));
    },
    async quarantine(address, problem) {
      quarantined.set(address, problem);
    },
    // Nothing can be lost here by itself.
    traceOf: async () => null,
  };
}
