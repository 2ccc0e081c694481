// Money: what Telegram says was paid, refunded or switched off becomes an event of the payment or the order. Nothing is drawn here.
import { Composer } from "grammy";
import { addressOf } from "../../../machines/address.ts";
import type { CustomerContext } from "../../../machines/customer/types.ts";
import { orderIdOf, PAYMENT_ONCE } from "../../../machines/payment/identity.ts";
import { isOnRecord, judge } from "../checkout.ts";
import { type BotContext, byUpdate, onceByUpdate } from "../context.ts";
import { languageOf } from "../language.ts";
import type { BotDeps } from "../ports.ts";
import { TERMS_VERSION } from "../screens/info.ts";
import type { Parsed, ParsedUpdate } from "../updates.ts";

type SuccessfulPayment = NonNullable<Parsed<"message">["data"]["successful_payment"]>;

/**
 * @param userId the payer: service messages of a payment lie in the payer's private chat.
 * @param date of the message, in whole seconds.
 */
export function paymentEvent(payment: SuccessfulPayment, userId: number, date?: number) {
  return {
    type: "payment.received",
    userId,
    amountMinor: payment.total_amount,
    currency: payment.currency,
    recurring: payment.is_recurring ?? false,
    firstRecurring: payment.is_first_recurring ?? false,
    expiresAt: payment.subscription_expiration_date === undefined ? null : payment.subscription_expiration_date * 1_000,
    orderId: orderIdOf(payment.invoice_payload),
    providerChargeId: payment.provider_payment_charge_id === "" ? null : payment.provider_payment_charge_id,
    ...(date === undefined ? {} : { paidAt: date * 1_000 }),
    source: "update",
  } as const;
}

const isMoneyMessage = (update: ParsedUpdate): update is Parsed<"message"> =>
  update.kind === "message" &&
  (update.data.successful_payment !== undefined || update.data.refunded_payment !== undefined);

export function payments(
  deps: Pick<BotDeps, "actors" | "catalog" | "clock" | "timeZone" | "count">,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  composer.use(async (ctx, next) => {
    const update = ctx.parsed;
    if (!isMoneyMessage(update)) return next();
    const { successful_payment, refunded_payment, chat, date } = update.data;
    if (successful_payment) {
      await deps.actors.send(
        addressOf.payment(successful_payment.telegram_payment_charge_id),
        paymentEvent(successful_payment, Number(chat.id), date),
        onceByUpdate(update.updateId, PAYMENT_ONCE),
      );
    }
    // Sent by the bot itself in the payer's chat: only the charge says what it is about.
    if (refunded_payment) {
      await deps.actors.send(
        addressOf.payment(refunded_payment.telegram_payment_charge_id),
        { type: "refund.seen" },
        byUpdate(update.updateId),
      );
    }
  });

  composer.use(async (ctx, next) => {
    const update = ctx.parsed;
    if (update.kind !== "subscription") return next();
    const { invoice_payload, user, state } = update.data;
    const order = await deps.actors.read(addressOf.order(invoice_payload));
    // An invoice link may be paid by somebody else, whose renewal says nothing about the owner's.
    if (order === null || order.context.userId !== user.id) {
      deps.count("update.foreignOrder");
      return;
    }
    await deps.actors.send(
      addressOf.order(invoice_payload),
      { type: "renewal.changed", state },
      byUpdate(update.updateId),
    );
  });

  /** The query was answered inside the webhook call; here the order learns of it. */
  composer.use(async (ctx, next) => {
    const update = ctx.parsed;
    if (update.kind !== "pre_checkout_query") return next();
    const verdict = ctx.checkout ?? (await judge(deps, update.data));
    if (verdict.approved) {
      // Nobody bought anything, and nobody was shown the terms.
      if (verdict.isRenewal) return;
      await deps.actors.send(
        addressOf.order(update.data.invoice_payload),
        { type: "checkout.approved" },
        byUpdate(update.updateId),
      );
      const customer = addressOf.customer(update.data.from.id);
      const known = (await deps.actors.read(customer))?.context as Partial<CustomerContext> | undefined;
      await deps.actors.send(
        customer,
        {
          type: "terms.accepted",
          version: TERMS_VERSION,
          language: known?.language ?? languageOf(update.data.from.language_code),
        },
        { ...byUpdate(update.updateId), key: `terms-u${update.updateId}` },
      );
    } else if (isOnRecord(verdict.reason)) {
      await deps.actors.send(
        addressOf.order(update.data.invoice_payload),
        { type: "checkout.refused", reason: verdict.reason },
        byUpdate(update.updateId),
      );
    }
  });

  return composer;
}
