import type { InvocationName, InvocationOutput } from "../../../machines/invocations.ts";
import type { BackendClient, CallMeta, KeyedCallMeta } from "../../backend/ports.ts";
import { requestIdOf } from "../../backend/request-id.ts";
import { BackendWait } from "../../backend/wait.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
import { RetryAfter, RetryLater, type Run } from "../executor.ts";
import type { BackendDeps } from "./deps.ts";

/** A refused credential is corrected by people. Unit: milliseconds. */
const UNAUTHORIZED_RETRY_MS = 60_000;

/** The same for every attempt at one effect. */
export const metaOf = (run: Run): CallMeta => ({ requestId: requestIdOf(run.effectId), signal: run.signal });
export const keyedMetaOf = (run: Run, key: string): KeyedCallMeta => ({ ...metaOf(run), idempotencyKey: key });

/**
 * One call to the product backend, with the refusals that its executor understands as values.
 * @throws RetryLater when it is not our turn, or the backend asks for longer than an attempt may wait; RetryAfter when the backend was
 * called and asks for patience; AppError backend.* for the rest
 */
export async function askBackend<K extends InvocationName>(
  { backend }: Pick<BackendDeps, "backend">,
  call: (client: BackendClient) => Promise<InvocationOutput<K>>,
  refusals: Partial<Record<ErrorCode, (error: AppError) => InvocationOutput<K>>> = {},
): Promise<InvocationOutput<K>> {
  if (backend === null) throw new AppError("backend.notConfigured");
  try {
    return await call(backend);
  } catch (error) {
    if (error instanceof BackendWait) {
      throw error.wasCalled && !error.isReschedule
        ? new RetryAfter("backend.unavailable", error.retryInMs)
        : new RetryLater(error.retryInMs);
    }
    if (!(error instanceof AppError)) throw error;
    // People were told, and whoever comes next is held back at the door: nothing is wrong with this customer.
    if (error.code === "backend.unauthorized") throw new RetryLater(UNAUTHORIZED_RETRY_MS);
    const refusal = refusals[error.code];
    if (refusal !== undefined) return refusal(error);
    const { retryAfterMs } = error.details;
    if (error.retry && typeof retryAfterMs === "number") throw new RetryAfter(error.code, retryAfterMs);
    throw error;
  }
}
