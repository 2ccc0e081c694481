// What is kept of the weekly calibration: what each fit came to, and the coefficients of those that went live.
import type { Day } from "../../../machines/dataset/gate.ts";
import type { Scope } from "../daily/ports.ts";
import type { SumsByKey } from "../engine/measure-day.ts";
import type { Release } from "../engine/release.ts";
import type { DayWindow, Sums } from "../model.ts";

/** Key → nm_id → coefficient; what is not listed is 1. */
export type CoefficientSet = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface KeyVerdict {
  readonly verdict: "accepted" | "rejected";
  /** null: accepted. */
  readonly reason: string | null;
  /** With this key alone corrected, over the holdout. */
  readonly before: Sums;
  readonly after: Sums;
  readonly betterDays: number;
  readonly days: number;
  readonly changedCells: number;
  /** nm_ids with a coefficient; 0 of a key that was not accepted. */
  readonly coefficients: number;
  /** The day on which it was worse than raw data; null: it was not. */
  readonly withdrawnOn: Day | null;
}

/** One fit with its evidence. Only `withdrawnOn` changes later. */
export interface CalibrationRecord {
  /** Names the coefficients too: `<asOf>-<hash>`. */
  readonly id: string;
  /** The last frozen day that was looked at. */
  readonly asOf: Day;
  readonly train: DayWindow;
  readonly holdout: DayWindow;
  readonly keys: Readonly<Record<string, KeyVerdict>>;
  readonly combined: { readonly before: SumsByKey; readonly after: SumsByKey };
  /** null: no key was accepted. */
  readonly release: Release | null;
  readonly paramsHash: string;
  /** Of side, day, version and seal of all slices that were looked at. */
  readonly slicesHash: string;
  /** Epoch ms. */
  readonly judgedAt: number;
}

/** Verdicts on a key in the newest fit of a scope. */
export type NewestVerdict = "accepted" | "rejected" | "withdrawn";

/** Each method throws AppError redis.unreachable. */
export interface CalibrationBook {
  /** The newest of each scope are kept. The same one again replaces itself. */
  putRun(scope: Scope, run: CalibrationRecord): Promise<void>;
  /** Newest first. */
  runs(scope: Scope): Promise<readonly CalibrationRecord[]>;
  noteWithdrawn(scope: Scope, id: string, keys: readonly string[], day: Day): Promise<void>;
  /** By key → verdict → scopes. */
  newestVerdicts(dataset: string): Promise<Readonly<Record<string, Readonly<Partial<Record<NewestVerdict, number>>>>>>;
  /** Before it is said to be live; the one before it is kept as well, until nobody reads by it. */
  putCoefficients(scope: Scope, id: string, coefficients: CoefficientSet): Promise<void>;
  /** null: there are none. */
  coefficients(scope: Scope, id: string): Promise<CoefficientSet | null>;
}
