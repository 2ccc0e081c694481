import { z } from "zod";

export const HEADERS = {
  authorization: "Authorization",
  /** Counts only where there is no bearer token. */
  apiKey: "X-Api-Key",
  idempotencyKey: "Idempotency-Key",
  requestId: "X-Request-Id",
  idempotentReplayed: "Idempotent-Replayed",
  sourceTag: "X-Source-Tag",
  /** Whole seconds, or an HTTP date. */
  retryAfter: "Retry-After",
} as const;

export const CONTENT_TYPE = "application/json; charset=utf-8";

/** The same on every retry of one intended effect. */
export const IdempotencyKey = z.string().regex(/^[A-Za-z0-9_:.-]{8,128}$/, "expected 8 to 128 of A-Z a-z 0-9 _ : . -");

/** Chosen by the client, the same on every retry, returned in answers and errors. */
export const RequestId = z.string().regex(/^[A-Za-z0-9_.-]{8,128}$/, "expected 8 to 128 of A-Z a-z 0-9 _ . -");
