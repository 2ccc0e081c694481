// A row of Telegram's own books, as far as it says something about a charge of ours.
import { z } from "zod";
import { UserId } from "../../machines/address.ts";
import { ChargeId, orderIdOf } from "../../machines/payment/identity.ts";

/** Year 9999: what lies behind it is no time that anything here can count with. Unit: seconds. */
const LAST_SECOND = 253_402_300_799;

const Partner = z.looseObject({ type: z.string() });
const Row = z.object({
  id: z.string(),
  amount: z.int().nonnegative(),
  date: z.int().positive().max(LAST_SECOND),
  source: Partner.optional(),
  receiver: Partner.optional(),
});
/** Both directions of an invoice: the sale, and what takes it back. */
const Invoice = z.object({
  type: z.literal("user"),
  transaction_type: z.literal("invoice_payment"),
  user: z.object({ id: UserId }),
  invoice_payload: z.string().catch(""),
  /** Unit: seconds. */
  subscription_period: z.int().positive().max(LAST_SECOND).optional().catch(undefined),
});

export type StarTransaction =
  | {
      readonly kind: "sale";
      readonly chargeId: string;
      readonly userId: number;
      /** Whole Stars. */
      readonly amount: number;
      /** Epoch ms, whole seconds. */
      readonly at: number;
      readonly orderId: string;
      /** Of a sale that renews itself, else null. */
      readonly periodMs: number | null;
    }
  | {
      readonly kind: "return";
      readonly chargeId: string;
      readonly userId: number;
      readonly amount: number;
      readonly at: number;
    }
  /** Withdrawals, gifts, commissions: nobody's charge. */
  | { readonly kind: "other" }
  | { readonly kind: "unreadable" };

/**
 * Reads one row of `getStarTransactions`. A refund has the id of the payment it undoes: the direction tells them apart.
 * @see https://core.telegram.org/bots/api#startransaction
 */
export function readStarTransaction(raw: unknown): StarTransaction {
  const row = Row.safeParse(raw);
  if (!row.success) return { kind: "unreadable" };
  const { id, amount, date, source, receiver } = row.data;
  const partner = source ?? receiver;
  if (partner?.type !== "user" || partner.transaction_type !== "invoice_payment") return { kind: "other" };
  const invoice = Invoice.safeParse(partner);
  const chargeId = ChargeId.safeParse(id);
  if (!invoice.success || !chargeId.success) return { kind: "unreadable" };
  const { user, invoice_payload, subscription_period } = invoice.data;
  const common = { chargeId: chargeId.data, userId: user.id, amount, at: date * 1_000 };
  if (source === undefined) return { kind: "return", ...common };
  return {
    kind: "sale",
    ...common,
    orderId: orderIdOf(invoice_payload),
    periodMs: subscription_period === undefined ? null : subscription_period * 1_000,
  };
}
