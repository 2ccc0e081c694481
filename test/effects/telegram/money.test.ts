import { describe, expect, it } from "vitest";
import { makeEditStarSubscription } from "../../../src/effects/telegram/edit-star-subscription.ts";
import { makeRefundCharge } from "../../../src/effects/telegram/refund-charge.ts";
import { makeStopOldRenewal } from "../../../src/effects/telegram/stop-old-renewal.ts";
import { answerCheckouts } from "../../sandbox/telegram/support.ts";
import { codeOf, run, startAccess } from "./support.ts";

/** Ann with one paid, renewing subscription. */
async function paid() {
  const access = await startAccess();
  const { emulator, ann, bot } = access;
  await access.ok("setWebhook", { url: bot.url, allowed_updates: ["message", "pre_checkout_query"] });
  answerCheckouts(access);
  ann.start();
  ann.topUp(1_000);
  const link = await access.deps.api.createInvoiceLink(
    "Club",
    "One month",
    "order-1",
    "",
    "XTR",
    [{ label: "Month", amount: 500 }],
    {
      subscription_period: 2_592_000,
    },
  );
  const outcome = await ann.payInvoice(link);
  const chargeId = (outcome as { chargeId?: string }).chargeId ?? ann.subscriptions()[0]?.firstChargeId;
  if (chargeId === undefined) return expect.fail(`not paid: ${JSON.stringify(outcome)}`);
  const renewal = () => ann.subscriptions()[0];
  return { ...access, chargeId, renewal, emulator };
}

describe("refunding a charge", () => {
  const input = (userId: number, chargeId: string, stopRenewalOf: string | null = chargeId) => ({
    userId,
    chargeId,
    currency: "XTR",
    stopRenewalOf,
  });

  it("calls the charge what Telegram calls it, whatever our keys made of that", async () => {
    const { deps, ann, emulator } = await paid();
    await makeRefundCharge(deps)(input(ann.id, "odd%7C%25"), run()).catch(() => {});
    await makeEditStarSubscription(deps)({ userId: ann.id, chargeId: "odd%7C%25", canceled: true }, run());
    await makeStopOldRenewal(deps)(
      { kind: "stopOldRenewal", userId: ann.id, chargeId: "odd%7C%25" } as never,
      run(),
    ).catch(() => {});
    const named = emulator.calls().flatMap(({ params }) => {
      const { telegram_payment_charge_id: id } = params as { telegram_payment_charge_id?: string };
      return id === undefined ? [] : [id];
    });
    expect(named).toEqual(["odd|%", "odd|%", "odd|%", "odd|%"]);
  });

  it("gives the Stars back, after stopping the renewal", async () => {
    const { deps, ann, chargeId, calls } = await paid();
    calls();
    expect(await makeRefundCharge(deps)(input(ann.id, chargeId), run())).toEqual({ result: "refunded" });
    expect(ann.stars).toBe(1_000);
    expect(calls()).toEqual(["editUserStarSubscription", "refundStarPayment"]);
  });

  it("leaves the renewal alone when that was not asked for", async () => {
    const { deps, ann, chargeId, calls } = await paid();
    calls();
    await makeRefundCharge(deps)(input(ann.id, chargeId, null), run());
    expect(calls()).toEqual(["refundStarPayment"]);
  });

  it("counts CHARGE_ALREADY_REFUNDED as done: the first answer may have been lost", async () => {
    const { deps, ann, chargeId, emulator } = await paid();
    emulator.faults.onCall({ method: "refundStarPayment", times: 1, fault: { kind: "reset", when: "after" } });
    expect(await codeOf(makeRefundCharge(deps)(input(ann.id, chargeId), run()))).toBe("effect.unavailable");
    expect(await makeRefundCharge(deps)(input(ann.id, chargeId), run(2))).toEqual({ result: "alreadyRefunded" });
    expect(ann.stars).toBe(1_000);
  });

  it("goes on when Telegram knows no renewal", async () => {
    const { deps, ann, chargeId } = await paid();
    expect(await makeRefundCharge(deps)(input(ann.id, chargeId, "stxUnknown"), run())).toEqual({ result: "refunded" });
  });

  it("fails for good on a charge that is nobody's, and on other money", async () => {
    const { deps, ann, chargeId } = await paid();
    expect(await codeOf(makeRefundCharge(deps)(input(ann.id, "stxUnknown", null), run()))).toBe("effect.rejected");
    expect(await codeOf(makeRefundCharge(deps)({ ...input(ann.id, chargeId), currency: "EUR" }, run()))).toBe(
      "effect.rejected",
    );
    expect(ann.stars).toBe(500);
  });
});

describe("stopping a renewal", () => {
  const edit = (userId: number, chargeId: string, canceled: boolean) => ({ userId, chargeId, canceled });

  it("sets the state that was asked for, as often as it is asked", async () => {
    const { deps, ann, chargeId, renewal } = await paid();
    const execute = makeEditStarSubscription(deps);
    expect(await execute(edit(ann.id, chargeId, true), run())).toEqual({ result: "done" });
    const stopped = { ...renewal() };
    expect(await execute(edit(ann.id, chargeId, true), run(2))).toEqual({ result: "done" });
    expect(renewal()).toEqual(stopped);
    expect(await execute(edit(ann.id, chargeId, false), run())).toEqual({ result: "done" });
    expect(renewal()).not.toEqual(stopped);
  });

  it("says when Telegram does not know the charge", async () => {
    const { deps, ann } = await paid();
    expect(await makeEditStarSubscription(deps)(edit(ann.id, "stxUnknown", true), run())).toEqual({
      result: "unknownCharge",
    });
  });

  it("of an older subscription fails for good rather than let somebody pay twice unseen", async () => {
    const { deps, ann, chargeId, renewal } = await paid();
    const before = { ...renewal() };
    const stop = (id: string) =>
      makeStopOldRenewal(deps)({ kind: "stopOldRenewal", userId: ann.id, chargeId: id }, run());
    expect(await codeOf(stop("stxUnknown"))).toBe("effect.rejected");
    expect(renewal()).toEqual(before);
    await stop(chargeId);
    expect(renewal()).not.toEqual(before);
  });
});
