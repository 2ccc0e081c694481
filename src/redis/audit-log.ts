// Many streams, one per partition, read as one record.
import { ActorAddress } from "../../machines/address.ts";
import { readEntry } from "../runtime/audit.ts";
import type { AuditFilter, AuditLog } from "../runtime/audit-ports.ts";
import type { ActorStore, AuditEntry, StoredEntry } from "../runtime/ports.ts";
import { wrongCursor } from "../wrong-cursor.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitions } from "./partitions.ts";
import { compareIds, storedEntry } from "./stream-ids.ts";

/** Entries that one question may cost, found or not. */
const MOST_READ = 10_000;
/** Entries of a stream that are read at once. */
const PAGE = 32;
/** How far a process' clock may be from that of Redis. Unit: milliseconds. */
const SKEW_MS = 3_600_000;

export interface AuditLogOptions {
  /** The service's clock is the wall clock: then ids of entries, which Redis makes, tell nearly when they were. */
  readonly idsAreTime: boolean;
}

/** Where entries come from, newest first: a partition's stream, or one actor's own chain. */
interface Source {
  readonly name: string;
  readonly next: () => Promise<{ readonly entries: readonly StoredEntry[]; readonly isLast: boolean }>;
  waiting: StoredEntry[];
  isDone: boolean;
}

interface Place {
  readonly entryId: string;
  readonly source: string;
}

export function makeRedisAuditLog(
  client: RedisClient,
  keys: Keys,
  store: Pick<ActorStore, "history">,
  { idsAreTime }: AuditLogOptions,
): AuditLog {
  const ofPartition = (partition: number, after: Place | null, { from, to }: AuditFilter): Source => {
    const name = String(partition).padStart(2, "0");
    const start = idsAreTime && from !== undefined ? String(Math.max(0, from - SKEW_MS)) : "-";
    let end = idsAreTime && to !== undefined ? String(to + SKEW_MS) : "+";
    // Of the same id the sources come in the order of their names.
    if (after) end = name > after.source ? after.entryId : `(${after.entryId}`;
    return source(name, async () => {
      const found = await asUnreachable(() => client.xrevrange(keys.audit(partition), end, start, "COUNT", PAGE));
      end = `(${found.at(-1)?.[0] ?? "0-0"}`;
      return { entries: found.map(storedEntry), isLast: found.length < PAGE };
    });
  };

  const ofActor = (address: ActorAddress, after: Place | null): Source => {
    let before: string | undefined;
    const isLeft = ({ entryId }: StoredEntry): boolean => {
      const later = after === null ? -1 : compareIds(entryId, after.entryId);
      return later < 0 || (later === 0 && address > (after?.source ?? ""));
    };
    return source(address, async () => {
      const found = await store.history(address, { limit: PAGE, ...(before === undefined ? {} : { before }) });
      before = found.at(-1)?.previous ?? "";
      return { entries: found.filter(isLeft), isLast: before === "" };
    });
  };

  return {
    async list(filter, { limit, cursor }) {
      const among = filter.address === undefined ? filter.among : [filter.address];
      const after = readPlace(cursor, among ? "actors" : "partitions");
      const sources = among
        ? [...new Set(among)].sort().map((address) => ofActor(address, after))
        : partitions().map((partition) => ofPartition(partition, after, filter));
      const entries: AuditEntry[] = [];
      let last: Place | null = null;
      for (let read = 0; ; read += 1) {
        await Promise.all(sources.map(refill));
        const newest = newestOf(sources);
        const stored = newest?.waiting[0];
        if (!newest || !stored) return { entries, cursor: null };
        if (entries.length >= limit || read >= MOST_READ) return { entries, cursor: writePlace(last) };
        newest.waiting.shift();
        last = { entryId: stored.entryId, source: newest.name };
        const entry = readEntry(stored);
        if (matches(entry, filter)) entries.push(entry);
      }
    },
  };
}

const source = (name: string, next: Source["next"]): Source => ({ name, next, waiting: [], isDone: false });

/** A page of which nothing is left, because all of it was read before, is followed by the next one. */
async function refill(one: Source): Promise<void> {
  for (let page = 0; one.waiting.length === 0 && !one.isDone && page < MOST_READ / PAGE; page += 1) {
    const { entries, isLast } = await one.next();
    one.waiting = [...entries];
    one.isDone = isLast;
  }
}

function newestOf(sources: readonly Source[]): Source | null {
  let newest: Source | null = null;
  for (const one of sources) {
    const id = one.waiting[0]?.entryId;
    const best = newest?.waiting[0]?.entryId;
    if (id !== undefined && (best === undefined || compareIds(id, best) > 0)) newest = one;
  }
  return newest;
}

function matches(entry: AuditEntry, filter: AuditFilter): boolean {
  const { machine, type, by, kind, outcome, from, to } = filter;
  return (
    (machine === undefined || entry.address.startsWith(`${machine}/`)) &&
    (type === undefined || entry.event.type === type) &&
    (by === undefined || entry.cause.by === by) &&
    (kind === undefined || entry.cause.kind === kind) &&
    (outcome === undefined || entry.outcome === outcome) &&
    (from === undefined || entry.at >= from) &&
    (to === undefined || entry.at <= to)
  );
}

const writePlace = (place: Place | null): string | null => (place ? `${place.entryId}~${place.source}` : null);

/** @param by What the sources are: of the other kind their order among equal ids would be another one. @throws AppError http.badRequest */
function readPlace(cursor: string | undefined, by: "actors" | "partitions"): Place | null {
  if (cursor === undefined) return null;
  const [, entryId, name] = /^(\d{1,16}-\d{1,10})~(.{1,320})$/.exec(cursor) ?? [];
  const isSource = by === "partitions" ? /^\d\d$/.test(name ?? "") : ActorAddress.safeParse(name).success;
  if (entryId === undefined || name === undefined || !isSource) throw wrongCursor();
  return { entryId, source: name };
}
