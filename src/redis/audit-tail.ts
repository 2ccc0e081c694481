// New entries of all streams, as they come, for those who watch.
import { readEntry } from "../runtime/audit.ts";
import type { AuditTail } from "../runtime/audit-ports.ts";
import type { AuditEntry } from "../runtime/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitions } from "./partitions.ts";
import { compareIds, idBefore, storedEntry, ZERO_ID } from "./stream-ids.ts";

/** Unit: milliseconds. */
const LOOK_EVERY_MS = 300;
/** Entries of one stream at one look; what is left comes with the next. */
const PAGE = 200;
/** Whoever missed more reads anew what it shows. */
const MOST_MISSED = 5_000;
/**
 * Streams are read one after the other and lie on masters with clocks of their own: what was written so long before an entry may be read
 * after it. Unit: milliseconds.
 */
const SLACK_MS = 10_000;

/** Id of the newest entry that was read, for each partition. */
type Positions = string[];

interface Watcher {
  readonly onEntries: (entries: readonly AuditEntry[]) => void;
  /** What it has had. */
  readonly positions: Positions;
  /** What came while it was still reading what it had missed. */
  early: Found[] | null;
}

interface Found {
  readonly partition: number;
  readonly entry: AuditEntry;
}

export interface AuditTailOptions {
  readonly onError: (where: string, error: Error) => void;
  /** Unit: milliseconds. */
  readonly everyMs?: number;
}

/** One reader for all watchers of a process: it asks each stream for what is new, one slot per command, and only while somebody watches. */
export function makeRedisAuditTail(
  client: RedisClient,
  keys: Keys,
  { onError, everyMs = LOOK_EVERY_MS }: AuditTailOptions,
): AuditTail {
  const watchers = new Set<Watcher>();
  let positions: Positions | null = null;
  let isLooking = false;

  const newest = (): Promise<Positions> =>
    asUnreachable(() =>
      Promise.all(
        partitions().map(async (partition) => {
          const [entry] = await client.xrevrange(keys.audit(partition), "+", "-", "COUNT", 1);
          return entry?.[0] ?? ZERO_ID;
        }),
      ),
    );

  /** Moves the positions to what was read. In the order of ids. */
  const readFrom = async (at: Positions): Promise<readonly Found[]> => {
    const found = await asUnreachable(() =>
      Promise.all(
        at.map(async (position, partition) => {
          const entries = await client.xrange(keys.audit(partition), `(${position}`, "+", "COUNT", PAGE);
          return entries.map((entry) => ({ partition, entry: readEntry(storedEntry(entry)) }));
        }),
      ),
    );
    for (const [partition, entries] of found.entries()) {
      const last = entries.at(-1);
      if (last) at[partition] = last.entry.entryId;
    }
    return found.flat().sort(inOrder);
  };

  const hand = (watcher: Watcher, found: readonly Found[]): void => {
    if (watcher.early) return void watcher.early.push(...found);
    const isNew = ({ partition, entry }: Found) =>
      compareIds(entry.entryId, watcher.positions[partition] ?? ZERO_ID) > 0;
    const fresh = found.filter(isNew);
    for (const { partition, entry } of fresh) watcher.positions[partition] = entry.entryId;
    if (fresh.length > 0) watcher.onEntries(fresh.map(({ entry }) => entry));
  };

  const look = async (): Promise<void> => {
    if (!positions) return;
    try {
      const found = await readFrom(positions);
      for (const watcher of watchers) hand(watcher, found);
    } catch (error) {
      onError("audit-tail", error instanceof Error ? error : new Error(String(error)));
    }
    if (watchers.size > 0) return lookAgain();
    isLooking = false;
    positions = null;
  };

  function lookAgain(): void {
    isLooking = true;
    setTimeout(look, everyMs).unref();
  }

  /** @returns false where that is too much */
  const catchUp = async (watcher: Watcher, from: string): Promise<boolean> => {
    const at = partitions().map(() => from);
    const missed: Found[] = [];
    for (let isMore = true; isMore; ) {
      const found = await readFrom(at);
      missed.push(...found);
      isMore = found.length >= PAGE;
      if (missed.length > MOST_MISSED) break;
    }
    const isWhole = missed.length <= MOST_MISSED;
    const rest = [...(isWhole ? missed.sort(inOrder) : []), ...(watcher.early ?? [])];
    watcher.early = null;
    hand(watcher, rest);
    return isWhole;
  };

  return {
    async watch(onEntries, since) {
      if (!positions) {
        const now = await newest();
        positions ??= now;
      }
      const start = since === undefined ? null : idBefore(since, SLACK_MS);
      const watcher: Watcher = {
        onEntries,
        positions: start === null ? [...positions] : partitions().map(() => start),
        early: start === null ? null : [],
      };
      watchers.add(watcher);
      if (!isLooking) lookAgain();
      const stop = (): void => {
        watchers.delete(watcher);
      };
      if (start === null) return { stop, isWhole: true };
      try {
        return { stop, isWhole: await catchUp(watcher, start) };
      } catch (error) {
        stop();
        throw error;
      }
    },
  };
}

const inOrder = (a: Found, b: Found): number =>
  compareIds(a.entry.entryId, b.entry.entryId) || a.partition - b.partition;
