import type { Day, Side } from "../../machines/dataset/gate.ts";

/** A row as both sides name its members: `date`, `nm_id`, and the dataset's keys; unknown is null. */
export type DataRow = Readonly<Record<string, string | number | boolean | null>>;

export interface Scope {
  readonly dataset: string;
  readonly spreadsheetId: string;
}

/** Both ends included. */
export interface DayWindow {
  readonly from: Day;
  readonly to: Day;
}

export interface SideRows {
  /** Sorted by date, then nm_id; a day without rows is absent. */
  readonly rows: readonly DataRow[];
  /** When that side's data were obtained. Epoch ms; null: nobody knows. */
  readonly capturedAt: number | null;
}

/** `refused`: it answers, and will not have this question; that speaks of the question, not of its health. */
export type UpstreamAnswer =
  | ({ readonly kind: "rows" } & SideRows)
  | { readonly kind: "refused"; readonly code: string };

/** The reference. @throws when it is not there, or in trouble */
export interface Upstream {
  read(scope: Scope, window: DayWindow, signal: AbortSignal): Promise<UpstreamAnswer>;
}

/** Our own data: of each day the latest sealed slice, or the open one. */
export interface LocalRows {
  /** @returns null: there is nothing for any day of the window. @throws when it cannot be read */
  read(scope: Scope, window: DayWindow): Promise<SideRows | null>;
}

/** From which side a scope is to be served first. */
export interface SourceInForce {
  /** Upstream for a scope that nobody has judged. @throws AppError redis.unreachable */
  sideOf(scope: Scope): Promise<Side>;
}

/** What a response was served from; the contract's own words. */
export interface Served extends SideRows {
  readonly source: Side;
  readonly requestedSource: Side | "auto";
  /** `auto` had to use the other side. */
  readonly isDegraded: boolean;
}

export interface Gateway {
  /**
   * Rows of one side, never of both.
   * @param asked `auto` follows the source in force and falls back; a named side does not.
   * @throws AppError gateway.noSource when neither side has them, redis.unreachable
   */
  readRows(scope: Scope, window: DayWindow, asked?: Side | "auto"): Promise<Served>;
}
