// What a machine wants a customer to know, as a screen of what is true at the moment of sending.
import type { CustomerNotice, Effect } from "../../machines/effects.ts";
import { joinedScreen, type Paid, paidScreen, trialStartedScreen } from "./screens/buying.ts";
import {
  connectScreen,
  expiringConnection,
  openStep,
  progressKind,
  readyKind,
  stoppedScreen,
  tokenExpiringScreen,
} from "./screens/connect.ts";
import {
  accessBlockedScreen,
  type DelayCause,
  extendedScreen,
  inviteDelayedScreen,
  inviteLimitScreen,
  inviteReadyScreen,
  linkMisusedScreen,
  memberLeftScreen,
  paymentDisputedScreen,
  refundedScreen,
  refundFailedScreen,
  refundRefusedScreen,
  reversedScreen,
} from "./screens/incidents.ts";
import { supportAnswerScreen } from "./screens/info.ts";
import {
  canceledScreen,
  enabledScreen,
  remindCheckoutScreen,
  remindEndingScreen,
  remindRenewingScreen,
  remindTrialScreen,
  remindUnrenewedScreen,
  renewalFailedScreen,
  renewalNeedlessScreen,
  renewedScreen,
  stopFailedScreen,
  winBackScreen,
} from "./screens/renewal.ts";
import type { Screen } from "./screens/screen.ts";
import { isStopFailed, statusScreen } from "./screens/status.ts";
import { hasRenewalFailed, type ProductView, type Standing, type SubscriberView } from "./view.ts";
import type { Reader } from "./wording.ts";

type Notice = Pick<NotifyCustomer, "notice" | "params">;
export type NotifyCustomer = Extract<Effect, { kind: "notifyCustomer" }>;
type Params = NotifyCustomer["params"];

export interface Told {
  readonly screen: Screen;
  /** Kinds of the current screen that this one takes the place of, silently; any other: a new message. */
  readonly replaces: readonly string[];
}

/** A notice that was true when it was asked for and is not any more: not sent. */
const TRUE_ONLY_WHILE: Partial<Record<CustomerNotice, readonly Standing[]>> = {
  "checkout.reminder": ["checkout", "none"],
  "reminder.renewing": ["renewing"],
  // Of a renewal too, while it does not work.
  "reminder.ending": ["prepaid", "ending", "pausing", "renewing"],
  "reminder.trialEnding": ["trialing"],
  "renewal.stopFailed": ["lifetime", "ending", "pausing", "slack", "grace", "hold", "paused"],
  // Where nothing is open the end of access is past, and where nothing renews there is no next charge.
  "renewal.canceled": ["lifetime", "ending", "slack", "grace"],
  "renewal.enabled": ["renewing"],
  "renewal.failed": ["renewing", "slack", "grace", "hold"],
  "grace.started": ["grace"],
  "grace.reminder": ["grace"],
  "hold.started": ["hold"],
  "subscription.expired": ["expired"],
  "subscription.paused": ["paused"],
  "subscription.revoked": ["revoked"],
  winBack: ["expired", "refunded"],
};

/** What a person who asked for silence is spared; the word about money and access comes all the same. */
const REMINDERS: ReadonlySet<CustomerNotice> = new Set<CustomerNotice>([
  "checkout.reminder",
  "reminder.renewing",
  "reminder.ending",
  "reminder.trialEnding",
  "grace.reminder",
  "connect.reminder",
  "winBack",
]);

/** Screens that wait for, or show, the way into a chat. */
const WAY_IN = [
  "paid",
  "trialStarted",
  "inviteReady",
  "inviteDelayed",
  "inviteLimit",
  "linkMisused",
  "memberLeft",
] as const;

const number = (params: Params, name: string): number | null =>
  typeof params[name] === "number" ? (params[name] as number) : null;
const string = (params: Params, name: string): string | null =>
  typeof params[name] === "string" ? (params[name] as string) : null;

const moneyOf = (params: Params) => ({
  amountMinor: number(params, "amountMinor") ?? 0,
  currency: string(params, "currency") ?? "XTR",
  chargeId: string(params, "chargeId") ?? "—",
});

/** The product a notice is about: named, or the one whose chat it is about. */
export function productOf(
  view: SubscriberView,
  notice: Pick<NotifyCustomer, "product" | "params">,
): ProductView | null {
  const byCode = view.products.find(({ code }) => code === notice.product);
  const chatId = string(notice.params, "chatId");
  return byCode ?? view.products.find(({ chats }) => chats.some((chat) => chat.chatId === chatId)) ?? null;
}

const fresh = (screen: Screen): Told => ({ screen, replaces: [] });
const inPlaceOf = (screen: Screen, ...kinds: readonly string[]): Told => ({ screen, replaces: kinds });

const delayCause = (params: Params): DelayCause => {
  const code = string(params, "code");
  return code === "tooManyChats" || code === "bannedByOther" ? code : "unknown";
};

/**
 * Pure.
 * @param answer Text of a support answer, read before; null: gone.
 * @param current Kind of the screen that is shown now.
 * @returns null for a notice that time has overtaken.
 */
export function tellCustomer(
  notice: Pick<NotifyCustomer, "notice" | "product" | "params">,
  view: SubscriberView,
  reader: Reader,
  current: string | null,
  answer: string | null,
): Told | null {
  const { params } = notice;
  // Asked for after the machine had sent it: the subscription learns of a wish for silence a moment later than the person expressed it.
  if (view.customer?.remindersMuted && REMINDERS.has(notice.notice)) return null;
  // About the person or the money: no product is needed to say it.
  switch (notice.notice) {
    case "ticket.answered":
      return fresh(supportAnswerScreen(answer, reader));
    case "payment.disputed":
      return fresh(paymentDisputedScreen(moneyOf(params).chargeId, reader));
    case "payment.refunded":
      return fresh(refundedScreen(productOf(view, notice), moneyOf(params), reader));
    case "payment.reversed":
      return fresh(reversedScreen(productOf(view, notice), moneyOf(params), reader));
    case "refund.refused":
      return fresh(refundRefusedScreen(number(params, "withinMs"), reader));
    case "refund.failed":
      return fresh(refundFailedScreen(reader));
    default:
      break;
  }
  const product = productOf(view, notice);
  if (product === null) return null;
  // Of a product only one thing is true for somebody who is blocked: neither thanks nor offers nor dates are.
  if (view.blocked !== (notice.notice === "access.blocked") && notice.notice !== "subscription.revoked") return null;
  const only = TRUE_ONLY_WHILE[notice.notice];
  if (only !== undefined && !only.includes(product.standing)) return null;

  switch (notice.notice) {
    case "payment.received":
      return fresh(paidScreen(product, { ...moneyOf(params), until: number(params, "until") }, reader));
    case "trial.started":
      return inPlaceOf(trialStartedScreen(product, reader), "trialStarted");
    case "invite.ready":
      return inviteReady(product, reader, current);
    case "invite.delayed":
      return inPlaceOf(inviteDelayedScreen(product, delayCause(params), reader), "inviteDelayed");
    case "invite.limit":
      return inPlaceOf(inviteLimitScreen(product, number(params, "until"), reader), "inviteLimit", "status");
    case "member.joined":
      return product.entitled ? inPlaceOf(joinedScreen(product, reader), ...WAY_IN, "joined", "status") : null;
    case "member.left":
      return product.entitled ? fresh(memberLeftScreen(product, reader)) : null;
    case "link.misused":
      return fresh(linkMisusedScreen(product, params.replaced === true, reader, params.joined === true));
    case "checkout.reminder":
      return fresh(remindCheckoutScreen(product, reader));
    case "reminder.renewing":
      return hasRenewalFailed(product) ? null : fresh(remindRenewingScreen(product, reader));
    case "reminder.ending":
      if (hasRenewalFailed(product)) return fresh(remindUnrenewedScreen(product, reader));
      return product.standing === "renewing" ? null : fresh(remindEndingScreen(product, reader));
    case "reminder.trialEnding":
      return fresh(remindTrialScreen(product, reader));
    case "renewal.done":
      return fresh(renewedScreen(product, number(params, "until"), reader));
    case "renewal.canceled":
      return product.standing === "lifetime"
        ? fresh(renewalNeedlessScreen(product, reader))
        : inPlaceOf(canceledScreen(product, reader), "canceled");
    case "renewal.enabled":
      return inPlaceOf(enabledScreen(product, reader), "undone");
    case "renewal.failed":
      return fresh(renewalFailedScreen(product, reader));
    case "renewal.stopFailed":
      return isStopFailed(product) ? fresh(stopFailedScreen(product, reader)) : null;
    case "subscription.paused":
    case "subscription.resumed":
    case "subscription.reinstated":
      return inPlaceOf(statusScreen(product, reader), "status");
    case "grace.started":
    case "grace.reminder":
    case "hold.started":
    case "subscription.expired":
    case "subscription.revoked":
      return fresh(statusScreen(product, reader));
    case "access.blocked":
      return fresh(accessBlockedScreen(product, reader));
    case "term.extended":
      return fresh(
        product.until === null
          ? statusScreen(product, reader)
          : extendedScreen(product, number(params, "creditMs"), reader),
      );
    case "winBack":
      return fresh(winBackScreen(product, reader));
    case "connect.progress":
    case "connect.problem":
    case "connect.delayed":
    case "connect.attention":
    case "connect.waiting":
    case "connect.ready":
    case "connect.reminder":
    case "token.expiring":
      return tellConnect(notice, product, reader, current);
  }
}

/** What the set-up says is drawn from the set-up as it is now; a word that it has gone past is not sent. */
function tellConnect(
  { notice, params }: Notice,
  product: ProductView,
  reader: Reader,
  current: string | null,
): Told | null {
  const { onboarding, code } = product;
  if (onboarding === null || !product.entitled) return null;
  const { step } = onboarding;
  const { problem } = onboarding.context;
  switch (notice) {
    case "connect.progress":
      // Only where it is watched. Below the question it would come beside the answer to the customer's message, which says the same.
      return step.startsWith("connecting") && current === progressKind(code)
        ? inPlaceOf(connectScreen(product, reader), progressKind(code))
        : null;
    case "connect.problem":
      return openStep(onboarding) !== null && onboarding.context.problem !== null
        ? fresh(connectScreen(product, reader))
        : null;
    case "connect.delayed":
      return problem === "unavailable" ? inPlaceOf(connectScreen(product, reader), progressKind(code)) : null;
    case "connect.attention":
      return problem === "refused" ? fresh(connectScreen(product, reader)) : null;
    case "connect.waiting":
      return step.startsWith("waitingForData") ? fresh(connectScreen(product, reader)) : null;
    case "connect.ready":
      // The answer to the customer's last message may have been drawn when all was done already: then it says so, and is not said again.
      return step.startsWith("ready")
        ? inPlaceOf(connectScreen(product, reader), progressKind(code), readyKind(code))
        : null;
    case "connect.reminder":
      return openStep(onboarding) !== null || step === "resting"
        ? fresh(stoppedScreen(product, onboarding, reader))
        : null;
    default: {
      const connection = expiringConnection(
        product,
        string(params, "spreadsheetId") ?? "",
        number(params, "until") ?? 0,
      );
      return connection === null ? null : fresh(tokenExpiringScreen(product, connection, reader));
    }
  }
}

/** The invitation completes the message that promised it; without such a message it comes as one of its own. */
function inviteReady(product: ProductView, reader: Reader, current: string | null): Told | null {
  if (!product.entitled) return null;
  if (current === "paid" && product.payment !== null) {
    const paid: Paid = { ...product.payment, until: product.subscription?.paidUntil ?? null };
    return inPlaceOf(paidScreen(product, paid, reader), "paid");
  }
  if (current === "trialStarted") return inPlaceOf(trialStartedScreen(product, reader), "trialStarted");
  if (current === "status") return inPlaceOf(statusScreen(product, reader), "status");
  return inPlaceOf(inviteReadyScreen(product, reader), "inviteReady", "inviteDelayed", "linkMisused");
}
