// Every call, in order, with what came of it. No token and no credential gets in.
import type { Effect } from "./calls/answer.ts";

export interface CallRecord {
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly method: string;
  /** As asked for. */
  readonly path: string;
  readonly idempotency_key: string | null;
  readonly request_id: string;
  /** Role of the credential; null: none, or a wrong one. */
  readonly role: string | null;
  /** null: no answer was sent. */
  readonly status: number | null;
  readonly code: string | null;
  /** The stored answer of an earlier call was given. */
  readonly replayed: boolean;
  /** Kind of the fault that struck. */
  readonly fault: string | null;
  readonly effects: readonly Effect[];
  /** The request's body, tokens masked. */
  readonly body: unknown;
}

const MASK = "***";
const SECRET_NAMES = new Set(["token", "key", "secret", "password", "authorization"]);
/** Longer text says nothing to a reader of the journal. */
const MAX_TEXT = 8_192;
const LONG_PART = 8;

/** A JWT wherever it stands: customers paste tokens into the wrong field. */
const isTokenLike = (word: string): boolean => {
  const parts = word.split(".").map((part) => part.length >= LONG_PART);
  return parts.some((isLong, index) => isLong && parts[index + 1] && parts[index + 2]);
};

const maskedText = (text: string): string =>
  text.length > MAX_TEXT
    ? `[${text.length} characters]`
    : text.replace(/[A-Za-z0-9_.-]+/g, (word) => (isTokenLike(word) ? MASK : word));

/** A copy without secrets. */
export function masked(value: unknown): unknown {
  if (typeof value === "string") return maskedText(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, SECRET_NAMES.has(name.toLowerCase()) ? MASK : masked(member)]),
  );
}

/** A record that fills up while its call is being answered. */
export type OpenRecord = { -readonly [K in keyof Omit<CallRecord, "effects">]: CallRecord[K] } & { effects: Effect[] };

export interface CallFilter {
  /** Exact path, or its beginning with a `*` at the end. */
  readonly path?: string | undefined;
  readonly afterSeq?: number | undefined;
}

export const matchesPath = (pattern: string, path: string): boolean =>
  pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;

export class Journal {
  readonly #size: number;
  #calls: CallRecord[] = [];
  #nextSeq = 1;

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns the record: what is written into it later is seen by readers. */
  add(call: Omit<OpenRecord, "seq">): OpenRecord {
    const record: OpenRecord = { seq: this.#nextSeq, ...call };
    this.#calls.push(record);
    this.#nextSeq += 1;
    if (this.#calls.length > this.#size * 1.1) this.#calls = this.#calls.slice(-this.#size);
    return record;
  }

  query({ path, afterSeq = 0 }: CallFilter = {}): readonly CallRecord[] {
    return this.#calls.filter((call) => call.seq > afterSeq && (path === undefined || matchesPath(path, call.path)));
  }

  clear(): void {
    this.#calls = [];
  }
}
