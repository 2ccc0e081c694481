// The words of data quality: what a row, a key and a sum are. Docs: docs/parity.md.
import type { Day } from "../../machines/dataset/gate.ts";

/** One `(date, nm_id)` of one side, normalised. Values stand in the order of the dataset's keys; null: missing. */
export interface Row {
  readonly date: Day;
  readonly nmId: number;
  readonly values: readonly (number | null)[];
}

/** Days from `from` to `to`, both included. */
export interface DayWindow {
  readonly from: Day;
  readonly to: Day;
}

/** Limits a key must hold to be of a tier; those not given are not checked. Shares, but `maeMax`, which has the key's unit. */
export interface Limits {
  readonly exactMin?: number;
  readonly coverageMin?: number;
  readonly wapeMax?: number;
  readonly mapeMax?: number;
  readonly maeMax?: number;
}

export interface KeySettings {
  readonly absTol: number;
  readonly relTol: number;
  readonly missingAsZero: boolean;
  /** Of a calibrated value. */
  readonly decimals: number;
  /** A red critical key fails the gate. */
  readonly critical: boolean;
  readonly green: Limits;
  readonly yellow: Limits;
}

/** By key, in the dataset's order. */
export type KeyTable = Readonly<Record<string, KeySettings>>;

/** Counts and sums of a set of cells. Two sets are pooled by adding member by member; ratios are made once, from the sum. */
export interface Sums {
  readonly nCells: number;
  readonly nPaired: number;
  readonly nExact: number;
  readonly nEqual: number;
  readonly nMissingLocal: number;
  readonly nMissingUpstream: number;
  readonly nMape: number;
  readonly signMismatch: number;
  /** Σ|l − u| */
  readonly sumAbsError: number;
  /** Σ(l − u) */
  readonly sumError: number;
  /** Σ|u| */
  readonly sumAbsUpstream: number;
  /** Σ(|l − u| / |u|) over the `nMape` cells */
  readonly sumApe: number;
}

/** What the sums say; null: undefined. */
export interface Metrics {
  readonly exactRatio: number | null;
  readonly exactRatioPaired: number | null;
  readonly coverage: number | null;
  readonly mae: number | null;
  readonly bias: number | null;
  readonly mape: number | null;
  readonly wape: number | null;
}

export type Tier = "none" | "green" | "yellow" | "red";

export interface CatalogueEntry {
  readonly nmId: number;
  readonly category: string;
  readonly brand: string;
  readonly firstSeen: Day | null;
  /** First day on which it is no longer expected. */
  readonly retiredAt: Day | null;
}

/** By nm_id. */
export type Catalogue = ReadonlyMap<number, CatalogueEntry>;

/** Rows that came in and what became of them. */
export interface NormalisationCounts {
  readonly rows: number;
  readonly invalidRows: number;
  readonly outOfWindowRows: number;
  readonly invalidValues: number;
  readonly duplicateRows: number;
}
