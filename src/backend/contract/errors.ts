import { z } from "zod";

/**
 * `no`: the same call fails again. `yes`: worth a retry. `after`: worth a retry after Retry-After, or after the default when the answer
 * does not say.
 */
type Retry = "no" | "yes" | "after";

interface CodeRow {
  readonly status: number;
  /** Other statuses the code may come with. */
  readonly alsoStatus?: readonly number[];
  readonly retry: Retry;
  /** For `after`. Unit: milliseconds. */
  readonly defaultRetryAfterMs?: number;
  readonly text: string;
}

/** Every error code of the contract. `code` is stable, `message` is for people. */
export const BACKEND_ERRORS = {
  invalid_request: { status: 400, alsoStatus: [413, 415], retry: "no", text: "The request is not valid." },
  invalid_spreadsheet_id: { status: 400, retry: "no", text: "That is not the id of a Google spreadsheet." },
  invalid_date_range: { status: 400, retry: "no", text: "The days are reversed, too many, or not over yet." },
  unauthorized: { status: 401, retry: "no", text: "Credentials are missing or wrong." },
  forbidden: { status: 403, retry: "no", text: "The role or the spreadsheet is not yours." },
  spreadsheet_inactive: { status: 403, retry: "no", text: "The spreadsheet is unknown or inactive; register it." },
  not_found: { status: 404, retry: "no", text: "There is nothing at this address." },
  spreadsheet_not_found: { status: 404, retry: "no", text: "The spreadsheet does not exist or is not shared." },
  dataset_not_found: { status: 404, retry: "no", text: "There is no such dataset, or it was never collected." },
  job_not_found: { status: 404, retry: "no", text: "There is no such job, or it is over for long." },
  collector_busy: {
    status: 409,
    retry: "after",
    defaultRetryAfterMs: 60_000,
    text: "A collection is running; there is one at a time.",
  },
  idempotency_in_progress: {
    status: 409,
    retry: "after",
    defaultRetryAfterMs: 2_000,
    text: "The first call with this Idempotency-Key is still running.",
  },
  idempotency_conflict: { status: 409, retry: "no", text: "The Idempotency-Key was used for another body." },
  owner_conflict: { status: 409, retry: "no", text: "The spreadsheet belongs to another customer." },
  stale_decision: { status: 409, retry: "no", text: "A younger decision is in force." },
  slice_sealed: { status: 409, retry: "no", text: "The day is sealed and is not collected again." },
  invalid_wb_token: { status: 422, retry: "no", text: "The Wildberries token is refused; details.reason says why." },
  unsupported_dataset: { status: 422, retry: "no", text: "The dataset is not implemented." },
  rate_limited: { status: 429, retry: "after", defaultRetryAfterMs: 30_000, text: "Too many calls." },
  internal: { status: 500, retry: "yes", text: "The backend failed." },
  upstream_error: { status: 502, retry: "yes", text: "The upstream failed." },
  wb_error: { status: 502, retry: "yes", text: "Wildberries failed." },
  no_source_available: {
    status: 503,
    retry: "after",
    defaultRetryAfterMs: 30_000,
    text: "Neither side can answer just now.",
  },
  maintenance: { status: 503, retry: "after", defaultRetryAfterMs: 30_000, text: "The backend is being maintained." },
  upstream_timeout: { status: 504, retry: "yes", text: "The upstream did not answer in time." },
} as const satisfies Record<string, CodeRow>;

export type BackendErrorCode = keyof typeof BACKEND_ERRORS;

export const BACKEND_ERROR_CODES = Object.keys(BACKEND_ERRORS) as [BackendErrorCode, ...BackendErrorCode[]];

export const rowOf = (code: BackendErrorCode): CodeRow => BACKEND_ERRORS[code];

/** Scopes that a token must have; a missing one is named in the reason. */
export const REQUIRED_SCOPES = ["content", "analytics", "prices", "statistics", "promotion"] as const;

/** `details.reason` of invalid_wb_token. */
export const TOKEN_REASONS = [
  "malformed",
  "expired",
  "sandbox",
  ...REQUIRED_SCOPES.map((scope) => `missing_scope:${scope}` as const),
  "wrong_service",
  "personal_token",
] as const;

export const TokenReason = z.enum(TOKEN_REASONS);
export type TokenReason = z.infer<typeof TokenReason>;

/** What the backend answers when it does not succeed. Older versions send `message` only. */
export const ErrorBody = z.object({
  success: z.literal(false),
  code: z.enum(BACKEND_ERROR_CODES).optional(),
  message: z.string().describe("For people; not to be parsed"),
  request_id: z.string().optional(),
  retryable: z.boolean().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
