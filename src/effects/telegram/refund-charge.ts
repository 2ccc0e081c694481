import { providerChargeIdOf } from "../../../machines/payment/identity.ts";
import { AppError } from "../../errors.ts";
import type { InvocationExecutor } from "../executor.ts";
import { ask, signalOf, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";

/**
 * Gives the Stars of one charge back, whole, after stopping the renewal it belongs to: nothing says that a refund does. Twice is
 * harmless: Telegram knows the charge, and CHARGE_ALREADY_REFUNDED counts as done, also when our own first call did it.
 */
export const makeRefundCharge =
  (deps: Pick<TelegramDeps, "api" | "pacer">): InvocationExecutor<"refundCharge"> =>
  async ({ userId, chargeId, currency, stopRenewalOf }, run) => {
    // Other money goes back at its provider: the Bot API has no call for it.
    if (currency !== "XTR")
      throw new AppError("effect.rejected", { details: { chargeId, currency, problem: "notRefundableHere" } });
    await takeTurn(deps, "money", String(userId));
    if (stopRenewalOf !== null) {
      const stopped = await ask(deps, String(userId), () =>
        deps.api.editUserStarSubscription(userId, providerChargeIdOf(stopRenewalOf), true, signalOf(run)),
      );
      // A subscription that Telegram does not know renews nothing; the refund goes on.
      if (!stopped.ok && stopped.refusal.kind !== "unknownCharge")
        throw rejected(stopRenewalOf, stopped.refusal.description);
    }
    const refunded = await ask(deps, String(userId), () =>
      deps.api.refundStarPayment(userId, providerChargeIdOf(chargeId), signalOf(run)),
    );
    if (refunded.ok) return { result: "refunded" };
    if (refunded.refusal.kind === "alreadyDone") return { result: "alreadyRefunded" };
    throw rejected(chargeId, refunded.refusal.description);
  };

const rejected = (chargeId: string, refusal: string) =>
  new AppError("effect.rejected", { details: { chargeId, refusal } });
