// Where slices lie: `<root>/<dataset>/<side>/<spreadsheet id>/<day>/`. Nothing becomes a part of a path before its form was checked.
import { join } from "node:path";
import { z } from "zod";
import { isDay } from "../../../machines/dataset/days.ts";
import { AppError } from "../../errors.ts";
import type { Scope, SliceAddress } from "../ports.ts";

// The contract's own rules; none of them lets a dot or a slash through.
const SpreadsheetId = z.string().regex(/^(?!2PACX-)[A-Za-z0-9_-]{20,128}$/);
const Dataset = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_]{0,127}$/);
const Side = z.enum(["upstream", "local"]);
const Day = z.string().refine(isDay);
/** A column of the file and a member of the canonical form. */
const Key = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/);
/** Columns that every file has besides the keys. */
export const OWN_COLUMNS = ["spreadsheet_id", "origin", "nm_id", "category", "brand"] as const;

/** @throws AppError slice.invalidAddress, with the name of the part and never its value */
export function checkScope({ spreadsheetId, dataset }: Scope): void {
  check("spreadsheetId", SpreadsheetId, spreadsheetId);
  check("dataset", Dataset, dataset);
}

/** @throws AppError slice.invalidAddress */
export function checkAddress(address: SliceAddress): void {
  checkScope(address);
  check("side", Side, address.side);
  check("day", Day, address.day);
}

/** @throws AppError slice.invalidAddress */
export function checkKeys(keys: readonly string[]): void {
  for (const key of keys) check("key", Key, key);
  const own: ReadonlySet<string> = new Set(OWN_COLUMNS);
  if (keys.length === 0 || new Set(keys).size !== keys.length || keys.some((key) => own.has(key)))
    throw new AppError("slice.invalidAddress", { details: { part: "keys" } });
}

function check(part: string, schema: z.ZodType, value: unknown): void {
  if (!schema.safeParse(value).success) throw new AppError("slice.invalidAddress", { details: { part } });
}

export const sideFolder = (root: string, { dataset, spreadsheetId }: Scope, side: string): string =>
  join(root, dataset, side, spreadsheetId);

/** @param address a checked one. */
export const dayFolder = (root: string, address: SliceAddress): string =>
  join(sideFolder(root, address, address.side), address.day);
