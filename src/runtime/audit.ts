import { hash } from "node:crypto";
import type { ActorEvent, AuditEntry, Cause, StoredEntry, Verification } from "./ports.ts";

/** What is written of one event. Timers are written as how long they run, and read as when they are due. */
export interface AuditBody extends Omit<AuditEntry, "entryId" | "previous" | "hash" | "timers"> {
  readonly timersSet: Readonly<Record<string, { readonly dueAt: number }>>;
  readonly timersCancelled: readonly string[];
}

/** Fields are short because every event writes one. */
interface StoredBody {
  a: string;
  n: number;
  at: number;
  e: ActorEvent;
  /** kind, id, and for staff who and why. */
  c: readonly [Cause["kind"], string, string?, string?];
  o?: "ignored" | "failed";
  w?: string;
  f?: readonly string[];
  t?: readonly string[];
  x?: readonly string[];
  /**
   * Timers: `<id>+<ms from at>` armed, `-<id>` cancelled; without the brackets when there is one. In older entries an armed one is
   * `+<id>@<due time>`, which is also the form for an id that begins like one of the others.
   */
  m?: string | readonly string[];
}

/** The JSON that is stored and hashed. */
export function writeEntry(body: AuditBody): string {
  const stored: StoredBody = {
    a: body.address,
    n: body.rev,
    at: body.at,
    e: body.event,
    c: writeCause(body.cause),
  };
  if (body.outcome !== "applied") stored.o = body.outcome;
  if (body.note !== undefined) stored.w = body.note;
  if (body.from?.length) stored.f = body.from;
  if (body.to?.length) stored.t = body.to;
  if (body.effects?.length) stored.x = body.effects;
  const timers = writeTimers(body);
  if (timers.length > 0) stored.m = timers.length === 1 && timers[0] !== undefined ? timers[0] : timers;
  return JSON.stringify(stored);
}

export function readEntry(entry: StoredEntry): AuditEntry {
  const body = JSON.parse(entry.body) as StoredBody;
  return {
    entryId: entry.entryId,
    previous: entry.previous,
    hash: entry.hash,
    address: body.a,
    rev: body.n,
    at: body.at,
    event: body.e,
    cause: readCause(body.c),
    outcome: body.o ?? "applied",
    ...(body.w === undefined ? {} : { note: body.w }),
    ...(body.f ? { from: body.f } : {}),
    ...(body.t ? { to: body.t } : {}),
    ...(body.x ? { effects: body.x } : {}),
    ...(body.m ? { timers: readTimers(body.m, body.at) } : {}),
  };
}

function writeTimers({ timersSet, timersCancelled, at }: AuditBody): string[] {
  const written: string[] = [];
  for (const id in timersSet) {
    const dueAt = timersSet[id]?.dueAt ?? at;
    const isPlain = dueAt >= at && !id.startsWith("+") && !id.startsWith("-");
    written.push(isPlain ? `${id}+${dueAt - at}` : `+${id}@${dueAt}`);
  }
  for (const id of timersCancelled) written.push(`-${id}`);
  return written;
}

/** @returns `+<id>@<due time in epoch ms>` for armed, `-<id>` for cancelled */
function readTimers(stored: string | readonly string[], at: number): readonly string[] {
  return (typeof stored === "string" ? [stored] : stored).map((text) => {
    if (text.startsWith("+") || text.startsWith("-")) return text;
    const plus = text.lastIndexOf("+");
    return `+${text.slice(0, plus)}@${at + Number(text.slice(plus + 1))}`;
  });
}

const writeCause = ({ kind, id, by, reason }: Cause): StoredBody["c"] =>
  reason !== undefined ? [kind, id, by ?? "", reason] : by !== undefined ? [kind, id, by] : [kind, id];

const readCause = ([kind, id, by, reason]: StoredBody["c"]): Cause => ({
  kind,
  id,
  ...(by ? { by } : {}),
  ...(reason === undefined ? {} : { reason }),
});

/** Of 43: 132 bits. Nobody finds another entry with the same ones, and every actor and every entry is shorter. */
const HASH_LENGTH = 22;

/** SHA-256 over the previous entry's hash and this entry's JSON: its first 22 characters in base64url. */
export function chainHash(previousHash: string, body: string): string {
  return hash("sha256", `${previousHash}\n${body}`, "base64url").slice(0, HASH_LENGTH);
}

/**
 * Recomputes a chain. `entries` newest first, complete down to revision 1; `head` and `rev` as stored with the actor.
 * A removed entry leaves a gap, an edited one a wrong hash, a removed newest one a head that does not match.
 */
export function verifyChain(entries: readonly StoredEntry[], head: string, rev: number): Verification {
  const broken = (brokenAt: number, problem: NonNullable<Verification["problem"]>): Verification => ({
    ok: false,
    entries: entries.length,
    brokenAt,
    problem,
  });
  let expectedRev = rev;
  let expectedHash = head;
  for (const [index, entry] of entries.entries()) {
    if (entry.hash !== expectedHash) return broken(expectedRev, index === 0 ? "headMismatch" : "changedEntry");
    const previousHash = entries[index + 1]?.hash ?? "";
    if (chainHash(previousHash, entry.body) !== entry.hash) {
      return broken(expectedRev, entries[index + 1] === undefined && expectedRev > 1 ? "missingEntry" : "changedEntry");
    }
    if ((JSON.parse(entry.body) as StoredBody).n !== expectedRev) return broken(expectedRev, "missingEntry");
    expectedRev -= 1;
    expectedHash = previousHash;
  }
  return expectedRev === 0
    ? { ok: true, entries: entries.length, brokenAt: null, problem: null }
    : broken(expectedRev, "missingEntry");
}
