import type { ActorAddress } from "../../machines/address.ts";
import type { Actors } from "../runtime/ports.ts";
import type { EffectExecutor } from "./executor.ts";

/** How many events are under way at once. */
const ABREAST = 32;

/**
 * Delivers an event to every actor that has to do with a chat. Twice is harmless: the effect id is each event's idempotency key, so a
 * run that starts over passes those it has reached already.
 */
export const makeBroadcast =
  (actors: Actors): EffectExecutor<"broadcast"> =>
  async ({ chatId, machines, event }, { effectId, signal }) => {
    const everybody = await actors.find(`chatId=${chatId}`);
    const audience = everybody.filter((address) => machines.some((machine) => address.startsWith(`${machine}/`)));
    const waiting = audience[Symbol.iterator]();
    const deliver = async (): Promise<void> => {
      for (const address of waiting as Iterable<ActorAddress>) {
        signal.throwIfAborted();
        await actors.send(address, event, { cause: { kind: "effect", id: effectId }, key: effectId });
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, deliver));
  };
