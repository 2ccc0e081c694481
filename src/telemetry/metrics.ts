import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { MetricSpec } from "./metric-spec.ts";
import { METRICS, type MetricKey } from "./metric-table.ts";

type LabelOf<S extends MetricSpec> = S["labels"][number];
type Made<S extends MetricSpec> = S["type"] extends "counter"
  ? Counter<LabelOf<S>>
  : S["type"] extends "gauge"
    ? Gauge<LabelOf<S>>
    : Histogram<LabelOf<S>>;

/** Every metric of this service; names, labels and meanings: metric-table.ts. */
export type Metrics = { readonly [K in MetricKey]: Made<(typeof METRICS)[K]> } & {
  readonly contentType: string;
  /** Prometheus' text format, after all reads. */
  text(): Promise<string>;
  /**
   * Reads, before each scrape, what is counted where it lies. Reads that hang would hang the scrape: they are given up after two seconds. What
   * cannot be read just now is NaN, and hides nothing else.
   */
  collect(read: () => Promise<void>, orElse: () => void): void;
};

/** Prometheus gives up a scrape after 10 s by default; Redis answers in milliseconds or not at all. Unit: milliseconds. */
const READ_WITHIN_MS = 2_000;

export function makeMetrics({ withProcess = false }: { readonly withProcess?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (withProcess) collectDefaultMetrics({ register: registry });
  const reads: (() => Promise<void>)[] = [];
  const made: Record<string, unknown> = {};
  for (const key of Object.keys(METRICS) as MetricKey[]) made[key] = make(METRICS[key], registry);

  return {
    ...(made as { readonly [K in MetricKey]: Made<(typeof METRICS)[K]> }),
    contentType: registry.contentType,
    // Not in prom-client's `collect`: each gauge has its own there, and one read tells the numbers of several.
    async text() {
      await Promise.all(reads.map((read) => read()));
      return registry.metrics();
    },
    collect(read, orElse) {
      reads.push(() => withinTime(read()).catch(orElse));
    },
  };
}

function make(spec: MetricSpec, registry: Registry): Counter | Gauge | Histogram {
  const { name, help, labels, buckets } = spec;
  const settings = { name, help, labelNames: [...labels], registers: [registry] };
  if (spec.type === "histogram") {
    const histogram = new Histogram({ ...settings, ...(buckets ? { buckets: [...buckets] } : {}) });
    for (const one of beginnings(spec)) histogram.zero(one);
    return histogram;
  }
  if (spec.type === "gauge") return new Gauge(settings);
  const counter = new Counter(settings);
  for (const one of beginnings(spec)) counter.inc(one, 0);
  return counter;
}

/** Series that are there from the start: a counter that appears with its first event would hide that event from `increase()`. */
function beginnings({ labels, values }: MetricSpec): readonly Record<string, string>[] {
  const [label] = labels;
  if (label === undefined || labels.length > 1) return [];
  return (values?.[label] ?? []).map((value) => ({ [label]: value }));
}

function withinTime(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("it takes too long")), READ_WITHIN_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
