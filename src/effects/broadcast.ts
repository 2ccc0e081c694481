import type { ActorAddress } from "../../machines/address.ts";
import { isAppError } from "../errors.ts";
import type { Actors } from "../runtime/ports.ts";
import type { EffectExecutor } from "./executor.ts";

const isFinal = (error: unknown): boolean => isAppError(error) && !error.retry;

/** How many events are under way at once. */
const ABREAST = 32;

/**
 * Delivers an event to every actor that has to do with a chat. One that cannot take it keeps none of the others from it;
 * that it could not is reported when all were tried, a passing failure before one for good, because it is worth another run. Twice is harmless: the effect id is each event's idempotency key, so a
 * run that starts over passes those it has reached already.
 */
export const makeBroadcast =
  (actors: Actors): EffectExecutor<"broadcast"> =>
  async ({ chatId, machines, event }, { effectId, signal }) => {
    const everybody = await actors.find(`chatId=${chatId}`);
    const audience = everybody.filter((address) => machines.some((machine) => address.startsWith(`${machine}/`)));
    let failure: unknown;
    const waiting = audience[Symbol.iterator]();
    const deliver = async (): Promise<void> => {
      for (const address of waiting as Iterable<ActorAddress>) {
        signal.throwIfAborted();
        try {
          await actors.send(address, event, { cause: { kind: "effect", id: effectId }, key: effectId });
        } catch (error) {
          if (failure === undefined || !isFinal(error)) failure = error;
        }
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, deliver));
    if (failure !== undefined) throw failure;
  };
