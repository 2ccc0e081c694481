// A sealed version: one Parquet file with the rows, and its head in the file's metadata. Reading it verifies the seal.
import { readFile } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Row } from "../model.ts";
import type { Goods, NewSlice, Slice } from "../ports.ts";
import { sealOf } from "./canonical.ts";
import { type Duck, listLiteral, nameLiteral, textLiteral } from "./duck.ts";
import { StoredHead } from "./stored-head.ts";

const HEAD = "slice";

/** Writes to a name nobody reads; the caller gives it its own. */
export function writeSealed(duck: Duck, part: string, slice: NewSlice, head: StoredHead): Promise<void> {
  const { keys } = slice;
  return duck.with(async (connection) => {
    const columns = keys.map((key) => `${nameLiteral(key)} DOUBLE`).join(", ");
    await connection.run(
      `CREATE TEMP TABLE slice_rows (spreadsheet_id VARCHAR, origin VARCHAR, nm_id BIGINT, category VARCHAR, brand VARCHAR, ${columns})`,
    );
    await append(connection, slice);
    await connection.run(
      `COPY (SELECT * FROM slice_rows ORDER BY nm_id) TO ${textLiteral(part)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA { ${HEAD}: ${textLiteral(JSON.stringify(head))} })`,
    );
  });
}

async function append(connection: DuckDBConnection, { rows, goods, spreadsheetId, origin, keys }: NewSlice) {
  const appender = await connection.createAppender("slice_rows");
  for (const { nmId, values } of rows) {
    const good = goods.get(nmId);
    appender.appendVarchar(spreadsheetId);
    appender.appendVarchar(origin);
    appender.appendBigInt(BigInt(nmId));
    appender.appendVarchar(good?.category ?? UNKNOWN);
    appender.appendVarchar(good?.brand ?? UNKNOWN);
    for (let place = 0; place < keys.length; place += 1) {
      const value = values[place] ?? null;
      if (value === null) appender.appendNull();
      else appender.appendDouble(value);
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** Category or brand of an article whose rows do not name one. */
export const UNKNOWN = "unknown";

/** Heads of several files at once, in their order. @throws when one of them cannot be read */
export async function readHeads(duck: Duck, paths: readonly string[]): Promise<readonly StoredHead[]> {
  if (paths.length === 0) return [];
  const found = await duck.with(async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT file_name, decode(value) FROM parquet_kv_metadata(${listLiteral(paths)}) WHERE decode(key) = ${textLiteral(HEAD)}`,
    );
    return new Map(reader.getRowsJS().map(([path, json]) => [String(path), String(json)]));
  });
  return paths.map((path) => StoredHead.parse(JSON.parse(found.get(path) ?? "null")));
}

/** @throws Damaged when the file is not what was sealed; whatever else keeps it from being read as it is */
export async function readSealed(duck: Duck, path: string): Promise<Slice & { readonly head: StoredHead }> {
  await looksWhole(path);
  const { head, rows, goods } = await readable(async () => {
    const [stored] = await readHeads(duck, [path]);
    if (stored === undefined) throw new Damaged("no head");
    return { head: stored, ...(await readRows(duck, path, stored)) };
  });
  if (sealOf(rows, head.keys) !== head.seal) throw new Damaged("the rows are not those of the seal");
  return { head, rows, goods };
}

async function readRows(duck: Duck, path: string, { keys, day }: StoredHead) {
  const columns = ["nm_id", "category", "brand", ...keys].map(nameLiteral).join(", ");
  const found = await duck.with(async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT ${columns} FROM read_parquet(${listLiteral([path])}) ORDER BY nm_id`,
    );
    return reader.getRowsJS();
  });
  const goods = new Map<number, { category: string; brand: string }>();
  const rows = found.map(([id, category, brand, ...values]): Row => {
    const nmId = Number(id);
    goods.set(nmId, { category: String(category), brand: String(brand) });
    return { date: day, nmId, values: values.map((value) => (value === null ? null : Number(value))) };
  });
  return { rows, goods: goods as Goods };
}

/** The file is there, and is not what was written. */
export class Damaged extends Error {
  override readonly name = "Damaged";
}

/** Both ends of a Parquet file say what it is: most damage shows here, whatever DuckDB makes of it. */
async function looksWhole(path: string): Promise<void> {
  const bytes = await readFile(path);
  const isWhole = bytes.length > 12 && isMark(bytes.subarray(0, 4)) && isMark(bytes.subarray(-4));
  if (!isWhole) throw new Damaged("it does not begin and end as a Parquet file");
}

const isMark = (bytes: Buffer): boolean => bytes.toString("latin1") === "PAR1";

/** Of these the machine is short, or the disk is not there: the file may be as good as ever. */
const PASSING = /^(Out of Memory Error|IO Error: (Cannot open|No space))|INTERRUPT/i;

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Damaged) throw error;
    const text = error instanceof Error ? error.message : String(error);
    if (PASSING.test(text)) throw error;
    throw new Damaged(text.slice(0, 200));
  }
}
