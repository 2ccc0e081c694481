// Reads what "why?" looks at: by indexes and by the ids that actors name, never by walking through everybody.
import { type ActorAddress, addressOf } from "../../../machines/address.ts";
import type { CustomerContext } from "../../../machines/customer/types.ts";
import type { OrderContext } from "../../../machines/order/types.ts";
import type { PaymentContext } from "../../../machines/payment/types.ts";
import type { SubscriptionContext } from "../../../machines/subscription/types.ts";
import type { Terms } from "../../../machines/terms.ts";
import type { FailedEffectStore, Outbox } from "../../effects/ports.ts";
import type { Actors, ActorView, AuditEntry } from "../../runtime/ports.ts";
import { fittingTerms } from "../fitting-plans.ts";
import { lookAt, regionOf } from "../look.ts";
import type { Call, ChatCase, PaymentTrail, SubscriptionTrail, Trail } from "./case.ts";

export interface CaseDeps {
  readonly actors: Pick<Actors, "find" | "read" | "history">;
  readonly outbox: Pick<Outbox, "read">;
  readonly failed: Pick<FailedEffectStore, "read">;
  /** Tries so far of an effect that waits; null: no job of it is known now. */
  readonly triesOf: (effectId: string) => Promise<{ readonly attempts: number; readonly error: string | null } | null>;
  /** With their chats: what is asked about somebody who has bought nothing. */
  readonly productsOnSale: () => readonly { readonly code: string; readonly chats: readonly string[] }[];
  /** Of all plans, as they would be bought now. */
  readonly termsOnSale: () => readonly Terms[];
  readonly now: () => number;
}

/** In which the latest turns of an actor are looked for. */
const LOOK_BACK = 60;
/** Of whom more are known than one person reads. */
const MOST_PAYMENTS = 20;
/** Effects whose fate is asked for, of one actor. */
const MOST_CALLS = 40;
const ASKED_ABOUT = /^(?:invoke |tell (?:invite|subscription)\/|notifyCustomer (?:invite|member|link)\.)/;

export interface Cases {
  readonly customer: ActorView | null;
  readonly chats: readonly ChatCase[];
}

/** @throws AppError redis.unreachable */
export async function readCases(deps: CaseDeps, userId: number): Promise<Cases> {
  const { actors } = deps;
  const now = deps.now();
  const [customer, customerEntries, found] = await Promise.all([
    lookAt(actors, addressOf.customer(userId)),
    actors.history(addressOf.customer(userId), { limit: LOOK_BACK }),
    actors.find(`telegramId=${userId}`),
  ]);
  const bought = ((customer?.context ?? {}) as Partial<CustomerContext>).products ?? [];
  const addresses = new Set<ActorAddress>([
    ...found,
    // The customer hears of a subscription at its checkout already.
    ...bought.map((product) => addressOf.subscription(userId, product)),
  ]);
  const of = (machine: string) => [...addresses].filter((address) => address.startsWith(`${machine}/`));
  const [subscriptions, payments, onboardings] = await Promise.all([
    Promise.all(of("subscription").map((address) => readSubscription(deps, address))),
    readPayments(deps, of("payment")),
    Promise.all(of("onboarding").map((address) => lookAt(actors, address))),
  ]);
  const own = subscriptions.filter((one) => one !== null);
  const invited = of("invite").map((address) => address.slice(`invite/${userId}:`.length));
  const chatIds = new Set([
    ...invited,
    ...own.flatMap(({ view }) => chatsOf(view.context as unknown as SubscriptionContext)),
    ...payments.flatMap((payment) => chatsBought(payment)),
  ]);
  const onSale = deps.productsOnSale();
  if (chatIds.size === 0) for (const chatId of onSale.flatMap(({ chats }) => chats)) chatIds.add(chatId);

  const chats = await Promise.all(
    [...chatIds].map(async (chatId): Promise<ChatCase> => {
      const [channel, invite] = await Promise.all([
        lookAt(actors, addressOf.channel(chatId)),
        readTrail(deps, addressOf.invite(userId, chatId)),
      ]);
      const ofChat = own.filter(({ view }) => chatsOf(view.context as unknown as SubscriptionContext).includes(chatId));
      const products = new Set(ofChat.map(({ view }) => view.context.product));
      return {
        userId,
        chatId,
        now,
        productOnSale: onSale.find(({ chats }) => chats.includes(chatId))?.code ?? null,
        customer,
        customerEntries,
        channel,
        subscriptions: ofChat,
        // A charge without an order could be meant for any chat: it is shown at each of them rather than nowhere.
        payments: payments.filter((payment) => {
          const bought = chatsBought(payment);
          return bought.length === 0 || bought.includes(chatId);
        }),
        onboardings: onboardings.filter((view) => view !== null && products.has(view.context.product)) as ActorView[],
        invite,
      };
    }),
  );
  return { customer, chats };
}

const chatsOf = ({ terms }: Pick<SubscriptionContext, "terms">): readonly string[] => terms?.chats ?? [];

function chatsBought({ view, offered, fitting }: PaymentTrail): readonly string[] {
  const { terms } = view.context as unknown as PaymentContext;
  return (terms ?? (offered as PaymentContext["terms"]))?.chats ?? fitting.flatMap(({ chats }) => chats);
}

async function readSubscription(deps: CaseDeps, address: ActorAddress): Promise<SubscriptionTrail | null> {
  const trail = await readTrail(deps, address);
  if (trail.view === null) return null;
  // The same reading as at a join request: what the subscription itself knows of risk and override.
  const { riskBlocked, overrideUntil } = trail.view.context as unknown as SubscriptionContext;
  return {
    ...trail,
    view: trail.view,
    facts: { billing: regionOf(trail.view, "billing"), riskBlocked, overrideUntil },
  };
}

async function readPayments(deps: CaseDeps, addresses: readonly ActorAddress[]): Promise<readonly PaymentTrail[]> {
  const views = await Promise.all(addresses.map((address) => lookAt(deps.actors, address)));
  const receivedAt = ({ context }: ActorView) => (context as unknown as PaymentContext).receivedAt;
  const newest = views
    .filter((view) => view !== null)
    .sort((a, b) => receivedAt(b) - receivedAt(a))
    .slice(0, MOST_PAYMENTS);
  return Promise.all(
    newest.map(async (view): Promise<PaymentTrail> => {
      const context = view.context as unknown as PaymentContext;
      const { orderId, terms } = context;
      const order = terms === null && orderId !== null ? await readOrder(deps, orderId) : null;
      const fitting = terms === null && order === null ? fittingTerms(context, deps.termsOnSale()) : [];
      return { ...(await readTrail(deps, view.address)), view, offered: order, fitting };
    }),
  );
}

/** What was offered; null for an invoice payload that is no order of ours. */
async function readOrder({ actors }: CaseDeps, orderId: string): Promise<OrderContext["terms"]> {
  const order = await lookAt(actors, addressOf.order(orderId));
  return order === null ? null : (order.context as unknown as OrderContext).terms;
}

async function readTrail(deps: CaseDeps, address: ActorAddress): Promise<Trail> {
  const [view, entries] = await Promise.all([
    lookAt(deps.actors, address),
    deps.actors.history(address, { limit: LOOK_BACK }),
  ]);
  const asked = entries.flatMap((entry) =>
    (entry.effects ?? [])
      .map((name, index) => ({ name, entry, effectId: `${address}|${entry.rev}|${index}` }))
      .filter(({ name }) => ASKED_ABOUT.test(name)),
  );
  return {
    address,
    view,
    entries,
    calls: await Promise.all(asked.slice(0, MOST_CALLS).map((one) => fateOf(deps, one))),
  };
}

/** An effect has ended when the outbox does not hold it any more; given up, it lies with the failed ones. */
async function fateOf(
  { outbox, failed, triesOf }: CaseDeps,
  asked: { readonly name: string; readonly entry: AuditEntry; readonly effectId: string },
): Promise<Call> {
  const [waiting, failure] = await Promise.all([outbox.read(asked.effectId), failed.read(asked.effectId)]);
  if (waiting !== null) {
    const tries = await triesOf(asked.effectId);
    return { ...asked, state: "waiting", attempts: tries?.attempts ?? null, error: tries?.error ?? null };
  }
  if (failure !== null) return { ...asked, state: "failed", attempts: null, error: failure.code };
  return { ...asked, state: "done", attempts: null, error: null };
}
