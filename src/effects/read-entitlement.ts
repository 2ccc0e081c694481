import { entitled } from "../../machines/entitlement.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import type { Actors, ActorView, Clock } from "../runtime/ports.ts";

const BILLING = "billing.";

/** Whether any subscription of a person opens a chat, read from their snapshots at the moment of the call. */
export const makeEntitlementReader =
  (actors: Pick<Actors, "find" | "read">, clock: Clock) =>
  async (userId: number, chatId: string): Promise<boolean> => {
    const known = await actors.find(`telegramId=${userId}`);
    const subscriptions = known.filter((address) => address.startsWith("subscription/"));
    const views = await Promise.all(subscriptions.map((address) => actors.read(address)));
    return views.some((view) => view !== null && opens(view, chatId, clock.now()));
  };

function opens(view: ActorView, chatId: string, now: number): boolean {
  const { terms, riskBlocked, overrideUntil } = view.context as unknown as SubscriptionContext;
  if (!terms?.chats.includes(chatId)) return false;
  const billing = view.states.find((state) => state.startsWith(BILLING))?.slice(BILLING.length) ?? null;
  return entitled({ billing, riskBlocked, overrideUntil }, now);
}
