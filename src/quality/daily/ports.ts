import type { Day, DayStatus, Side } from "../../../machines/dataset/gate.ts";
import type { TierName } from "../../../machines/dataset/types.ts";
import type { SumsByKey } from "../engine/measure-day.ts";
import type { Row } from "../model.ts";
import type { Goods } from "../ports.ts";

/** What is judged: a spreadsheet's rows of one dataset. */
export interface Scope {
  readonly dataset: string;
  readonly spreadsheetId: string;
}

/** A day of one side as it was frozen: version 1. */
export interface FrozenSlice {
  readonly version: number;
  /** SHA-256 of the canonical bytes, lower-case hex. */
  readonly seal: string;
  /** Backfilled values are as of a later day: counted in completeness, not compared. */
  readonly origin: "collection" | "backfill";
  /** Epoch ms. */
  readonly receivedAt: number;
  /** Values in the order of the dataset's keys. */
  readonly rows: readonly Row[];
  /** Category and brand by nm_id; absent: nobody knows. */
  readonly goods?: Goods;
}

export interface FrozenSlices {
  /** nm_id → the first day of the window, both days included, on which our own data have a row of it. */
  firstSeen(scope: Scope, from: Day, to: Day): Promise<ReadonlyMap<number, Day>>;
  /** @returns null: there is none, or it is damaged and was set aside */
  readFrozen(scope: Scope, side: Side, day: Day): Promise<FrozenSlice | null>;
}

/** Whose data are collected now: set up, and with a right to it. */
export interface ActiveScopes {
  list(): Promise<readonly Scope[]>;
}

/** Counts of local history that can be added up over scopes; see `Completeness`. */
export interface HistoryCounts {
  readonly nmTotal: number;
  readonly nmContinuous: number;
  readonly daysTotal: number;
  readonly daysWhole: number;
}

/** One scope's day, for pooling. */
export interface ScopeDay {
  readonly status: DayStatus;
  readonly asofSkew: boolean;
  readonly sums: SumsByKey;
  readonly tiers: Readonly<Record<string, TierName>>;
  readonly history: HistoryCounts;
}

/** A frozen day over all scopes. Sums, not ratios: several days are pooled by adding. */
export interface FleetDay {
  readonly date: Day;
  readonly scopes: number;
  readonly sums: SumsByKey;
  /** Key → tier → scopes. */
  readonly tiers: Readonly<Record<string, Readonly<Partial<Record<TierName, number>>>>>;
  readonly statuses: Readonly<Partial<Record<DayStatus, number>>>;
  /** Among those that are `ok`: received too far apart, so that nothing was decided by them. */
  readonly skewed: number;
  readonly history: HistoryCounts;
}

/** What the days said, apart from each scope's own record. Everything in it can be made anew from the slices. */
export interface ParityBook {
  /** Kept until the day has been pooled, and as long as it is shown. */
  putScope(scope: Scope, day: Day, said: ScopeDay): Promise<void>;
  scopesOf(dataset: string, day: Day): Promise<readonly ScopeDay[]>;
  /** What a scope said of these days; those that are not kept any more are left out. */
  daysOf(scope: Scope, days: readonly Day[]): Promise<ReadonlyMap<Day, ScopeDay>>;
  putDay(dataset: string, day: FleetDay): Promise<void>;
  /** Oldest first; at most the last 90. */
  days(dataset: string): Promise<readonly FleetDay[]>;
}
