// What happens to an update that nobody could handle: kept, counted, and where it is about money, told to people.
import { addressOf, UserId } from "../../machines/address.ts";
import { ticketIdOf } from "../../machines/tell.ts";
import type { UpdateQuarantine } from "../bot/ports.ts";
import { isAppError } from "../errors.ts";
import type { Actors } from "../runtime/ports.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";

export interface SetAsideParts {
  readonly kept: Pick<UpdateQuarantine, "add">;
  readonly actors: Pick<Actors, "send">;
  readonly metrics: Pick<Metrics, "updatesSetAside" | "moneySetAside" | "backgroundErrors">;
  readonly logger: Pick<Logger, "error">;
}

/**
 * Reconciliation finds a payment in Stars without its update; what was paid in another currency nobody finds but people. The ticket has
 * its name from the update: coming again, it is the same conversation.
 */
export const makeSetAside = ({ kept, actors, metrics, logger }: SetAsideParts): Pick<UpdateQuarantine, "add"> => ({
  async add(update) {
    await kept.add(update);
    const { updateId, kind, problem, fields, money, userId, at } = update;
    metrics.updatesSetAside.inc({ kind, problem });
    logger.error(
      { event: "update.setAside", updateId, kind, problem, fields },
      "an update could not be handled and is kept",
    );
    const parts = Object.keys(money);
    if (parts.length === 0) return;
    metrics.moneySetAside.inc();
    const name = `setAside:${updateId ?? "unnumbered"}`;
    try {
      await actors.send(
        addressOf.ticket(ticketIdOf("payment", name)),
        {
          type: "ticket.opened",
          userId: UserId.safeParse(userId).data ?? null,
          subject: "payment",
          about: null,
          detail: `setAside ${parts.join(" ")}`,
          messageRef: null,
        },
        { cause: { kind: "system", id: name }, key: `${name} ${at}` },
      );
    } catch (error) {
      // Redis away: the update comes again. A ticket that cannot take it hides nothing: the update is kept, counted and told to the log.
      if (!isAppError(error) || error.retry) throw error;
      metrics.backgroundErrors.inc({ where: "setAside" });
    }
  },
});
