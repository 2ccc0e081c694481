// /paysupport: a person's payments, and asking for the money of one back. What follows is decided by the terms that were bought.
import { addressOf } from "../../../machines/address.ts";
import { byUpdate } from "../context.ts";
import type { Desk } from "../desk.ts";
import { chargeMark, isRefundable, paySupportScreen, refundAskedScreen, refundConfirmScreen } from "../screens/info.ts";
import type { Screen } from "../screens/screen.ts";
import { type PaymentView, readPayments } from "../view.ts";

export async function drawPaySupport(desk: Desk, userId: number): Promise<Screen> {
  const { reader } = await desk.visit(userId);
  return paySupportScreen(await readPayments(desk.deps.actors, userId, 5), reader);
}

/** Among the person's own payments only: a mark of somebody else's charge finds nothing. */
async function findPayment(desk: Desk, userId: number, mark: string): Promise<PaymentView | undefined> {
  const payments = await readPayments(desk.deps.actors, userId, 100);
  return payments.find((payment) => chargeMark(payment.chargeId) === mark && isRefundable(payment));
}

export async function askRefund(desk: Desk, userId: number, mark: string): Promise<Screen> {
  const payment = await findPayment(desk, userId, mark);
  if (payment === undefined) return drawPaySupport(desk, userId);
  const { reader } = await desk.visit(userId);
  return refundConfirmScreen(payment, reader);
}

export async function claimRefund(desk: Desk, userId: number, mark: string, updateId: number): Promise<Screen> {
  const payment = await findPayment(desk, userId, mark);
  if (payment === undefined) return drawPaySupport(desk, userId);
  const { reader } = await desk.visit(userId);
  await desk.deps.actors.send(addressOf.payment(payment.chargeId), { type: "refund.claimed" }, byUpdate(updateId));
  return refundAskedScreen(reader);
}
