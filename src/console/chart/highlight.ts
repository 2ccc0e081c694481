// What a chart shows of one actor: where it is, what may happen now, what happened last. Pure; the same for chart and outline.
import type { ChartEdge, Outline } from "./outline.ts";

/** The newest entry of an actor's history, as far as a chart needs it. */
export interface LastEntry {
  readonly event: { readonly type: string };
  readonly outcome: string;
  /** Leaf states that were left, and that were entered. */
  readonly from?: readonly string[] | undefined;
  readonly to?: readonly string[] | undefined;
  /** The branches that the machine says it took; where they are not told, states must do. */
  readonly taken?: readonly { readonly source: string; readonly event: string; readonly branch: number }[] | undefined;
}

export interface Highlight {
  /** Paths of the states that the actor is in, those around them included. */
  readonly current: ReadonlySet<string>;
  /** Ids of edges. */
  readonly possible: ReadonlySet<string>;
  readonly last: ReadonlySet<string>;
}

/**
 * @param leaves Paths of the leaf states, as `states` of an actor.
 * @param refused Event types that a guard refuses now. Of others the guards are not known: every event that the states have a use for
 * counts, and timers and invocations as long as their state is current.
 * @param last Null: nothing is marked as taken.
 */
export function highlight(
  outline: Outline,
  leaves: readonly string[],
  refused: ReadonlySet<string>,
  last: LastEntry | null,
): Highlight {
  return {
    current: new Set(leaves.flatMap(withAncestors)),
    possible: possibleEdges(outline, leaves, refused),
    last: last === null ? new Set() : lastEdges(outline, leaves, last),
  };
}

/** A path and those of all states around it, from the inside out; the root's is "". */
export function withAncestors(path: string): string[] {
  const steps = path === "" ? [] : path.split(".");
  return [...steps.map((_, index) => steps.slice(0, steps.length - index).join(".")), ""];
}

const isWithin = (outer: string, path: string): boolean =>
  outer === "" || path === outer || path.startsWith(`${outer}.`);
/** It says only that the event is known and changes nothing. */
const doesNothing = ({ targets, actions }: ChartEdge): boolean => targets.length === 0 && actions.length === 0;

/** An inner state answers before those around it: an event that it takes without a guard never reaches them. */
function possibleEdges(
  { edges }: Outline,
  leaves: readonly string[],
  refused: ReadonlySet<string>,
): ReadonlySet<string> {
  const possible = new Set<string>();
  for (const leaf of leaves) {
    const answered = new Set<string>();
    for (const path of withAncestors(leaf)) {
      const own = edges.filter(({ source, event }) => source === path && event !== "" && !answered.has(event));
      for (const edge of own) {
        if (!refused.has(edge.event) && !doesNothing(edge)) possible.add(edge.id);
      }
      for (const { event, guard } of own) if (guard === null) answered.add(event);
    }
  }
  return possible;
}

/**
 * The transitions that an entry of the history speaks of. The record has the event and the leaf states, not the branch: of several
 * branches the one is marked that the machine says it took, else the one that explains what was left and entered. Where nothing tells
 * them apart, none is.
 */
function lastEdges(outline: Outline, after: readonly string[], entry: LastEntry): ReadonlySet<string> {
  const { from = [], to = [] } = entry;
  if (entry.outcome !== "applied") return new Set();
  const isBirth = from.length === 0 && to.length > 0;
  const before = isBirth ? initialLeaves(outline, "") : [...from, ...after.filter((path) => !to.includes(path))];
  const taken = new Set<string>(
    (entry.taken ?? []).flatMap(({ source, event, branch }) => {
      const edge = branchesAt(outline, source, event)[branch];
      return edge === undefined || doesNothing(edge) ? [] : [edge.id];
    }),
  );
  for (const leaf of new Set(before)) {
    // What stayed home is told by the machine; where it moved, what follows by itself is found besides.
    if (taken.size > 0 && after.includes(leaf)) continue;
    const way = after.includes(leaf)
      ? stayed(outline, leaf, entry)
      : moved(outline, leaf, isBirth ? after : to, entry, taken.size > 0 ? new Set(taken) : null);
    for (const { id } of way) taken.add(id);
  }
  return taken;
}

const branchesAt = ({ edges }: Outline, path: string, event: string): ChartEdge[] =>
  edges.filter((edge) => edge.source === path && edge.event === event);

/** The leaf is as it was: something stayed home, was entered again, or happened in another region. */
function stayed(outline: Outline, leaf: string, { event }: LastEntry): ChartEdge[] {
  for (const path of withAncestors(leaf)) {
    const branches = branchesAt(outline, path, event.type);
    if (branches.length === 0) continue;
    const stays = branches.filter((edge) => edge.targets.every((target) => leadsTo(outline, target, leaf) !== null));
    const [only] = stays;
    if (only !== undefined && stays.length === 1 && !doesNothing(only)) return [only];
    // A guard may have refused all of them, and the states around were asked.
    if (stays.length > 0 || branches.some(({ guard }) => guard === null)) return [];
  }
  return [];
}

/** The leaf was left: by the event, or by itself because something else had changed. */
function moved(
  outline: Outline,
  leaf: string,
  to: readonly string[],
  { event }: LastEntry,
  told: ReadonlySet<string> | null,
): ChartEdge[] {
  for (const type of [event.type, ""]) {
    for (const path of withAncestors(leaf)) {
      const branches = branchesAt(outline, path, type).filter(({ id }) => type === "" || (told?.has(id) ?? true));
      const ways = branches.flatMap((edge) =>
        edge.targets.flatMap((target) =>
          to.flatMap((reached) => {
            const rest = leadsTo(outline, target, reached);
            return rest === null ? [] : [[edge, ...rest]];
          }),
        ),
      );
      const shortest = Math.min(...ways.map(({ length }) => length));
      const best = ways.filter(({ length }) => length === shortest);
      if (best.length === 1) return best[0] ?? [];
      if (best.length > 1) return [];
    }
  }
  return [];
}

/**
 * What is gone through from a state to a leaf by itself: nothing where entering the one enters the other, else the transitions that
 * wait for no event. Null: it does not lead there. A leaf deeper than the initial ones counts too: a region may have moved on.
 */
function leadsTo(outline: Outline, target: string, leaf: string): ChartEdge[] | null {
  const open: { at: string; way: ChartEdge[] }[] = [{ at: target, way: [] }];
  const seen = new Set([target]);
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { at, way } = next;
    const entered = initialLeaves(outline, at);
    if (entered.includes(leaf)) return way;
    const passing = new Set(entered.flatMap(withAncestors).filter((path) => isWithin(at, path)));
    for (const edge of outline.edges) {
      const [to] = edge.targets;
      if (edge.event !== "" || to === undefined || !passing.has(edge.source) || seen.has(to)) continue;
      seen.add(to);
      open.push({ at: to, way: [...way, edge] });
    }
  }
  return isWithin(target, leaf) ? [] : null;
}

/** The leaf states that entering a state enters. */
export function initialLeaves(outline: Outline, path: string): string[] {
  const inner = outline.states.filter(({ parent, initial }) => parent === path && initial);
  return inner.length === 0 ? [path] : inner.flatMap((state) => initialLeaves(outline, state.path));
}
