// Parameters of a Bot API request: query string, JSON, urlencoded or multipart.
import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { BotApiError, badRequest } from "../errors.ts";
import type { UploadedFile } from "../methods/define.ts";

export interface RawParams {
  readonly values: Readonly<Record<string, unknown>>;
  /** Values came as text (query, form): numbers, booleans and JSON still have to be read. */
  readonly isText: boolean;
}

/** @throws BotApiError 413 past the limit. */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BotApiError(413, "Request Entity Too Large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws BotApiError 400 for bodies that cannot be parsed. */
export function readParams(contentType: string, body: Buffer, query: URLSearchParams): RawParams {
  const fromQuery = Object.fromEntries(query);
  if (contentType.startsWith("application/json")) {
    const parsed = parseJson(body.toString("utf8"));
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
      throw badRequest("can't parse JSON object");
    return { values: { ...fromQuery, ...parsed }, isText: false };
  }
  if (contentType.startsWith("multipart/form-data"))
    return { values: { ...fromQuery, ...parseMultipart(contentType, body) }, isText: true };
  const form = Object.fromEntries(new URLSearchParams(body.toString("utf8")));
  return { values: { ...fromQuery, ...form }, isText: true };
}

function parseJson(text: string): unknown {
  try {
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw badRequest("can't parse JSON object");
    throw cause;
  }
}

/** Text values become what the parameter's schema wants, where they are not strings by nature. */
export function fromText(
  values: RawParams["values"],
  shape: Readonly<Record<string, z.core.$ZodType>>,
): RawParams["values"] {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const schema = shape[name] as z.ZodType | undefined;
      if (typeof value !== "string" || !schema || schema.safeParse(value).success) return [name, value];
      try {
        return [name, JSON.parse(value) as unknown];
      } catch (cause) {
        if (cause instanceof SyntaxError) return [name, value];
        throw cause;
      }
    }),
  );
}

function parseMultipart(contentType: string, body: Buffer): Record<string, string | UploadedFile> {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!boundary) throw badRequest("can't find boundary in multipart/form-data");
  const values: Record<string, string | UploadedFile> = {};
  const attachments: Record<string, UploadedFile> = {};
  for (const part of body.toString("latin1").split(`--${boundary}`).slice(1, -1)) {
    const split = part.indexOf("\r\n\r\n");
    const head = Buffer.from(part.slice(0, split), "latin1").toString("utf8");
    const content = Buffer.from(part.slice(split + 4, part.endsWith("\r\n") ? -2 : undefined), "latin1");
    const name = /name="([^"]*)"/i.exec(head)?.[1];
    const fileName = /filename="([^"]*)"/i.exec(head)?.[1];
    if (split < 0 || name === undefined) throw badRequest("can't parse multipart/form-data");
    if (fileName === undefined) values[name] = content.toString("utf8");
    else {
      const upload = { fileName, sizeBytes: content.length };
      values[name] = upload;
      attachments[name] = upload;
    }
  }
  return resolveAttachments(values, attachments);
}

/** `attach://name` stands for the part of that name. */
function resolveAttachments(
  values: Record<string, string | UploadedFile>,
  attachments: Readonly<Record<string, UploadedFile>>,
): Record<string, string | UploadedFile> {
  const used = new Set<string>();
  const resolved = Object.entries(values).map(([name, value]) => {
    const wanted = typeof value === "string" && value.startsWith("attach://") ? value.slice(9) : null;
    const upload = wanted === null ? undefined : attachments[wanted];
    if (wanted === null || !upload) return [name, value] as const;
    used.add(wanted);
    return [name, upload] as const;
  });
  return Object.fromEntries(resolved.filter(([name]) => !used.has(name)));
}
