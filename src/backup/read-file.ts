// An export, line by line: every line checked, and at the end that none is missing.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { z } from "zod";
import { AppError } from "../errors.ts";
import { ContentLine, FORMAT, FORMAT_VERSION, HeaderLine, TrailerLine } from "./lines.ts";

/** An actor's snapshot has some kilobytes; what is longer than this is no export. Unit: bytes. */
const LONGEST_LINE = 64 * 1_048_576;

export interface ReadLine {
  /** From 1. */
  readonly number: number;
  readonly line: ContentLine;
}

export type Header = z.infer<typeof HeaderLine>;

/**
 * Content lines in order. Who has read to the end has read a whole file: header, counts and hash agree.
 * @throws AppError backup.invalid, with the line and what is wrong
 */
export async function* readLines(path: string, onHeader: (header: Header) => void = () => {}): AsyncIterable<ReadLine> {
  const digest = createHash("sha256");
  const counts: Record<string, number> = {};
  let number = 0;
  let trailer: TrailerLine | null = null;
  for await (const bytes of bytesOf(path)) {
    number += 1;
    if (trailer) throw invalid(number, "something follows the trailer");
    const value = parse(bytes, number);
    if (number === 1) {
      onHeader(headerOf(value));
      digest.update(bytes);
      continue;
    }
    if ((value as { kind?: unknown }).kind === "trailer") {
      trailer = checked(TrailerLine, value, number);
      continue;
    }
    digest.update(bytes);
    const line = checked(ContentLine, value, number);
    counts[line.kind] = (counts[line.kind] ?? 0) + 1;
    yield { number, line };
  }
  if (!trailer) throw invalid(number, "the trailer is missing: the file is cut off");
  if (digest.digest("hex") !== trailer.sha256) throw invalid(number, "the SHA-256 differs: the file was changed");
  const kinds = new Set([...Object.keys(counts), ...Object.keys(trailer.counts)]);
  for (const kind of kinds)
    if (counts[kind] !== trailer.counts[kind]) throw invalid(number, `the number of ${kind} lines differs`);
}

function headerOf(value: object): Header {
  const { format, version } = value as { format?: unknown; version?: unknown };
  if (format !== FORMAT) throw invalid(1, "it is no export of this service");
  if (version !== FORMAT_VERSION)
    throw invalid(1, `its format is version ${String(version)}, and this build reads version ${FORMAT_VERSION}`);
  return checked(HeaderLine, value, 1);
}

function parse(bytes: Buffer, number: number): object {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // The text of a line is about people: it is not repeated.
  }
  throw invalid(number, number === 1 ? "it is no export of this service" : "it is no JSON object");
}

function checked<T>(schema: z.ZodType<T>, value: object, number: number): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(number, `${issue?.path.join(".") || "the line"}: ${issue?.message ?? "refused"}`);
}

const invalid = (number: number, problem: string): AppError =>
  new AppError("backup.invalid", { details: { problems: [`line ${number}: ${problem}`] } });

/** Lines with their ends. Not node:readline, for which U+2028 ends a line too, and people may write it. */
async function* bytesOf(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1_048_576 });
  const input = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  file.on("error", (error) => input.destroy(error));
  let rest: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
        const last = chunk.subarray(from, end + 1);
        yield rest.length === 0 ? last : Buffer.concat([...rest, last]);
        rest = [];
        length = 0;
        from = end + 1;
      }
      if (from < chunk.length) {
        rest.push(chunk.subarray(from));
        length += chunk.length - from;
        if (length > LONGEST_LINE)
          throw new AppError("backup.invalid", { details: { problems: ["a line is too long"] } });
      }
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
    throw new AppError("backup.invalid", { cause, details: { problems: [`the file cannot be read (${code})`] } });
  }
  if (length > 0) yield Buffer.concat(rest);
}
