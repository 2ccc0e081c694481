// What the chart tells after a deed: the changes of the actors that the story is about, one after another, each as it was at that moment.
import type { SandboxState } from "../../support/answers/sandbox.ts";
import type { LastEntry } from "../chart/highlight.ts";

type Actor = SandboxState["actors"][number];
type Entry = Actor["entries"][number];

export interface Moment {
  readonly address: string;
  readonly machine: string;
  readonly seq: number;
  /** How many deeds had been done. */
  readonly deeds: number;
  /** As they were then; those that were entered come first, for they are what is looked at. */
  readonly states: readonly string[];
  readonly last: LastEntry;
}

/** What is told, the cause before what follows from it; of a customer only what others do not show. */
const TOLD: readonly { readonly machine: string; readonly entered: RegExp }[] = [
  { machine: "customer", entered: /^(?:contact|risk)\./ },
  { machine: "subscription", entered: /./ },
  { machine: "onboarding", entered: /./ },
  { machine: "invite", entered: /./ },
];
/** More than that nobody follows: a week that is skipped by hand can hold dozens. */
const MOST = 12;

const rankOf = (machine: string): number => TOLD.findIndex((told) => told.machine === machine);

/** What a seed or a scenario goes through is no story to be watched. */
const isSilent = ({ clock }: SandboxState): boolean => clock.doing === "reset" || clock.doing === "replay";

/** @param before Null, or of another visitor: nothing is news. */
export function newMoments(before: SandboxState | null, now: SandboxState): Moment[] {
  if (before?.visit !== now.visit || isSilent(before) || isSilent(now)) return [];
  const seen = new Map(before.actors.map(({ address, seq }) => [address, seq]));
  return now.actors.flatMap((actor) =>
    momentsOf(actor, now.deeds).filter(({ seq }) => seq > (seen.get(actor.address) ?? 0)),
  );
}

/** Those that wait, in the order in which they are told: by deed, by actor, by time. The first is on show and stays. */
export function queued(waiting: readonly Moment[], news: readonly Moment[]): readonly Moment[] {
  const [shown, ...rest] = waiting;
  const order = [...rest, ...news].sort(
    (a, b) => a.deeds - b.deeds || rankOf(a.machine) - rankOf(b.machine) || a.seq - b.seq,
  );
  return [...(shown ? [shown] : []), ...order.slice(-MOST)];
}

/** Oldest first: what changed, and what a person asked for that left the states as they were, such as the next question. */
function momentsOf({ address, machine, states, entries }: Actor, deeds: number): Moment[] {
  const entered = TOLD[rankOf(machine)]?.entered;
  if (!entered) return [];
  const moments: Moment[] = [];
  let then: readonly string[] = states;
  for (const entry of entries) {
    if (entry.outcome !== "applied") continue;
    const { outcome, event, from, to, seq, who } = entry;
    const isAsked = who === "customer" && to.length === 0 && machine !== "customer";
    if (isAsked || to.some((state) => entered.test(state))) {
      const last = { event: { type: event }, outcome, from, to };
      moments.push({ address, machine, seq, deeds, states: enteredFirst(then, to), last });
    }
    const stayed = then.filter((state) => !entry.to.includes(state));
    then = [...stayed, ...entry.from.filter((state) => !stayed.includes(state))];
  }
  return moments.reverse();
}

/** As the newest change left it. An event that changed nothing leads nowhere. */
export function asItIs({ states, entries }: Actor): { states: readonly string[]; last: LastEntry | null } {
  const entry = entries.find((one) => lastOf(one) !== null);
  return { states: enteredFirst(states, entry?.to ?? []), last: entry ? lastOf(entry) : null };
}

/** Of two ends the first is the one that the chart turns to. */
const enteredFirst = (states: readonly string[], entered: readonly string[]): readonly string[] => [
  ...states.filter((state) => entered.includes(state)),
  ...states.filter((state) => !entered.includes(state)),
];

const lastOf = ({ outcome, event, from, to }: Entry): LastEntry | null =>
  outcome === "applied" && to.length > 0 ? { event: { type: event }, outcome, from, to } : null;

/** Who is told about, for somebody who has just come: the actor that changed last. */
export function lastTold({ actors, happened }: SandboxState): Actor | null {
  const newest = happened.find(({ to, address }) => to.length > 0 && rankOf(address.split("/", 1)[0] ?? "") >= 0);
  return actors.find(({ address }) => address === newest?.address) ?? actors[0] ?? null;
}
