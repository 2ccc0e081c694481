// Since when an article is in our own data: one column of each file, read in SQL. What completeness expects follows from it (contract, 5.1).
import { access, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Day } from "../../../machines/dataset/gate.ts";
import type { Scope } from "../ports.ts";
import { type Duck, listLiteral } from "./duck.ts";
import { orAbsent } from "./durable-file.ts";
import { checkScope, sideFolder } from "./slice-address.ts";

/**
 * @param from with `to`: days of local, both included, of which version 1 is looked at. Its values are of no account, so no seal is compared.
 * @returns nm_id → the first of these days on which it has a row. A damaged file is set aside, and its day counts as one without rows.
 * @throws AppError slice.invalidAddress
 */
export async function firstSeenIn(
  {
    root,
    duck,
    isWhole,
  }: {
    readonly root: string;
    readonly duck: Duck;
    /** Verifies version 1 of a day of local; a damaged one is set aside. */
    readonly isWhole: (day: Day) => Promise<boolean>;
  },
  scope: Scope,
  { from, to }: { readonly from: Day; readonly to: Day },
): Promise<ReadonlyMap<number, Day>> {
  checkScope(scope);
  const folder = sideFolder(root, scope, "local");
  const days = ((await orAbsent(() => readdir(folder))) ?? []).filter((day) => from <= day && day <= to).sort();
  const files = days.map((day) => join(folder, day, "v1.parquet"));
  const there = await Promise.all(files.map((file) => orAbsent(() => access(file)).then((found) => found !== null)));
  const sealed = files.filter((_, place) => there[place]);
  return duck.with(async (connection) => {
    const read = async (some: readonly string[]): Promise<Map<number, Day>> => {
      if (some.length === 0) return new Map();
      // Paths differ in the day only, so the least one is the earliest.
      const reader = await connection.runAndReadAll(
        `SELECT nm_id, min(filename) FROM read_parquet(${listLiteral(some)}, filename = true) GROUP BY nm_id`,
      );
      return new Map(reader.getRowsJS().map(([nmId, file]) => [Number(nmId), basename(dirname(String(file)))]));
    };
    try {
      return await read(sealed);
    } catch {
      // One of them is damaged: the store sets it aside and tells of it. Whatever else went wrong goes wrong again.
      const whole: string[] = [];
      for (const file of sealed) if (await isWhole(basename(dirname(file)))) whole.push(file);
      return await read(whole);
    }
  });
}
