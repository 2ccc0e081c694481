import { AppError } from "../errors.ts";
import type { EffectExecutor } from "./executor.ts";
import type { ActorDoor } from "./ports.ts";

/** Events that carry money: remembered by the identity of the charge, for ever, not only among the last keyed events. */
const onceKeyOf = (event: { readonly type: string; readonly chargeId?: unknown }): string | undefined =>
  event.type === "payment.succeeded" && typeof event.chargeId === "string" ? `charge ${event.chargeId}` : undefined;

/**
 * Delivers an event to another actor. Twice is harmless: the effect id is the event's idempotency key at the receiver.
 * Already done looks like outcome `duplicate`.
 */
export const makeTell =
  (door: Pick<ActorDoor, "send">): EffectExecutor<"tell"> =>
  async ({ to, event }, { effectId }) => {
    const once = onceKeyOf(event);
    const result = await door.send(to, event, {
      cause: { kind: "effect", id: effectId },
      key: effectId,
      ...(once === undefined ? {} : { once }),
    });
    // Nobody there and the event cannot create: a person must look, the sender waits for nothing or has its own timer.
    if (result.outcome === "noActor") throw new AppError("actor.noActor", { details: { to, type: event.type } });
  };
