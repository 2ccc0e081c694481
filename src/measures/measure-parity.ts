// How far the two sides were apart on the last frozen day, read before a scrape from what the daily evaluation wrote down.
import { dayNumber } from "../../machines/dataset/days.ts";
import type { GateReason } from "../../machines/dataset/gate.ts";
import type { FleetDay } from "../quality/daily/ports.ts";
import { datasetRatio, metricsOf, share } from "../quality/engine/metrics.ts";
import { emptySums } from "../quality/engine/sums.ts";
import type { KeyTable } from "../quality/model.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { atMostEvery } from "./measure-waiting.ts";

export interface ParityReads {
  readonly dataset: string;
  /** null: nothing was judged yet. */
  readonly lastDay: () => Promise<FleetDay | null>;
  /** State of the gate → scopes. */
  readonly gateStates: () => Promise<Readonly<Record<string, number>>>;
  /** Key → verdict of the newest fit → scopes. */
  readonly verdicts: () => Promise<Readonly<Record<string, Readonly<Partial<Record<string, number>>>>>>;
  readonly keys: () => KeyTable;
  /** Epoch ms. */
  readonly wallClock: () => number;
}

/** A day changes once a day, and states are counted by a walk. Unit: milliseconds. */
const READ_EVERY_MS = 60_000;
const ALL_KEYS = "__all__";
const TIERS = ["none", "green", "yellow", "red"] as const;
const NO_DATA = ["local_missing", "upstream_missing", "both_missing"] as const;
const FALLBACKS: readonly GateReason[] = ["fail", "hold", "no_local_data"];
/** Moscow is ahead of UTC by this, all year. Unit: seconds. */
const MOSCOW_S = 3 * 3_600;

export function measureParity(metrics: Metrics, reads: ParityReads): void {
  const daily = [
    ...[metrics.parityExactRatio, metrics.parityExactRatioPaired, metrics.parityWape, metrics.parityMape],
    ...[metrics.parityMae, metrics.parityCoverage, metrics.parityTierScopes, metrics.parityNoDataScopes],
    ...[metrics.parityFrozenDay, metrics.parityExactMin, metrics.historyNmContinuous, metrics.historyDaysWhole],
  ];
  const forget = () => {
    for (const gauge of daily) gauge.reset();
  };
  // There from the start: a counter that appears with its first event would hide that event from `increase()`.
  for (const reason of FALLBACKS) metrics.parityGateSwitches.inc({ dataset: reads.dataset, to: "upstream", reason }, 0);
  const each = (read: () => Promise<void>, orElse: () => void): void =>
    metrics.collect(atMostEvery(READ_EVERY_MS, reads.wallClock, read), orElse);
  each(async () => {
    const day = await reads.lastDay();
    forget();
    if (day !== null) setDay(metrics, reads.dataset, day, reads.keys());
  }, forget);
  each(
    async () => {
      const states = await reads.gateStates();
      metrics.parityGateScopes.reset();
      for (const [state, count] of Object.entries(states))
        metrics.parityGateScopes.set({ dataset: reads.dataset, state }, count);
    },
    () => metrics.parityGateScopes.reset(),
  );
  each(
    () => setVerdicts(metrics, reads),
    () => metrics.calibrationKeys.reset(),
  );
}

async function setVerdicts(metrics: Metrics, { dataset, verdicts, keys }: ParityReads): Promise<void> {
  const counts = await verdicts();
  metrics.calibrationKeys.reset();
  for (const key of Object.keys(keys()))
    for (const [verdict, count] of Object.entries(counts[key] ?? {}))
      metrics.calibrationKeys.set({ dataset, key, verdict }, count ?? 0);
}

/** An undefined ratio is NaN: a gap in the graph, not a zero. */
const orNaN = (value: number | null): number => value ?? Number.NaN;

function setDay(metrics: Metrics, dataset: string, day: FleetDay, keys: KeyTable): void {
  metrics.parityFrozenDay.set({ dataset }, dayNumber(day.date) * 86_400 - MOSCOW_S);
  metrics.parityExactRatio.set(
    { dataset, key: ALL_KEYS },
    orNaN(datasetRatio(Object.values(day.sums)).numericExactRatio),
  );
  for (const [key, { critical, yellow }] of Object.entries(keys)) {
    const said = metricsOf(day.sums[key] ?? emptySums());
    metrics.parityExactRatio.set({ dataset, key }, orNaN(said.exactRatio));
    metrics.parityExactRatioPaired.set({ dataset, key }, orNaN(said.exactRatioPaired));
    metrics.parityWape.set({ dataset, key }, orNaN(said.wape));
    metrics.parityMape.set({ dataset, key }, orNaN(said.mape));
    metrics.parityMae.set({ dataset, key }, orNaN(said.mae));
    metrics.parityCoverage.set({ dataset, key }, orNaN(said.coverage));
    for (const tier of TIERS) metrics.parityTierScopes.set({ dataset, key, tier }, day.tiers[key]?.[tier] ?? 0);
    if (critical && yellow.exactMin !== undefined) metrics.parityExactMin.set({ dataset, key }, yellow.exactMin);
  }
  for (const status of NO_DATA) metrics.parityNoDataScopes.set({ dataset, status }, day.statuses[status] ?? 0);
  metrics.parityNoDataScopes.set({ dataset, status: "asof_skew" }, day.skewed);
  const { nmContinuous, nmTotal, daysWhole, daysTotal } = day.history;
  metrics.historyNmContinuous.set({ dataset }, orNaN(share(nmContinuous, nmTotal)));
  metrics.historyDaysWhole.set({ dataset }, orNaN(share(daysWhole, daysTotal)));
}
