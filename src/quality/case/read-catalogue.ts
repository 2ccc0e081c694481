// The catalogue of a case. It may be absent; one that is there must be right, for nothing counts its wrong rows.
import { z } from "zod";
import { dayOf } from "../../../machines/dataset/days.ts";
import type { Day } from "../../../machines/dataset/gate.ts";
import { parseDay } from "../engine/parse-day.ts";
import { parseNmId } from "../engine/parse-value.ts";
import type { Catalogue, CatalogueEntry } from "../model.ts";
import { badCase } from "./bad-case.ts";
import { type CaseFile, type CaseFormat, findFile, openCsv, readJson, readText } from "./read-files.ts";

const COLUMNS = ["nm_id", "category", "brand", "first_seen", "retired_at"] as const;
type Column = (typeof COLUMNS)[number];
type Entry = Readonly<Partial<Record<Column, unknown>>>;

/** As the rows of the sides are, or a bare list. */
const JsonEntries = z.union([
  z.object({ rows: z.array(z.record(z.string(), z.unknown())) }).transform(({ rows }) => rows),
  z.array(z.record(z.string(), z.unknown())),
]);

/** An nm_id that is listed again replaces what stands above. @returns null: there is none. @throws AppError parity.caseInvalid */
export async function readCatalogue(directory: string, format: CaseFormat | undefined): Promise<Catalogue | null> {
  const file = findFile(directory, "catalog", format);
  if (!file) return null;
  const catalogue = new Map<number, CatalogueEntry>();
  for await (const { entry, place } of entriesOf(file)) {
    const read = entryOf(entry, place);
    catalogue.set(read.nmId, read);
  }
  return catalogue;
}

async function* entriesOf(file: CaseFile): AsyncGenerator<{ readonly entry: Entry; readonly place: string }> {
  if (file.format === "json") {
    const read = JsonEntries.safeParse(await readJson(file));
    if (!read.success) throw badCase(`${file.name}: expected an object with the list rows, whose entries are objects`);
    for (const [index, entry] of read.data.entries()) yield { entry, place: `${file.name}, row ${index + 1}` };
    return;
  }
  const { columnOf, records } = openCsv(await readText(file), file.name, { required: ["nm_id"], known: COLUMNS });
  const places = COLUMNS.map((name) => [name, columnOf(name)] as const);
  for (const { fields, line } of records)
    yield {
      entry: Object.fromEntries(places.map(([name, column]) => [name, fields[column]])),
      place: `${file.name}, line ${line}`,
    };
}

function entryOf(entry: Entry, place: string): CatalogueEntry {
  const nmId = parseNmId(entry.nm_id);
  if (nmId === null) throw badCase(`${place}: nm_id is no whole number from 1 to 2^53`);
  return {
    nmId,
    category: textOf(entry, "category", place),
    brand: textOf(entry, "brand", place),
    firstSeen: dayIn(entry, "first_seen", place),
    retiredAt: dayIn(entry, "retired_at", place),
  };
}

/** Empty: unknown. */
function textOf(entry: Entry, column: Column, place: string): string {
  const value = entry[column] ?? "";
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") throw badCase(`${place}: ${column} is no text`);
  return value.trim() === "" ? "" : value;
}

function dayIn(entry: Entry, column: Column, place: string): Day | null {
  const value = entry[column] ?? "";
  if (typeof value === "string" && value.trim() === "") return null;
  const day = parseDay(value);
  if (day === null) throw badCase(`${place}: ${column} is no date YYYY-MM-DD`);
  return dayOf(day);
}
