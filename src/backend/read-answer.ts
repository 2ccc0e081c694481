import { z } from "zod";
import { type CallName, callRow } from "./contract/calls.ts";
import { BACKEND_ERROR_CODES, type BackendErrorCode } from "./contract/errors.ts";
import { HEADERS, RequestId } from "./contract/headers.ts";
import { DataAnswer } from "./contract/spreadsheet.ts";
import type { HttpAnswer } from "./transport.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** What we asked for; older backends do not repeat it in their answer. */
export interface Asked {
  readonly spreadsheetId?: string;
  readonly dataset?: string;
  readonly source?: string;
  readonly jobId?: string;
  /** Of readDataset: rows of any form are taken, as the consumer has rules of its own for them. */
  readonly isLoose?: boolean;
}

export interface Refusal {
  readonly code: BackendErrorCode;
  /** The backend named the code itself; otherwise it is what the status and the text mean. */
  readonly isCodeNamed: boolean;
  readonly status: number;
  /** As the backend names the request; null when it does not. */
  readonly requestId: string | null;
  /** Of invalid_wb_token, where it is one word or two. */
  readonly reason: string | null;
}

export type Reading =
  | {
      readonly kind: "success";
      readonly status: number;
      /** As the schema of the call and status hands it on. */
      readonly body: unknown;
      /** Whether the answer itself says which side its rows come from. */
      readonly isSourceNamed: boolean;
    }
  | { readonly kind: "refusal"; readonly refusal: Refusal }
  /** `problems`: places and kinds, no values. */
  | { readonly kind: "garbage"; readonly problems: readonly string[] };

/**
 * Reads an answer of any version of the backend: what older ones leave out is filled in from what was asked, and everything is held
 * against the contract's schema. Raw tokens go while the text is parsed: nobody ever holds an object that has one.
 */
export function readAnswer(name: CallName, answer: Omit<HttpAnswer, "bytes">, asked: Asked): Reading {
  const isSuccess = answer.status >= 200 && answer.status <= 299;
  const parsed = parseJson(answer.text, name !== "readDataset");
  if (!isSuccess || isRefused(parsed))
    return { kind: "refusal", refusal: readRefusal(name, answer, isObject(parsed) ? parsed : {}) };
  if (parsed === undefined) return { kind: "garbage", problems: ["not JSON"] };

  const { answers } = callRow(name);
  const schema = asked.isLoose === true ? LooseDataAnswer : (answers[answer.status] ?? answers[200]);
  const body = fillIn(name, parsed, asked, answer);
  const checked = (schema ?? z.never()).safeParse(body);
  if (!checked.success) return { kind: "garbage", problems: problemsOf(checked.error) };
  if (isAboutAnother(checked.data, asked)) return { kind: "garbage", problems: ["spreadsheet_id: another one"] };
  const isSourceNamed =
    answer.header(HEADERS.sourceTag) !== null || (isObject(parsed) && typeof parsed.source_tag === "string");
  return { kind: "success", status: answer.status, body: checked.data, isSourceNamed };
}

/** The contract's answer around rows that nobody has looked at yet. */
const LooseDataAnswer = DataAnswer.extend({ rows: z.array(z.unknown()) });

/** At most five places, without what stands there. Names that do not look like ours may hold anything. */
export const problemsOf = ({ issues }: z.core.$ZodError): string[] =>
  issues.slice(0, 5).map(({ path, code }) => `${path.map((part) => safeName(String(part))).join(".")}: ${code}`);

const safeName = (part: string): string => (/^([A-Za-z_]{1,40}|\d{1,5})$/.test(part) ? part : "?");

function parseJson(text: string, dropTokens: boolean): unknown {
  try {
    return dropTokens ? JSON.parse(text, (key, value) => (key === "token" ? undefined : value)) : JSON.parse(text);
  } catch {
    return undefined; // JSON has no undefined: the caller knows it as "not JSON"
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isRefused = (body: unknown): boolean => isObject(body) && body.success === false;

function isAboutAnother(body: unknown, { spreadsheetId }: Asked): boolean {
  if (spreadsheetId === undefined || !isObject(body)) return false;
  const named = body.spreadsheet_id ?? (isObject(body.result) ? body.result.spreadsheet_id : undefined);
  return named !== undefined && named !== spreadsheetId;
}

/** Makes a successful answer of an older version look like one of the contract; leaves everything that is there as it is. */
function fillIn(name: CallName, body: unknown, asked: Asked, answer: Omit<HttpAnswer, "bytes">): unknown {
  const whole: JsonObject = isObject(body) ? body : Array.isArray(body) ? bareList(name, body) : {};
  if (!isObject(body) && !Array.isArray(body)) return body;
  switch (name) {
    case "registerSpreadsheet":
    case "addWbToken":
      return {
        success: true,
        ...whole,
        result: { spreadsheet_id: asked.spreadsheetId, ...(isObject(whole.result) ? whole.result : {}) },
      };
    case "updateDatasets":
      return { success: true, message: "accepted", ...whole };
    case "readDataset": {
      const { result, ...rest } = whole;
      return {
        success: true,
        spreadsheet_id: asked.spreadsheetId,
        dataset: asked.dataset,
        ...(Array.isArray(result) ? { rows: result } : {}),
        degraded: false,
        ...rest,
        source_tag: rest.source_tag ?? answer.header(HEADERS.sourceTag) ?? tagOf(asked),
        requested_source: rest.requested_source ?? asked.source,
      };
    }
    case "getJob":
      return { success: true, job_id: asked.jobId, ...whole };
    case "getWbTokens":
    case "runCollector":
    case "setDatasetSource":
    case "getHealth":
      return { success: true, ...whole };
  }
}

const bareList = (name: CallName, list: readonly unknown[]): JsonObject =>
  name === "readDataset" ? { rows: list } : { result: list };

/** A version that names no side has only its upstream proxy to answer `auto` from. */
const tagOf = ({ source }: Asked): string | undefined => (source === "auto" ? "upstream" : source);

const KNOWN = new Set<string>(BACKEND_ERROR_CODES);
const isKnown = (code: unknown): code is BackendErrorCode => typeof code === "string" && KNOWN.has(code);

const REASON = /^[a-z_]{1,32}(:[a-z_]{1,32})?$/;

function readRefusal(name: CallName, { status, header }: Omit<HttpAnswer, "bytes">, body: JsonObject): Refusal {
  const { code, message, request_id: stated, details } = body;
  const requestId = RequestId.safeParse(stated ?? header(HEADERS.requestId));
  const reason = isObject(details) && typeof details.reason === "string" ? details.reason : "";
  return {
    isCodeNamed: isKnown(code),
    code: isKnown(code) ? code : codeOf(name, status, code === undefined && typeof message === "string" ? message : ""),
    status,
    requestId: requestId.success ? requestId.data : null,
    reason: REASON.test(reason) ? reason : null,
  };
}

/** Older versions say `message` only: the one text that means something, then the status. */
function codeOf(name: CallName, status: number, message: string): BackendErrorCode {
  if (/already running/i.test(message)) return "collector_busy";
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
    case 405:
    case 410:
    case 501:
      return "not_found";
    case 408:
    case 504:
      return "upstream_timeout";
    case 409:
      return CONFLICTS[name] ?? "idempotency_conflict";
    case 422:
      return UNPROCESSABLE[name] ?? "invalid_request";
    case 429:
      return "rate_limited";
    case 502:
      return "upstream_error";
    case 503:
      return "maintenance";
    default:
      // A redirect is not followed: whoever answers so is not the backend.
      return status >= 400 && status <= 499 ? "invalid_request" : "internal";
  }
}

const CONFLICTS: Partial<Record<CallName, BackendErrorCode>> = {
  registerSpreadsheet: "owner_conflict",
  addWbToken: "owner_conflict",
  runCollector: "collector_busy",
  setDatasetSource: "stale_decision",
};
const UNPROCESSABLE: Partial<Record<CallName, BackendErrorCode>> = {
  addWbToken: "invalid_wb_token",
  updateDatasets: "unsupported_dataset",
  readDataset: "unsupported_dataset",
};
