// Screens that say something and lead back: help, terms, privacy, language, support, payments.
import { createHash } from "node:crypto";
import { press } from "../callback-data.ts";
import { clipUnits } from "../clean-text.ts";
import type { PaymentView, SubscriberView } from "../view.ts";
import { date, plainDate, price, type Reader } from "../wording.ts";
import { keyboard, labelled, nested, paragraphs, type Screen, text } from "./screen.ts";

/** Raised whenever the text of the terms changes: it is stored with each acceptance. */
export const TERMS_VERSION = "1";

const home = (reader: Reader) => labelled(reader, "button-back", { press: press("home") });

export const termsScreen = (reader: Reader): Screen => ({
  kind: "terms",
  text: text(reader, "terms"),
  keyboard: keyboard(
    labelled(reader, "button-plans", { press: press("plans") }, "primary"),
    labelled(reader, "button-privacy", { press: press("privacy") }),
    home(reader),
  ),
});

export const privacyScreen = (reader: Reader): Screen => ({
  kind: "privacy",
  text: text(reader, "privacy"),
  keyboard: keyboard(labelled(reader, "button-forget", { press: press("forgetask") }), home(reader)),
});

export const helpScreen = (view: SubscriberView, reader: Reader): Screen => ({
  kind: "help",
  text: text(reader, "help"),
  keyboard: keyboard(
    labelled(reader, "button-support", { press: press("support") }, "primary"),
    labelled(reader, "button-paysupport", { press: press("paysupport") }),
    labelled(reader, "button-language", { press: press("language") }),
    view.customer?.remindersMuted ? labelled(reader, "button-unmute", { press: press("unmute") }) : null,
    home(reader),
  ),
});

export const languageScreen = (reader: Reader): Screen => ({
  kind: "language",
  text: text(reader, "language"),
  keyboard: keyboard(
    labelled(reader, "button-russian", { press: press("lang", "ru") }),
    labelled(reader, "button-english", { press: press("lang", "en") }),
    home(reader),
  ),
});

export const topupScreen = (reader: Reader): Screen => ({
  kind: "topup",
  text: text(reader, "topup"),
  keyboard: keyboard(home(reader)),
});

export const mutedScreen = (reader: Reader): Screen => ({
  kind: "muted",
  text: text(reader, "muted"),
  keyboard: keyboard(labelled(reader, "button-unmute", { press: press("unmute") }), home(reader)),
});

export const unmutedScreen = (reader: Reader): Screen => ({
  kind: "muted",
  text: text(reader, "unmuted"),
  keyboard: keyboard(home(reader)),
});

export const forgetConfirmScreen = (reader: Reader): Screen => ({
  kind: "forgetConfirm",
  text: text(reader, "forget-confirm"),
  keyboard: keyboard(
    labelled(reader, "button-forget-yes", { press: press("forget") }, "danger"),
    labelled(reader, "button-forget-no", { press: press("home") }, "primary"),
  ),
});

export const forgetAskedScreen = (reader: Reader): Screen => ({
  kind: "forgetAsked",
  text: text(reader, "forget-asked"),
  keyboard: keyboard(home(reader)),
});

/** Free text in this screen is a message to support. */
export const SUPPORT_KIND = "support";

export const supportScreen = (reader: Reader, hasOpenTicket: boolean): Screen => ({
  kind: SUPPORT_KIND,
  text: text(reader, hasOpenTicket ? "support-open" : "support"),
  keyboard: keyboard(labelled(reader, "button-leave", { press: press("leave") })),
});

export const supportTakenScreen = (reader: Reader): Screen => ({
  kind: SUPPORT_KIND,
  text: text(reader, "support-taken"),
  keyboard: keyboard(labelled(reader, "button-leave", { press: press("leave") })),
});

export const supportNeedsTextScreen = (reader: Reader): Screen => ({
  kind: SUPPORT_KIND,
  text: text(reader, "support-needs-text"),
  keyboard: keyboard(labelled(reader, "button-leave", { press: press("leave") })),
});

/** Somebody sent a token to support. */
export const supportTokenScreen = (isMessageGone: boolean, reader: Reader): Screen => ({
  kind: SUPPORT_KIND,
  text: text(reader, isMessageGone ? "token-unasked" : "token-unasked-left"),
  keyboard: keyboard(labelled(reader, "button-leave", { press: press("leave") })),
});

/** A message has 4096, and there are words around the answer. Unit: UTF-16 code units, as Telegram counts. */
const ANSWER_MAX = 3_500;

/** `answer` null: its text is gone (erased), but that there was one is told. */
export const supportAnswerScreen = (answer: string | null, reader: Reader): Screen => ({
  kind: SUPPORT_KIND,
  text: paragraphs(
    text(reader, "support-answer"),
    answer === null
      ? text(reader, "support-answer-lost")
      : text(reader, "quote", { text: clipUnits(answer, ANSWER_MAX) }),
    text(reader, "support-reply"),
  ),
  keyboard: keyboard(labelled(reader, "button-leave", { press: press("leave") })),
});

/** Names a charge in a button: charge ids are longer than a button may be. */
export const chargeMark = (chargeId: string): string =>
  createHash("sha256").update(chargeId).digest("hex").slice(0, 16);

/** Charges whose money can still be asked back. */
export const isRefundable = (payment: PaymentView): boolean => payment.state === "applied" && payment.amountMinor > 0;

const SHOWN_STATES = new Set(["applied", "refunding", "refunded", "chargedBack", "quarantined"]);

const stateId = (payment: PaymentView): string =>
  `payment-state-${SHOWN_STATES.has(payment.state) ? payment.state : "received"}`;

export function paySupportScreen(payments: readonly PaymentView[], reader: Reader): Screen {
  const lines = payments.map((payment) =>
    text(reader, "payment-line", {
      date: date(payment.at, reader),
      price: price(payment, reader.language),
      state: nested(reader, stateId(payment)),
      charge: payment.chargeId,
    }),
  );
  return {
    kind: "paysupport",
    text: paragraphs(
      text(reader, "paysupport"),
      lines.length === 0 ? text(reader, "paysupport-none") : lines.join("\n\n"),
      text(reader, "paysupport-how"),
    ),
    keyboard: keyboard(
      labelled(reader, "button-support", { press: press("support") }, "primary"),
      ...payments
        .filter(isRefundable)
        .slice(0, 3)
        .map((payment) =>
          labelled(reader, "button-refund", { press: press("refundask", chargeMark(payment.chargeId)) }, undefined, {
            price: price(payment, reader.language),
            date: plainDate(payment.at, reader),
          }),
        ),
      home(reader),
    ),
  };
}

export const refundConfirmScreen = (payment: PaymentView, reader: Reader): Screen => ({
  kind: "refundConfirm",
  text: text(reader, "refund-confirm", {
    price: price(payment, reader.language),
    date: date(payment.at, reader),
    charge: payment.chargeId,
  }),
  keyboard: keyboard(
    labelled(reader, "button-refund-yes", { press: press("refund", chargeMark(payment.chargeId)) }),
    labelled(reader, "button-refund-no", { press: press("paysupport") }, "primary"),
  ),
});

export const refundAskedScreen = (reader: Reader): Screen => ({
  kind: "refundAsked",
  text: text(reader, "refund-asked"),
  keyboard: keyboard(home(reader)),
});
