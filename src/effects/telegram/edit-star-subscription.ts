import { providerChargeIdOf } from "../../../machines/payment/identity.ts";
import { AppError } from "../../errors.ts";
import type { InvocationExecutor } from "../executor.ts";
import { ask, signalOf, takeTurn } from "./calls.ts";
import type { TelegramDeps } from "./deps.ts";

/** Stops a renewal, or allows the customer to switch it on again. Twice is harmless: it sets a state, the same one. */
export const makeEditStarSubscription =
  (deps: Pick<TelegramDeps, "api" | "pacer">): InvocationExecutor<"editStarSubscription"> =>
  async ({ userId, chargeId, canceled }, run) => {
    await takeTurn(deps, "money", String(userId));
    const edited = await ask(deps, String(userId), () =>
      deps.api.editUserStarSubscription(userId, providerChargeIdOf(chargeId), canceled, signalOf(run)),
    );
    if (edited.ok || edited.refusal.kind === "alreadyDone") return { result: "done" };
    if (edited.refusal.kind === "unknownCharge") return { result: "unknownCharge" };
    throw new AppError("effect.rejected", { details: { chargeId, refusal: edited.refusal.description } });
  };
