import type { z } from "zod";
import {
  AddTokenAnswer,
  AddTokenRequest,
  RegisterAnswer,
  RegisterRequest,
  SetSourceAnswer,
  SetSourceRequest,
} from "./admin.ts";
import { CollectorAction, CollectorDone, CollectorStarted, Job } from "./collector.ts";
import type { BackendErrorCode } from "./errors.ts";
import { Health } from "./health.ts";
import { ANSWER_TIMEOUT_MS, type RateClass } from "./limits.ts";
import {
  DataAnswer,
  DataRequest,
  TokenListAnswer,
  TokenListRequest,
  UpdateAnswer,
  UpdateRequest,
} from "./spreadsheet.ts";

/** `admin` may what `operator` may, and more that is outside this contract. */
export const ROLES = ["client", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** In front of every path; a deployment may serve the calls without it, or with another. */
export const API_PREFIX = "/api";

export interface CallRow {
  readonly method: "GET" | "POST";
  /** Without the prefix. `{job_id}` stands for a value. */
  readonly path: string;
  /** The weakest role that suffices; null: no credentials. */
  readonly role: Exclude<Role, "admin"> | null;
  /** Whether Idempotency-Key is accepted. */
  readonly isKeyed: boolean;
  readonly rateClass: RateClass;
  readonly answerTimeoutMs: number;
  /** null: no body. */
  readonly request: z.ZodType | null;
  /** By status. */
  readonly answers: Readonly<Record<number, z.ZodType>>;
  /** What it may fail with, besides `COMMON_ERRORS` (and unauthorized and forbidden where credentials are needed). */
  readonly errors: readonly BackendErrorCode[];
}

/** Any call but the one without credentials. */
export const COMMON_ERRORS = [
  "unauthorized",
  "forbidden",
  "rate_limited",
  "internal",
] as const satisfies readonly BackendErrorCode[];

const KEY_ERRORS = ["idempotency_conflict", "idempotency_in_progress"] as const;
const BODY_ERRORS = ["invalid_request", "invalid_spreadsheet_id"] as const;

/** The nine calls of the contract, in its order. */
export const CALLS = {
  registerSpreadsheet: {
    method: "POST",
    path: "/admin/spreadsheets/register",
    role: "operator",
    isKeyed: true,
    rateClass: "admin",
    answerTimeoutMs: ANSWER_TIMEOUT_MS.usual,
    request: RegisterRequest,
    answers: { 200: RegisterAnswer },
    errors: [...BODY_ERRORS, ...KEY_ERRORS, "spreadsheet_not_found", "owner_conflict", "maintenance"],
  },
  addWbToken: {
    method: "POST",
    path: "/admin/wb/tokens/add",
    role: "operator",
    isKeyed: true,
    rateClass: "admin",
    answerTimeoutMs: ANSWER_TIMEOUT_MS.usual,
    request: AddTokenRequest,
    answers: { 200: AddTokenAnswer },
    errors: [
      ...BODY_ERRORS,
      ...KEY_ERRORS,
      "spreadsheet_not_found",
      "owner_conflict",
      "invalid_wb_token",
      "wb_error",
      "maintenance",
    ],
  },
  getWbTokens: {
    method: "POST",
    path: "/ss/wb/token/get",
    role: "client",
    isKeyed: false,
    rateClass: "other",
    answerTimeoutMs: ANSWER_TIMEOUT_MS.usual,
    request: TokenListRequest,
    answers: { 200: TokenListAnswer },
    errors: [...BODY_ERRORS, "spreadsheet_inactive", "maintenance"],
  },
  updateDatasets: {
    method: "POST",
    path: "/ss/datasets/update",
    role: "client",
    isKeyed: true,
    rateClass: "other",
    answerTimeoutMs: ANSWER_TIMEOUT_MS.usual,
    request: UpdateRequest,
    answers: { 200: UpdateAnswer },
    errors: [
      ...BODY_ERRORS,
      ...KEY_ERRORS,
      "spreadsheet_inactive",
      "unsupported_dataset",
      "upstream_error",
      "wb_error",
      "maintenance",
    ],
  },
  runCollector: {
    method: "POST",
    path: "/actions",
    role: "operator",
    isKeyed: true,
    rateClass: "actions",
    answerTimeoutMs: ANSWER_TIMEOUT_MS.collection,
    request: CollectorAction,
    answers: { 200: CollectorDone, 202: CollectorStarted },
    errors: [
      ...BODY_ERRORS,
      ...KEY_ERRORS,
      "invalid_date_range",
      "spreadsheet_not_found",
      "collector_busy",
      "slice_sealed",
      "upstream_error",
      "wb_error",
      "maintenance",
    ],
  },
  readDataset: {
    method: "POST",
    path: "/ss/datasets/data",
    role: "client",
    isKeyed: false,
    rateClass: "other",
    answerTimeoutMs: ANSWER_TIMEOUT_MS.rows,
    request: DataRequest,
    answers: { 200: DataAnswer },
    errors: [
      ...BODY_ERRORS,
      "invalid_date_range",
      "spreadsheet_inactive",
      "dataset_not_found",
      "unsupported_dataset",
      "upstream_error",
      "upstream_timeout",
      "no_source_available",
      "maintenance",
    ],
  },
  setDatasetSource: {
    method: "POST",
    path: "/admin/datasets/source",
    role: "operator",
    isKeyed: true,
    rateClass: "admin",
    answerTimeoutMs: ANSWER_TIMEOUT_MS.usual,
    request: SetSourceRequest,
    answers: { 200: SetSourceAnswer },
    errors: [
      ...BODY_ERRORS,
      ...KEY_ERRORS,
      "spreadsheet_not_found",
      "dataset_not_found",
      "stale_decision",
      "maintenance",
    ],
  },
  getJob: {
    method: "GET",
    path: "/jobs/{job_id}",
    role: "operator",
    isKeyed: false,
    rateClass: "other",
    answerTimeoutMs: ANSWER_TIMEOUT_MS.usual,
    request: null,
    answers: { 200: Job },
    errors: ["job_not_found", "maintenance"],
  },
  getHealth: {
    method: "GET",
    path: "/health",
    role: null,
    isKeyed: false,
    rateClass: "other",
    answerTimeoutMs: ANSWER_TIMEOUT_MS.usual,
    request: null,
    answers: { 200: Health },
    errors: ["maintenance"],
  },
} as const satisfies Record<string, CallRow>;

export type CallName = keyof typeof CALLS;

export const callRow = (name: CallName): CallRow => CALLS[name];

type Answers<K extends CallName> = (typeof CALLS)[K]["answers"];

/** A successful answer as its schema hands it on. */
export type AnswerOf<K extends CallName> = {
  [S in keyof Answers<K>]: Answers<K>[S] extends z.ZodType ? z.output<Answers<K>[S]> : never;
}[keyof Answers<K>];

/** /collector/run is /actions without the `action` member (schema `CollectorRun`). The client uses /actions. */
export const COLLECTOR_ALIAS_PATH = "/collector/run";
