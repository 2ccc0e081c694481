import type { JobState } from "./contract/collector.ts";
import type { BackendErrorCode } from "./contract/errors.ts";
import type { SourceChoice, SourceTag } from "./contract/primitives.ts";
import type { Row } from "./contract/spreadsheet.ts";

/** What the caller says about one call: the same for every attempt, but for `signal`. */
export interface CallMeta {
  /** 8 to 128 of A-Z a-z 0-9 _ . - ; `requestIdOf` makes one. */
  readonly requestId: string;
  readonly signal?: AbortSignal;
}

export interface KeyedCallMeta extends CallMeta {
  /** Names what is intended, not the attempt: 1 to 128 of A-Z a-z 0-9 _ : . - */
  readonly idempotencyKey: string;
}

export interface WbTokenSummary {
  /** Seller id. */
  readonly sid: string;
  /** At most the last six characters. */
  readonly tokenSuffix: string | null;
  /** Epoch ms. */
  readonly expiresAt: number | null;
}

/** What was stored, and what not; both may be. Without the backend's texts. */
export interface Collected {
  /** Part → rows. */
  readonly stored: Readonly<Record<string, number>>;
  readonly failedParts: readonly { readonly part: string; readonly isRetryable: boolean }[];
}

export type CollectionAnswer =
  | ({ readonly state: "done" } & Collected)
  /** It goes on without us; ask for the job after this time. Unit: milliseconds. */
  | { readonly state: "started"; readonly jobId: string; readonly pollInMs: number };

export interface JobReport extends Collected {
  readonly jobId: string;
  readonly state: JobState;
  /** Of a failed one, where the backend says it. */
  readonly errorCode: BackendErrorCode | null;
}

export interface DatasetPage {
  /** Sorted by date, then nm_id. Unknown is null. */
  readonly rows: readonly Row[];
  /** The side all rows come from. */
  readonly source: SourceTag;
  /** Whether the backend named that side itself; otherwise it is the one that was asked for, and nobody knows. */
  readonly isSourceNamed: boolean;
  /** `auto` had to use the other side. */
  readonly isDegraded: boolean;
  /** When that side's data was obtained. Epoch ms. */
  readonly capturedAt: number | null;
  /** Keys in which zero may mean unknown. */
  readonly zeroFilledKeys: readonly string[];
  /** null: the last body. Lives 15 minutes. */
  readonly nextCursor: string | null;
}

/** A page as it came: its rows are read by the rules of data quality, which take more than the contract's form. */
export interface RawDatasetPage extends Omit<DatasetPage, "rows"> {
  readonly rows: readonly unknown[];
  /** The answer's body, untouched. */
  readonly bytes: Uint8Array;
  /** The request's body. JSON. */
  readonly request: string;
}

export interface DatasetQuestion {
  readonly spreadsheetId: string;
  readonly dataset: string;
  readonly source: SourceChoice;
  readonly dateFrom: string;
  readonly dateTo: string;
  readonly nmIds?: readonly number[];
  readonly limit?: number;
  readonly cursor?: string;
}

export interface BackendHealth {
  readonly status: "ok" | "degraded";
  readonly version: string | null;
  /** null: it does not say. */
  readonly isUpstreamEnabled: boolean | null;
  readonly isUpstreamReachable: boolean | null;
  readonly isCollectorRunning: boolean | null;
  /** Epoch ms. */
  readonly lastCollectedAt: number | null;
}

/**
 * The product backend. Each function makes one attempt at one call; repeating is the job queue's business, with the same `requestId` and
 * `idempotencyKey`, and does no harm: see each.
 * @throws BackendWait: delay the job, nothing went wrong. AppError backend.* with `call`, `path`, `status`, `code`, `requestId`: what it
 * says in docs/errors.md. AppError effect.invalidInput: a defect, nothing was sent. AppError redis.unreachable.
 */
export interface BackendClient {
  /** By spreadsheet: `isCreated` once. @throws AppError backend.ownerConflict, backend.spreadsheetInvalid, backend.spreadsheetNotFound */
  registerSpreadsheet(
    input: { readonly spreadsheetId: string; readonly ownerEmail?: string | null },
    meta: KeyedCallMeta,
  ): Promise<{ readonly isCreated: boolean | null; readonly isActive: boolean | null }>;

  /**
   * By spreadsheet and token: `isCreated` once. The only call that carries a token.
   * @param meta `isLastAttempt`: older versions fail with 500 over a token they cannot read; after the last attempt that means the token.
   * @throws AppError backend.invalidToken, with `details.reason` where the backend says it (else null)
   */
  addWbToken(
    input: { readonly spreadsheetId: string; readonly token: string; readonly ownerEmail?: string | null },
    meta: KeyedCallMeta & { readonly isLastAttempt?: boolean },
  ): Promise<WbTokenSummary & { readonly isCreated: boolean | null }>;

  /** Active tokens, possibly none. Reads only. Raw tokens in the answer are dropped unread. @throws AppError backend.spreadsheetInactive */
  getWbTokens(input: { readonly spreadsheetId: string }, meta: CallMeta): Promise<readonly WbTokenSummary[]>;

  /** Repeats may become one refresh. Success says nothing about data. @throws AppError backend.unsupportedDataset */
  updateDatasets(
    input: {
      readonly spreadsheetId: string;
      /** Absent: everything the spreadsheet uses. */
      readonly dataset?: { readonly name: string; readonly values?: Readonly<Record<string, unknown>> };
    },
    meta: KeyedCallMeta,
  ): Promise<{ readonly jobId: string | null }>;

  /**
   * By spreadsheet and days: replaces what is open, never what is sealed. After an attempt without an answer the backend is asked first
   * whether that collection still runs. Days are `YYYY-MM-DD` in Moscow time, at most 31.
   * @throws BackendWait busy, collectorUnanswered; AppError backend.sliceSealed, backend.rejected (invalid_date_range)
   */
  runCollector(
    input: {
      readonly spreadsheetId: string;
      readonly dateFrom: string;
      readonly dateTo?: string;
      readonly nmIds?: readonly number[];
      readonly noPositions?: boolean;
      readonly noFunnel?: boolean;
    },
    meta: KeyedCallMeta,
  ): Promise<CollectionAnswer>;

  /**
   * One page of one side. Reads only.
   * @throws AppError backend.datasetNotFound (never collected), backend.unsupported (the other side answered: no choice of sides)
   */
  readDataset(input: DatasetQuestion, meta: CallMeta): Promise<DatasetPage>;

  /** The same call, for whoever keeps what came. @throws as readDataset */
  readRawDataset(input: DatasetQuestion, meta: CallMeta): Promise<RawDatasetPage>;

  /** By decision. @throws AppError backend.staleDecision, backend.notFound (an older version: switch by hand) */
  setDatasetSource(
    input: {
      readonly spreadsheetId: string;
      readonly dataset: string;
      readonly source: SourceTag;
      readonly reason?: string;
      readonly decisionId: string;
      /** Epoch ms. */
      readonly decidedAt: number;
    },
    meta: KeyedCallMeta,
  ): Promise<{ readonly isChanged: boolean | null }>;

  /** Reads only; no more often than every five seconds. @throws AppError backend.jobNotFound */
  getJob(input: { readonly jobId: string }, meta: CallMeta): Promise<JobReport>;

  /** Without a credential, and whatever the breaker says. */
  getHealth(meta: CallMeta): Promise<BackendHealth>;

  /** The service starts: a credential that was refused may have been corrected. */
  reopen(): Promise<void>;
  /** Breaks running calls off. */
  close(): Promise<void>;
}
