// The state as server-sent events: a whole one at first and whenever it has changed. Whoever comes back after a break misses nothing.
import type { FastifyReply, FastifyRequest } from "fastify";
import type { SandboxState } from "../../support/answers/sandbox.ts";
import type { Desk } from "./desk.ts";

/** How soon a change is seen while something happens, and while nothing does: timers fire by themselves too. Unit: milliseconds. */
const LOOK_MS = { moving: 120, calm: 500 } as const;
const HEARTBEAT_MS = 15_000;

/** The clock goes on by itself: that alone is no news. */
const contentOf = ({ clock: { now: _now, ...clock }, ...rest }: SandboxState): string => JSON.stringify([clock, rest]);

/** @param ends Gets what ends this stream, for a server that closes. */
export function streamStates(
  desk: Desk,
  ends: Set<() => void>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  // What hooks have set (security headers) is sent as well.
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  let shown = "";
  let timer: NodeJS.Timeout | null = null;
  let isLooking = false;
  let isAskedAgain = false;
  let isOver = false;

  const look = async (): Promise<void> => {
    if (isOver) return;
    if (isLooking) {
      isAskedAgain = true;
      return;
    }
    isLooking = true;
    if (timer) clearTimeout(timer);
    try {
      const state = await desk.state();
      const content = contentOf(state);
      if (content !== shown && !isOver) {
        shown = content;
        raw.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`);
      }
    } catch {
      // Redis is away for a moment, or the service stops: the next look tells.
    }
    isLooking = false;
    if (isOver) return;
    const again = isAskedAgain ? 0 : desk.isMoving ? LOOK_MS.moving : LOOK_MS.calm;
    isAskedAgain = false;
    timer = setTimeout(() => void look(), again);
  };
  const heartbeat = setInterval(() => raw.write(": still here\n\n"), HEARTBEAT_MS);
  const unwatch = desk.watch(() => void look());
  const end = () => {
    if (isOver) return;
    isOver = true;
    if (timer) clearTimeout(timer);
    clearInterval(heartbeat);
    unwatch();
    ends.delete(end);
    raw.end();
  };
  ends.add(end);
  request.raw.on("close", end);
  void look();
  return reply;
}
