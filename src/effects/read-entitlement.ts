import { type ActorAddress, addressOf, parseAddress } from "../../machines/address.ts";
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
    const { subscriptions } = await readSides(actors, userId, chatId);
    return subscriptions.some((view) => opens(view, chatId, clock.now()));
  };

/**
 * The subscriptions of a chat of whose access its invite believes otherwise than it is now: their announcements were lost or left out.
 * One that is still on its way is named as well.
 */
export const makeUnheardReader =
  (actors: Pick<Actors, "read">, clock: Clock) =>
  async (userId: number, chatId: string): Promise<readonly ActorAddress[]> => {
    const { sources, subscriptions } = await readSides(actors, userId, chatId);
    return subscriptions
      .filter((view) => termsOf(view)?.chats.includes(chatId))
      .filter((view) => {
        const isBelieved = sources[parseAddress(view.address).id]?.entitled ?? false;
        return isBelieved !== opens(view, chatId, clock.now());
      })
      .map(({ address }) => address);
  };

/** The invite, and every subscription that it or the customer knows of. */
export async function readSides(actors: Pick<Actors, "read">, userId: number, chatId: string) {
  const [invite, customer] = await Promise.all([
    actors.read(addressOf.invite(userId, chatId)),
    actors.read(addressOf.customer(userId)),
  ]);
  const sources = (invite?.context as unknown as InviteContext | undefined)?.sources ?? {};
  const addresses = new Set<ActorAddress>([
    // A source is the id of the subscription that announced itself, `<user>:<product>`.
    ...Object.keys(sources).map((id): ActorAddress => `subscription/${id}`),
    ...productsOf(customer).map((product) => addressOf.subscription(userId, product)),
  ]);
  const views = await Promise.all([...addresses].map((address) => actors.read(address)));
  return { invite, sources, subscriptions: views.filter((view) => view !== null) };
}

const termsOf = ({ context }: ActorView) => (context as unknown as SubscriptionContext).terms;

const productsOf = (customer: ActorView | null): readonly string[] =>
  (customer?.context as unknown as CustomerContext | undefined)?.products ?? [];

function opens(view: ActorView, chatId: string, now: number): boolean {
  const { terms, riskBlocked, overrideUntil } = view.context as unknown as SubscriptionContext;
  if (!terms?.chats.includes(chatId)) return false;
  const billing = view.states.find((state) => state.startsWith(BILLING))?.slice(BILLING.length) ?? null;
  return entitled({ billing, riskBlocked, overrideUntil }, now);
}
