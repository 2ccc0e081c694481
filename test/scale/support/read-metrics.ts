// Figures out of /metrics of several processes: as Prometheus would compute them, without Prometheus.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^(\w+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="([^"]*)"/g;

export function readMetrics(text: string): readonly Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key = "", text = ""]) => [key, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

type Wanted = Readonly<Record<string, string>>;

export function valuesOf(samples: readonly Sample[], name: string, wanted: Wanted = {}): readonly number[] {
  return samples
    .filter((one) => one.name === name && Object.entries(wanted).every(([key, value]) => one.labels[key] === value))
    .map(({ value }) => value)
    .filter(Number.isFinite);
}

export const sumOf = (samples: readonly Sample[], name: string, wanted: Wanted = {}): number =>
  valuesOf(samples, name, wanted).reduce((sum, value) => sum + value, 0);

/** Counts per upper bound (`le`) of a histogram, all processes together. */
export function bucketsOf(samples: readonly Sample[], name: string, wanted: Wanted = {}): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const one of samples) {
    if (one.name !== `${name}_bucket`) continue;
    if (!Object.entries(wanted).every(([key, value]) => one.labels[key] === value)) continue;
    const bound = one.labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(one.labels.le);
    counts.set(bound, (counts.get(bound) ?? 0) + one.value);
  }
  return counts;
}

/**
 * As `histogram_quantile` has it: linear within the bucket, so no finer than the buckets are.
 * @param share 0 to 1. @returns NaN when nothing was counted between the two readings; the last finite bound when it lies beyond.
 */
export function quantile(now: ReadonlyMap<number, number>, before: ReadonlyMap<number, number>, share: number): number {
  const grown = [...now].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)] as const);
  grown.sort(([a], [b]) => a - b);
  const total = grown.at(-1)?.[1] ?? 0;
  if (total <= 0) return Number.NaN;
  const wanted = share * total;
  let [lower, below] = [0, 0];
  for (const [bound, count] of grown) {
    if (count >= wanted) {
      if (!Number.isFinite(bound)) return lower;
      return count === below ? bound : lower + ((bound - lower) * (wanted - below)) / (count - below);
    }
    [lower, below] = [bound, count];
  }
  return lower;
}
