// Lines into a file that is either whole or not there.
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { link, open, rename, rm } from "node:fs/promises";
import { PassThrough, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { AppError } from "../errors.ts";
import type { ContentLine, Counts } from "./lines.ts";
import type { Header } from "./read-file.ts";

export interface LineWriter {
  write(line: ContentLine): Promise<void>;
  readonly counts: Counts;
  /** Writes the trailer and makes the file appear. */
  end(): Promise<void>;
  /** Leaves nothing behind. */
  giveUp(): Promise<void>;
}

/** Bytes that are gathered before they are written. */
const TOGETHER = 65_536;

/** Only its owner may read it: it is about people. */
const MODE = 0o600;

/**
 * @param path `-` is standard output; a name that ends with .gz is compressed.
 * @throws AppError backup.fileExists; Error of the file system
 */
export async function openLineWriter(path: string, header: Header): Promise<LineWriter> {
  const toFile = path !== "-";
  // A name of its own: another export to the same file does not write into this one's.
  const partial = `${path}.${randomUUID().slice(0, 8)}.part`;
  if (toFile && existsSync(path)) throw fileExists(path);
  const out: Writable = toFile ? createWriteStream(partial, { flags: "wx", mode: MODE }) : stdoutThatStaysOpen();
  const entrance: Writable = path.endsWith(".gz") ? createGzip() : new PassThrough();
  entrance.pipe(out);
  const done = finished(out);
  done.catch(() => {}); // told where it is waited for
  const digest = createHash("sha256");
  const counts: Record<string, number> = {};
  let gathered: string[] = [];
  let size = 0;

  const flush = async (): Promise<void> => {
    if (size === 0) return;
    const chunk = Buffer.from(gathered.join(""));
    gathered = [];
    size = 0;
    digest.update(chunk);
    if (!entrance.write(chunk)) await Promise.race([new Promise((resolve) => entrance.once("drain", resolve)), done]);
  };
  const put = async (line: object): Promise<void> => {
    const text = `${JSON.stringify(line)}\n`;
    gathered.push(text);
    size += text.length;
    if (size >= TOGETHER) await flush();
  };
  await put(header);

  return {
    counts,
    async write(line) {
      counts[line.kind] = (counts[line.kind] ?? 0) + 1;
      await put(line);
    },
    async end() {
      await flush();
      entrance.end(`${JSON.stringify({ kind: "trailer", counts, sha256: digest.digest("hex") })}\n`);
      await done;
      if (!toFile) return;
      const file = await open(partial, "r+");
      await file.sync();
      await file.close();
      await appear(partial, path);
    },
    async giveUp() {
      entrance.destroy();
      out.destroy();
      if (toFile) await rm(partial, { force: true });
    },
  };
}

const fileExists = (path: string): AppError => new AppError("backup.fileExists", { details: { problems: [path] } });

/** Under its name, unless another one has taken that meanwhile. @throws AppError backup.fileExists */
async function appear(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
    await rm(partial);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw fileExists(path);
    if (!code || !WITHOUT_LINKS.includes(code)) throw error;
    // No hard links in this file system: a look before, which leaves a moment.
    if (existsSync(path)) throw fileExists(path);
    await rename(partial, path);
  }
}

const WITHOUT_LINKS: readonly string[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES"];

/** Ending standard output itself would be an error. */
const stdoutThatStaysOpen = (): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (process.stdout.write(chunk)) done();
      else process.stdout.once("drain", done);
    },
  });
