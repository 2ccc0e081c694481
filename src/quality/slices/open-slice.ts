// Open slices: one file each, named by when its run began, so that the one that began last counts without anybody comparing.
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { NewSlice } from "../ports.ts";
import { isFault, orAbsent, writeDurably } from "./durable-file.ts";
import { joinPages, pack, splitPages, unpack } from "./raw-pages.ts";
import { factsOf, StoredFacts } from "./stored-head.ts";

const NAME = /^open-(\d{15})\.gz$/;
const nameOf = (startedAt: number): string => `open-${String(Math.trunc(startedAt)).padStart(15, "0")}.gz`;

const Also = z.object({
  facts: StoredFacts,
  rows: z.array(z.tuple([z.number(), z.array(z.number().nullable())])),
  goods: z.array(z.tuple([z.number(), z.string(), z.string()])),
});

/** Names of the open slices of a day, the one that counts first. Older ones are what a crash left behind. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = (await orAbsent(() => readdir(folder))) ?? [];
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();
}

/** @returns false: one that began later is there. */
export async function writeOpen(folder: string, slice: NewSlice): Promise<boolean> {
  const name = nameOf(slice.startedAt);
  const [newest] = await namesIn(folder);
  if (newest !== undefined && newest > name) return false;
  const also: z.output<typeof Also> = {
    facts: factsOf(slice),
    rows: slice.rows.map(({ nmId, values }) => [nmId, [...values]]),
    goods: [...slice.goods].map(([nmId, { category, brand }]) => [nmId, category, brand]),
  };
  await writeDurably(join(folder, name), await pack(joinPages(slice.raw, also)));
  const older = (await namesIn(folder)).filter((other) => other < name);
  await Promise.all(older.map((other) => rm(join(folder, other), { force: true })));
  return true;
}

export type OpenReading =
  | { readonly kind: "slice"; readonly slice: NewSlice; readonly path: string }
  | { readonly kind: "none" }
  /** What stands there is not what was written. */
  | { readonly kind: "corrupt"; readonly path: string };

export async function readOpen(folder: string): Promise<OpenReading> {
  // Twice: the newest may be replaced between listing and reading.
  for (let look = 0; look < 3; look += 1) {
    const [name] = await namesIn(folder);
    if (name === undefined) return { kind: "none" };
    const path = join(folder, name);
    const bytes = await orAbsent(() => readFile(path));
    if (bytes === null) continue;
    const slice = await parse(bytes);
    return slice === null ? { kind: "corrupt", path } : { kind: "slice", slice, path };
  }
  return { kind: "none" };
}

async function parse(bytes: Buffer): Promise<NewSlice | null> {
  try {
    const { pages, also } = splitPages(await unpack(bytes));
    const { facts, rows, goods } = Also.parse(also);
    return {
      ...facts,
      rows: rows.map(([nmId, values]) => ({ date: facts.day, nmId, values })),
      goods: new Map(goods.map(([nmId, category, brand]) => [nmId, { category, brand }])),
      raw: pages,
    };
  } catch {
    return null;
  }
}

/** After the freeze: version 1 holds all of it. */
export async function dropOpen(folder: string): Promise<void> {
  try {
    for (const name of await namesIn(folder)) await rm(join(folder, name), { force: true });
  } catch (error) {
    // Left behind it does no harm: nobody reads an open slice of a sealed day.
    if (!isFault(error, "EACCES") && !isFault(error, "EBUSY")) throw error;
  }
}
