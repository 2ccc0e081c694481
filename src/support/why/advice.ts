// What could be done about the right itself, beside what can be done about the place. Pure.
import { explainEntitlement } from "../../../machines/entitlement.ts";
import { isIn, regionOf } from "../look.ts";
import type { ChatCase, PaymentTrail } from "./case.ts";
import type { Proposal } from "./place.ts";
import type { Right } from "./right.ts";
import { sentence } from "./sentence.ts";

/** Set-ups that wait for their next round, or for people. */
const WAITING = ["needsAttention", "retrying"] as const;

export function adviceOn(chat: ChatCase, right: Right): readonly Proposal[] {
  return [...aboutMoney(chat, right), ...aboutRight(chat, right), ...aboutSetUp(chat, right)];
}

/** Also for somebody who is entitled by another payment: the money lies there either way. */
function aboutMoney(chat: ChatCase, { held, applying }: Right): readonly Proposal[] {
  if (held !== null) {
    const { address } = held;
    return [...releasing(held, chat), { text: sentence("advice.refundPayment"), address, event: REFUND }];
  }
  if (applying === null) return [];
  return [{ text: sentence("advice.lookPayment"), address: applying.address, event: null }];
}

const REFUND = { type: "refund.requested", access: "policy" } as const;

/** For what was offered. Without an order, for what is sold at just that price: which of several, people choose, and of none by a command. */
function releasing(
  { address, offered, fitting, view }: PaymentTrail,
  { userId, chatId }: ChatCase,
): readonly Proposal[] {
  const release = (terms: unknown) => ({ type: "payment.released", userId, terms });
  if (offered !== null && offered !== undefined)
    return [{ text: sentence("advice.releasePayment"), address, event: release(offered) }];
  // A forged one is not offered to be accepted for the asking: somebody else's order, another currency.
  if (view.context.disputeReason !== "unknownOrder") return [];
  const here = fitting.filter(({ chats }) => chats.includes(chatId));
  return here.map((terms) => ({
    text: sentence("advice.releasePaymentFor", { plan: terms.planCode }),
    address,
    event: release(terms),
  }));
}

function aboutRight(chat: ChatCase, { entitled, subscription }: Right): readonly Proposal[] {
  if (entitled || subscription === null) return [];
  const facts = explainEntitlement(subscription.facts, chat.now);
  if (facts.some(({ fact, decides }) => decides && fact === "risk")) {
    const event = { type: "risk.cleared" };
    return [{ text: sentence("advice.clearRisk"), address: `customer/${chat.userId}`, event }];
  }
  if (!isIn(subscription.facts.billing ?? "", "revoked")) return [];
  return [{ text: sentence("advice.reinstate"), address: subscription.address, event: { type: "access.reinstated" } }];
}

function aboutSetUp({ onboardings }: ChatCase, { entitled }: Right): readonly Proposal[] {
  if (!entitled) return [];
  return onboardings
    .filter((onboarding) => WAITING.some((step) => isIn(regionOf(onboarding, "step") ?? "", step)))
    .map(({ address }) => ({
      text: sentence("advice.retryOnboarding"),
      address,
      event: { type: "onboarding.retried" },
    }));
}
