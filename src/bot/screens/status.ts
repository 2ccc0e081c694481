// What a subscription is to its owner now, and what they may do about it.
import type { InlineKeyboardButton } from "grammy/types";
import { press } from "../callback-data.ts";
import { cleanName } from "../clean-text.ts";
import { hasRenewalFailed, LEFT_NOTHING, type ProductView, type SubscriberView } from "../view.ts";
import { dateOrSoon, lengthOf, price, type Reader } from "../wording.ts";
import { accessButtons, hasLink, isBanned, isInside } from "./access.ts";
import { buyButton, greeting, helloScreen } from "./buying.ts";
import { connectButton } from "./connect.ts";
import { button, keyboard, labelled, nested, paragraphs, type Screen, text, titleOf } from "./screen.ts";

/** The screen of /start, /status and every lost button: whatever is true now. */
export function homeScreen(view: SubscriberView, reader: Reader): Screen {
  if (view.blocked) return blockedScreen(reader);
  const own = view.products.filter((product) => !LEFT_NOTHING.has(product.standing));
  const [first] = own;
  if (first === undefined) {
    if (!view.open) return helloScreen(view, reader);
    const waiting = view.products.find((product) => product.standing === "checkout");
    return waiting === undefined ? helloScreen(view, reader) : statusScreen(waiting, reader);
  }
  if (own.length > 1) return listScreen(own, reader);
  if (first.standing === "expired" || first.standing === "refunded") return welcomeBackScreen(view, first, reader);
  return statusScreen(first, reader);
}

export const blockedScreen = (reader: Reader): Screen => ({
  kind: "blocked",
  text: text(reader, "blocked"),
  keyboard: keyboard(labelled(reader, "button-support", { press: press("support") })),
});

const listScreen = (products: readonly ProductView[], reader: Reader): Screen => ({
  kind: "list",
  text: paragraphs(
    text(reader, "list-title"),
    products
      .map((product) =>
        text(reader, "list-line", {
          channel: titleOf(product, reader),
          state: nested(reader, `list-state-${hasRenewalFailed(product) ? "unrenewed" : product.standing}`),
        }),
      )
      .join("\n"),
  ),
  keyboard: keyboard(
    ...products.map((product) => button(titleOf(product, reader), { press: press("status", product.code) })),
    labelled(reader, "button-plans", { press: press("plans") }),
    labelled(reader, "button-help", { press: press("help") }),
  ),
});

export const welcomeBackScreen = (view: SubscriberView, product: ProductView, reader: Reader): Screen => ({
  kind: "welcomeBack",
  text: paragraphs(
    greeting(view, reader, "welcome-back"),
    text(reader, "welcome-back", { channel: titleOf(product, reader) }),
  ),
  keyboard: keyboard(
    buyButton(product, reader, "button-return"),
    labelled(reader, "button-other-plan", { press: press("offer", product.code) }),
    labelled(reader, "button-help", { press: press("help") }),
  ),
});

const mutedButton = (product: ProductView, reader: Reader): InlineKeyboardButton =>
  product.subscription?.remindersMuted
    ? labelled(reader, "button-unmute", { press: press("unmute") })
    : labelled(reader, "button-mute", { press: press("mute") });

/** Buttons that belong to a state, before those that belong to every state. */
function actions(product: ProductView, reader: Reader): (InlineKeyboardButton | null)[] {
  const { code } = product;
  switch (product.standing) {
    case "none":
    case "trialing":
      return [labelled(reader, "button-plans", { press: press("offer", code) }, "primary")];
    case "checkout":
      return [
        buyButton(product, reader, "button-pay"),
        labelled(reader, "button-other-plan", { press: press("offer", code) }),
      ];
    case "renewing":
      return [
        hasRenewalFailed(product) ? labelled(reader, "button-topup", { press: press("topup") }, "primary") : null,
        labelled(reader, "button-cancel", { press: press("cancelask", code) }),
        labelled(reader, "button-pause", { press: press("pauseask", code) }),
      ];
    case "ending":
      if (isStopFailed(product))
        return [labelled(reader, "button-cancel-again", { press: press("cancel", code) }, "primary")];
      return isAllowedAgain(product)
        ? []
        : [labelled(reader, "button-undo", { press: press("undo", code) }, "primary")];
    case "pausing":
      return [labelled(reader, "button-unpause", { press: press("resume", code) }, "primary")];
    case "prepaid":
      return [buyButton(product, reader, "button-prolong"), mutedButton(product, reader)];
    case "grace":
      return [buyButton(product, reader, "button-prolong")];
    case "hold":
      return [buyButton(product, reader, "button-pay")];
    case "paused":
      return [resumeButton(product, reader) ?? buyButton(product, reader, "button-return")];
    case "expired":
      return [
        resumeButton(product, reader),
        buyButton(product, reader, "button-return"),
        labelled(reader, "button-other-plan", { press: press("offer", code) }),
        labelled(reader, "button-forget", { press: press("forgetask") }),
      ];
    case "refunded":
      return [buyButton(product, reader, "button-return")];
    case "revoked":
      return [labelled(reader, "button-support", { press: press("support") })];
    case "slack":
      return hasRenewalFailed(product) ? [labelled(reader, "button-topup", { press: press("topup") }, "primary")] : [];
    case "lifetime":
      return [];
  }
}

/** The customer wants the renewal back and may switch it on at Telegram; until they do, access still ends. */
const isAllowedAgain = (product: ProductView): boolean =>
  /^endsAtPeriodEnd\.(?:allowing|allowed)$/.test(product.intent ?? "");

/** Telegram could not be told to stop charging: people are on it, and the customer can do it alone. */
export const isStopFailed = (product: ProductView): boolean => /AtPeriodEnd\.stopFailed$/.test(product.intent ?? "");

/** Time that a pause kept can be used without paying. */
const hasCredit = (product: ProductView): boolean => (product.subscription?.creditMs ?? 0) > 0;

const resumeButton = (product: ProductView, reader: Reader): InlineKeyboardButton | null =>
  hasCredit(product) ? labelled(reader, "button-resume", { press: press("resume", product.code) }, "primary") : null;

/** One standing, two ways to have come there: a missed renewal is not time that ran out, and a pause may have kept time or not. */
function textIdOf(product: ProductView): string {
  if (isStopFailed(product) && (product.standing === "ending" || product.standing === "pausing"))
    return "status-stop-failed";
  switch (product.standing) {
    case "grace":
      return product.intent === "autoRenew" ? "status-grace" : "status-grace-prepaid";
    case "paused":
      return hasCredit(product) ? "status-paused-credit" : "status-paused";
    case "renewing":
      return hasRenewalFailed(product) ? "status-unrenewed" : "status-renewing";
    case "slack":
      return hasRenewalFailed(product) ? "status-slack-unrenewed" : restful("status-slack", product);
    case "lifetime":
      return restful("status-lifetime", product);
    case "ending":
      return isAllowedAgain(product) ? "undone" : "status-ending";
    default:
      return `status-${product.standing}`;
  }
}

/** Nothing to do, but for somebody who is outside: to come in. */
const restful = (id: "status-slack" | "status-lifetime", product: ProductView): string =>
  isInside(product) || product.chats.length === 0 ? id : `${id}-outside`;

export function statusScreen(product: ProductView, reader: Reader): Screen {
  const terms = product.subscription?.terms ?? null;
  // A full stop follows it.
  const reason = cleanName(product.subscription?.revokedReason ?? "", 200).replace(/[\s.!?…]+$/u, "");
  return {
    kind: "status",
    text: paragraphs(
      text(reader, textIdOf(product), {
        channel: titleOf(product, reader),
        until: dateOrSoon(product.until, reader),
        charge: dateOrSoon(product.chargeAt ?? product.until, reader),
        left: product.until === null ? "" : lengthOf(Math.max(0, product.until - reader.nowMs), reader.language),
        price: terms === null ? "" : price(terms.price, reader.language),
        reason: reason === "" ? nested(reader, "reason-unnamed") : reason,
      }),
      isBanned(product) && text(reader, "status-banned"),
      product.entitled && product.isOnReserve === true && text(reader, "status-reserve"),
    ),
    keyboard: keyboard(
      ...accessButtons(product, reader),
      connectButton(product, reader),
      hasLink(product) ? labelled(reader, "button-invite-again", { press: press("invite", product.code) }) : null,
      ...actions(product, reader),
      isBanned(product) ? labelled(reader, "button-support", { press: press("support") }) : null,
      labelled(reader, "button-help", { press: press("help") }),
    ),
  };
}
