// Answers as they came, in one compressed file: a line of JSON that says what follows, then the bytes, untouched.
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import type { RawPage } from "../ports.ts";

const packed = promisify(gzip);
const unpacked = promisify(gunzip);

const Head = z.object({
  pages: z.array(z.object({ request: z.string(), receivedAt: z.number(), bytes: z.int().nonnegative() })),
  /** What else the file holds. */
  also: z.unknown().optional(),
});

const NEW_LINE = 0x0a;

/** @param also anything that is JSON. @returns bytes before compression. */
export function joinPages(pages: readonly RawPage[], also?: unknown): Buffer {
  const head = {
    pages: pages.map(({ request, receivedAt, body }) => ({ request, receivedAt, bytes: body.byteLength })),
    also,
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`, "utf8"), ...pages.map(({ body }) => body)]);
}

/** @throws when the bytes are not what `joinPages` made. */
export function splitPages(bytes: Buffer): { readonly pages: readonly RawPage[]; readonly also: unknown } {
  const end = bytes.indexOf(NEW_LINE);
  const head = Head.parse(JSON.parse(bytes.subarray(0, end).toString("utf8")));
  let offset = end + 1;
  const pages = head.pages.map(({ request, receivedAt, bytes: length }): RawPage => {
    const body = bytes.subarray(offset, offset + length);
    offset += length;
    return { request, receivedAt, body };
  });
  if (offset !== bytes.length) throw new Error("the pages are not as long as their head says");
  return { pages, also: head.also };
}

export const pack = (bytes: Uint8Array): Promise<Buffer> => packed(bytes);
export const unpack = (bytes: Uint8Array): Promise<Buffer> => unpacked(bytes);
/** Names a raw file: SHA-256 of its bytes before compression. */
export const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
