// From the first hello to the paid invoice: rows 1 to 5 of the dialogue.
import type { InlineKeyboardButton } from "grammy/types";
import { press } from "../callback-data.ts";
import type { PlanOffer, ProductOffer } from "../offers.ts";
import { plain } from "../texts.ts";
import type { ProductView, SubscriberView } from "../view.ts";
import { date, dateOrSoon, every, lengthOf, type Money, plainLengthOf, price, type Reader } from "../wording.ts";
import { accessButtons, hasLink, isInside } from "./access.ts";
import { connectButton, isUnconnected } from "./connect.ts";
import { below, keyboard, labelled, offerFor, paragraphs, type Screen, text, titleOf } from "./screen.ts";

const nameOf = (view: SubscriberView): string => view.customer?.firstName ?? "";

/** "Hello, Anna!", or "Hello!" to somebody whose name is nothing that can be shown. */
export const greeting = (view: SubscriberView, reader: Reader, id: "hello" | "welcome-back"): string =>
  nameOf(view) === "" ? text(reader, `${id}-nameless`) : text(reader, `${id}-name`, { name: nameOf(view) });

export function helloScreen(view: SubscriberView, reader: Reader): Screen {
  const titles = view.products.filter(({ plans }) => plans.length > 0).map((product) => titleOf(product, reader));
  const other = reader.language === "ru" ? "en" : "ru";
  return {
    kind: "hello",
    text: paragraphs(
      greeting(view, reader, "hello"),
      titles.length === 1
        ? text(reader, "hello-product", { channel: titles[0] ?? "" })
        : text(reader, "hello-products", { channels: titles.join(", ") }),
      view.open ? null : text(reader, "not-open"),
    ),
    keyboard: keyboard(
      view.open ? labelled(reader, "button-plans", { press: press("plans") }, "primary") : null,
      labelled(reader, "button-terms", { press: press("terms") }),
      labelled(reader, "button-other-language", { press: press("lang", other) }),
    ),
  };
}

const planLabel = (plan: PlanOffer, reader: Reader) => ({
  plan: plan.title[reader.language],
  price: price(plan.terms.price, reader.language),
});

const planLine = (plan: PlanOffer, reader: Reader): string => {
  const { terms } = plan;
  const id =
    terms.periodMs === null ? "plan-line-lifetime" : terms.recurring ? "plan-line-renewing" : "plan-line-prepaid";
  return text(reader, id, {
    ...planLabel(plan, reader),
    length: terms.periodMs === null ? "" : lengthOf(terms.periodMs, reader.language),
  });
};

/** Plans of one product, or of all when none is named. */
export function plansScreen(view: SubscriberView, reader: Reader, only?: string): Screen {
  if (!view.open) return notOpenScreen(reader);
  const products = view.products.filter(
    (product) => product.plans.length > 0 && (only === undefined || product.code === only),
  );
  const many = products.length > 1;
  const isTrialOpen = view.customer?.trialUsedAt == null && !view.blocked;
  const trialOf = (product: ProductView): PlanOffer | null =>
    isTrialOpen && (product.standing === "none" || product.standing === "checkout")
      ? (product.plans.find((plan) => plan.terms.trialMs > 0) ?? null)
      : null;
  const back = labelled(reader, "button-back", { press: press("home") });
  if (products.length === 0) return { kind: "plans", text: text(reader, "plans-none"), keyboard: keyboard(back) };
  return {
    kind: "plans",
    text: paragraphs(
      text(reader, "plans-title"),
      ...products.map((product) => {
        const trial = trialOf(product);
        return [
          many ? text(reader, "plans-product", { channel: titleOf(product, reader) }) : null,
          ...product.plans.map((plan) => planLine(plan, reader)),
          trial === null
            ? null
            : text(reader, "plan-line-trial", { length: lengthOf(trial.terms.trialMs, reader.language) }),
        ]
          .filter((line) => line !== null)
          .join("\n");
      }),
    ),
    keyboard: keyboard(
      ...products.flatMap((product) => {
        const trial = trialOf(product);
        return [
          ...product.plans.map((plan) =>
            labelled(reader, "button-plan", { press: press("plan", plan.code) }, "primary", planLabel(plan, reader)),
          ),
          trial === null ? null : trialButton(trial, many ? titleOf(product, reader) : null, reader),
        ];
      }),
      back,
    ),
  };
}

/** @param channel Named where there are several, because a length says nothing about which. */
function trialButton(plan: PlanOffer, channel: string | null, reader: Reader): InlineKeyboardButton {
  const length = plainLengthOf(plan.terms.trialMs, reader.language);
  const target = { press: press("trial", plan.code) };
  return channel === null
    ? labelled(reader, "button-trial", target, undefined, { length })
    : labelled(reader, "button-trial-of", target, undefined, { length, channel });
}

/** A renewing plan is paid by a link: an invoice message can't renew. */
export function checkoutScreen(
  plan: PlanOffer,
  product: Pick<ProductOffer, "title">,
  url: string,
  reader: Reader,
): Screen {
  const { terms } = plan;
  const amount = price(terms.price, reader.language);
  return {
    kind: "checkout",
    text: paragraphs(
      text(reader, "checkout-title", { channel: product.title[reader.language], plan: plan.title[reader.language] }),
      text(reader, "checkout-renewing", {
        price: amount,
        every: terms.periodMs === null ? "" : every(terms.periodMs, reader.language),
      }),
      text(reader, "checkout-terms"),
    ),
    keyboard: keyboard(
      labelled(reader, "button-pay", { url }, "primary", { price: amount }),
      labelled(reader, "button-other-plan", { press: press("offer", plan.product) }),
    ),
  };
}

/** What an invoice says besides its title. Telegram's limit: 255 characters. */
export function invoiceDescription(plan: PlanOffer, product: Pick<ProductOffer, "title">, reader: Reader): string {
  const { terms } = plan;
  const channel = product.title[reader.language];
  if (terms.periodMs === null) return plain(reader.language, "invoice-lifetime", { channel });
  const id = terms.recurring ? "invoice-renewing" : "invoice-prepaid";
  return plain(reader.language, id, { channel, length: plainLengthOf(terms.periodMs, reader.language) });
}

export interface Paid extends Money {
  readonly chargeId: string;
  /** Epoch ms; null is for life. */
  readonly until: number | null;
}

/** What is left to do after the payment, or the start of a trial: nothing, join, or wait for the invitation. */
const whatIsLeft = (product: ProductView, reader: Reader, waiting: "paid-preparing" | "trial-preparing"): string =>
  isInside(product)
    ? isUnconnected(product)
      ? text(reader, "joined-connect")
      : text(reader, "paid-inside", { channel: titleOf(product, reader) })
    : hasLink(product)
      ? text(reader, "paid-join")
      : text(reader, waiting);

export function paidScreen(product: ProductView, paid: Paid, reader: Reader): Screen {
  const vars = { price: price(paid, reader.language), charge: paid.chargeId };
  return {
    kind: "paid",
    text: paragraphs(
      text(reader, "paid-title"),
      paid.until === null
        ? text(reader, "paid-facts-lifetime", vars)
        : text(reader, "paid-facts", { ...vars, until: date(paid.until, reader) }),
      whatIsLeft(product, reader, "paid-preparing"),
    ),
    keyboard: keyboard(
      ...accessButtons(product, reader),
      connectButton(product, reader),
      labelled(reader, "button-status", { press: press("status", product.code) }),
    ),
  };
}

export function trialStartedScreen(product: ProductView, reader: Reader): Screen {
  return {
    kind: "trialStarted",
    text: paragraphs(
      text(reader, "trial-started", { until: dateOrSoon(product.until, reader) }),
      whatIsLeft(product, reader, "trial-preparing"),
    ),
    keyboard: keyboard(
      ...accessButtons(product, reader),
      connectButton(product, reader),
      labelled(reader, "button-status", { press: press("status", product.code) }),
    ),
  };
}

export const trialRequestedScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "trialStarted",
  text: text(reader, "trial-requested"),
  keyboard: keyboard(labelled(reader, "button-status", { press: press("status", product.code) })),
});

export const trialRefusedScreen = (view: SubscriberView, reader: Reader): Screen => {
  return below(text(reader, "trial-used"), plansScreen(view, reader));
};

export const joinedScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "joined",
  text: paragraphs(text(reader, "joined", { channel: titleOf(product, reader) }), joinedNext(product, reader)),
  keyboard: keyboard(
    connectButton(product, reader),
    ...accessButtons(product, reader),
    labelled(reader, "button-status", { press: press("status", product.code) }),
  ),
});

function joinedNext(product: ProductView, reader: Reader): string | null {
  if (isUnconnected(product)) return text(reader, "joined-connect");
  return product.until === null ? null : text(reader, "joined-until", { until: date(product.until, reader) });
}

export const tooManyInvoicesScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "tooManyInvoices",
  text: text(reader, "too-many-invoices"),
  keyboard: keyboard(labelled(reader, "button-status", { press: press("status", product.code) })),
});

/** Telegram would not take an invoice for the plan: only the people who run the service can mend that. */
export const cannotSellScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: "cannotSell",
  text: text(reader, "cannot-sell"),
  keyboard: keyboard(
    labelled(reader, "button-other-plan", { press: press("offer", product.code) }),
    labelled(reader, "button-support", { press: press("support") }),
    labelled(reader, "button-back", { press: press("home") }),
  ),
});

export const salesPausedScreen = (reader: Reader): Screen => ({
  kind: "salesPaused",
  text: text(reader, "sales-paused"),
  keyboard: keyboard(labelled(reader, "button-back", { press: press("home") })),
});

/** The service opens step by step, and this person's turn has not come. Promises no message: nobody is written to when it does. */
export const notOpenScreen = (reader: Reader): Screen => ({
  kind: "notOpen",
  text: text(reader, "not-open"),
  keyboard: keyboard(
    labelled(reader, "button-support", { press: press("support") }),
    labelled(reader, "button-back", { press: press("home") }),
  ),
});

/** "Come back — 500 ⭐" and its relatives: one press leads to the checkout. */
export function buyButton(product: ProductView, reader: Reader, id: string) {
  const offer = offerFor(product, reader);
  return offer === null
    ? null
    : labelled(reader, id, { press: press("plan", offer.plan.code) }, "primary", { price: offer.price });
}
