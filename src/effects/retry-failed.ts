// An effect that was given up, tried once more because a person says so.
import type { Cause } from "../runtime/ports.ts";
import type { ActorDoor, FailedEffectStore, OutboxReturn } from "./ports.ts";
import { failureTicketOf } from "./run-effect.ts";

export interface RetryFailedDeps {
  readonly failed: Pick<FailedEffectStore, "read" | "forget">;
  readonly outbox: OutboxReturn;
  readonly door: Pick<ActorDoor, "send">;
  /** Makes an outbox entry a job. Losing the call loses nothing: the sweep finds the entry. */
  readonly dispatch: (effectId: string, body: string) => void;
}

/**
 * Its ticket is settled by that, so that another failure is announced and the audit says who decided.
 * @returns false when there is no such failed effect.
 * @throws AppError redis.unreachable: repeat it, no step does harm twice
 */
export const makeRetryFailed =
  ({ failed, outbox, door, dispatch }: RetryFailedDeps) =>
  async (effectId: string, cause: Cause & { readonly by: string }): Promise<boolean> => {
    const failure = await failed.read(effectId);
    if (failure === null) return false;
    await door.send(failureTicketOf(effectId), { type: "ticket.closed", by: cause.by }, { cause });
    // Back in the outbox first: between the two it is in both, which is once too often to be listed, not once too often to be done.
    await outbox.restore(effectId, failure.body);
    await failed.forget(effectId, failure);
    dispatch(effectId, failure.body);
    return true;
  };
