// The two faces of the backend: one that keeps the contract, one with all the deviations that a client must accept.
import type { CallName } from "../../backend/contract/calls.ts";
import { API_PREFIX } from "../../backend/contract/calls.ts";
import type { Answer } from "./calls/answer.ts";
import type { Refusal } from "./errors.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Profile {
  readonly name: "full" | "legacy";
  /** What may stand in front of a path. */
  readonly prefixes: readonly string[];
  readonly missingCalls: readonly CallName[];
  readonly honoursKeys: boolean;
  /** Answers 202 and keeps jobs. */
  readonly keepsJobs: boolean;
  readonly choosesSource: boolean;
  /** Checks what a token says; else it only takes it apart. */
  readonly checksTokens: boolean;
  readonly sendsRequestId: boolean;
  answer(name: CallName, answer: Answer): Reply;
  refuse(refusal: Refusal, requestId: string): Reply;
  /** @param code null: without. */
  fail(status: number, code: string | null, message: string, requestId: string, more: FailureFacts): Reply;
}

interface FailureFacts {
  readonly retryable: boolean;
  readonly retryAfterS: number | null;
  readonly details: Readonly<Record<string, unknown>>;
}

const retryAfter = (seconds: number | null): Record<string, string> =>
  seconds === null ? {} : { "Retry-After": String(seconds) };

const FULL: Profile = {
  name: "full",
  prefixes: [API_PREFIX],
  missingCalls: [],
  honoursKeys: true,
  keepsJobs: true,
  choosesSource: true,
  checksTokens: true,
  sendsRequestId: true,
  answer: (_name, { status, headers = {}, body }) => ({ status, headers, body }),
  refuse: ({ status, code, message, details, isRetryable: retryable, retryAfterS }, requestId) =>
    FULL.fail(status, code, message, requestId, { retryable, retryAfterS, details }),
  fail: (status, code, message, requestId, { retryable, retryAfterS, details }) => ({
    status,
    headers: retryAfter(retryAfterS),
    body: { success: false, ...(code === null ? {} : { code }), message, request_id: requestId, retryable, details },
  }),
};

const LEGACY: Profile = {
  name: "legacy",
  prefixes: [API_PREFIX, ""],
  missingCalls: ["setDatasetSource", "getJob"],
  honoursKeys: false,
  keepsJobs: false,
  choosesSource: false,
  checksTokens: false,
  sendsRequestId: false,
  answer(name, { status, body }) {
    if (name === "readDataset") return { status, headers: {}, body: body.rows };
    if (name === "getWbTokens") return { status, headers: {}, body: { result: body.result } };
    return { status, headers: {}, body };
  },
  refuse(refusal, requestId) {
    const { status, code, message, details, isRetryable: retryable, retryAfterS } = refusal;
    // A busy collector is told in words, under a status that says that all is well.
    if (code === "collector_busy") return { status: 200, headers: {}, body: { success: false, message } };
    return LEGACY.fail(status, null, message, requestId, { retryable, retryAfterS, details });
  },
  fail: (status, _code, message, _requestId, { retryAfterS }) => ({
    status,
    headers: status === 429 || status === 503 ? retryAfter(retryAfterS) : {},
    body: { success: false, message },
  }),
};

export const profileOf = (name: "full" | "legacy"): Profile => (name === "full" ? FULL : LEGACY);
