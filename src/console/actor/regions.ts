// What an event changed, region by region: a history that repeats what stayed the same cannot be read.

/** `from` null: nothing was there before; `to` null: nothing is there any more. Both without the region's own name. */
export interface RegionChange {
  /** "" where the states have none in common: then they are whole. */
  readonly region: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * @param from,to paths of leaf states, such as `billing.active.term`: all of an actor's, or only those that changed, as the record has them
 */
export function changedRegions(from: readonly string[] = [], to: readonly string[] = []): readonly RegionChange[] {
  const before = byRegion(from);
  const after = byRegion(to);
  const stayed = [...before.keys()].filter((region) => after.has(region));
  const changes = stayed
    .map((region) => ({ region, from: before.get(region) ?? null, to: after.get(region) ?? null }))
    .filter((change) => change.from !== change.to);
  // Regions neither begin nor end: what is on one side only are states of a machine without regions.
  const left = from.filter((path) => !after.has(firstOf(path)));
  const entered = to.filter((path) => !before.has(firstOf(path)));
  for (let at = 0; at < Math.max(left.length, entered.length); at++)
    changes.push({ region: "", from: left[at] ?? null, to: entered[at] ?? null });
  return changes;
}

function byRegion(states: readonly string[]): ReadonlyMap<string, string> {
  const regions = new Map<string, string>();
  for (const state of states) {
    const region = firstOf(state);
    const rest = state.slice(region.length + 1);
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
