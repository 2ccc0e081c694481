import { ReplyError } from "ioredis";
import { AppError } from "../errors.ts";

/**
 * Replies about what lies at a key: the same again is refused again. Every other one is about the server (LOADING, READONLY, CLUSTERDOWN,
 * OOM, NOPERM ...) or unknown: it passes or is mended, and nothing may be given up for it. Told by Redis' own words: `ERR` alone says
 * nothing, proxies use it for a server that is away.
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 */
const REFUSED_FOR_GOOD = /^WRONGTYPE |^ERR .*(?:\buser_script\b|\bnot an integer\b|\bnot a valid float\b)/s;

/** These name their keys after a script and their number. */
const SCRIPT_COMMANDS: ReadonlySet<string> = new Set(["eval", "evalsha"]);

/**
 * Runs a call to Redis and names its failure. A lost reply may belong to a call that was carried out: whoever repeats it does so
 * with the same idempotency key or revision, so nothing happens twice.
 * @throws AppError redis.unreachable, or redis.refused where repeating it is in vain
 */
export async function asUnreachable<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw redisFailure(cause);
  }
}

/** The name of what a client threw. */
export function redisFailure(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (isReply(cause) && REFUSED_FOR_GOOD.test(cause.message))
    return new AppError("redis.refused", { cause, details: placeOf(cause) });
  return new AppError("redis.unreachable", { cause });
}

/** An error reply, as ioredis hands it on. */
interface Reply extends Error {
  readonly command?: { readonly name: string; readonly args: readonly unknown[] };
}
const isReply = (error: unknown): error is Reply => error instanceof ReplyError;

/** Which keys to look at. Their names hold ids only; the other arguments and the text of the reply may hold more. */
function placeOf({ message, command }: Reply) {
  const { name = "", args = [] } = command ?? {};
  const keys = SCRIPT_COMMANDS.has(name) ? args.slice(2, 2 + Number(args[1])) : args.slice(0, 1);
  return { reply: message.split(" ", 1)[0], command: name, keys: keys.map(String) };
}
