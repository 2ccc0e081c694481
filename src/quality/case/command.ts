// `npm run -s parity:evaluate -- --case DIR --out FILE [--format csv|json]`.
import { parseArgs } from "node:util";
import { isAppError } from "../../errors.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-codes.ts";
import { evaluateCase } from "./evaluate-case.ts";
import type { CaseFormat } from "./read-files.ts";
import { writeWhole } from "./write-whole.ts";

const USAGE = `npm run -s parity:evaluate -- --case DIR --out FILE [--format csv|json]

  --case DIR      holds config.json, upstream.csv, local.csv and, where there is one, catalog.csv;
                  candidate.csv too when config.json has release; or .json files of the same names
  --out FILE      where the result is written, as JSON; it is whole or not there
  --format        which files to read; left out: whichever are there, CSV where both are

Ends with 0: a result was written; 2: wrong options or files, and standard error says which; 1: it could not be written.
`;

export interface EvaluateCommand {
  /** What follows the command's name. */
  readonly args: readonly string[];
  /** Standard output. */
  readonly print: (text: string) => void;
  /** Standard error: one sentence. */
  readonly complain: (sentence: string) => void;
  /** What is done now; left out where nobody watches. */
  readonly progress?: (step: string) => void;
}

interface Asked {
  readonly directory: string;
  readonly out: string;
  readonly format: CaseFormat | undefined;
}

export async function runEvaluate({ args, print, complain, progress = () => {} }: EvaluateCommand): Promise<ExitCode> {
  const asked = readArgs(args);
  if (asked === "help") {
    print(USAGE);
    return EXIT_CODES.stopped;
  }
  if (typeof asked === "string") {
    complain(`${asked} (--help says what there is)`);
    return EXIT_CODES.configRefused;
  }
  const { directory, out, format } = asked;
  let result: object;
  try {
    result = await evaluateCase(directory, { format, progress, warn: complain });
  } catch (error) {
    if (!isAppError(error, "parity.caseInvalid")) throw error;
    complain(String(error.details.problem));
    return EXIT_CODES.configRefused;
  }
  progress("writing");
  try {
    await writeWhole(out, `${JSON.stringify(result)}\n`);
    return EXIT_CODES.stopped;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    complain(`--out: the file cannot be written (${code})`);
    return WRONG_PLACE.includes(code) ? EXIT_CODES.configRefused : EXIT_CODES.crashed;
  }
}

/** Of the place that was asked for; other failures are the disk's, and it may do later. */
const WRONG_PLACE: readonly string[] = ["ENOENT", "ENOTDIR", "EISDIR", "EACCES", "EPERM", "EROFS", "ENAMETOOLONG"];

/** @returns a sentence: it was asked for wrongly */
function readArgs(args: readonly string[]): Asked | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        case: { type: "string" },
        out: { type: "string" },
        format: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
      allowPositionals: false,
    });
    if (values.help) return "help";
    const { case: directory, out, format } = values;
    if (!directory) return "--case DIR is missing";
    if (!out) return "--out FILE is missing";
    if (format !== undefined && format !== "csv" && format !== "json") return "--format is csv or json";
    return { directory, out, format };
  } catch (error) {
    return (error as Error).message;
  }
}
