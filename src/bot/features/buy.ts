// A plan was chosen: an order is opened, and the person gets a way to pay for it.
import { addressOf } from "../../../machines/address.ts";
import type { OrderContext } from "../../../machines/order/types.ts";
import { press } from "../callback-data.ts";
import { INVOICE_KIND, pressesOf } from "../chat.ts";
import { clipUnits } from "../clean-text.ts";
import { byUpdate } from "../context.ts";
import type { Desk } from "../desk.ts";
import { faultFields, isInvoiceRefused } from "../faults.ts";
import { findPlan, findProduct, type PlanOffer, type ProductOffer } from "../offers.ts";
import {
  cannotSellScreen,
  checkoutScreen,
  invoiceDescription,
  notOpenScreen,
  plansScreen,
  salesPausedScreen,
  tooManyInvoicesScreen,
  trialRefusedScreen,
  trialRequestedScreen,
} from "../screens/buying.ts";
import { keyboard, labelled, type Screen } from "../screens/screen.ts";
import { blockedScreen, statusScreen } from "../screens/status.ts";
import { plain } from "../texts.ts";
import { isOpenToBuyers, type ProductView, stateOf } from "../view.ts";
import { price, type Reader } from "../wording.ts";

/** Telegram's limits for invoices. Units: UTF-16 code units. */
const TITLE_MAX = 32;
const DESCRIPTION_MAX = 255;
const SUBSCRIPTION_UNIT_MS = 1_000;

/** @param only A product's code; without it, all that is on sale. */
export const drawPlans = (desk: Desk, userId: number, only?: string): Promise<Screen> =>
  desk.draw(userId, ({ view, reader }) => (view.blocked ? blockedScreen(reader) : plansScreen(view, reader, only)));

/** A second renewing subscription would be charged beside the first one; paid time that never ends needs nothing. */
const isEnough = (product: ProductView, plan: PlanOffer): boolean =>
  product.standing === "lifetime" ||
  product.standing === "revoked" ||
  (plan.terms.recurring && (["renewing", "slack"] as const).some((standing) => standing === product.standing));

/** @returns the screen to show, or null when an invoice message is the screen now. */
export async function choosePlan(
  desk: Desk,
  userId: number,
  planCode: string,
  updateId: number,
): Promise<Screen | null> {
  const { view, reader, offers } = await desk.visit(userId);
  const plan = findPlan(offers, planCode);
  const product = plan && findProduct(offers, plan.product);
  const own = plan && view.products.find(({ code }) => code === plan.product);
  if (view.blocked) return blockedScreen(reader);
  if (!view.open) return notOpenScreen(reader);
  if (!plan || !product || !own) return plansScreen(view, reader);
  if (isEnough(own, plan)) return statusScreen(own, reader);
  if (await areSalesPaused(desk, product)) return salesPausedScreen(reader);

  const kind = plan.terms.recurring ? "renewing" : "prepaid";
  const known = await findOpenOrder(desk, userId, plan, own.subscription?.orderId ?? null);
  const orderId = known ?? desk.deps.newId();
  if (known === null) {
    if (!(await desk.deps.throttle.take(userId, "invoice"))) {
      desk.deps.count("throttled", "invoice");
      return tooManyInvoicesScreen(own, reader);
    }
    await desk.deps.actors.send(
      addressOf.order(orderId),
      { type: "order.opened", userId, terms: plan.terms, kind },
      byUpdate(updateId),
    );
  }
  try {
    if (kind === "renewing")
      return checkoutScreen(plan, product, await createLink(desk, orderId, plan, product, reader), reader);
    await sendInvoice(desk, userId, orderId, plan, product, reader);
    return null;
  } catch (error) {
    if (!isInvoiceRefused(error)) throw error;
    desk.deps.count("invoice.refused", planCode);
    desk.deps.logger.error(
      { event: "invoice.refused", userId, orderId, planCode, ...faultFields(error) },
      "Telegram takes no invoice for this plan; check its price, its period and the provider's token",
    );
    return cannotSellScreen(own, reader);
  }
}

/** While the bot can't let people in, it takes neither their money nor their only trial. */
async function areSalesPaused(desk: Desk, product: ProductOffer): Promise<boolean> {
  const channels = await Promise.all(
    product.channels.map((chatId) => desk.deps.actors.read(addressOf.channel(chatId))),
  );
  return !channels.every(isOpenToBuyers);
}

/** The same offer twice is the same order: a repeated update or a second look makes no new one. */
async function findOpenOrder(
  desk: Desk,
  userId: number,
  plan: PlanOffer,
  orderId: string | null,
): Promise<string | null> {
  const order = orderId === null ? null : await desk.deps.actors.read(addressOf.order(orderId));
  if (order === null || !["open", "approved"].includes(stateOf(order))) return null;
  const context = order.context as unknown as OrderContext;
  const isSame =
    context.userId === userId &&
    context.terms?.planCode === plan.code &&
    context.terms.planVersion === plan.terms.planVersion;
  return isSame ? orderId : null;
}

function invoiceOf(plan: PlanOffer, product: ProductOffer, reader: Reader) {
  const title = clipUnits(plan.title[reader.language], TITLE_MAX);
  return {
    title,
    description: clipUnits(invoiceDescription(plan, product, reader), DESCRIPTION_MAX),
    currency: plan.terms.price.currency,
    prices: [{ label: title, amount: plan.terms.price.amountMinor }],
  };
}

const createLink = (
  desk: Desk,
  orderId: string,
  plan: PlanOffer,
  product: ProductOffer,
  reader: Reader,
): Promise<string> => {
  const { title, description, currency, prices } = invoiceOf(plan, product, reader);
  const { periodMs } = plan.terms;
  return desk.chat.api.createInvoiceLink(title, description, orderId, plan.providerToken ?? "", currency, prices, {
    ...(periodMs === null ? {} : { subscription_period: periodMs / SUBSCRIPTION_UNIT_MS }),
  });
};

async function sendInvoice(
  desk: Desk,
  userId: number,
  orderId: string,
  plan: PlanOffer,
  product: ProductOffer,
  reader: Reader,
): Promise<void> {
  const { title, description, currency, prices } = invoiceOf(plan, product, reader);
  const other = labelled(reader, "button-other-plan", { press: press("offer", plan.product) });
  const buttons = [
    // Telegram wants the Pay button first.
    [{ text: plain(reader.language, "button-pay", { price: price(plan.terms.price, reader.language) }), pay: true }],
    ...keyboard(other).map((row) => [...row]),
  ];
  const message = await desk.chat.api.sendInvoice(userId, title, description, orderId, currency, prices, {
    provider_token: plan.providerToken ?? "",
    // A forwarded copy leads to the bot instead of being payable by somebody else.
    start_parameter: "plans",
    reply_markup: { inline_keyboard: buttons },
  });
  await desk.chat.adopt(userId, {
    messageId: message.message_id,
    kind: INVOICE_KIND,
    presses: pressesOf(keyboard(other)),
  });
}

export async function requestTrial(desk: Desk, userId: number, planCode: string, updateId: number): Promise<Screen> {
  const { view, reader, offers } = await desk.visit(userId);
  const plan = findPlan(offers, planCode);
  const product = plan && findProduct(offers, plan.product);
  const own = plan && view.products.find(({ code }) => code === plan.product);
  if (view.blocked) return blockedScreen(reader);
  if (!view.open) return notOpenScreen(reader);
  if (!plan || !product || !own || plan.terms.trialMs === 0) return plansScreen(view, reader);
  if (own.standing !== "none" && own.standing !== "checkout") return statusScreen(own, reader);
  if (await areSalesPaused(desk, product)) return salesPausedScreen(reader);
  const { outcome, first } = await desk.deps.actors.send(
    addressOf.customer(userId),
    { type: "trial.requested", terms: plan.terms },
    { ...byUpdate(updateId), key: `trial-u${updateId}` },
  );
  return outcome === "applied" || first === "applied"
    ? trialRequestedScreen(own, reader)
    : trialRefusedScreen(view, reader);
}

/** `start=renew`: straight to the checkout of what was bought before, where that makes sense. */
export async function chooseRenewal(desk: Desk, userId: number, updateId: number): Promise<Screen | null> {
  const { view } = await desk.visit(userId);
  const bought = view.products.find((product) => product.subscription?.terms != null && product.standing !== "none");
  const plan = bought?.plans.find(({ code }) => code === bought.subscription?.terms?.planCode);
  return plan === undefined ? drawPlans(desk, userId) : choosePlan(desk, userId, plan.code, updateId);
}
