// The files of a case: rows of a side, the catalogue; as CSV or as JSON.
import { isUtf8 } from "node:buffer";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { badCase } from "./bad-case.ts";
import { CsvFault, type CsvRecord, readCsv } from "./csv.ts";
import { lineOfJsonFault } from "./json-fault.ts";

export type CaseFormat = "csv" | "json";

export interface CaseFile {
  /** Without the directory: as people know it. */
  readonly name: string;
  readonly path: string;
  readonly format: CaseFormat;
}

/** @param format undefined: whichever is there, CSV first. @returns null: there is none */
export function findFile(directory: string, stem: string, format: CaseFormat | undefined): CaseFile | null {
  for (const extension of format ? [format] : (["csv", "json"] as const)) {
    const name = `${stem}.${extension}`;
    const path = join(directory, name);
    if (existsSync(path)) return { name, path, format: extension };
  }
  return null;
}

/** A byte order mark is left out. @throws AppError parity.caseInvalid */
export async function readText({ name, path }: Pick<CaseFile, "name" | "path">): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw badCase(`${name}: the file cannot be read (${code})`, cause);
  }
  if (!isUtf8(bytes)) throw badCase(`${name}, line ${firstBadLine(bytes)}: it is not UTF-8 text`);
  return new TextDecoder().decode(bytes);
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const next = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, next))) return line;
    start = next;
  }
  return line;
}

/** @throws AppError parity.caseInvalid */
export async function readJson(file: Pick<CaseFile, "name" | "path">): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badCase(`${file.name}${lineOf(text)}: it is not JSON`, cause);
  }
}

/** Nothing when a single string is too long for the search (tens of megabytes). */
function lineOf(text: string): string {
  try {
    return `, line ${lineOfJsonFault(text)}`;
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}

/** Records below the header, each with the places of its columns. */
export interface CsvTable {
  /** @returns -1: there is no such column */
  columnOf(name: string): number;
  readonly records: Generator<CsvRecord>;
}

/**
 * @param required columns that must be there
 * @param known columns that are read, and so may stand there once only
 * @throws AppError parity.caseInvalid, also while records are read
 */
export function openCsv(
  text: string,
  file: string,
  { required, known }: { readonly required: readonly string[]; readonly known: readonly string[] },
): CsvTable {
  const records = checked(readCsv(text), file);
  const first = records.next();
  if (first.done) throw badCase(`${file}, line 1: the header is missing`);
  const { fields, line } = first.value;
  const names = fields.map((name) => name.trim());
  for (const name of required)
    if (!names.includes(name)) throw badCase(`${file}, line ${line}: the header has no column ${name}`);
  for (const name of known)
    if (names.indexOf(name) !== names.lastIndexOf(name))
      throw badCase(`${file}, line ${line}: the header has the column ${name} twice`);
  return { columnOf: (name) => names.indexOf(name), records: ofWidth(records, names.length, file) };
}

function* checked(records: Generator<CsvRecord>, file: string): Generator<CsvRecord> {
  try {
    yield* records;
  } catch (error) {
    throw error instanceof CsvFault ? badCase(`${file}, line ${error.line}: ${error.message} (RFC 4180)`) : error;
  }
}

function* ofWidth(records: Generator<CsvRecord>, width: number, file: string): Generator<CsvRecord> {
  for (const record of records) {
    if (record.fields.length !== width)
      throw badCase(
        `${file}, line ${record.line}: it has ${record.fields.length} fields and the header ${width} (RFC 4180)`,
      );
    yield record;
  }
}
