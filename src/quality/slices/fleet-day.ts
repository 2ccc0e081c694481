// A frozen day of all scopes at once, compared in SQL: what the engine says of each scope, for millions of rows. Each sealed file is read
// once, some hundred scopes at a time, so that one part's join fits into memory.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Day, Side } from "../../../machines/dataset/gate.ts";
import type { KeySettings, KeyTable, Sums } from "../model.ts";
import { type Duck, listLiteral, nameLiteral, textLiteral } from "./duck.ts";
import { orAbsent } from "./durable-file.ts";
import { checkAddress, checkKeys } from "./slice-address.ts";

/** Sums of one day over all scopes, by key. */
export interface FleetSums {
  readonly day: Day;
  readonly pooled: Readonly<Record<string, Sums>>;
  readonly scopes: readonly { readonly spreadsheetId: string; readonly byKey: Readonly<Record<string, Sums>> }[];
}

export interface FleetDeps {
  readonly root: string;
  readonly duck: Duck;
  /** Told on the way of long work. */
  readonly onProgress?: FleetProgress;
  /** Per statement: each of their files keeps a handle and buffers. Default: `SCOPES_AT_ONCE`. */
  readonly scopesAtOnce?: number;
}

/** @param done scopes that were compared, out of `of`. */
export type FleetProgress = (done: number, of: number) => void;

const SCOPES_AT_ONCE = 500;
const FOLDERS_AT_ONCE = 64;

/**
 * @param keys settings of the dataset's keys, the same for all scopes.
 * @returns sums of every scope that has rows on both sides, and of all of them. Backfilled slices are not compared.
 * @throws AppError slice.invalidAddress
 */
export async function measureFleetDay(
  { root, duck, onProgress, scopesAtOnce = SCOPES_AT_ONCE }: FleetDeps,
  dataset: string,
  day: Day,
  keys: KeyTable,
): Promise<FleetSums> {
  checkAddress({ dataset, side: "local", day, spreadsheetId: "x".repeat(44) });
  checkKeys(Object.keys(keys));
  const fileOf = (side: Side, id: string) => join(root, dataset, side, id, day, "v1.parquet");
  const ids = await scopesWithBoth(root, dataset, day);
  const scopes: FleetSums["scopes"][number][] = [];
  await duck.with(async (connection) => {
    for (let from = 0; from < ids.length; from += scopesAtOnce) {
      const some = ids.slice(from, from + scopesAtOnce);
      const files = {
        upstream: some.map((id) => fileOf("upstream", id)),
        local: some.map((id) => fileOf("local", id)),
      };
      scopes.push(...(await measurePart(connection, files, keys)));
      onProgress?.(from + some.length, ids.length);
    }
  });
  scopes.sort((a, b) => (a.spreadsheetId < b.spreadsheetId ? -1 : 1));
  const pooled = emptyPool(keys);
  for (const { byKey } of scopes)
    for (const [key, sums] of Object.entries(byKey)) {
      const total = pooled[key];
      if (total) for (const member of MEMBERS) total[member] += sums[member];
    }
  return { day, pooled, scopes };
}

type Growing = { -readonly [Member in keyof Sums]: number };

const MEMBERS = [
  "nCells",
  "nPaired",
  "nExact",
  "nEqual",
  "nMissingLocal",
  "nMissingUpstream",
  "nMape",
  "signMismatch",
  "sumAbsError",
  "sumError",
  "sumAbsUpstream",
  "sumApe",
] as const satisfies readonly (keyof Sums)[];

const emptySums = (): Growing => Object.fromEntries(MEMBERS.map((member) => [member, 0])) as Growing;
const emptyPool = (keys: KeyTable): Record<string, Growing> =>
  Object.fromEntries(Object.keys(keys).map((key) => [key, emptySums()]));

type Files = Readonly<Record<Side, readonly string[]>>;

/**
 * The same columns in every file are the rule, and need no look at them; a dataset that got a key meanwhile is read by names.
 * @param files of the same scopes, both sides.
 */
async function measurePart(connection: DuckDBConnection, files: Files, keys: KeyTable): Promise<FleetSums["scopes"]> {
  const names = Object.keys(keys);
  try {
    const sides = { upstream: alike(files.upstream, names), local: alike(files.local, names) };
    return await compare(connection, sides, keys);
  } catch {
    const sides = {
      upstream: await byName(connection, files.upstream, names),
      local: await byName(connection, files.local, names),
    };
    return compare(connection, sides, keys);
  }
}

/** @param sides what selects the rows of each. */
async function compare(
  connection: DuckDBConnection,
  sides: Readonly<Record<Side, string>>,
  keys: KeyTable,
): Promise<FleetSums["scopes"]> {
  const names = Object.keys(keys);
  const columns = names.flatMap((name, index) => {
    const filled = (alias: string) => (keys[name]?.missingAsZero ? `coalesce(${alias}, 0)` : alias);
    return [`${filled(`u.${nameLiteral(name)}`)} AS u${index}`, `${filled(`l.${nameLiteral(name)}`)} AS l${index}`];
  });
  const cells = names.flatMap((_, index) => {
    const [u, l] = [`u${index}`, `l${index}`];
    // Unknown unless both are known: sums and counts leave those out by themselves.
    return [u, l, `${l} - ${u} AS d${index}`, `CASE WHEN ${l} IS NULL THEN NULL ELSE abs(${u}) END AS a${index}`];
  });
  const sums = names.flatMap((name, index) => sumsSql(index, keys[name]));
  const reader = await connection.runAndReadAll(`
    WITH pairs AS (
      SELECT coalesce(u.spreadsheet_id, l.spreadsheet_id) AS scope, u.nm_id AS u_id, l.nm_id AS l_id, ${columns.join(", ")}
      FROM (${sides.upstream}) u FULL JOIN (${sides.local}) l
        ON u.spreadsheet_id = l.spreadsheet_id AND u.nm_id = l.nm_id
    ), cells AS (SELECT scope, u_id, l_id, ${cells.join(", ")} FROM pairs)
    SELECT scope, ${sums.join(", ")} FROM cells GROUP BY scope HAVING count(u_id) > 0 AND count(l_id) > 0`);
  return reader.getRowsJS().map(([scope, ...values]) => ({
    spreadsheetId: String(scope),
    byKey: Object.fromEntries(
      names.map((name, index) => [name, sumsFrom(values.slice(index * SELECTED, (index + 1) * SELECTED).map(Number))]),
    ),
  }));
}

/** How many numbers a key has in the result. */
const SELECTED = 11;

/** The engine's rules 3.3 to 3.5 and 4; the bound of equality is the contract's. */
function sumsSql(index: number, settings: KeySettings | undefined): readonly string[] {
  const { absTol = 0, relTol = 0 } = settings ?? {};
  const [u, l, d, a] = [`u${index}`, `l${index}`, `d${index}`, `a${index}`];
  const bound = `greatest(${double(absTol)}, ${double(relTol)} * ${a}) + 1e-9`;
  return [
    ...[`count(${u})`, `count(${l})`, `count(${d})`],
    ...[
      `count_if(abs(${d}) <= ${bound})`,
      `count_if(abs(${d}) <= 1e-9)`,
      `count_if(${a} > 1e-9)`,
      `count_if(${u} * ${l} < 0)`,
    ],
    ...[`sum(abs(${d}))`, `sum(${d})`, `sum(${a})`, `sum(CASE WHEN ${a} > 1e-9 THEN abs(${d}) / ${a} END)`],
  ];
}

/** @param numbers as `sumsSql` lists them; a sum of nothing is 0. */
function sumsFrom(numbers: readonly number[]): Growing {
  const [u = 0, l = 0, nPaired = 0, nExact = 0, nEqual = 0, nMape = 0, signMismatch = 0, ...sums] = numbers;
  const [sumAbsError = 0, sumError = 0, sumAbsUpstream = 0, sumApe = 0] = sums;
  return {
    ...{ nCells: u + l - nPaired, nPaired, nExact, nEqual, nMissingLocal: u - nPaired, nMissingUpstream: l - nPaired },
    ...{ nMape, signMismatch, sumAbsError, sumError, sumAbsUpstream, sumApe },
  };
}

/** A plain `0.01` would be a DECIMAL. */
const double = (value: number): string => `CAST(${textLiteral(String(value))} AS DOUBLE)`;

/** Rows of several files of a side that have the same columns. */
const alike = (files: readonly string[], names: readonly string[]): string =>
  `SELECT spreadsheet_id, nm_id, ${names.map(nameLiteral).join(", ")} FROM read_parquet(${listLiteral(files)}) WHERE origin = 'collection'`;

/** The same; what a file does not have is missing in it. */
async function byName(
  connection: DuckDBConnection,
  files: readonly string[],
  names: readonly string[],
): Promise<string> {
  const source = `read_parquet(${listLiteral(files)}, union_by_name = true)`;
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const known = new Set(reader.getRowsJS().map(([name]) => String(name)));
  const columns = names.map((name) => (known.has(name) ? nameLiteral(name) : `NULL::DOUBLE AS ${nameLiteral(name)}`));
  return `SELECT spreadsheet_id, nm_id, ${columns.join(", ")} FROM ${source} WHERE origin = 'collection'`;
}

/** Those whose both sides have a version 1 of the day: the others have no metrics. */
async function scopesWithBoth(root: string, dataset: string, day: Day): Promise<readonly string[]> {
  const [upstream, local] = await Promise.all(
    (["upstream", "local"] as const).map((side) => scopesWith(join(root, dataset, side), day)),
  );
  const others = new Set(local);
  return (upstream ?? []).filter((id) => others.has(id));
}

async function scopesWith(folder: string, day: Day): Promise<readonly string[]> {
  const ids = ((await orAbsent(() => readdir(folder))) ?? []).sort();
  const found: string[] = [];
  for (let from = 0; from < ids.length; from += FOLDERS_AT_ONCE) {
    const some = ids.slice(from, from + FOLDERS_AT_ONCE);
    const names = await Promise.all(some.map((id) => orAbsent(() => readdir(join(folder, id, day)))));
    found.push(...some.filter((_, index) => names[index]?.includes("v1.parquet")));
  }
  return found;
}
