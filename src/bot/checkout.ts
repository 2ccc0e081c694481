// The answer to a checkout: given inside the webhook call, from reads only, before the payer's client gives up.
import type { Api } from "grammy";
import { addressOf, OpaqueId } from "../../machines/address.ts";
import type { CustomerContext, Language } from "../../machines/customer/types.ts";
import type { OrderContext } from "../../machines/order/types.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import type { ActorView } from "../runtime/ports.ts";
import { faultFields, isQueryOver } from "./faults.ts";
import { languageOf } from "./language.ts";
import { readOffers } from "./offers.ts";
import type { BotDeps } from "./ports.ts";
import { type CheckoutFacts, type CheckoutVerdict, judgeCheckout, type Refusal, refusalText } from "./pre-checkout.ts";
import type { PreCheckoutQuery } from "./updates.ts";
import { isBeforePurchase, isOpenToBuyers, regionOf, stateOf } from "./view.ts";
import type { Reader } from "./wording.ts";

/** Telegram waits 10 s for the answer; a store that needs longer than this counts as silent. Unit: milliseconds. */
export const CHECKOUT_READ_BUDGET_MS = 1_500;

type Needs = Pick<BotDeps, "actors" | "catalog" | "clock" | "timeZone">;

/** Reads what the decision needs, and decides. @throws what the actors throw */
export async function judge(deps: Needs, query: PreCheckoutQuery): Promise<CheckoutVerdict> {
  const nowMs = deps.clock.now();
  const offers = readOffers(deps.catalog.current(), deps.timeZone, nowMs);
  const userId = query.from.id;
  const [customer, order] = await Promise.all([
    deps.actors.read(addressOf.customer(userId)),
    // A forged payload must not become a key.
    OpaqueId.safeParse(query.invoice_payload).success ? deps.actors.read(addressOf.order(query.invoice_payload)) : null,
  ]);
  const context = order === null ? null : (order.context as unknown as OrderContext);
  const terms = context?.terms ?? null;
  const [subscription, ...channels] = await Promise.all([
    terms === null ? null : deps.actors.read(addressOf.subscription(userId, terms.product)),
    ...(terms?.chats ?? []).map((chatId) => deps.actors.read(addressOf.channel(chatId))),
  ]);
  const known = customer === null ? null : (customer.context as unknown as CustomerContext);
  return judgeCheckout(
    {
      query: { userId, currency: query.currency, amountMinor: query.total_amount },
      offers,
      order: order === null || context === null ? null : { state: stateOf(order), context },
      blocked: regionOf(customer, "risk") === "blocked",
      subscription: {
        billing: regionOf(subscription, "billing"),
        intent: regionOf(subscription, "intent"),
        renewal: renewalOf(subscription),
      },
      salesPaused: !channels.every(isOpenToBuyers),
      notOpen: !offers.isOpenTo(userId) && !(await hasSubscribed(deps, userId, known?.products ?? [])),
    },
    readerOf(deps, known?.language ?? languageOf(query.from.language_code)),
  );
}

/** Whether anything was ever bought, tried or given. @param products of which an invoice was asked for, at least. */
async function hasSubscribed({ actors }: Pick<Needs, "actors">, userId: number, products: readonly string[]) {
  const subscriptions = await Promise.all(products.map((code) => actors.read(addressOf.subscription(userId, code))));
  return subscriptions.some((subscription) => !isBeforePurchase(regionOf(subscription, "billing")));
}

/** Telegram charges when its own term ends, which may be before the paid time does: added days are ours alone. */
function renewalOf(subscription: ActorView | null): CheckoutFacts["subscription"]["renewal"] {
  if (subscription === null) return null;
  const { renewingOrderId, renewsAt, paidUntil } = subscription.context as unknown as SubscriptionContext;
  const ends = [renewsAt, paidUntil].filter((end) => end !== null);
  return renewingOrderId === null || ends.length === 0 ? null : { orderId: renewingOrderId, dueAt: Math.min(...ends) };
}

const readerOf = (deps: Needs, language: Language): Reader => ({
  language,
  nowMs: deps.clock.now(),
  timeZone: deps.timeZone,
});

/** Refusals that say something about the order, and which its audit should know of. The others are about our own state, or about no order. */
const ON_RECORD: ReadonlySet<Refusal> = new Set<Refusal>([
  "otherBuyer",
  "priceChanged",
  "notOnSale",
  "wrongAmount",
  "blocked",
  "revoked",
  "alreadySubscribed",
  "ownedForLife",
]);
export const isOnRecord = (reason: Refusal): boolean => ON_RECORD.has(reason);

/**
 * Judges and answers. A store that is silent or failing refuses the checkout: a payment that might not be honoured is not taken.
 * The answer is sent once; too late is final.
 * @throws HttpError, GrammyError when Telegram did not take the answer, so that it delivers the query again.
 */
export async function answerCheckout(
  deps: Needs & Pick<BotDeps, "logger" | "count">,
  api: Api,
  query: PreCheckoutQuery,
): Promise<CheckoutVerdict> {
  const verdict = await Promise.race([judge(deps, query), silence(CHECKOUT_READ_BUDGET_MS)]).catch((error: unknown) => {
    deps.logger.error({ event: "checkout.unjudged", ...faultFields(error) }, "checkout refused: could not be judged");
    return "failed" as const;
  });
  const answer: CheckoutVerdict =
    typeof verdict === "object"
      ? verdict
      : {
          approved: false,
          reason: "unavailable",
          text: refusalText("unavailable", readerOf(deps, languageOf(query.from.language_code))),
        };
  try {
    if (answer.approved) await api.answerPreCheckoutQuery(query.id, true);
    else await api.answerPreCheckoutQuery(query.id, false, { error_message: answer.text });
  } catch (error) {
    if (!isQueryOver(error)) throw error;
    deps.logger.warn({ event: "checkout.late", userId: query.from.id }, "checkout answered too late, or twice");
  }
  deps.count(answer.approved ? "checkout.approved" : "checkout.refused", answer.approved ? undefined : answer.reason);
  return answer;
}

function silence(ms: number): Promise<"silent"> {
  return new Promise((resolve) => {
    AbortSignal.timeout(ms).addEventListener("abort", () => resolve("silent"), { once: true });
  });
}
