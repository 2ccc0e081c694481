// What data quality needs of storage: slices of a scope, side by side, day by day, each version as it was sealed. Docs: docs/parity.md.
import type { Day, Side } from "../../machines/dataset/gate.ts";
import type { NormalisationCounts, Row } from "./model.ts";

export interface Scope {
  readonly spreadsheetId: string;
  readonly dataset: string;
}

export interface SliceAddress extends Scope {
  readonly side: Side;
  readonly day: Day;
}

/**
 * `collection`: read within its day or before its freeze. `backfill`: asked for later; its values are as of then, so it counts for
 * completeness and is never compared for the gate. `rereading`: upstream once more, days after the freeze, for the noise floor.
 */
export type SliceOrigin = "collection" | "backfill" | "rereading";

/** One answer as it came: the request's body as JSON, the answer's bytes untouched. */
export interface RawPage {
  readonly request: string;
  readonly body: Uint8Array;
  /** Epoch ms. */
  readonly receivedAt: number;
}

/** What is known of a slice without its rows. */
export interface SliceFacts extends SliceAddress {
  readonly origin: SliceOrigin;
  /** Some parts of the collection failed: they are asked for again. */
  readonly isPartial: boolean;
  /** When the run that led to it began; of two open slices the one that began later stays. Epoch ms. */
  readonly startedAt: number;
  /** When the last of its bytes was received; `isAsOfSkewed` compares these. Epoch ms. */
  readonly receivedAt: number;
  /** When the backend says that it obtained the data. Epoch ms; null: it does not say. */
  readonly capturedAt: number | null;
  /** What `values` of its rows stand for, in this order. */
  readonly keys: readonly string[];
  readonly counts: NormalisationCounts;
}

/** A slice on its way in: normalised rows of its day, one per nm_id, and what they were made of. */
export interface NewSlice extends SliceFacts {
  readonly rows: readonly Row[];
  readonly goods: Goods;
  readonly raw: readonly RawPage[];
}

/** Category and brand by nm_id, as the rows named them; `unknown` where they do not. Not part of the seal. */
export type Goods = ReadonlyMap<number, { readonly category: string; readonly brand: string }>;

export interface SliceHead extends SliceFacts {
  /** From 1; null while it is open. */
  readonly version: number | null;
  /** SHA-256 of the canonical bytes, lower-case hex; null while it is open. */
  readonly seal: string | null;
  /** Epoch ms; null while it is open. */
  readonly sealedAt: number | null;
}

export interface Slice {
  readonly head: SliceHead;
  /** Sorted by nm_id. */
  readonly rows: readonly Row[];
  readonly goods: Goods;
}

/** `v1`: as frozen. `latest`: the sealed one with the highest number. `open`: what the freeze would seal now. */
export type VersionChoice = "v1" | "latest" | "open" | number;

export interface SliceReader {
  /**
   * @returns null when there is no such version.
   * @throws AppError slice.corrupt (the file was set aside and is named), slice.invalidAddress
   */
  read(address: SliceAddress, version: VersionChoice): Promise<Slice | null>;
  /** Without reading rows. @throws as `read` */
  head(address: SliceAddress, version: VersionChoice): Promise<SliceHead | null>;
  /**
   * Heads of all versions of both sides in a window, both days included: by day, side, version, the open one last. Files that were set
   * aside are not among them. @throws AppError slice.invalidAddress
   */
  list(scope: Scope, from: Day, to: Day): Promise<readonly SliceHead[]>;
  /** Since when an article is in our own data, by the versions 1 of a window; see first-seen.ts. @throws AppError slice.invalidAddress */
  firstSeen(scope: Scope, from: Day, to: Day): Promise<ReadonlyMap<number, Day>>;
  /** What a slice was made of, page by page. @throws AppError slice.corrupt, slice.invalidAddress */
  raw(address: SliceAddress, version: VersionChoice): Promise<readonly RawPage[] | null>;
}

export type OpenResult =
  | "stored"
  /** One that began later is there already. */
  | "older"
  /** It began at or after the freeze of its day: it is no candidate for version 1. */
  | "afterFreeze"
  /** The day is sealed. */
  | "sealed";

export interface Sealed {
  readonly head: SliceHead;
  /** false: the same content was there already, and nothing was written. */
  readonly isNew: boolean;
}

export interface SliceStore extends SliceReader {
  /** Replaces the open slice of its day. @param freezeAt of its day, epoch ms. @throws AppError slice.invalidAddress */
  putOpen(slice: NewSlice, freezeAt: number): Promise<OpenResult>;
  /**
   * The freeze: the open slice becomes version 1. Again: the version 1 that is there.
   * @returns null: nothing is open, and nothing is sealed. @throws AppError slice.corrupt
   */
  seal(address: SliceAddress, at: number): Promise<Sealed | null>;
  /**
   * Writes a version by its number. Identical content (by its seal) succeeds without effect.
   * @throws AppError slice.sealed: this version has other content. slice.corrupt
   */
  putSealed(slice: NewSlice, version: number, at: number): Promise<Sealed>;
  /**
   * Later data of a sealed day: the version after the newest; nothing new when the newest has the same content. Of a day without
   * a version it is version 1 (a backfill).
   */
  restate(slice: NewSlice, at: number): Promise<Sealed>;
}

/** Longest that the two sides of a comparison may lie apart. Unit: milliseconds. */
export const MAX_AS_OF_SKEW_MS = 6 * 60 * 60_000;

/** Whether the two sides of a day were received too far apart to be compared for the gate. */
export const isAsOfSkewed = (one: Pick<SliceFacts, "receivedAt">, other: Pick<SliceFacts, "receivedAt">): boolean =>
  Math.abs(one.receivedAt - other.receivedAt) > MAX_AS_OF_SKEW_MS;
