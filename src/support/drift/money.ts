// Do our charges say what Telegram's books say? From facts to differences. Pure.
import { addressOf } from "../../../machines/address.ts";
import type { Finding } from "../answers/drift.ts";
import { isIn } from "../look.ts";
import { healing } from "./place.ts";

/** A row of Telegram's list that our actors did not agree with, and what reconciliation made of it. */
export interface RowFacts {
  readonly result: "paymentFound" | "refundFound" | "chargebackFound" | "failed";
  readonly chargeId: string;
  readonly userId: number | null;
  /** Telegram's date. Epoch ms. */
  readonly at: number;
}

const CURES = {
  paymentFound: { kind: "paidNoActor", type: "payment.received" },
  failed: { kind: "paidNoActor", type: "payment.received" },
  refundFound: { kind: "refundedStillIn", type: "refund.seen" },
  chargebackFound: { kind: "chargedBack", type: "chargeback.seen" },
} as const satisfies Record<RowFacts["result"], { readonly kind: Finding["kind"]; readonly type: string }>;

export function judgeRow({ result, chargeId, userId, at }: RowFacts): Finding {
  const { kind, type } = CURES[result];
  return {
    id: `${kind}:${chargeId}`,
    kind,
    about: { chargeId, userId, chatId: null },
    since: at,
    evidence: { from: "transaction", chargeId, at },
    // One whose actor could not take the event waits for people.
    healing: healing(addressOf.payment(chargeId), { type }, result === "failed" ? "staff" : "service"),
  };
}

export interface ChargeFacts {
  readonly chargeId: string;
  readonly userId: number;
  readonly orderId: string | null;
  /** State of the payment. */
  readonly state: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly recurring: boolean;
  readonly firstRecurring: boolean;
  /** End of what it paid for by the provider's word, epoch ms. */
  readonly expiresAt: number | null;
}

const GIVEN_BACK = ["refunding", "refunded", "chargedBack"] as const;
const isKept = ({ state }: ChargeFacts): boolean => !GIVEN_BACK.some((back) => isIn(state, back));

/**
 * Two charges for the same thing: a second one of an order that does not renew, a second purchase by a renewing link in the middle of
 * its period, or a renewal that another one has replaced and that charges all the same. Each bought its time (a charge counts once, I1),
 * so nothing is taken from anybody: whether the money goes back is for people to say, by a ticket.
 * @param others Of the same payer: charges of the same order. @param renewingOrderId The order that renews the subscription now.
 */
export function judgeDouble(
  charge: ChargeFacts,
  others: readonly ChargeFacts[],
  renewingOrderId: string | null,
): Finding | null {
  if (!isKept(charge) || charge.orderId === null) return null;
  const isReplaced =
    charge.recurring && !charge.firstRecurring && renewingOrderId !== null && renewingOrderId !== charge.orderId;
  const isSecond = others.some((other) => isKept(other) && isBefore(other, charge) && isSameTime(other, charge));
  if (!isReplaced && !isSecond) return null;
  return {
    id: `doubleCharge:${charge.chargeId}`,
    kind: "doubleCharge",
    about: { chargeId: charge.chargeId, userId: charge.userId, chatId: null },
    since: charge.receivedAt,
    evidence: {
      from: "actor",
      address: addressOf.payment(charge.chargeId),
      state: charge.state,
      seq: 0,
    },
    healing: healing(addressOf.payment(charge.chargeId), { type: "refund.requested", access: "keep" }, "staff"),
  };
}

const isBefore = (one: ChargeFacts, other: ChargeFacts): boolean =>
  one.chargeId !== other.chargeId &&
  (one.receivedAt < other.receivedAt || (one.receivedAt === other.receivedAt && one.chargeId < other.chargeId));

/** Half a period tells a renewal, which comes when the charge before ends, from a second purchase in the middle of it. */
function isSameTime(before: ChargeFacts, charge: ChargeFacts): boolean {
  if (before.orderId !== charge.orderId || before.recurring !== charge.recurring) return false;
  if (!charge.recurring) return true;
  if (before.expiresAt === null || charge.expiresAt === null) return false;
  return before.expiresAt > charge.receivedAt + (charge.expiresAt - charge.receivedAt) / 2;
}

/** A line of our books, and what Telegram's list has for it. */
export interface LineFacts {
  readonly row: string;
  readonly chargeId: string;
  readonly userId: number;
  readonly currency: string;
  readonly amountMinor: number;
  /** Epoch ms. */
  readonly at: number;
  /** Stars of Telegram's row of this charge and direction, not signed; null: it has none. */
  readonly telegram: number | null;
}

/** Other currencies are not in Telegram's list; what was paid in them cannot be compared. */
export const isCompared = ({ currency }: Pick<LineFacts, "currency">): boolean => currency === "XTR";

export function judgeLine(line: LineFacts): Finding | null {
  if (!isCompared(line) || line.telegram === Math.abs(line.amountMinor)) return null;
  const { row, chargeId, userId, amountMinor, at } = line;
  return {
    id: `notInBooks:${row}`,
    kind: "notInBooks",
    about: { chargeId, userId, chatId: null },
    since: at,
    evidence: { from: "ledger", row, amountMinor, at },
    healing: healing(addressOf.payment(chargeId), { type: "refund.requested", access: "revoke" }, "staff"),
  };
}
