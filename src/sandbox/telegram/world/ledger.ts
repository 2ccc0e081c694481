// Charges and the bot's Star transactions, both directions.
import type { StarTransaction, TransactionPartnerUser } from "@grammyjs/types";
import { badRequest } from "../errors.ts";
import { unixSeconds, type WorldContext } from "./context.ts";
import type { UserRecord, Users } from "./users.ts";

export interface Charge {
  /** `telegram_payment_charge_id`, unique for ever. */
  readonly chargeId: string;
  readonly providerChargeId: string;
  readonly userId: number;
  readonly currency: string;
  /** Unit: whole Stars for XTR, else the currency's smallest unit. */
  readonly amount: number;
  readonly payload: string;
  readonly subscriptionPeriodSeconds: number | null;
  readonly paidAtMs: number;
  refundedAtMs: number | null;
  chargedBackAtMs: number | null;
}

export class Ledger {
  readonly #context: WorldContext;
  readonly #users: Users;
  readonly #charges = new Map<string, Charge>();
  readonly #rows: StarTransaction[] = [];
  readonly #paymentsOfUser = new Map<number, number>();
  #balance = 0;

  constructor(context: WorldContext, users: Users) {
    this.#context = context;
    this.#users = users;
  }

  /** The bot's Stars; negative after chargebacks. */
  get balance(): number {
    return this.#balance;
  }

  charges(): readonly Charge[] {
    return [...this.#charges.values()];
  }

  find(chargeId: string): Charge | undefined {
    return this.#charges.get(chargeId);
  }

  transactions(offset: number, limit: number): StarTransaction[] {
    return this.#rows.slice(offset, offset + limit);
  }

  /** Takes the money. The caller has checked the balance. */
  charge(
    user: UserRecord,
    sale: Pick<Charge, "currency" | "amount" | "payload" | "subscriptionPeriodSeconds">,
  ): Charge {
    const { ids, clock, options, bot } = this.#context;
    const isStars = sale.currency === "XTR";
    const nth = (this.#paymentsOfUser.get(user.id) ?? 0) + 1;
    this.#paymentsOfUser.set(user.id, nth);
    const starsProviderId = options.switches.starsProviderChargeId === "perUser" ? `${user.id}_${nth}` : "";
    const charge: Charge = {
      chargeId: isStars ? ids.starsChargeId() : `${bot.id}_${user.id}_${nth}_${ids.queryId().slice(0, 6)}`,
      providerChargeId: isStars ? starsProviderId : ids.providerChargeId(),
      userId: user.id,
      ...sale,
      paidAtMs: clock.now(),
      refundedAtMs: null,
      chargedBackAtMs: null,
    };
    this.#charges.set(charge.chargeId, charge);
    if (isStars) {
      user.starBalance -= charge.amount;
      this.#balance += charge.amount;
      this.#rows.push({ ...this.#row(charge), source: this.#partner(charge) });
    }
    return charge;
  }

  /**
   * Gives all Stars of one charge back to its payer.
   * @throws BotApiError CHARGE_ID_INVALID, CHARGE_ALREADY_REFUNDED, BALANCE_TOO_LOW.
   */
  refund(userId: number, chargeId: string): Charge {
    if (chargeId === "") throw badRequest("CHARGE_ID_EMPTY");
    const charge = this.#charges.get(chargeId);
    if (!charge || charge.userId !== userId || charge.currency !== "XTR") throw badRequest("CHARGE_ID_INVALID");
    if (charge.refundedAtMs !== null || charge.chargedBackAtMs !== null) throw badRequest("CHARGE_ALREADY_REFUNDED");
    if (this.#balance < charge.amount) throw badRequest("BALANCE_TOO_LOW");
    charge.refundedAtMs = this.#context.clock.now();
    this.#users.get(userId).starBalance += charge.amount;
    this.#takeBack(charge);
    return charge;
  }

  /** Apple or Google took the Stars back. Silent: only a transaction row shows it. */
  chargeback(charge: Charge): void {
    charge.chargedBackAtMs = this.#context.clock.now();
    this.#takeBack(charge);
  }

  /** The owner cashes Stars in at Fragment. */
  withdraw(amount: number): void {
    this.#balance -= amount;
    const id = this.#context.ids.starsChargeId();
    this.#rows.push({ id, amount, date: unixSeconds(this.#context.clock), receiver: { type: "fragment" } });
  }

  /** The outgoing row carries the id of the payment it undoes. */
  #takeBack(charge: Charge): void {
    this.#balance -= charge.amount;
    this.#rows.push({ ...this.#row(charge), receiver: this.#partner(charge) });
  }

  #row(charge: Charge): Pick<StarTransaction, "id" | "amount" | "date"> {
    return { id: charge.chargeId, amount: charge.amount, date: unixSeconds(this.#context.clock) };
  }

  #partner(charge: Charge): TransactionPartnerUser {
    return {
      type: "user",
      transaction_type: "invoice_payment",
      user: this.#users.view(this.#users.get(charge.userId)),
      invoice_payload: charge.payload,
      ...(charge.subscriptionPeriodSeconds === null ? {} : { subscription_period: charge.subscriptionPeriodSeconds }),
    };
  }
}
