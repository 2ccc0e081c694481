// The past, through today's machines: whom would a change of a machine have led elsewhere?
import type { ActorAddress, MachineName } from "../../machines/address.ts";
import { readEntry } from "../runtime/audit.ts";
import type { Known } from "../runtime/delivery.ts";
import type { MachineCatalog } from "../runtime/machine-catalog.ts";
import { type Replayed, replay, replayFreely } from "../runtime/past.ts";
import type { AuditEntry } from "../runtime/ports.ts";
import { type AuditLine, textOf } from "./lines.ts";
import { readLines } from "./read-file.ts";

/** One actor that today's machines would have led elsewhere. */
export interface Difference {
  readonly address: string;
  /** The first event that would have done something else. `at`: epoch ms. */
  readonly seq: number;
  readonly at: number;
  readonly event: string;
  /** Leaf states at the end: as recorded, and as they would be. */
  readonly stored: readonly string[];
  readonly replayed: readonly string[];
}

export interface MachineSummary {
  actors: number;
  events: number;
  /** They would end in other states. */
  differ: number;
  /** An event would have done something else; they end where they are all the same. */
  differOnTheWay: number;
  /** Of no machine that this build has, or without a beginning. */
  unreadable: number;
}

export type ReplaySummary = Readonly<Record<string, MachineSummary>>;

interface Playing {
  readonly definition: ReturnType<MachineCatalog["of"]>["definition"];
  readonly id: string;
  /** What counts is the record. */
  recorded: Replayed;
  /** What counts is the machine; the same until the first difference. */
  free: Known | null;
  first: AuditEntry | null;
}

/**
 * Entries come partition by partition, so the actors of one partition are in memory at a time.
 * @throws AppError backup.invalid
 */
export async function replayHistory(
  path: string,
  machines: Pick<MachineCatalog, "of">,
  onDifference: (difference: Difference) => Promise<void>,
): Promise<ReplaySummary> {
  const summary: Record<string, MachineSummary> = {};
  let partition = -1;
  let playing = new Map<string, Playing | null>();

  const finish = async (): Promise<void> => {
    for (const [address, one] of playing) {
      const of = summaryOf(summary, address);
      of.actors += 1;
      if (!one) of.unreadable += 1;
      else if (one.first) await report(of, address, one, one.first);
    }
    playing = new Map();
  };
  const report = async (of: MachineSummary, address: string, one: Playing, first: AuditEntry): Promise<void> => {
    const stored = one.recorded.known.live.states;
    const replayed = one.free?.live.states ?? [];
    if (isSame(stored, replayed)) {
      of.differOnTheWay += 1;
      return;
    }
    of.differ += 1;
    await onDifference({ address, seq: first.rev, at: first.at, event: first.event.type, stored, replayed });
  };

  for await (const { line } of readLines(path)) {
    if (line.kind !== "audit") continue;
    if (line.partition !== partition) {
      await finish();
      partition = line.partition;
    }
    const entry = entryOf(line);
    summaryOf(summary, entry.address).events += 1;
    const before = playing.get(entry.address);
    if (before !== null) playing.set(entry.address, play(machines, before, entry));
  }
  await finish();
  return summary;
}

function play(machines: Pick<MachineCatalog, "of">, before: Playing | undefined, entry: AuditEntry): Playing | null {
  const address = entry.address as ActorAddress;
  if (entry.rev !== (before?.recorded.known.rev ?? 0) + 1) return null;
  try {
    const { definition, id } = before ?? machines.of(address);
    const recorded = replay(definition, address, id, before?.recorded ?? null, entry);
    const free = recorded.exact ? recorded.known : replayFreely(definition, address, id, before?.free ?? null, entry);
    const first = before?.first ?? (recorded.exact ? null : entry);
    return { definition, id, recorded, free, first };
  } catch {
    return null;
  }
}

function summaryOf(summary: Record<string, MachineSummary>, address: string): MachineSummary {
  const machine = address.slice(0, address.indexOf("/")) as MachineName;
  const known = summary[machine];
  if (known) return known;
  const made = { actors: 0, events: 0, differ: 0, differOnTheWay: 0, unreadable: 0 };
  summary[machine] = made;
  return made;
}

const entryOf = ({ id, previous, hash, entry }: AuditLine): AuditEntry =>
  readEntry({ entryId: id, previous, hash, body: textOf(entry) });

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((path) => others.includes(path));
