// Switching renewal off and on, pausing, reminders: two taps where something ends, and the date is always named.
import { press } from "../callback-data.ts";
import type { ProductView } from "../view.ts";
import { dateOrSoon, lengthOf, price, type Reader } from "../wording.ts";
import { buyButton } from "./buying.ts";
import { keyboard, labelled, type Screen, text, titleOf } from "./screen.ts";

const untilOf = (product: ProductView, reader: Reader) => dateOrSoon(product.until, reader);

const toStatus = (product: ProductView, reader: Reader) =>
  labelled(reader, "button-status", { press: press("status", product.code) });

/** Of what would be charged next: what was bought, not what is on sale now. */
const boughtPrice = (product: ProductView, reader: Reader): string =>
  product.subscription?.terms ? price(product.subscription.terms.price, reader.language) : "";

export const cancelConfirmScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "cancelConfirm",
  text: text(reader, "cancel-confirm", { until: untilOf(product, reader) }),
  keyboard: keyboard(
    labelled(reader, "button-cancel-yes", { press: press("cancel", product.code) }),
    labelled(reader, "button-cancel-no", { press: press("status", product.code) }, "primary"),
  ),
});

export const canceledScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "canceled",
  text: text(reader, "canceled", { until: untilOf(product, reader) }),
  keyboard: keyboard(
    labelled(reader, "button-undo", { press: press("undo", product.code) }),
    toStatus(product, reader),
  ),
});

/** To somebody who was given or bought access for life while a renewal ran. */
export const renewalNeedlessScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "canceled",
  text: text(reader, "renewal-needless", { channel: titleOf(product, reader) }),
  keyboard: keyboard(toStatus(product, reader)),
});

/** Said instead of "renewal is off" as long as Telegram has not taken it: otherwise a charge would come as a lie. */
export const stopFailedScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "stopFailed",
  text: text(reader, "stop-failed"),
  keyboard: keyboard(
    labelled(reader, "button-cancel-again", { press: press("cancel", product.code) }, "primary"),
    toStatus(product, reader),
  ),
});

/** After a switch-off by the bot, Telegram lets only the customer switch it on again, and only after the bot allowed it. */
export const undoneScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "undone",
  text: text(reader, "undone", { until: untilOf(product, reader) }),
  keyboard: keyboard(toStatus(product, reader)),
});

export const enabledScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "undone",
  text: text(reader, "renewal-enabled", {
    charge: dateOrSoon(product.chargeAt ?? product.until, reader),
    price: boughtPrice(product, reader),
  }),
  keyboard: keyboard(toStatus(product, reader)),
});

export const pauseConfirmScreen = (product: ProductView, reader: Reader): Screen => {
  const pauseMaxMs = product.subscription?.terms?.policy.pauseMaxMs;
  return {
    kind: "pauseConfirm",
    text: text(reader, "pause-confirm", {
      until: untilOf(product, reader),
      length: pauseMaxMs === undefined ? "" : lengthOf(pauseMaxMs, reader.language),
    }),
    keyboard: keyboard(
      labelled(reader, "button-pause-yes", { press: press("pause", product.code) }),
      labelled(reader, "button-pause-no", { press: press("status", product.code) }, "primary"),
    ),
  };
};

export const renewedScreen = (product: ProductView, until: number | null, reader: Reader): Screen => ({
  kind: "renewed",
  text: text(reader, "renewed", { until: dateOrSoon(until, reader) }),
  keyboard: keyboard(toStatus(product, reader)),
});

const leftUntil = (at: number | null, reader: Reader) =>
  lengthOf(Math.max(0, (at ?? reader.nowMs) - reader.nowMs), reader.language);
const leftOf = (product: ProductView, reader: Reader) => leftUntil(product.until, reader);

export const remindRenewingScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "reminder",
  text: text(reader, "remind-renewing", {
    left: leftUntil(product.chargeAt ?? product.until, reader),
    charge: dateOrSoon(product.chargeAt ?? product.until, reader),
    price: boughtPrice(product, reader),
  }),
  keyboard: keyboard(
    labelled(reader, "button-topup", { press: press("topup") }),
    labelled(reader, "button-cancel", { press: press("cancelask", product.code) }),
    toStatus(product, reader),
  ),
});

export const remindEndingScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "reminder",
  text: text(reader, "remind-ending", {
    left: leftOf(product, reader),
    until: untilOf(product, reader),
    channel: titleOf(product, reader),
  }),
  keyboard: keyboard(
    buyButton(product, reader, "button-prolong"),
    labelled(reader, "button-mute", { press: press("mute") }),
  ),
});

/** The paid time ends, and Telegram could not charge for more of it. */
export const remindUnrenewedScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "reminder",
  text: text(reader, "remind-unrenewed", {
    left: leftOf(product, reader),
    until: untilOf(product, reader),
    channel: titleOf(product, reader),
    price: boughtPrice(product, reader),
  }),
  keyboard: keyboard(labelled(reader, "button-topup", { press: press("topup") }, "primary"), toStatus(product, reader)),
});

export const remindTrialScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "reminder",
  text: text(reader, "remind-trial", { left: leftOf(product, reader), until: untilOf(product, reader) }),
  keyboard: keyboard(
    labelled(reader, "button-plans", { press: press("offer", product.code) }, "primary"),
    labelled(reader, "button-mute", { press: press("mute") }),
  ),
});

export const remindCheckoutScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "reminder",
  text: text(reader, "remind-checkout", { channel: titleOf(product, reader) }),
  keyboard: keyboard(
    buyButton(product, reader, "button-pay"),
    labelled(reader, "button-other-plan", { press: press("offer", product.code) }),
  ),
});

/** Telegram could not charge: it tries again as soon as there are enough Stars. */
export const renewalFailedScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "reminder",
  text: text(reader, "renewal-failed", { price: boughtPrice(product, reader) }),
  keyboard: keyboard(labelled(reader, "button-topup", { press: press("topup") }, "primary"), toStatus(product, reader)),
});

export const winBackScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "winBack",
  text: text(reader, "win-back", { channel: titleOf(product, reader) }),
  keyboard: keyboard(
    buyButton(product, reader, "button-return"),
    labelled(reader, "button-mute", { press: press("mute") }),
  ),
});
