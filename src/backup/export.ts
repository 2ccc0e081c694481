// Everything that must survive, of one moment, while the service runs.
import type { ActorAddress } from "../../machines/address.ts";
import { AppError } from "../errors.ts";
import { indexMembers } from "../runtime/delivery.ts";
import { readEnvelope } from "../runtime/envelope.ts";
import type { MachineCatalog } from "../runtime/machine-catalog.ts";
import { restore } from "../runtime/step.ts";
import { type ActorLine, type ContentLine, textOf } from "./lines.ts";
import type { ActorAsStored, ActorPlaces, BackupSource, Mark } from "./ports.ts";

/** Callers of the service wait two seconds for Redis at most, so they do not notice. Unit: milliseconds. */
const HOLD_MS = 1_200;
/** Of that, what is left for a slow last reply. Unit: milliseconds. */
const HOLD_MARGIN_MS = 300;
/** So few changed actors are read again while everybody waits. */
const FEW = 200;
/** Under a load that changes more between two looks than can be read within the hold, no moment can be caught. */
const MOST_ROUNDS = 30;
const AT_ONCE = 64;

export interface ExportDeps {
  readonly source: BackupSource;
  readonly machines: Pick<MachineCatalog, "of">;
  readonly write: (line: ContentLine) => Promise<void>;
  readonly progress: (text: string) => void;
  /** How long something took. Unit: milliseconds. */
  readonly now: () => number;
}

export interface ExportReport {
  readonly actors: number;
  /** How long writes waited. Unit: milliseconds. */
  readonly heldMs: number;
}

/**
 * Copies all actors while they go on, then again those that changed meanwhile, until few are left. Then writes wait for a moment, in
 * which the last ones and all that is under way are read: that moment is what the export shows. The record of the past does not change
 * any more and is copied after it.
 *
 * Without such a moment an export would be of no use: a message that one actor sent after it was copied, to another that was not copied
 * yet, would be in neither; and one that was heard by an actor, of which its sender knows nothing, would have the id of the next one
 * that the sender sends, which then counts as heard.
 * @throws AppError backup.noPause, backup.tooBusy, redis.unreachable
 */
export async function exportAll({ source, machines, write, progress, now }: ExportDeps): Promise<ExportReport> {
  const revisions = new Map<string, number>();
  let mark = await source.mark();
  let told = 0;
  const take = async (line: ActorLine | null): Promise<void> => {
    if (!line || revisions.get(line.address) === line.rev) return;
    revisions.set(line.address, line.rev);
    await write(line);
  };
  for await (const page of source.addresses()) {
    const isNew = page.filter((address) => !revisions.has(address));
    for (const line of await readActors(source, machines, isNew)) await take(line);
    if (revisions.size - told >= 10_000) {
      told = revisions.size;
      progress(`${told} actors`);
    }
  }

  let heldMs = 0;
  let moment: {
    readonly mark: Mark;
    readonly lines: readonly (ActorLine | null)[];
    readonly underWay: readonly ContentLine[];
  } | null = null;
  for (let round = 1; moment === null; round += 1) {
    if (round > MOST_ROUNDS) throw new AppError("backup.tooBusy");
    const reached = await source.mark();
    const changed = await source.changed(mark, reached);
    mark = reached;
    for (const line of await readActors(source, machines, [...changed])) await take(line);
    if (changed.size > FEW) continue;

    const from = now();
    await source.hold(HOLD_MS);
    try {
      const last = await source.mark();
      const late = await source.changed(mark, last);
      const lines = await readActors(source, machines, [...late]);
      const underWay = await source.underWay();
      heldMs = now() - from;
      // Past the hold something may have been written between two of these reads.
      if (heldMs < HOLD_MS - HOLD_MARGIN_MS) moment = { mark: last, lines, underWay };
    } finally {
      await source.release();
    }
  }
  progress(`${revisions.size} actors; writes waited for ${Math.ceil(heldMs)} ms`);
  for (const line of moment.lines) await take(line);
  for (const line of moment.underWay) await write(line);

  let entries = 0;
  for await (const line of source.audit(moment.mark)) {
    await write(line);
    entries += 1;
    if (entries % 100_000 === 0) progress(`${entries} entries of the audit`);
  }
  for await (const line of source.ledger(moment.mark)) await write(line);
  for await (const line of source.records((address) => revisions.has(address))) await write(line);
  return { actors: revisions.size, heldMs };
}

async function readActors(
  source: BackupSource,
  machines: Pick<MachineCatalog, "of">,
  addresses: readonly ActorAddress[],
): Promise<(ActorLine | null)[]> {
  const lines: (ActorLine | null)[] = [];
  for (let from = 0; from < addresses.length; from += AT_ONCE)
    lines.push(
      ...(await Promise.all(
        addresses.slice(from, from + AT_ONCE).map(async (address) => {
          const stored = await source.read(address);
          if (!stored) return null;
          const places = placesIn(machines, address, stored) ?? (await source.placesOf(address));
          return { kind: "actor" as const, ...stored, ...places };
        }),
      )),
    );
  return lines;
}

/** @returns null for an actor that this build cannot read. */
function placesIn(
  machines: Pick<MachineCatalog, "of">,
  address: ActorAddress,
  { snapshot }: ActorAsStored,
): ActorPlaces | null {
  try {
    const { definition, id } = machines.of(address);
    const live = restore(definition, readEnvelope(definition, address, textOf(snapshot)));
    const timers = Object.entries(live.envelope.timers).map(([timer, { dueAt }]) => [timer, dueAt] as const);
    return { timers: Object.fromEntries(timers), index: [...indexMembers(definition, address, id, live)].sort() };
  } catch {
    return null;
  }
}
