import { providerChargeIdOf } from "../../../machines/payment/identity.ts";
import { AppError } from "../../errors.ts";
import type { EffectExecutor } from "../executor.ts";
import { ask, signalOf, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";

/**
 * Stops the renewal of an older subscription that a new purchase replaced. Twice is harmless: it sets a state, the same one. Any refusal
 * fails for good and so reaches a person: somebody might be paying twice.
 */
export const makeStopOldRenewal =
  (deps: Pick<TelegramDeps, "api" | "pacer">): EffectExecutor<"stopOldRenewal"> =>
  async ({ userId, chargeId }, run) => {
    await takeTurn(deps, "money", String(userId));
    const stopped = await ask(deps, String(userId), () =>
      deps.api.editUserStarSubscription(userId, providerChargeIdOf(chargeId), true, signalOf(run)),
    );
    if (stopped.ok || stopped.refusal.kind === "alreadyDone") return;
    throw new AppError("effect.rejected", { details: { chargeId, refusal: stopped.refusal.description } });
  };
