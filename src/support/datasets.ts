// What staff see of the gates: one line per spreadsheet, one page, and the days of all together.
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import type { DatasetContext, DayRecord } from "../../machines/dataset/types.ts";
import type { CalibrationBook } from "../quality/calibration/ports.ts";
import { nextJudgedAt } from "../quality/daily/due-days.ts";
import type { FleetDay, FrozenSlices, ParityBook, Scope, ScopeDay } from "../quality/daily/ports.ts";
import { type WorstRow, worstRows } from "../quality/daily/worst-rows.ts";
import { datasetRatio, metricsOf, share } from "../quality/engine/metrics.ts";
import { emptySums, poolSums } from "../quality/engine/sums.ts";
import { tierOf } from "../quality/engine/tiers.ts";
import type { KeyTable, Sums } from "../quality/model.ts";
import { PARITY_DATASET, type ResolvedParity, settingsOf } from "../quality/settings.ts";
import type { Actors, ActorView } from "../runtime/ports.ts";
import type { DatasetCalibration, DatasetDay, DatasetLine, DatasetPage, ParityDays } from "./answers/datasets.ts";
import { runOf } from "./calibration-runs.ts";

/** What the dashboard draws. */
const SHOWN_DAYS = 60;

const WORST_ROWS = 20;

export interface DatasetsDeps {
  readonly actors: Pick<Actors, "read" | "pageInState" | "countByState">;
  readonly book: Pick<ParityBook, "days" | "daysOf">;
  readonly calibration: Pick<CalibrationBook, "runs">;
  /** What second readings of upstream said, the newest of each scope. */
  readonly noise: (dataset: string) => Promise<readonly SecondReading[]>;
  readonly collection: CollectionReads;
  /** null: they are not within this process' reach. */
  readonly slices: Pick<FrozenSlices, "readFrozen"> | null;
  readonly settings: () => ResolvedParity;
  /** How long after its end a day is frozen. Unit: milliseconds. */
  readonly freezeMs: () => number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** How the collection of a scope is going; epoch ms. */
export interface CollectionFacts {
  readonly isActive: boolean;
  readonly since: number;
  readonly lastSuccessAt: number | null;
  readonly isUnsupported: boolean;
}

export interface CollectionReads {
  /** null: it is not collected here. */
  of(scope: Scope): Promise<CollectionFacts | null>;
  all(): Promise<readonly CollectionFacts[]>;
}

/** How well upstream agreed with itself a week after the freeze of a day. */
export interface SecondReading {
  readonly day: string;
  readonly byKey: Readonly<Record<string, Sums>>;
}

export interface Datasets {
  list(
    cursor: string | null,
    limit: number,
  ): Promise<{ readonly datasets: DatasetLine[]; readonly cursor: string | null }>;
  /** null: nobody has judged it yet. */
  page(dataset: string, spreadsheetId: string): Promise<Omit<DatasetPage, "now"> | null>;
  days(): Promise<Omit<ParityDays, "now">>;
  /** null: a side was not frozen on that day. */
  worst(scope: Scope, day: string, key: string): Promise<readonly WorstRow[] | null>;
  /** Empty: nothing was fitted yet. */
  calibration(scope: Scope): Promise<Omit<DatasetCalibration, "now">>;
}

const contextOf = (view: ActorView): DatasetContext => view.context as unknown as DatasetContext;

export function makeDatasets(deps: DatasetsDeps): Datasets {
  const { actors, book, calibration, noise, collection, slices, settings, freezeMs, now } = deps;
  const lineAt = async (address: ActorAddress): Promise<DatasetLine[]> => {
    const view = await actors.read(address);
    return view === null ? [] : [lineOf(view)];
  };
  return {
    async list(cursor, limit) {
      const page = await actors.pageInState("dataset", "gate", cursor, limit);
      return { datasets: (await Promise.all(page.addresses.map(lineAt))).flat(), cursor: page.cursor };
    },
    async page(dataset, spreadsheetId) {
      const view = await actors.read(addressOf.dataset(dataset, spreadsheetId));
      if (view === null) return null;
      const { from, gate, days } = contextOf(view);
      const scope = { dataset, spreadsheetId };
      const dates = days.map(({ date }) => date);
      const [said, facts] = await Promise.all([book.daysOf(scope, dates), collection.of(scope)]);
      return {
        ...lineOf(view),
        ...{ from, lastSwitch: gate.lastSwitch, fallbacks: [...gate.fallbacks] },
        collection: facts === null ? null : factsOf(facts),
        keys: limitsOf(settingsOf(settings(), scope.spreadsheetId).keys),
        days: days.map((day) => scopeDayOf(day, said.get(day.date) ?? null)).reverse(),
      };
    },
    async days() {
      const { keys, gate } = settings();
      const { initialState: _, ...shown } = gate;
      const [days, states, readings, all] = await Promise.all([
        book.days(PARITY_DATASET),
        actors.countByState("dataset"),
        noise(PARITY_DATASET),
        collection.all(),
      ]);
      const active = all.filter(({ isActive }) => isActive);
      const collects = slices !== null || active.length > 0;
      return {
        dataset: PARITY_DATASET,
        keys: limitsOf(keys),
        gate: shown,
        ...{ collects, nextAt: collects ? nextJudgedAt(now(), freezeMs()) : null },
        ...{ collected: active.length, unsupported: active.filter(({ isUnsupported }) => isUnsupported).length },
        noise: noiseFloorOf(readings),
        states: gateStates(states),
        days: days.slice(-SHOWN_DAYS).map((day) => dayOf(day, keys)),
      };
    },
    async calibration(scope) {
      const [runs, view] = await Promise.all([
        calibration.runs(scope),
        actors.read(addressOf.dataset(scope.dataset, scope.spreadsheetId)),
      ]);
      const context = view === null ? null : contextOf(view);
      return { live: context?.corrections?.set ?? null, runs: runs.map((run) => runOf(run, context)) };
    },
    async worst(scope, day, key) {
      const { keys } = settingsOf(settings(), scope.spreadsheetId);
      return slices === null ? null : worstRows(slices, { scope, day, key, keys, limit: WORST_ROWS });
    },
  };
}

const limitsOf = (keys: KeyTable): ParityDays["keys"] =>
  Object.entries(keys).map(([key, { critical, green, yellow }]) => ({ key, critical, green, yellow }));

/** State of the gate → scopes. @param counts of all leaf states */
export const gateStates = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts).flatMap(([state, count]) =>
      state.startsWith("gate.") ? [[state.slice("gate.".length), count]] : [],
    ),
  );

function lineOf(view: ActorView): DatasetLine {
  const { dataset, spreadsheetId, gate, days, pin, decision, unverifiedDays } = contextOf(view);
  const last = days.at(-1);
  const state = view.states.find((path) => path.startsWith("gate."))?.slice("gate.".length);
  return {
    ...{ dataset, spreadsheetId, address: view.address, unverifiedDays },
    state: (state ?? "unopened") as DatasetLine["state"],
    ...{ side: gate.side, passStreak: gate.passStreak, holdStreak: gate.holdStreak },
    lastDay:
      last === undefined ? null : { date: last.date, verdict: last.verdict, numericExactRatio: last.numericExactRatio },
    pin: pin === null ? null : { ...pin },
    decision: decision === null ? null : { ...decision },
  };
}

const factsOf = ({ isActive, since, lastSuccessAt, isUnsupported }: CollectionFacts) => ({
  ...{ isActive, since, lastSuccessAt, isUnsupported },
});

const shownMetrics = (sums: Sums) => ({ nCells: sums.nCells, ...metricsOf(sums) });

/** Numbers of the day itself are kept apart from the record, and not as long. */
function scopeDayOf(day: DayRecord, said: ScopeDay | null): DatasetDay {
  const isComparable = said !== null && said.status === "ok";
  return {
    ...{ ...day, tiers: { ...day.tiers } },
    keys: isComparable
      ? Object.fromEntries(Object.entries(said.sums).map(([key, sums]) => [key, shownMetrics(sums)]))
      : null,
    history:
      said === null
        ? null
        : {
            pctNmContinuous: share(said.history.nmContinuous, said.history.nmTotal),
            pctDaysWithoutHoles: share(said.history.daysWhole, said.history.daysTotal),
            ...{ nmTotal: said.history.nmTotal, daysTotal: said.history.daysTotal },
          },
  };
}

function dayOf(
  { date, scopes, sums, tiers, statuses, skewed, history }: FleetDay,
  settings: KeyTable,
): ParityDays["days"][number] {
  return {
    ...{ date, scopes, statuses, skewed },
    numericExactRatio: datasetRatio(Object.values(sums)).numericExactRatio,
    pctNmContinuous: share(history.nmContinuous, history.nmTotal),
    pctDaysWithoutHoles: share(history.daysWhole, history.daysTotal),
    keys: Object.fromEntries(
      Object.keys(sums).map((key) => {
        const ofKey = sums[key] ?? emptySums();
        const limits = settings[key] ?? { green: {}, yellow: {} };
        return [key, { ...shownMetrics(ofKey), tier: tierOf(ofKey, limits), tiers: { ...tiers[key] } }];
      }),
    ),
  };
}

/** @returns null: no day was read a second time yet */
function noiseFloorOf(readings: readonly SecondReading[]): ParityDays["noise"] {
  const date = readings
    .map(({ day }) => day)
    .sort()
    .at(-1);
  if (date === undefined) return null;
  const keys = [...new Set(readings.flatMap(({ byKey }) => Object.keys(byKey)))];
  const pooled = keys.map((key) => [key, poolSums(readings.flatMap(({ byKey }) => byKey[key] ?? []))] as const);
  return {
    ...{ date, scopes: readings.length },
    numericExactRatio: datasetRatio(pooled.map(([, sums]) => sums)).numericExactRatio,
    keys: Object.fromEntries(
      pooled.map(([key, sums]) => [key, { exactRatio: share(sums.nExact, sums.nCells), nCells: sums.nCells }]),
    ),
  };
}
