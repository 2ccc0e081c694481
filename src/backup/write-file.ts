// Lines into a file that is either whole or not there.
import { createHash } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
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
  const partial = `${path}.part`;
  if (toFile && existsSync(path)) throw new AppError("backup.fileExists", { details: { problems: [path] } });
  const out: Writable = toFile ? createWriteStream(partial, { flags: "w", mode: MODE }) : stdoutThatStaysOpen();
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
      await rename(partial, path);
    },
    async giveUp() {
      entrance.destroy();
      out.destroy();
      if (toFile) await rm(partial, { force: true });
    },
  };
}

/** Ending standard output itself would be an error. */
const stdoutThatStaysOpen = (): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (process.stdout.write(chunk)) done();
      else process.stdout.once("drain", done);
    },
  });
