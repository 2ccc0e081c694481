// Things that happen to a subscriber without their asking: rows U3, U4, U13, U14 and their relatives.
import { press } from "../callback-data.ts";
import type { ProductView } from "../view.ts";
import { date, dateOrSoon, lengthOf, type Money, price, type Reader } from "../wording.ts";
import { accessButtons } from "./access.ts";
import { buyButton } from "./buying.ts";
import { keyboard, labelled, paragraphs, type Screen, text, titleOf } from "./screen.ts";

const toStatus = (product: ProductView, reader: Reader) =>
  labelled(reader, "button-status", { press: press("status", product.code) });

export const inviteReadyScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "inviteReady",
  text: text(reader, "invite-ready", { channel: titleOf(product, reader) }),
  keyboard: keyboard(...accessButtons(product, reader), toStatus(product, reader)),
});

export type DelayCause = "tooManyChats" | "bannedByOther" | "unknown";

export const inviteDelayedScreen = (product: ProductView, cause: DelayCause, reader: Reader): Screen => ({
  kind: "inviteDelayed",
  text:
    cause === "unknown" && product.standing === "trialing"
      ? text(reader, "trial-preparing")
      : text(reader, `invite-delayed-${cause}`),
  keyboard: keyboard(
    cause !== "tooManyChats"
      ? null
      : labelled(reader, "button-invite", { press: press("invite", product.code) }, "success"),
    labelled(reader, "button-support", { press: press("support") }),
  ),
});

/** @param until When the next link may be asked for. Epoch ms. */
export const inviteLimitScreen = (product: ProductView, until: number | null, reader: Reader): Screen => ({
  kind: "inviteLimit",
  text: text(reader, "invite-limit", { until: dateOrSoon(until, reader) }),
  keyboard: keyboard(...accessButtons(product, reader, false), toStatus(product, reader)),
});

/** @param joined A stranger came in by the link and is put out; else nobody was let in. */
export const linkMisusedScreen = (product: ProductView, replaced: boolean, reader: Reader, joined = false): Screen => ({
  kind: "linkMisused",
  text: text(
    reader,
    joined
      ? replaced
        ? "link-misused-joined-replaced"
        : "link-misused-joined"
      : replaced
        ? "link-misused-replaced"
        : "link-misused",
  ),
  keyboard: keyboard(...accessButtons(product, reader), toStatus(product, reader)),
});

export const memberLeftScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "memberLeft",
  text:
    product.until === null
      ? text(reader, "member-left-lifetime")
      : text(reader, "member-left", { until: date(product.until, reader) }),
  keyboard: keyboard(
    ...accessButtons(product, reader),
    product.standing === "renewing"
      ? labelled(reader, "button-cancel", { press: press("cancelask", product.code) })
      : null,
    toStatus(product, reader),
  ),
});

export interface Refunded extends Money {
  readonly chargeId: string;
}

export const refundedScreen = (product: ProductView | null, refunded: Refunded, reader: Reader): Screen => ({
  kind: "refunded",
  text: paragraphs(
    text(reader, "refunded", { price: price(refunded, reader.language), charge: refunded.chargeId }),
    product?.entitled ? text(reader, "refunded-kept") : text(reader, "refunded-closed"),
  ),
  keyboard: keyboard(
    product === null || product.entitled ? null : buyButton(product, reader, "button-return"),
    labelled(reader, "button-home", { press: press("home") }),
  ),
});

/** A chargeback. Who did not ask for it hears here that it happened. */
export const reversedScreen = (product: ProductView | null, reversed: Refunded, reader: Reader): Screen => ({
  kind: "reversed",
  text: paragraphs(
    text(reader, "reversed", { price: price(reversed, reader.language), charge: reversed.chargeId }),
    product?.entitled ? text(reader, "reversed-kept") : text(reader, "reversed-closed"),
  ),
  keyboard: keyboard(
    labelled(reader, "button-support", { press: press("support") }),
    labelled(reader, "button-home", { press: press("home") }),
  ),
});

/** @param withinMs How long after a payment its money may be asked back; null: support decides. */
export const refundRefusedScreen = (withinMs: number | null, reader: Reader): Screen => ({
  kind: "refundRefused",
  text:
    withinMs === null
      ? text(reader, "refund-refused")
      : text(reader, "refund-refused-late", { length: lengthOf(withinMs, reader.language) }),
  keyboard: keyboard(
    labelled(reader, "button-support", { press: press("support") }),
    labelled(reader, "button-home", { press: press("home") }),
  ),
});

export const refundFailedScreen = (reader: Reader): Screen => ({
  kind: "refundFailed",
  text: text(reader, "refund-failed"),
  keyboard: keyboard(labelled(reader, "button-home", { press: press("home") })),
});

export const paymentDisputedScreen = (chargeId: string, reader: Reader): Screen => ({
  kind: "paymentDisputed",
  text: text(reader, "payment-disputed", { charge: chargeId }),
  keyboard: keyboard(labelled(reader, "button-support", { press: press("support") })),
});

/** To somebody who had access or a renewal until staff, or a second chargeback, closed the person's account with us. */
export const accessBlockedScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "accessBlocked",
  text: text(reader, "access-blocked", { channel: titleOf(product, reader) }),
  keyboard: keyboard(
    labelled(reader, "button-paysupport", { press: press("paysupport") }),
    labelled(reader, "button-support", { press: press("support") }),
  ),
});

/** @param creditMs Time kept for after a pause; null: the access itself was prolonged. */
export const extendedScreen = (product: ProductView, creditMs: number | null, reader: Reader): Screen => ({
  kind: "extended",
  text:
    creditMs !== null
      ? text(reader, "extended-credit", { length: lengthOf(creditMs, reader.language) })
      : text(reader, "extended", { until: dateOrSoon(product.until, reader) }),
  keyboard: keyboard(...accessButtons(product, reader), toStatus(product, reader)),
});

/** To somebody who knocked without a subscription; sent to the chat that the join request named. */
export const declinedScreen = (botUsername: string, reader: Reader): Screen => ({
  kind: "declined",
  text: text(reader, "declined"),
  keyboard: keyboard(labelled(reader, "button-start", { url: `https://t.me/${botUsername}?start=plans` })),
});
