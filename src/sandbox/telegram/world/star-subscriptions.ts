// Stars subscriptions: they renew by themselves on the injected clock, for as long as the person has the Stars.
import { badRequest, EmulatorUsageError } from "../errors.ts";
import type { Checkouts } from "./checkouts.ts";
import type { DueItem, WorldContext } from "./context.ts";
import type { Charge, Ledger } from "./ledger.ts";
import type { UserRecord, Users } from "./users.ts";

/** `failed` = a renewal was short of Stars and is still tried again; `ended` = over for good. */
export type StarSubscriptionState = "active" | "canceled" | "failed" | "ended";

export interface StarSubscription {
  /** Charge id of the first payment: the id `editUserStarSubscription` knows. */
  readonly firstChargeId: string;
  readonly userId: number;
  readonly payload: string;
  readonly price: number;
  readonly periodSeconds: number;
  readonly chargeIds: string[];
  /** End of the paid time. Unit: epoch ms. */
  untilMs: number;
  state: StarSubscriptionState;
  /** Cancelled by the bot: the person cannot switch it on again. */
  lockedByBot: boolean;
}

export type ChargeAnnouncer = (
  user: UserRecord,
  charge: Charge,
  subscription: { readonly untilMs: number; readonly isFirst: boolean },
) => void;

export class StarSubscriptions {
  readonly #context: WorldContext;
  readonly #users: Users;
  readonly #ledger: Ledger;
  readonly #checkouts: Checkouts;
  readonly #announce: ChargeAnnouncer;
  readonly #all: StarSubscription[] = [];
  readonly #asking = new Set<StarSubscription>();

  constructor(context: WorldContext, users: Users, ledger: Ledger, checkouts: Checkouts, announce: ChargeAnnouncer) {
    this.#context = context;
    this.#users = users;
    this.#ledger = ledger;
    this.#checkouts = checkouts;
    this.#announce = announce;
  }

  all(): readonly StarSubscription[] {
    return this.#all;
  }

  begin(user: UserRecord, charge: Charge, periodSeconds: number): StarSubscription {
    const subscription: StarSubscription = {
      firstChargeId: charge.chargeId,
      userId: user.id,
      payload: charge.payload,
      price: charge.amount,
      periodSeconds,
      chargeIds: [charge.chargeId],
      untilMs: (Math.floor(charge.paidAtMs / 1000) + periodSeconds) * 1000,
      state: "active",
      lockedByBot: false,
    };
    this.#all.push(subscription);
    this.#announce(user, charge, { untilMs: subscription.untilMs, isFirst: true });
    return subscription;
  }

  /** The person's own subscription, by any of its charge ids or by its payload. */
  findOf(user: UserRecord, chargeIdOrPayload: string): StarSubscription {
    const own = this.#all.filter((s) => s.userId === user.id);
    const found =
      own.find((s) => s.chargeIds.includes(chargeIdOrPayload)) ??
      own.findLast((s) => s.payload === chargeIdOrPayload && s.state !== "ended") ??
      own.findLast((s) => s.payload === chargeIdOrPayload);
    if (!found) throw new EmulatorUsageError(`User ${user.id} has no subscription "${chargeIdOrPayload}".`);
    return found;
  }

  cancelByUser(user: UserRecord, subscription: StarSubscription): boolean {
    if (subscription.state !== "active" && subscription.state !== "failed") return false;
    subscription.state = "canceled";
    this.#emitState(user, subscription, "canceled");
    return true;
  }

  /** `false` when it is locked by the bot, over, or not cancelled at all. */
  reenableByUser(user: UserRecord, subscription: StarSubscription): boolean {
    if (subscription.state !== "canceled" || subscription.lockedByBot) return false;
    if (subscription.untilMs <= this.#context.clock.now()) return false;
    subscription.state = "active";
    this.#emitState(user, subscription, "active");
    return true;
  }

  /** @throws BotApiError CHARGE_ID_INVALID unless it is the first charge of this person's subscription. */
  editByBot(userId: number, chargeId: string, isCanceled: boolean): void {
    const subscription = this.#all.find((s) => s.firstChargeId === chargeId && s.userId === userId);
    if (!subscription) throw badRequest("CHARGE_ID_INVALID");
    subscription.lockedByBot = isCanceled;
    if (!isCanceled || (subscription.state !== "active" && subscription.state !== "failed")) return;
    subscription.state = "canceled";
    if (this.#context.options.switches.botCancelEmitsSubscription)
      this.#emitState(this.#users.get(userId), subscription, "canceled");
  }

  stopRenewalOf(charge: Charge): void {
    const subscription = this.#all.find((s) => s.chargeIds.includes(charge.chargeId));
    if (subscription && subscription.state !== "ended") subscription.state = "canceled";
  }

  /** Failed renewals are paid as soon as the Stars are there. */
  retryFailedOf(user: UserRecord): void {
    for (const subscription of this.#all) {
      if (subscription.userId === user.id && subscription.state === "failed") this.#renew(subscription);
    }
  }

  due(): DueItem[] {
    return this.#all.flatMap((subscription): DueItem[] => {
      if (subscription.state === "ended" || this.#asking.has(subscription)) return [];
      const isFailed = subscription.state === "failed";
      return [
        {
          at: isFailed ? subscription.untilMs + this.#context.options.renewalRetryMs : subscription.untilMs,
          what: `subscription ${subscription.firstChargeId} ${subscription.state === "active" ? "renews" : "ends"}`,
          run: () => {
            if (subscription.state === "active") this.#renew(subscription);
            else subscription.state = "ended";
          },
        },
      ];
    });
  }

  #renew(subscription: StarSubscription): void {
    const user = this.#users.get(subscription.userId);
    if (user.deactivated) {
      subscription.state = "ended";
      return;
    }
    if (user.starBalance < subscription.price) {
      this.#fail(user, subscription);
      return;
    }
    if (!this.#context.options.switches.preCheckoutOnRenewal) {
      this.#charge(user, subscription);
      return;
    }
    this.#asking.add(subscription);
    const sale = { currency: "XTR", totalAmount: subscription.price, payload: subscription.payload };
    void this.#checkouts.ask(user, sale).then((answer) => {
      this.#asking.delete(subscription);
      if (answer.kind === "ok" && user.starBalance >= subscription.price) this.#charge(user, subscription);
      else this.#fail(user, subscription);
    });
  }

  #charge(user: UserRecord, subscription: StarSubscription): void {
    const wasFailed = subscription.state === "failed";
    const charge = this.#ledger.charge(user, {
      currency: "XTR",
      amount: subscription.price,
      payload: subscription.payload,
      subscriptionPeriodSeconds: subscription.periodSeconds,
    });
    subscription.chargeIds.push(charge.chargeId);
    // On time the next period begins where the last one ended; after a failure it begins with the payment.
    const from = wasFailed ? Math.floor(charge.paidAtMs / 1000) * 1000 : subscription.untilMs;
    subscription.untilMs = from + subscription.periodSeconds * 1000;
    subscription.state = "active";
    this.#announce(user, charge, { untilMs: subscription.untilMs, isFirst: false });
  }

  #fail(user: UserRecord, subscription: StarSubscription): void {
    if (subscription.state === "failed") return;
    subscription.state = "failed";
    this.#emitState(user, subscription, "failed");
  }

  #emitState(user: UserRecord, subscription: StarSubscription, state: "canceled" | "active" | "failed"): void {
    this.#context.emit({
      subscription: { user: this.#users.view(user), invoice_payload: subscription.payload, state },
    });
  }
}
