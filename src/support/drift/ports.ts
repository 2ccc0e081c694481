// Where differences are kept, and what reconciliation can be asked for.
import type { BooksDay, Drift, DriftCheck, DriftCounts, DriftKind } from "../answers/drift.ts";
import type { CountMemory } from "./count.ts";

/** Differences that were found. Each throws AppError redis.unreachable. */
export interface DriftBook {
  has(drift: Pick<Drift, "kind" | "id">): Promise<boolean>;
  /** @returns false where it is there already, or there is no room for more of its kind: a later round finds it again */
  put(drift: Drift): Promise<boolean>;
  /** Moves it to those that are healed. @returns false when it is not open (any more) */
  heal(drift: Drift, at: number): Promise<boolean>;
  /** Not healed yet, oldest first; of all kinds without one. */
  open(kind?: DriftKind): Promise<readonly Drift[]>;
  /** The latest ones, newest first. */
  healed(): Promise<readonly Drift[]>;
  counts(): Promise<DriftCounts>;
  /** How many more people than are known were counted in a chat. */
  readCount(chatId: string): Promise<CountMemory | null>;
  writeCount(chatId: string, memory: CountMemory): Promise<void>;
  /** Totals of a day; written again, the later ones count. */
  writeDay(day: BooksDay): Promise<void>;
  /** Newest first. */
  days(): Promise<readonly BooksDay[]>;
}

/** What staff ask of reconciliation. */
export interface DriftDesk {
  readonly book: Pick<DriftBook, "open" | "healed" | "counts" | "days">;
  /** All comparisons without their events and without a trace. @throws AppError effect.unavailable when Telegram cannot be asked now */
  rehearse(extent: DriftExtent): Promise<DriftCheck>;
  /** A round of each comparison begins with the next turn of the sweeps. */
  begin(extent: DriftExtent): Promise<void>;
}

export interface DriftExtent {
  /** All rows of both books from the first one, instead of those since the remembered place. */
  readonly whole: boolean;
}
