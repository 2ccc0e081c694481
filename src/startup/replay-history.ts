// `npm run -s history:replay -- --in FILE`.
import { type FileHandle, open } from "node:fs/promises";
import type { MachineDefinition } from "../../machines/definition.ts";
import { definitions } from "../../machines/registry.ts";
import { type ReplaySummary, replayHistory } from "../backup/replay-history.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import { MachineCatalog } from "../runtime/machine-catalog.ts";
import { type CommandOptions, ending, readOptions } from "./backup-command.ts";

const USAGE = `npm run -s history:replay -- --in FILE [--out REPORT]

  --in FILE      an export (docs/backup.md), compressed when its name ends with .gz
  --out REPORT   who would stand elsewhere, as JSON lines; without it they are printed

Plays every history through the machines of this build. Reads the file only.
`;

/** Printed without a report file; a change of a machine that moves more than these moves everybody. */
const MOST_PRINTED = 50;

/** @returns 0: nobody would stand elsewhere; 1: some would; 2: wrong options, or no export. */
export async function runHistoryReplay(
  { args, print }: Pick<CommandOptions, "args" | "print">,
  machines: readonly MachineDefinition[] = definitions,
): Promise<ExitCode> {
  const given = readOptions(args, { in: "string", out: "string" }, "in");
  if (!given) {
    print(USAGE);
    return EXIT_CODES.configRefused;
  }
  let differ = 0;
  const code = await ending(print, async () => {
    const out: FileHandle | null = typeof given.out === "string" ? await open(given.out, "w", 0o600) : null;
    try {
      const summary = await replayHistory(String(given.in), new MachineCatalog(machines), async (difference) => {
        differ += 1;
        if (out) await out.write(`${JSON.stringify(difference)}\n`);
        else if (differ <= MOST_PRINTED)
          print(
            `${difference.address} seq ${difference.seq} (${difference.event}): ${difference.stored.join(" ")} → ${difference.replayed.join(" ")}\n`,
          );
      });
      print(describe(summary));
    } finally {
      await out?.close();
    }
  });
  return code === EXIT_CODES.stopped && differ > 0 ? EXIT_CODES.crashed : code;
}

function describe(summary: ReplaySummary): string {
  const lines = Object.entries(summary).map(
    ([machine, { actors, events, differ, differOnTheWay, unreadable }]) =>
      `${machine}: ${actors} actors, ${events} events; elsewhere at the end ${differ}, only on the way ${differOnTheWay}, without a beginning or unknown ${unreadable}\n`,
  );
  return lines.length === 0 ? "No history in this file.\n" : lines.sort().join("");
}
