import { AppError } from "../errors.ts";

/**
 * Runs a call to Redis and names its failure. A lost reply may belong to a call that was carried out: whoever repeats it does so
 * with the same idempotency key or revision, so nothing happens twice.
 * @throws AppError redis.unreachable
 */
export async function asUnreachable<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("redis.unreachable", { cause });
  }
}
