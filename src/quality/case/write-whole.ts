import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";

/**
 * A file that is whole or not there: what stood there before stays until then. A link is followed, and what is no file (a pipe, a
 * device) is written to and never replaced.
 * @throws Error of the file system
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const standing = await stat(path).catch(() => null);
  if (standing && !standing.isFile() && !standing.isDirectory()) return writeFile(path, text);
  const target = standing ? await realpath(path) : path;
  const partial = `${target}.${process.pid}.part`;
  try {
    const file = await open(partial, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw error;
  }
}
