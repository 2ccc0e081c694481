// Every screen the bot can draw, by name, so that rules hold for all of them and a new one is not forgotten.

import * as buying from "../../../src/bot/screens/buying.ts";
import * as incidents from "../../../src/bot/screens/incidents.ts";
import * as info from "../../../src/bot/screens/info.ts";
import * as renewal from "../../../src/bot/screens/renewal.ts";
import type { Screen } from "../../../src/bot/screens/screen.ts";
import * as status from "../../../src/bot/screens/status.ts";
import type { Standing } from "../../../src/bot/view.ts";
import type { Reader } from "../../../src/bot/wording.ts";
import { DAY_MS } from "../../machines/support/terms.ts";
import { aCharge, aChat, aCustomer, aPlan, aProduct, aSubscription, aView, LINK, NOW } from "./views.ts";

const STANDINGS: readonly Standing[] = [
  "none",
  "checkout",
  "trialing",
  "renewing",
  "ending",
  "pausing",
  "prepaid",
  "lifetime",
  "slack",
  "grace",
  "hold",
  "paused",
  "expired",
  "refunded",
  "revoked",
];

export function allScreens(reader: Reader): Readonly<Record<string, Screen>> {
  const money = { currency: "XTR", amountMinor: 500, chargeId: aCharge() };
  const payment = { ...money, at: NOW - DAY_MS, product: "club" };
  const renewing = aProduct("renewing");
  const joinable = aProduct("renewing", { chats: [aChat({ link: LINK })] });
  const preparing = aProduct("renewing", { chats: [aChat({ preparing: true })] });
  const outside = aProduct("renewing", { chats: [aChat()] });
  const newcomer = aView([aProduct("none")]);
  return {
    hello: status.homeScreen(newcomer, reader),
    "hello of two products": status.homeScreen(
      aView([aProduct("none"), aProduct("none", { code: "other", title: { ru: "Другой", en: "Other" } })]),
      reader,
    ),
    "hello without a name": status.homeScreen(
      aView([aProduct("none")], { customer: aCustomer({ firstName: "" }) }),
      reader,
    ),
    "nothing on sale": buying.plansScreen(aView([]), reader),
    plans: buying.plansScreen(newcomer, reader),
    "plans after the trial": buying.plansScreen(
      aView([aProduct("none")], { customer: aCustomer({ trialUsedAt: NOW }) }),
      reader,
    ),
    "plans of two products": buying.plansScreen(
      aView([aProduct("none"), aProduct("none", { code: "other", title: { ru: "Другой", en: "Other" } })]),
      reader,
    ),
    checkout: buying.checkoutScreen(aPlan(), aProduct("none"), "https://t.me/$invoice", reader),
    "trial requested": buying.trialRequestedScreen(aProduct("none"), reader),
    "trial refused": buying.trialRefusedScreen(
      aView([aProduct("none")], { customer: aCustomer({ trialUsedAt: NOW }) }),
      reader,
    ),
    "trial started": buying.trialStartedScreen(aProduct("trialing", { chats: [aChat({ link: LINK })] }), reader),
    "trial started, link not ready": buying.trialStartedScreen(
      aProduct("trialing", { chats: [aChat({ preparing: true })] }),
      reader,
    ),
    "too many invoices": buying.tooManyInvoicesScreen(renewing, reader),
    "sales paused": buying.salesPausedScreen(reader),
    "paid, with the link": buying.paidScreen(joinable, { ...money, until: NOW + 30 * DAY_MS }, reader),
    "paid, link not ready": buying.paidScreen(preparing, { ...money, until: NOW + 30 * DAY_MS }, reader),
    "paid, inside": buying.paidScreen(renewing, { ...money, until: NOW + 30 * DAY_MS }, reader),
    "paid for life": buying.paidScreen(aProduct("lifetime"), { ...money, until: null }, reader),
    joined: buying.joinedScreen(renewing, reader),
    "joined for life": buying.joinedScreen(aProduct("lifetime"), reader),
    ...Object.fromEntries(
      STANDINGS.map((standing) => [`status ${standing}`, status.statusScreen(aProduct(standing), reader)]),
    ),
    "status, outside without a link": status.statusScreen(outside, reader),
    "status, outside with a link": status.statusScreen(joinable, reader),
    "status of two chats": status.statusScreen(
      aProduct("prepaid", { chats: [aChat({ inside: true }), aChat({ chatId: "-1002", link: LINK })] }),
      reader,
    ),
    "status grace of a prepaid term": status.statusScreen(
      aProduct("grace", { intent: "prepaid", until: NOW + 3_600_000 }),
      reader,
    ),
    "status ending, allowed again": status.statusScreen(
      aProduct("ending", { intent: "endsAtPeriodEnd.allowed" }),
      reader,
    ),
    "status ending, Telegram not told": status.statusScreen(
      aProduct("ending", { intent: "endsAtPeriodEnd.stopFailed" }),
      reader,
    ),
    "status paused with credit": status.statusScreen(
      aProduct("paused", { subscription: aSubscription({ creditMs: DAY_MS }) }),
      reader,
    ),
    "status revoked with a reason": status.statusScreen(
      aProduct("revoked", { subscription: aSubscription({ revokedReason: "Пересылал <b>записи</b>." }) }),
      reader,
    ),
    "status muted": status.statusScreen(
      aProduct("prepaid", { subscription: aSubscription({ remindersMuted: true }) }),
      reader,
    ),
    "two subscriptions": status.homeScreen(aView([renewing, aProduct("grace", { code: "other" })]), reader),
    "welcome back": status.homeScreen(aView([aProduct("expired")]), reader),
    blocked: status.homeScreen(aView([renewing], { blocked: true }), reader),
    "cancel?": renewal.cancelConfirmScreen(renewing, reader),
    canceled: renewal.canceledScreen(aProduct("ending"), reader),
    "cancel undone": renewal.undoneScreen(aProduct("ending"), reader),
    "stop failed": renewal.stopFailedScreen(aProduct("ending", { intent: "endsAtPeriodEnd.stopFailed" }), reader),
    "renewal enabled": renewal.enabledScreen(renewing, reader),
    "pause?": renewal.pauseConfirmScreen(renewing, reader),
    renewed: renewal.renewedScreen(renewing, NOW + 30 * DAY_MS, reader),
    "reminder, renewing": renewal.remindRenewingScreen(aProduct("renewing", { chargeAt: NOW + 3 * DAY_MS }), reader),
    "reminder, ending": renewal.remindEndingScreen(aProduct("prepaid", { until: NOW + DAY_MS }), reader),
    "reminder, trial": renewal.remindTrialScreen(aProduct("trialing", { until: NOW + 5 * 3_600_000 }), reader),
    "reminder, checkout": renewal.remindCheckoutScreen(aProduct("checkout"), reader),
    "renewal failed": renewal.renewalFailedScreen(renewing, reader),
    "win-back": renewal.winBackScreen(aProduct("expired"), reader),
    "invite ready": incidents.inviteReadyScreen(joinable, reader),
    "invite delayed": incidents.inviteDelayedScreen(preparing, "unknown", reader),
    "invite delayed, trial": incidents.inviteDelayedScreen(
      aProduct("trialing", { chats: [aChat({ preparing: true })] }),
      "unknown",
      reader,
    ),
    "invite delayed, too many chats": incidents.inviteDelayedScreen(outside, "tooManyChats", reader),
    "invite delayed, banned": incidents.inviteDelayedScreen(outside, "bannedByOther", reader),
    "invite limit": incidents.inviteLimitScreen(outside, NOW + DAY_MS, reader),
    "link misused": incidents.linkMisusedScreen(joinable, true, reader),
    "link misused, not replaced": incidents.linkMisusedScreen(outside, false, reader),
    "left the channel": incidents.memberLeftScreen(joinable, reader),
    "left the channel, for life": incidents.memberLeftScreen(aProduct("lifetime", { chats: [aChat()] }), reader),
    "refunded, closed": incidents.refundedScreen(aProduct("refunded"), money, reader),
    "refunded, kept": incidents.refundedScreen(renewing, money, reader),
    "refund refused": incidents.refundRefusedScreen(null, reader),
    "refund refused, too late": incidents.refundRefusedScreen(14 * DAY_MS, reader),
    "refund failed": incidents.refundFailedScreen(reader),
    "access blocked": incidents.accessBlockedScreen(renewing, reader),
    "payment disputed": incidents.paymentDisputedScreen(aCharge(), reader),
    extended: incidents.extendedScreen(renewing, null, reader),
    "extended while paused": incidents.extendedScreen(aProduct("paused"), 7 * DAY_MS, reader),
    declined: incidents.declinedScreen("club_bot", reader),
    terms: info.termsScreen(reader),
    privacy: info.privacyScreen(reader),
    help: info.helpScreen(newcomer, reader),
    "help, muted": info.helpScreen(aView([], { customer: aCustomer({ remindersMuted: true }) }), reader),
    language: info.languageScreen(reader),
    topup: info.topupScreen(reader),
    muted: info.mutedScreen(reader),
    unmuted: info.unmutedScreen(reader),
    "forget?": info.forgetConfirmScreen(reader),
    "forget asked": info.forgetAskedScreen(reader),
    support: info.supportScreen(reader, false),
    "support, open": info.supportScreen(reader, true),
    "support, taken": info.supportTakenScreen(reader),
    "support, needs text": info.supportNeedsTextScreen(reader),
    "support, answered": info.supportAnswerScreen("Готово <3\nПроверьте, пожалуйста", reader),
    "support, answer gone": info.supportAnswerScreen(null, reader),
    paysupport: info.paySupportScreen(
      ["applied", "refunded", "received.asking", "quarantined", "refunding", "chargedBack"].map((state) => ({
        ...payment,
        state,
      })),
      reader,
    ),
    "paysupport, nothing paid": info.paySupportScreen([], reader),
    "refund?": info.refundConfirmScreen({ ...payment, state: "applied" }, reader),
    "refund asked": info.refundAskedScreen(reader),
  };
}
