// Looks ahead and back with the machines themselves: what an event would do, what may be done, how an actor was. Writes nothing.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ActorAddress } from "../../machines/address.ts";
import { AppError } from "../errors.ts";
import type { ActorSystem } from "./actor-system.ts";
import type { Known } from "./delivery.ts";
import { differenceOf } from "./difference.ts";
import { choicesOf } from "./event-choices.ts";
import { checkForce, FORCED } from "./force.ts";
import type { Foresight, PastView, TimerLine } from "./foresight-ports.ts";
import type { MachineCatalog } from "./machine-catalog.ts";
import { type Replayed, replay } from "./past.ts";
import { type PlanDeps, planOf } from "./plan.ts";
import type { ActorEvent, Actors, AuditEntry, Clock } from "./ports.ts";
import { branchesTaken } from "./taken.ts";

/**
 * Longest history that is played again, from its first entry: about a second of work, in slices. Of a longer one the states are told from
 * the record alone, backwards from today, without context and timers. Real actors have some hundreds of entries.
 */
const LONGEST_REPLAY = 10_000;
/** Entries between two turns of the event loop. */
const SLICE = 100;
/** How far back from today an entry may lie to be looked at. */
const DEEPEST_LOOK = 50_000;

interface ForesightDeps extends PlanDeps {
  readonly machines: MachineCatalog;
  readonly history: Actors["history"];
  readonly clock: Clock;
}

/** On the actors of this process. */
export const foresightOf = (machines: MachineCatalog, actors: ActorSystem, clock: Clock): Foresight =>
  makeForesight({
    machines,
    peek: (address) => actors.peek(address),
    find: (lookup) => actors.find(lookup),
    history: (address, options) => actors.history(address, options),
    clock,
  });

function makeForesight(deps: ForesightDeps): Foresight {
  const { machines, peek, history, clock } = deps;

  return {
    async plan(address, event) {
      const { definition } = machines.of(address);
      const checked = definition.event.safeParse(event);
      if (!checked.success) {
        const fields = checked.error.issues.map(({ path, message }) => `${path.join(".") || "type"}: ${message}`);
        throw new AppError("actor.invalidEvent", { details: { address, fields } });
      }
      const { stepped: _, ...plan } = await planOf(deps, address, checked.data as ActorEvent, clock.now());
      return plan;
    },

    async planForce(address, force) {
      const { definition } = machines.of(address);
      const known = await peek(address);
      const now = clock.now();
      if (known) checkForce(definition, address, known.live, force, known.rev + 1, now);
      const event = { type: FORCED, targets: force.targets, run: force.run };
      const { stepped, ...plan } = await planOf(deps, address, event, now, { kind: "force" });
      return { ...plan, entryEffects: stepped?.entryEffects ?? [] };
    },

    async choices(address) {
      const { definition } = machines.of(address);
      return choicesOf(definition, (await peek(address))?.live.snapshot ?? null, clock.now());
    },

    async asOf(address, rev) {
      const { definition, id } = machines.of(address);
      const now = await peek(address);
      if (!now || rev < 1 || rev > now.rev || now.rev - rev > DEEPEST_LOOK) return null;
      const entries = await history(address, { limit: Math.min(now.rev, now.rev - rev + 1 + LONGEST_REPLAY) });
      const place = entries.findIndex((entry) => entry.rev === rev);
      const entry = entries[place];
      if (!entry) return null;
      const oldest = entries.at(-1);
      if (oldest?.rev !== 1) return { ...fromRecord(address, now, entries.slice(0, place)), rev, entry };

      let before: Replayed | null = null;
      let after: Replayed | null = null;
      for (let at = entries.length - 1; at >= place; at -= 1) {
        const next: AuditEntry | undefined = entries[at];
        if (!next) break;
        before = after;
        after = replay(definition, address, id, before, next);
        if (at % SLICE === 0) await nextTurn();
      }
      if (!after) return null;
      const { envelope, states } = after.known.live;
      return {
        ...{ address, rev, newest: now.rev, entry, states, exact: after.exact },
        context: envelope.snapshot.context,
        timers: timersOf(envelope.timers),
        invocations: Object.values(envelope.invocations).map(({ src }) => src),
        difference: differenceOf(before?.known.live.envelope.snapshot.context ?? {}, envelope.snapshot.context),
        taken:
          after.exact && before && entry.outcome === "applied" && entry.event.type !== FORCED
            ? branchesTaken(definition.machine, before.known.live.snapshot, entry.event)
            : [],
      };
    },
  };
}

/** Walks the record backwards from today. @param later entries after the one in question, newest first. */
function fromRecord(address: ActorAddress, now: Known, later: readonly AuditEntry[]): Omit<PastView, "rev" | "entry"> {
  let { states } = now.live;
  for (const { from = [], to = [] } of later) states = [...states.filter((path) => !to.includes(path)), ...from];
  return {
    address,
    newest: now.rev,
    states,
    context: {},
    timers: [],
    invocations: [],
    difference: [],
    taken: [],
    exact: false,
  };
}

const timersOf = (timers: Readonly<Record<string, { readonly dueAt: number }>>): readonly TimerLine[] =>
  Object.entries(timers)
    .map(([id, { dueAt }]) => ({ id, dueAt }))
    .sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
