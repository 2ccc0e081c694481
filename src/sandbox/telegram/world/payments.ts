// Paying an invoice from the client's side: balance, pre-checkout, charge, service message.
import type { SuccessfulPayment } from "@grammyjs/types";
import { badRequest, EmulatorUsageError } from "../errors.ts";
import { Checkouts } from "./checkouts.ts";
import type { DueItem, WorldContext } from "./context.ts";
import type { InvoiceRecord } from "./invoices.ts";
import { type Charge, Ledger } from "./ledger.ts";
import type { PrivateChats } from "./private-chats.ts";
import { StarSubscriptions } from "./star-subscriptions.ts";
import type { UserRecord, Users } from "./users.ts";

export type PaymentOutcome =
  | {
      readonly kind: "paid";
      readonly chargeId: string;
      /** End of the paid period of a subscription (epoch ms), else null. */
      readonly expiresAtMs: number | null;
    }
  | { readonly kind: "declined"; readonly errorMessage: string }
  | { readonly kind: "timeout" }
  | { readonly kind: "insufficientStars"; readonly missing: number };

export class Payments {
  readonly ledger: Ledger;
  readonly checkouts: Checkouts;
  readonly subscriptions: StarSubscriptions;
  readonly #context: WorldContext;
  readonly #users: Users;
  readonly #chats: PrivateChats;

  constructor(context: WorldContext, users: Users, chats: PrivateChats) {
    this.#context = context;
    this.#users = users;
    this.#chats = chats;
    this.ledger = new Ledger(context, users);
    this.checkouts = new Checkouts(context, users);
    this.subscriptions = new StarSubscriptions(context, users, this.ledger, this.checkouts, (user, charge, period) =>
      this.#announce(user, charge, period),
    );
  }

  /** @param skipCheckout Charge without asking the bot, as no honest Telegram would. */
  async pay(user: UserRecord, invoice: InvoiceRecord, skipCheckout = false): Promise<PaymentOutcome> {
    if (user.deactivated) throw new EmulatorUsageError(`User ${user.id} is deactivated and cannot pay.`);
    const missing = this.#missingStars(user, invoice);
    if (missing > 0) return { kind: "insufficientStars", missing };
    if (skipCheckout) return this.#take(user, invoice);
    const answer = await this.checkouts.ask(user, invoice);
    if (answer.kind !== "ok") return answer;
    // Another payment may have used the Stars while the bot was thinking.
    const missingNow = this.#missingStars(user, invoice);
    if (missingNow > 0) return { kind: "insufficientStars", missing: missingNow };
    return this.#take(user, invoice);
  }

  #missingStars(user: UserRecord, invoice: InvoiceRecord): number {
    return invoice.currency === "XTR" ? invoice.totalAmount - user.starBalance : 0;
  }

  #take(user: UserRecord, invoice: InvoiceRecord): PaymentOutcome {
    const charge = this.ledger.charge(user, {
      currency: invoice.currency,
      amount: invoice.totalAmount,
      payload: invoice.payload,
      subscriptionPeriodSeconds: invoice.subscriptionPeriodSeconds,
    });
    if (invoice.subscriptionPeriodSeconds === null) {
      this.#announce(user, charge, null);
      return { kind: "paid", chargeId: charge.chargeId, expiresAtMs: null };
    }
    const { untilMs } = this.subscriptions.begin(user, charge, invoice.subscriptionPeriodSeconds);
    return { kind: "paid", chargeId: charge.chargeId, expiresAtMs: untilMs };
  }

  #announce(
    user: UserRecord,
    charge: Charge,
    period: { readonly untilMs: number; readonly isFirst: boolean } | null,
  ): void {
    const payment: SuccessfulPayment = {
      currency: charge.currency,
      total_amount: charge.amount,
      invoice_payload: charge.payload,
      telegram_payment_charge_id: charge.chargeId,
      provider_payment_charge_id: charge.providerChargeId,
      // The first payment of a subscription carries both flags.
      ...(period ? { is_recurring: true as const, subscription_expiration_date: period.untilMs / 1000 } : {}),
      ...(period?.isFirst ? { is_first_recurring: true as const } : {}),
    };
    this.#chats.fromUser(user, { successful_payment: payment }, true);
  }

  /** @throws BotApiError as `refundStarPayment` does. */
  refund(userId: number, chargeId: string): void {
    const user = this.#users.find(userId);
    if (!user) throw badRequest("USER_ID_INVALID");
    const charge = this.ledger.refund(userId, chargeId);
    if (this.#context.options.switches.refundStopsRenewal) this.subscriptions.stopRenewalOf(charge);
    this.#chats.refunded(user, {
      refunded_payment: {
        currency: "XTR",
        total_amount: charge.amount,
        invoice_payload: charge.payload,
        telegram_payment_charge_id: charge.chargeId,
      },
    });
  }

  chargeback(chargeId: string): void {
    const charge = this.ledger.find(chargeId);
    if (charge?.currency !== "XTR") throw new EmulatorUsageError(`No Stars charge "${chargeId}".`);
    if (charge.refundedAtMs !== null || charge.chargedBackAtMs !== null)
      throw new EmulatorUsageError(`Charge "${chargeId}" was given back already.`);
    this.ledger.chargeback(charge);
  }

  due(): DueItem[] {
    return [...this.checkouts.due(), ...this.subscriptions.due()];
  }
}
