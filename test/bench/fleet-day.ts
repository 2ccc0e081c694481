// A frozen day of the whole fleet, compared in SQL: five million rows a side, in a process of its own, so that its memory is its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report, Run } from "./report.ts";

const ASKED = { seconds: 15, megabytes: 2_048 } as const;
const ROWS_PER_SCOPE = 1_000;

/** What the process says of itself. Unit: seconds, megabytes. */
interface Measured {
  readonly writtenIn: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
  readonly scopes: number;
  readonly cells: number;
}

/** What it says on stdout; its progress is seen as it goes. @throws Error when it does not end well */
async function outputOf(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the measuring process ended with ${code}`);
  return text;
}

export async function measureFleet(run: Run): Promise<Report> {
  const scopes = run.quick ? 20 : 5_000;
  const directory = mkdtempSync(join(tmpdir(), "fleet-day-"));
  try {
    run.progress(`fleet-day: ${scopes} spreadsheets of ${ROWS_PER_SCOPE} rows a side are written and compared`);
    const child = join(import.meta.dirname, "fleet-day-process.ts");
    const args = ["--import", "tsx/esm", child, directory, String(scopes), String(ROWS_PER_SCOPE)];
    const measured = JSON.parse(await outputOf(args)) as Measured;
    const rows = (scopes * ROWS_PER_SCOPE).toLocaleString("en");
    if (measured.scopes !== scopes) throw new Error(`${measured.scopes} of ${scopes} spreadsheets were compared`);
    return {
      goals: [
        {
          name: `a frozen day of ${rows} rows a side, 6 keys, compared`,
          ...{ asked: `≤ ${ASKED.seconds} s`, measured: `${measured.seconds.toFixed(1)} s` },
          ...{ met: measured.seconds <= ASKED.seconds, noisy: false },
        },
        {
          name: "memory of that process at its most",
          ...{ asked: `≤ ${ASKED.megabytes} MB`, measured: `${Math.round(measured.megabytes)} MB` },
          ...{ met: measured.megabytes <= ASKED.megabytes, noisy: false },
        },
      ],
      tables: [
        {
          title: "A frozen day of all spreadsheets",
          columns: ["", "s"],
          rows: [
            [`${scopes * 2} sealed files written`, measured.writtenIn.toFixed(1)],
            ["read and compared", measured.seconds.toFixed(1)],
            ["processor time of that, all threads", measured.cpuSeconds.toFixed(1)],
          ],
          notes: [
            "DuckDB with two threads and 1 GB; what does not fit is spilled. From the sealed files to the sums of every spreadsheet and of all.",
          ],
        },
      ],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
