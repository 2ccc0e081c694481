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

/**
 * Killed at any moment and run again, it begins anew: the store is marked until the last line is written.
 * @throws AppError backup.invalid, backup.notEmpty: nothing was written; redis.unreachable: run it again
 */
export async function importAll({ target, path, dryRun, progress }: ImportDeps): Promise<Checked> {
  const checked = await checkFile(path, (line) => target.refusalOf(line));
  const { keys, sample, isUnfinished } = await target.contents();
  if (keys > 0 && !isUnfinished)
    throw new AppError("backup.notEmpty", { details: { problems: [`${keys} keys, such as ${sample.join(", ")}`] } });
  if (dryRun) return checked;

  if (isUnfinished) {
    progress("an import that did not end is removed");
    await target.clear();
  }
  await target.begin();
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
  return checked;
}
