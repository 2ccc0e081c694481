// Slices in files. Sealed ones are never written again: whoever comes second is told. Every process that reads or writes slices sees the
// same folder: on several hosts a shared volume with hard links, or one worker that does all of it.
import { mkdir, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Day, Side } from "../../../machines/dataset/gate.ts";
import { AppError } from "../../errors.ts";
import type { NewSlice, RawPage, Sealed, Slice, SliceAddress, SliceHead, SliceStore, VersionChoice } from "../ports.ts";
import { sealOf } from "./canonical.ts";
import type { Duck } from "./duck.ts";
import { claimName, orAbsent, partNameOf, writeDurably } from "./durable-file.ts";
import { firstSeenIn } from "./first-seen.ts";
import { dropOpen, readOpen, writeOpen } from "./open-slice.ts";
import { digestOf, joinPages, pack, splitPages, unpack } from "./raw-pages.ts";
import { Damaged, readHeads, readSealed, writeSealed } from "./sealed-file.ts";
import { checkAddress, checkKeys, checkScope, dayFolder, sideFolder } from "./slice-address.ts";
import { factsOf, type StoredHead } from "./stored-head.ts";

export interface SliceStoreDeps {
  /** Below it lie all slices. */
  readonly root: string;
  readonly duck: Duck;
  /** Epoch ms: names what is set aside. */
  readonly now: () => number;
  readonly onSealed?: (head: SliceHead) => void;
  /** A version after the first was written. */
  readonly onRestated?: (head: SliceHead) => void;
  /** Somebody wanted to change what is sealed. */
  readonly onRefused?: (address: SliceAddress) => void;
  /** @param path where it lies now. */
  readonly onSetAside?: (address: SliceAddress, path: string) => void;
}

const SIDES: readonly Side[] = ["upstream", "local"];
const SEALED_NAME = /^v([1-9]\d{0,5})\.parquet$/;
const ASIDE_NAME = /^v([1-9]\d{0,5})\.corrupt-\d+\.parquet$/;

const sealedName = (version: number): string => `v${version}.parquet`;
const rawName = (digest: string): string => `raw-${digest}.gz`;

export function makeSliceStore(deps: SliceStoreDeps): SliceStore {
  const { root, duck, now, onSealed, onRestated, onRefused, onSetAside } = deps;

  /** What versions there are, and which of them were set aside. Highest last. */
  async function versionsIn(folder: string) {
    const names = (await orAbsent(() => readdir(folder))) ?? [];
    const numbers = (pattern: RegExp) =>
      names
        .map((name) => Number(pattern.exec(name)?.[1] ?? 0))
        .filter((version) => version > 0)
        .sort((a, b) => a - b);
    return { sealed: numbers(SEALED_NAME), aside: numbers(ASIDE_NAME) };
  }

  /** @throws AppError slice.corrupt: always */
  async function setAside(address: SliceAddress, path: string, asideName: string, why: string): Promise<never> {
    const aside = join(dayFolder(root, address), asideName);
    // Of two readers one moves it.
    await orAbsent(() => rename(path, aside));
    onSetAside?.(address, aside);
    throw corrupt(address, aside, why);
  }

  async function readVersion(address: SliceAddress, version: number) {
    const folder = dayFolder(root, address);
    const path = join(folder, sealedName(version));
    try {
      const slice = await readSealed(duck, path);
      if (!isOf(slice.head, address) || slice.head.version !== version) throw new Damaged("it is of another slice");
      return slice;
    } catch (error) {
      if (error instanceof Damaged)
        return setAside(address, path, `v${version}.corrupt-${Math.trunc(now())}.parquet`, error.message);
      if (await isGone(path)) return null;
      throw error;
    }
  }

  async function openOf(address: SliceAddress): Promise<NewSlice | null> {
    const folder = dayFolder(root, address);
    const reading = await readOpen(folder);
    if (reading.kind === "none") return null;
    if (reading.kind === "slice" && isOf(reading.slice, address)) return reading.slice;
    return setAside(address, reading.path, `open.corrupt-${Math.trunc(now())}.gz`, "it is not what was written");
  }

  /** @returns the number, `open`, or null: there is none. @throws AppError slice.corrupt when that one was set aside */
  async function resolve(address: SliceAddress, choice: VersionChoice): Promise<number | "open" | null> {
    checkAddress(address);
    const { sealed, aside } = await versionsIn(dayFolder(root, address));
    if (choice === "open") return sealed.length + aside.length > 0 ? null : "open";
    const number = choice === "v1" ? 1 : choice === "latest" ? Math.max(0, ...sealed, ...aside) : choice;
    if (sealed.includes(number)) return number;
    if (aside.includes(number)) throw corrupt(address, `v${number}`, "it was set aside before");
    return null;
  }

  async function write(slice: NewSlice, version: number, at: number): Promise<Sealed> {
    checkAddress(slice);
    checkKeys(slice.keys);
    const folder = dayFolder(root, slice);
    const seal = sealOf(slice.rows, slice.keys);
    const { sealed, aside } = await versionsIn(folder);
    if (aside.includes(version) && !sealed.includes(version))
      throw corrupt(slice, `v${version}`, "it was set aside before");
    if (sealed.includes(version)) return compared(slice, version, seal);
    const bytes = joinPages(slice.raw);
    const head: StoredHead = { ...factsOf(slice), version, seal, sealedAt: at, raw: digestOf(bytes) };
    // Raw first, under a name that its content gives it: without a version that names it, it is nobody's and harms nobody.
    await writeDurably(join(folder, rawName(head.raw)), await pack(bytes));
    await mkdir(folder, { recursive: true });
    const part = partNameOf(join(folder, sealedName(version)));
    await writeSealed(duck, part, slice, head);
    if (!(await claimName(part, join(folder, sealedName(version))))) return compared(slice, version, seal);
    if (version === 1) onSealed?.(head);
    else onRestated?.(head);
    return { head, isNew: true };
  }

  /** The version is there already. @throws AppError slice.sealed when its content is another */
  async function compared(slice: SliceAddress, version: number, seal: string): Promise<Sealed> {
    const there = await readVersion(slice, version);
    if (there === null) throw corrupt(slice, `v${version}`, "it was set aside before");
    if (there.head.seal === seal) return { head: there.head, isNew: false };
    onRefused?.(slice);
    const { side, day } = slice;
    throw new AppError("slice.sealed", { details: { side, day, version, seal: there.head.seal } });
  }

  async function seal(address: SliceAddress, at: number): Promise<Sealed | null> {
    checkAddress(address);
    const folder = dayFolder(root, address);
    const { sealed, aside } = await versionsIn(folder);
    if (!sealed.includes(1)) {
      if (aside.includes(1)) throw corrupt(address, "v1", "it was set aside before");
      const open = await openOf(address);
      if (open === null) return null;
      const done = await write(open, 1, at);
      await dropOpen(folder);
      return done;
    }
    // A process that ended between the two left the open one behind.
    await dropOpen(folder);
    const there = await readVersion(address, 1);
    return there === null ? null : { head: there.head, isNew: false };
  }

  async function headsIn(folder: string, address: SliceAddress): Promise<readonly SliceHead[]> {
    const { sealed, aside } = await versionsIn(folder);
    const paths = sealed.map((version) => join(folder, sealedName(version)));
    const heads = await readHeads(duck, paths).catch(() => null);
    const readable: SliceHead[] = heads === null ? [] : [...heads];
    // One that cannot be read hides none of the others.
    if (heads === null)
      for (const version of sealed) {
        const slice = await readVersion(address, version).catch(orCorrupt);
        if (slice !== null) readable.push(slice.head);
      }
    if (sealed.length + aside.length > 0) return readable;
    const open = await openOf(address).catch(orCorrupt);
    return open === null ? [] : [openHead(open)];
  }

  return {
    async read(address, choice): Promise<Slice | null> {
      const version = await resolve(address, choice);
      if (version === null) return null;
      if (version !== "open") return readVersion(address, version);
      const open = await openOf(address);
      return open === null ? null : { head: openHead(open), rows: byNmId(open), goods: open.goods };
    },

    async head(address, choice) {
      const version = await resolve(address, choice);
      if (version === null) return null;
      if (version === "open") {
        const open = await openOf(address);
        return open === null ? null : openHead(open);
      }
      return (await readVersion(address, version))?.head ?? null;
    },

    firstSeen(scope, from, to) {
      const isWhole = async (day: Day) =>
        (await readVersion({ ...scope, side: "local", day }, 1).catch(orCorrupt)) !== null;
      return firstSeenIn({ root, duck, isWhole }, scope, { from, to });
    },

    async list(scope, from, to) {
      checkScope(scope);
      const found: SliceHead[] = [];
      const days = new Map<string, Side[]>();
      for (const side of SIDES) {
        const names = (await orAbsent(() => readdir(sideFolder(root, scope, side)))) ?? [];
        for (const day of names)
          if (day >= from && day <= to && /^\d{4}-\d{2}-\d{2}$/.test(day))
            days.set(day, [...(days.get(day) ?? []), side]);
      }
      for (const [day, sides] of [...days].sort(([a], [b]) => (a < b ? -1 : 1)))
        for (const side of sides) {
          const address: SliceAddress = { ...scope, side, day };
          found.push(...(await headsIn(dayFolder(root, address), address)));
        }
      return found;
    },

    async raw(address, choice): Promise<readonly RawPage[] | null> {
      const version = await resolve(address, choice);
      if (version === null) return null;
      if (version === "open") return (await openOf(address))?.raw ?? null;
      const slice = await readVersion(address, version);
      if (slice === null) return null;
      const path = join(dayFolder(root, address), rawName(slice.head.raw));
      const pages = await orAbsent(() => readFile(path)).then((packed) => unpackPages(packed, slice.head.raw));
      if (pages === null) throw corrupt(address, path, "the raw bytes are missing or were changed");
      return pages;
    },

    async putOpen(slice, freezeAt) {
      checkAddress(slice);
      checkKeys(slice.keys);
      if (slice.startedAt >= freezeAt) return "afterFreeze";
      const folder = dayFolder(root, slice);
      const { sealed, aside } = await versionsIn(folder);
      if (sealed.length + aside.length > 0) return "sealed";
      return (await writeOpen(folder, slice)) ? "stored" : "older";
    },

    seal,
    putSealed: write,

    async restate(slice, at) {
      checkAddress(slice);
      for (;;) {
        const { sealed, aside } = await versionsIn(dayFolder(root, slice));
        const newest = Math.max(0, ...sealed, ...aside);
        const there = sealed.includes(newest) ? await readVersion(slice, newest) : null;
        if (there !== null && there.head.seal === sealOf(slice.rows, slice.keys))
          return { head: there.head, isNew: false };
        try {
          const done = await write(slice, newest + 1, at);
          if (done.head.version === 1) await dropOpen(dayFolder(root, slice));
          return done;
        } catch (error) {
          // Somebody else took that number meanwhile: look again.
          if (!(error instanceof AppError) || error.code !== "slice.sealed") throw error;
        }
      }
    },
  };
}

async function unpackPages(packed: Buffer | null, digest: string): Promise<readonly RawPage[] | null> {
  if (packed === null) return null;
  try {
    const bytes = await unpack(packed);
    return digestOf(bytes) === digest ? splitPages(bytes).pages : null;
  } catch {
    return null;
  }
}

const isGone = async (path: string): Promise<boolean> => (await orAbsent(() => readFile(path))) === null;

/** Spreadsheet ids are case-sensitive, and not every file system is. */
const isOf = (one: SliceAddress, other: SliceAddress): boolean =>
  one.spreadsheetId === other.spreadsheetId &&
  one.dataset === other.dataset &&
  one.side === other.side &&
  one.day === other.day;

const openHead = (slice: NewSlice): SliceHead => ({ ...factsOf(slice), version: null, seal: null, sealedAt: null });

const byNmId = ({ rows }: NewSlice) => [...rows].sort((a, b) => a.nmId - b.nmId);

const corrupt = ({ side, day }: SliceAddress, file: string, why: string): AppError =>
  new AppError("slice.corrupt", { details: { side, day, file, why } });

function orCorrupt(error: unknown): null {
  if (error instanceof AppError && error.code === "slice.corrupt") return null;
  throw error;
}
