// Pre-checkout queries: sent to the bot, answered within 10 s or lost.
import { badRequest, queryTooOld } from "../errors.ts";
import type { DueItem, WorldContext } from "./context.ts";
import type { InvoiceRecord } from "./invoices.ts";
import type { UserRecord, Users } from "./users.ts";

export type CheckoutAnswer =
  | { readonly kind: "ok" }
  | { readonly kind: "declined"; readonly errorMessage: string }
  | { readonly kind: "timeout" };

interface OpenCheckout {
  readonly id: string;
  readonly deadlineMs: number;
  readonly settle: (answer: CheckoutAnswer) => void;
}

export class Checkouts {
  readonly #context: WorldContext;
  readonly #users: Users;
  readonly #open = new Map<string, OpenCheckout>();

  constructor(context: WorldContext, users: Users) {
    this.#context = context;
    this.#users = users;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Resolves with the bot's answer, or `timeout` by the scheduler or the clock, whichever comes first. */
  ask(user: UserRecord, sale: Pick<InvoiceRecord, "currency" | "totalAmount" | "payload">): Promise<CheckoutAnswer> {
    const { ids, clock, scheduler, options } = this.#context;
    const id = ids.queryId();
    return new Promise((resolve) => {
      const cancel = scheduler.after(options.preCheckoutTimeoutMs, () => this.#expire(id));
      this.#open.set(id, {
        id,
        deadlineMs: clock.now() + options.preCheckoutTimeoutMs,
        settle: (answer) => {
          cancel();
          this.#open.delete(id);
          resolve(answer);
        },
      });
      this.#context.emit({
        pre_checkout_query: {
          id,
          from: this.#users.view(user),
          currency: sale.currency,
          total_amount: sale.totalAmount,
          invoice_payload: sale.payload,
        },
      });
    });
  }

  /** @throws BotApiError when late, unknown, answered before, or refusing without a reason. */
  answer(id: string, ok: boolean, errorMessage: string | undefined): void {
    const open = this.#open.get(id);
    if (!ok && (errorMessage ?? "") === "") throw badRequest('parameter "error_message" is required');
    if (!open || this.#context.clock.now() > open.deadlineMs) throw queryTooOld();
    open.settle(ok ? { kind: "ok" } : { kind: "declined", errorMessage: errorMessage ?? "" });
  }

  #expire(id: string): void {
    this.#open.get(id)?.settle({ kind: "timeout" });
  }

  due(): DueItem[] {
    return [...this.#open.values()].map((open) => ({
      at: open.deadlineMs,
      what: `pre-checkout ${open.id} times out`,
      run: () => this.#expire(open.id),
    }));
  }

  /** The emulator stops: nobody will answer any more. */
  abandonAll(): void {
    for (const id of [...this.#open.keys()]) this.#expire(id);
  }
}
