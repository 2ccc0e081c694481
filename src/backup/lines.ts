// What an export holds: JSON, one object a line. docs/backup.md has an example of each; who reads another version must refuse it.
import { z } from "zod";

export const FORMAT = "tg-subscriptions-export";
/** Raised when a reader of the version before would misread a line. */
export const FORMAT_VERSION = 1;

const Text = z.string();
/** Unit: epoch milliseconds. */
const Time = z.int().nonnegative();
const StreamId = z
  .string()
  .regex(/^\d{1,16}-\d{1,20}$/, "expected the id of a stream's entry, such as 1800000000000-0");

/**
 * JSON that Redis keeps as text: as an object where writing it again gives the same text to the letter, otherwise as that text, because
 * hashes are made of it. Not copied by zod: the order of its fields is part of it.
 */
const Kept = z.union([
  Text,
  z.custom<object>((value) => typeof value === "object" && value !== null, "expected JSON, or its text"),
]);
export type Kept = z.infer<typeof Kept>;

export function keep(text: string): Kept {
  if (!/^[[{]/.test(text)) return text;
  try {
    const value = JSON.parse(text) as object;
    return JSON.stringify(value) === text ? value : text;
  } catch {
    return text;
  }
}
export const textOf = (kept: Kept): string => (typeof kept === "string" ? kept : JSON.stringify(kept));

export const HeaderLine = z.strictObject({
  kind: z.literal("header"),
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  madeAt: Time,
  service: Text,
});

/** The plans file, as it was; provider tokens are replaced. It lies beside Redis, not in it, so an import only tells of it. */
const PlanLine = z.strictObject({ kind: z.literal("plan"), file: Text, text: Text });

/**
 * An actor. One that changed while the export ran has several lines: the one of the highest revision counts.
 * `timers`: id → due time; `index`: members of the partition's index.
 */
export const ActorLine = z.strictObject({
  kind: z.literal("actor"),
  address: Text,
  rev: z.int().positive(),
  head: Text,
  lastEntry: Text,
  snapshot: Kept,
  keys: Kept,
  once: z.record(Text, Text),
  timers: z.record(Text, z.number()),
  index: z.array(Text),
});
export type ActorLine = z.infer<typeof ActorLine>;

/** An effect that was asked for and has not ended. */
const OutboxLine = z.strictObject({ kind: z.literal("outbox"), effectId: Text, effect: Kept });

/** An entry of the audit. `previous`: the actor's entry before, empty for the first. */
export const AuditLine = z.strictObject({
  kind: z.literal("audit"),
  partition: z.int().nonnegative(),
  id: StreamId,
  previous: Text,
  hash: Text,
  entry: Kept,
});
export type AuditLine = z.infer<typeof AuditLine>;

const LedgerLine = z.strictObject({ kind: z.literal("ledger"), id: StreamId, row: Kept });

/** Updates of one person that were received and not handled, oldest first. */
const InboxLine = z.strictObject({ kind: z.literal("inbox"), person: Text, since: Time, updates: z.array(Kept) });

/** A customer's secret, sealed: SEALING_KEYS open it, and no export holds those. */
const SecretLine = z.strictObject({ kind: z.literal("secret"), place: Text, sealed: Text, expiresAt: Time.nullable() });

const QuarantineLine = z.strictObject({ kind: z.literal("quarantine"), address: Text, why: Kept });

/** Everything else: `key` without the deployment's prefix, as docs/redis-keys.md lists it. */
const AnyRecord = { kind: z.literal("record"), key: Text, expiresAt: Time.nullable() } as const;
const RecordLine = z.discriminatedUnion("type", [
  z.strictObject({ ...AnyRecord, type: z.literal("string"), value: Kept }),
  z.strictObject({ ...AnyRecord, type: z.literal("hash"), value: z.record(Text, Kept) }),
  z.strictObject({ ...AnyRecord, type: z.literal("list"), value: z.array(Kept) }),
  z.strictObject({ ...AnyRecord, type: z.literal("set"), value: z.array(Text) }),
  /** Member → score. */
  z.strictObject({ ...AnyRecord, type: z.literal("zset"), value: z.record(Text, z.number()) }),
  /** Id, and fields and values in turn. */
  z.strictObject({ ...AnyRecord, type: z.literal("stream"), value: z.array(z.tuple([StreamId, z.array(Text)])) }),
]);
export type RecordLine = z.infer<typeof RecordLine>;

export const ContentLine = z.discriminatedUnion("kind", [
  PlanLine,
  ActorLine,
  OutboxLine,
  AuditLine,
  LedgerLine,
  InboxLine,
  SecretLine,
  QuarantineLine,
  RecordLine,
]);
export type ContentLine = z.infer<typeof ContentLine>;

/** `sha256`: hexadecimal, of every byte before this line. `counts`: lines by kind. */
export const TrailerLine = z.strictObject({
  kind: z.literal("trailer"),
  counts: z.record(Text, z.int().positive()),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type TrailerLine = z.infer<typeof TrailerLine>;
export type Counts = TrailerLine["counts"];
