// Rows of a side, normalised as they are read.
import { z } from "zod";
import { makeNormaliser, type Normalised, normalise } from "../engine/normalise.ts";
import type { DayWindow } from "../model.ts";
import { badCase } from "./bad-case.ts";
import { type CaseFormat, findFile, openCsv, readJson, readText } from "./read-files.ts";

const JsonRows = z.object({ rows: z.array(z.unknown()) });

export interface RowsWanted {
  readonly directory: string;
  readonly format: CaseFormat | undefined;
  readonly keys: readonly string[];
  readonly window: DayWindow;
}

/** @param stem `upstream`, `local` or `candidate`. @throws AppError parity.caseInvalid */
export async function readRows(stem: string, { directory, format, keys, window }: RowsWanted): Promise<Normalised> {
  const file = findFile(directory, stem, format);
  if (!file) throw badCase(`${stem}.${format ?? "csv"}: there is no such file`);
  if (file.format === "json") {
    const read = JsonRows.safeParse(await readJson(file));
    if (!read.success) throw badCase(`${file.name}: expected an object with the list rows`);
    return normalise(read.data.rows, keys, window);
  }
  const required = ["date", "nm_id"];
  const { columnOf, records } = openCsv(await readText(file), file.name, { required, known: [...required, ...keys] });
  const [date, nmId] = [columnOf("date"), columnOf("nm_id")];
  const columns = keys.map(columnOf);
  const normaliser = makeNormaliser(window, keys.length);
  for (const { fields } of records) normaliser.add(fields[date], fields[nmId], (key) => fields[columns[key] ?? -1]);
  return normaliser.finish();
}
