// Every screen the bot can draw, by name, so that rules hold for all of them and a new one is not forgotten.

import type { OnboardingContext, Problem } from "../../../machines/onboarding/types.ts";
import * as buying from "../../../src/bot/screens/buying.ts";
import * as connect from "../../../src/bot/screens/connect.ts";
import * as incidents from "../../../src/bot/screens/incidents.ts";
import * as info from "../../../src/bot/screens/info.ts";
import * as renewal from "../../../src/bot/screens/renewal.ts";
import type { Screen } from "../../../src/bot/screens/screen.ts";
import * as status from "../../../src/bot/screens/status.ts";
import type { Standing } from "../../../src/bot/view.ts";
import type { Reader } from "../../../src/bot/wording.ts";
import { DAY_MS } from "../../machines/support/terms.ts";
import {
  aCharge,
  aChat,
  aConnectable,
  aConnection,
  aCustomer,
  anOnboarding,
  aPlan,
  aProduct,
  aSubscription,
  aView,
  LINK,
  NOW,
  SHEET,
} from "./views.ts";

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

/** Every way in which a question can come back. `tokenRefused:` is followed by what the backend says, or several of it. */
const PROBLEMS: readonly (readonly [step: string, problem: Problem])[] = [
  ["asking.awaitingSpreadsheet", "spreadsheetUnknown"],
  ["asking.awaitingSpreadsheet", "spreadsheetClosed"],
  ["asking.awaitingSpreadsheet", "spreadsheetTaken"],
  ["asking.awaitingSpreadsheet", "spreadsheetConnected"],
  ["asking.awaitingToken", "tokenNotActive"],
  ["asking.awaitingToken", "tokenLost"],
  ...[
    ...["malformed", "expired", "sandbox", "wrong_service", "personal_token"],
    ...["missing_scope:content,missing_scope:prices", "missing_scope:constructor", "something <b>new</b>", ""],
  ].map((reason) => ["asking.awaitingToken", `tokenRefused:${reason}`] as const),
];

/** The set-up in every state, and what is said about it elsewhere. */
function connectScreens(reader: Reader): Readonly<Record<string, Screen>> {
  const draw = (step: string, context: Partial<OnboardingContext> = {}, promise?: string, robotEmail?: null) =>
    connect.connectScreen(
      aConnectable(anOnboarding(step, context, promise), robotEmail === null ? { robotEmail } : {}),
      reader,
    );
  const nothingYet = { email: null, spreadsheetId: null } as const;
  const soon = aConnection({ tokenExpiresAt: NOW + 3 * DAY_MS });
  const three = [
    aConnection(),
    aConnection({ spreadsheetId: `${SHEET}2` }),
    aConnection({ spreadsheetId: `${SHEET}3` }),
  ];
  const working = (connections: readonly (typeof soon)[], context: Partial<OnboardingContext> = {}) =>
    anOnboarding("ready.watching", { connections, spreadsheetId: null, isConnecting: false, ...context });
  const asking = aConnectable(anOnboarding("asking.awaitingToken"));
  const withDates = aSubscription({
    terms: { ...aPlan().terms, connect: { readyMs: 3_600_000, refreshMs: 6 * 3_600_000, sheets: 1 } },
  });
  return {
    "connect, preparing": connect.connectScreen(aConnectable(null), reader),
    "connect, e-mail": draw("asking.awaitingEmail", nothingYet, "none"),
    "connect, e-mail with a promise": draw(
      "asking.awaitingEmail",
      { ...nothingYet, readyBy: NOW + 3_600_000 },
      "running",
    ),
    "connect, e-mail again": draw("asking.awaitingEmail"),
    "connect, sheet": draw("asking.awaitingSpreadsheet", { spreadsheetId: null }),
    "connect, sheet again": draw("asking.awaitingSpreadsheet"),
    "connect, sheet without a robot": draw("asking.awaitingSpreadsheet", { spreadsheetId: null }, "none", null),
    "connect, closed sheet without a robot": draw(
      "asking.awaitingSpreadsheet",
      { problem: "spreadsheetClosed" },
      "none",
      null,
    ),
    "connect, token": draw("asking.awaitingToken"),
    "connect, new token": draw("asking.awaitingToken", { connections: [aConnection()] }),
    "connect, token refused and left": draw("asking.awaitingToken", {
      problem: "tokenRefused:expired",
      isTokenMessageLeft: true,
    }),
    ...Object.fromEntries(PROBLEMS.map(([step, problem]) => [`connect, ${problem}`, draw(step, { problem })])),
    "connect, begun": draw("connecting.registering", { progress: "nothing" }),
    "connect, token added": draw("connecting.verifyingToken", { progress: "tokenAdded" }),
    "connect, loading": draw("connecting.smokeRunning.reading", { progress: "collected" }),
    "connect, message left": draw("connecting.registering", { isTokenMessageLeft: true, tokenWarning: "write_access" }),
    "connect, token expires soon": draw("connecting.registering", { tokenWarning: "expires_soon" }),
    "connect, basic token": draw("connecting.registering", { tokenWarning: "basic_token" }),
    "connect, slow": draw("connecting.registering", { problem: "unavailable" }),
    "connect, stuck": draw("connecting.registering", { problem: "refused" }),
    "connect, retrying": draw("retrying", { problem: "unavailable" }),
    "connect, needs attention": draw("needsAttention", { problem: "refused" }),
    "connect, waiting for data": draw("waitingForData.waiting", { problem: "noData" }),
    "connect, ready": connect.connectScreen(aConnectable(working([aConnection()])), reader),
    "connect, ready by": connect.connectScreen(
      aConnectable(working([aConnection({ connectedAt: NOW })]), { subscription: withDates }),
      reader,
    ),
    "connect, ready since yesterday": connect.connectScreen(
      aConnectable(working([aConnection()]), { subscription: withDates }),
      reader,
    ),
    "connect, ready with words about the token": connect.connectScreen(
      aConnectable(working([aConnection()], { isTokenMessageLeft: true, tokenWarning: "write_access" })),
      reader,
    ),
    "connect, ready, more to connect": connect.connectScreen(
      aConnectable(working([aConnection()], { sheetsAllowed: 3 })),
      reader,
    ),
    "connect, three ready": connect.connectScreen(aConnectable(working(three, { sheetsAllowed: 3 })), reader),
    "connect, stopped": draw("resting"),
    "connect, stopped at the beginning": draw("resting", nothingYet),
    "connect, paused": draw("paused"),
    "connect, token help": connect.tokenHelpScreen(asking, reader),
    "connect, quiet": connect.quietScreen(asking, reader),
    "connect, which": connect.connectListScreen(
      [asking, aConnectable(null, { code: "other", title: { ru: "Другой", en: "Other" } })],
      reader,
    ),
    "connect, answered": connect.answered("&lt;b&gt;", asking, reader),
    "token expiring": connect.tokenExpiringScreen(aConnectable(working([soon])), soon, reader),
    "token expiring, of three": connect.tokenExpiringScreen(aConnectable(working([...three, soon])), soon, reader),
    "token expired": connect.tokenExpiringScreen(
      aConnectable(working([aConnection({ tokenExpiresAt: NOW - 1 })])),
      aConnection({ tokenExpiresAt: NOW - 1 }),
      reader,
    ),
    "status, to be connected": status.statusScreen(
      aConnectable(anOnboarding("asking.awaitingEmail", nothingYet)),
      reader,
    ),
    "status, being connected": status.statusScreen(asking, reader),
    "status, connected": status.statusScreen(aConnectable(working([aConnection()])), reader),
    "status, not yet set up": status.statusScreen(aConnectable(null), reader),
    "joined, to be connected": buying.joinedScreen(aConnectable(null), reader),
  };
}

export function allScreens(reader: Reader): Readonly<Record<string, Screen>> {
  const money = { currency: "XTR", amountMinor: 500, chargeId: aCharge() };
  const payment = { ...money, at: NOW - DAY_MS, product: "club" };
  const renewing = aProduct("renewing");
  const joinable = aProduct("renewing", { chats: [aChat({ link: LINK })] });
  const preparing = aProduct("renewing", { chats: [aChat({ preparing: true })] });
  const outside = aProduct("renewing", { chats: [aChat()] });
  const newcomer = aView([aProduct("none")]);
  return {
    ...connectScreens(reader),
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
    "renewal off, for life": renewal.renewalNeedlessScreen(aProduct("lifetime"), reader),
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
    "reversed, closed": incidents.reversedScreen(aProduct("refunded"), money, reader),
    "reversed, kept": incidents.reversedScreen(renewing, money, reader),
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
