// The body of a request: all of it is taken off the wire, too large ones without being kept, so that every refusal arrives.
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { MAX_BODY_BYTES } from "../../../backend/contract/limits.ts";
import { Refusal } from "../errors.ts";

/** null: larger than the limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks = [];
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : null;
}

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-?8"?)?\s*$/i;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** @throws Refusal `invalid_request` with status 415, 413 or 400. */
export function parseBody(contentType: string | undefined, body: Buffer | null): unknown {
  if (!JSON_TYPE.test(contentType ?? ""))
    throw new Refusal("invalid_request", { status: 415, message: "Send application/json in UTF-8." });
  if (body === null)
    throw new Refusal("invalid_request", { status: 413, message: `A body has at most ${MAX_BODY_BYTES} bytes.` });
  const parsed = jsonOf(body);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new Refusal("invalid_request", { message: "The body is not a JSON object." });
  return parsed;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch (cause) {
    // TypeError: bytes that are not UTF-8.
    if (cause instanceof SyntaxError || cause instanceof TypeError) return undefined;
    throw cause;
  }
}

/** The same for the same method, path and body, in whatever order the members come. */
export const fingerprintOf = (method: string, path: string, body: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify([method, path, sorted(body)]))
    .digest("hex");

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, member]) => [name, sorted(member)]);
}
