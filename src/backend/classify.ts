import { AppError, type ErrorCode } from "../errors.ts";
import type { CallName } from "./contract/calls.ts";
import { callRow } from "./contract/calls.ts";
import { type BackendErrorCode, rowOf } from "./contract/errors.ts";
import type { Refusal } from "./read-answer.ts";
import type { NoAnswer } from "./transport.ts";
import { BackendWait, type WaitReason } from "./wait.ts";

/** How an attempt failed, and whether that speaks against the backend as a whole. */
export interface Failure {
  readonly error: AppError | BackendWait;
  readonly isFailure: boolean;
}

/** Where it happened, for logs: names and ids only. */
export interface Place {
  readonly call: CallName;
  /** The one we sent. */
  readonly requestId: string;
}

const MEANING: Readonly<Record<BackendErrorCode, { readonly error: ErrorCode } | { readonly wait: WaitReason }>> = {
  invalid_request: { error: "backend.rejected" },
  invalid_spreadsheet_id: { error: "backend.spreadsheetInvalid" },
  invalid_date_range: { error: "backend.rejected" },
  unauthorized: { error: "backend.unauthorized" },
  forbidden: { error: "backend.forbidden" },
  spreadsheet_inactive: { error: "backend.spreadsheetInactive" },
  not_found: { error: "backend.notFound" },
  spreadsheet_not_found: { error: "backend.spreadsheetNotFound" },
  dataset_not_found: { error: "backend.datasetNotFound" },
  job_not_found: { error: "backend.jobNotFound" },
  collector_busy: { wait: "busy" },
  idempotency_in_progress: { wait: "inProgress" },
  idempotency_conflict: { error: "backend.rejected" },
  owner_conflict: { error: "backend.ownerConflict" },
  stale_decision: { error: "backend.staleDecision" },
  slice_sealed: { error: "backend.sliceSealed" },
  invalid_wb_token: { error: "backend.invalidToken" },
  unsupported_dataset: { error: "backend.unsupportedDataset" },
  rate_limited: { wait: "rateLimited" },
  internal: { error: "backend.unavailable" },
  upstream_error: { error: "backend.unavailable" },
  wb_error: { error: "backend.unavailable" },
  no_source_available: { wait: "noSource" },
  maintenance: { wait: "maintenance" },
  upstream_timeout: { error: "backend.unavailable" },
};

/**
 * The backend refused.
 * @param retryAfterMs what its Retry-After says; null: nothing. @param isLastAttempt of addWbToken.
 */
export function failureOfRefusal(
  place: Place,
  refusal: Refusal,
  retryAfterMs: number | null,
  isLastAttempt: boolean,
): Failure {
  const { code, reason } = refusal;
  const row = rowOf(code);
  // 409 says that another call is running: busy, and in good health.
  const isFailure = row.retry !== "no" && row.status !== 409;
  const meaning = MEANING[code];
  if ("wait" in meaning)
    return { error: new BackendWait(meaning.wait, retryAfterMs ?? row.defaultRetryAfterMs ?? 0), isFailure };
  // Older versions fail with 500, and no code, over a token they cannot read. It passed our own check, so it was tried again; now it is the token.
  const isUnreadableToken =
    place.call === "addWbToken" && refusal.status === 500 && !refusal.isCodeNamed && isLastAttempt;
  const error = isUnreadableToken ? "backend.invalidToken" : meaning.error;
  return {
    error: new AppError(error, {
      details: {
        ...detailsOf(place),
        status: refusal.status,
        code,
        requestId: refusal.requestId ?? place.requestId,
        ...(error === "backend.invalidToken" ? { reason } : {}),
        ...(retryAfterMs === null ? {} : { retryAfterMs }),
      },
    }),
    isFailure,
  };
}

/** There was no answer, or none that could be read to its end. */
export const failureOfSilence = (place: Place, failure: NoAnswer): Failure => ({
  error: new AppError(failure === "tooLarge" ? "backend.invalidAnswer" : "backend.unavailable", {
    details: { ...detailsOf(place), status: null, code: null, failure },
  }),
  isFailure: true,
});

/** @param problems places and kinds, no values. */
export const failureOfGarbage = (place: Place, status: number, problems: readonly string[]): Failure => ({
  error: new AppError("backend.invalidAnswer", { details: { ...detailsOf(place), status, code: null, problems } }),
  isFailure: true,
});

const detailsOf = ({ call, requestId }: Place) => ({ call, path: callRow(call).path, requestId });
