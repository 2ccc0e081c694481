import { type ActorAddress, addressOf } from "../../machines/address.ts";
import type { CustomerContext } from "../../machines/customer/types.ts";
import { entitled } from "../../machines/entitlement.ts";
import type { InviteContext } from "../../machines/invite/types.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import type { Actors, ActorView, Clock } from "../runtime/ports.ts";

const BILLING = "billing.";

/**
 * Whether any subscription of a person opens a chat, read from their snapshots at the moment of the call. Which ones there are is known
 * by the invite, which every announcement reaches, and by the customer, who hears of a subscription at its checkout already: between
 * them they name one whose first announcement is still on its way.
 */
export const makeEntitlementReader =
  (actors: Pick<Actors, "read">, clock: Clock) =>
  async (userId: number, chatId: string): Promise<boolean> => {
    const [invite, customer] = await Promise.all([
      actors.read(addressOf.invite(userId, chatId)),
      actors.read(addressOf.customer(userId)),
    ]);
    const addresses = new Set<ActorAddress>([
      ...sourcesOf(invite),
      ...productsOf(customer).map((product) => addressOf.subscription(userId, product)),
    ]);
    const views = await Promise.all([...addresses].map((address) => actors.read(address)));
    return views.some((view) => view !== null && opens(view, chatId, clock.now()));
  };

/** A source is the id of the subscription that announced itself, `<user>:<product>`. */
const sourcesOf = (invite: ActorView | null): ActorAddress[] =>
  Object.keys((invite?.context as unknown as InviteContext | undefined)?.sources ?? {}).map(
    (id): ActorAddress => `subscription/${id}`,
  );

const productsOf = (customer: ActorView | null): readonly string[] =>
  (customer?.context as unknown as CustomerContext | undefined)?.products ?? [];

function opens(view: ActorView, chatId: string, now: number): boolean {
  const { terms, riskBlocked, overrideUntil } = view.context as unknown as SubscriptionContext;
  if (!terms?.chats.includes(chatId)) return false;
  const billing = view.states.find((state) => state.startsWith(BILLING))?.slice(BILLING.length) ?? null;
  return entitled({ billing, riskBlocked, overrideUntil }, now);
}
