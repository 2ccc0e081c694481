// An export into an empty store: checked as a whole first, then written; a store with half of it says so.
import { AppError } from "../errors.ts";
import { type Checked, checkFile } from "./check.ts";
import type { ContentLine } from "./lines.ts";
import type { BackupTarget } from "./ports.ts";
import { readLines } from "./read-file.ts";

/** Lines that are written at the same time. */
const TOGETHER = 200;

export interface ImportDeps {
  readonly target: BackupTarget;
  readonly path: string;
  readonly dryRun: boolean;
  readonly progress: (text: string) => void;
}

export interface Imported extends Checked {
  /** Why an import into this Redis would be refused; null: it would not. Only a dry run has one. */
  readonly obstacle: string | null;
}

/**
 * Killed at any moment and run again, it begins anew: the store is marked until the last line is written. Of two at once one is refused.
 * @throws AppError backup.invalid, backup.notEmpty, backup.importUnderWay: nothing was written; backup.importTakenOver: the other one
 * writes all of it; redis.unreachable: run it again
 */
export async function importAll(deps: ImportDeps): Promise<Imported> {
  const { target, path, dryRun } = deps;
  const checked = await checkFile(path, (line) => target.refusalOf(line));
  if (dryRun) return { ...checked, obstacle: await obstacleIn(target) };
  // First the turn, then the look: what is empty now stays so until we have written.
  await target.begin();
  try {
    const obstacle = await obstacleIn(target);
    if (obstacle !== null) throw new AppError("backup.notEmpty", { details: { problems: [obstacle] } });
    await writeAll(deps, checked);
  } finally {
    await target.leave();
  }
  return { ...checked, obstacle: null };
}

async function obstacleIn(target: BackupTarget): Promise<string | null> {
  const { keys, sample, isUnfinished } = await target.contents();
  return keys > 0 && !isUnfinished ? `${keys} keys, such as ${sample.join(", ")}` : null;
}

async function writeAll({ target, path, progress }: ImportDeps, checked: Checked): Promise<void> {
  if ((await target.contents()).isUnfinished) {
    progress("an import that did not end is removed");
    await target.clear();
  }
  await target.mark();
  let waiting: ContentLine[] = [];
  let written = 0;
  const flush = async (): Promise<void> => {
    await target.write(waiting);
    written += waiting.length;
    if (Math.floor(written / 100_000) !== Math.floor((written - waiting.length) / 100_000))
      progress(`${written} lines`);
    waiting = [];
  };
  for await (const { line } of readLines(path)) {
    // Older lines of an actor that changed while the export ran.
    if (line.kind === "actor" && checked.revisions.get(line.address) !== line.rev) continue;
    waiting.push(line);
    if (waiting.length >= TOGETHER) await flush();
  }
  await flush();
  await target.end();
}
