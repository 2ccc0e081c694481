// What an event changed, region by region: a history that repeats what stayed the same cannot be read.

/** `from` null: it was not there before; `to` null: it ended with it. Both without the region's own name. */
export interface RegionChange {
  /** "" for a machine with one region. */
  readonly region: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** @param from,to paths of leaf states, such as `billing.active.term` */
export function changedRegions(from: readonly string[] = [], to: readonly string[] = []): readonly RegionChange[] {
  const isParallel = Math.max(from.length, to.length) > 1;
  const before = byRegion(from, isParallel);
  const after = byRegion(to, isParallel);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((region) => ({ region, from: before.get(region) ?? null, to: after.get(region) ?? null }))
    .filter((change) => change.from !== change.to);
}

function byRegion(states: readonly string[], isParallel: boolean): ReadonlyMap<string, string> {
  const regions = new Map<string, string>();
  for (const state of states) {
    const dot = state.indexOf(".");
    const region = isParallel ? (dot < 0 ? state : state.slice(0, dot)) : "";
    const rest = isParallel ? (dot < 0 ? "" : state.slice(dot + 1)) : state;
    const known = regions.get(region);
    regions.set(region, known === undefined ? rest : `${known} + ${rest}`);
  }
  return regions;
}

/** The regions of an actor, each with its states, in the machine's order: what a forced state is chosen by. */
export function regionsOf(targets: readonly string[], current: readonly string[]): readonly Region[] {
  const isParallel = current.length > 1;
  const names = isParallel ? [...new Set(targets.map(firstOf))] : [""];
  return names.map((name) => ({
    name,
    current: current.find((state) => !isParallel || firstOf(state) === name) ?? null,
    targets: isParallel ? targets.filter((path) => firstOf(path) === name && path !== name) : targets,
  }));
}

export interface Region {
  readonly name: string;
  readonly current: string | null;
  readonly targets: readonly string[];
}

const firstOf = (path: string): string => path.split(".", 1)[0] ?? path;
