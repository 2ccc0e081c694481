// Files that are whole or not there, also after a power cut.
import { randomBytes } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** A name beside the final one, which nobody who lists a folder looks for. */
export const partNameOf = (path: string): string => `${path}.${process.pid}-${randomBytes(4).toString("hex")}.part`;

/** Writes a file under its name, in place of one that may be there. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const part = partNameOf(path);
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(part, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(part, { force: true });
  }
}

/**
 * Gives a finished part its name, if nobody has it yet: of two processes one wins.
 * @returns false: the name is taken; the part is gone either way.
 */
export async function claimName(part: string, path: string): Promise<boolean> {
  try {
    const file = await open(part, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await link(part, path);
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (isFault(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

/** The names in it are on the disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export const isFault = (error: unknown, code: string): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === code;

/** @returns null where there is no such file or folder. */
export async function orAbsent<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error, "ENOENT")) return null;
    throw error;
  }
}
