// Server-sent events: one answer that goes on for as long as somebody looks.
import { PassThrough } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import { AppError } from "../errors.ts";

/** Proxies and browsers take a connection for dead on which nothing comes. Unit: milliseconds. */
const HEARTBEAT_MS = 15_000;
/** How soon a browser comes back. Unit: milliseconds. */
const RETRY_MS = 2_000;
/** A reader that is so far behind is let go: it comes back with the id of what it had last. Unit: bytes. */
const MOST_UNREAD = 1_048_576;
/** A browser opens one per page. */
const MOST_STREAMS = 100;

export interface EventStream {
  /** @param id what the reader comes back with; null: what it had before. */
  send(event: string, id: string | null, data: unknown): void;
  /** Once, however it ends. */
  onEnd(end: () => void): void;
}

export interface EventStreamOptions {
  /** Unit: milliseconds. */
  readonly heartbeatMs?: number;
  readonly most?: number;
}

/** @returns what makes a reply a stream. All streams end when the server closes. */
export function makeEventStreams(
  server: FastifyInstance,
  { heartbeatMs = HEARTBEAT_MS, most = MOST_STREAMS }: EventStreamOptions = {},
): (reply: FastifyReply) => EventStream {
  const open = new Set<PassThrough>();
  server.addHook("preClose", async () => {
    for (const body of open) body.end();
  });

  return (reply) => {
    if (open.size >= most) throw new AppError("live.tooMany", { details: { retryAfterSeconds: 30 } });
    const body = new PassThrough();
    open.add(body);
    const write = (text: string): void => {
      if (body.destroyed || body.writableEnded) return;
      body.write(text);
      if (body.writableLength + body.readableLength > MOST_UNREAD) body.destroy();
    };
    const heartbeat = setInterval(() => write(":\n\n"), heartbeatMs).unref();
    const end = new Promise<void>((resolve) => body.once("close", resolve));
    void end.then(() => {
      clearInterval(heartbeat);
      open.delete(body);
    });
    // X-Accel-Buffering: a proxy that collects an answer first would never hand this one on.
    reply.type("text/event-stream").header("cache-control", "no-store").header("x-accel-buffering", "no").send(body);
    write(`retry: ${RETRY_MS}\n\n`);
    return {
      send: (event, id, data) =>
        write(`event: ${event}\n${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
      onEnd: (ended) => void end.then(ended),
    };
  };
}
