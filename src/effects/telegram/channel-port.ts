import { addressOf } from "../../../machines/address.ts";
import { isLetThrough } from "../../../machines/channel/policy.ts";
import type { ChannelContext } from "../../../machines/channel/types.ts";
import type { Actors, ActorView, Clock } from "../../runtime/ports.ts";
import type { ChannelPort } from "./deps.ts";

/** What the executors ask of a channel's actor. A chat without an actor is not managed: nobody is removed from it. */
export function makeChannelPort(actors: Pick<Actors, "read" | "send">, clock: Clock): ChannelPort {
  const contextOf = (view: ActorView) => view.context as unknown as ChannelContext;

  return {
    async isManageable(chatId) {
      const view = await actors.read(addressOf.channel(chatId));
      return view?.states.some((state) => state.startsWith("health.healthy")) ?? false;
    },

    async askRemoval(chatId, userId, effectId) {
      const address = addressOf.channel(chatId);
      const before = await actors.read(address);
      if (before === null) return "held";
      const { view } = await actors.send(
        address,
        { type: "removal.asked", userId, members: contextOf(before).members ?? 0 },
        { cause: { kind: "effect", id: effectId } },
      );
      return view !== null && isLetThrough(contextOf(view), userId, clock.now()) ? "letThrough" : "held";
    },

    async reportRefusal(chatId, reason, effectId) {
      // No actor means that the chat left the plans: then there is nobody to tell.
      await actors.send(
        addressOf.channel(chatId),
        { type: "call.refused", reason: reason.slice(0, 120) || "refused" },
        { cause: { kind: "effect", id: effectId }, key: `refused ${effectId}` },
      );
    },
  };
}
