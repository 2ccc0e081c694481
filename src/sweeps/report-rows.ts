// How the comparison with Telegram's books shows: a count of every row, a line for every difference.
import type { Drift } from "../support/answers/drift.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { PaymentsSweepDeps, RowResult } from "./payments.ts";

/** Results that people should read about. */
const TELLING: Readonly<Partial<Record<RowResult, string>>> = {
  paymentFound: "a payment whose update never came was found in Telegram's books",
  refundFound: "a refund whose update never came was found in Telegram's books",
  chargebackFound: "a charge was taken back without a refund of ours",
  unreadable: "a row of Telegram's books has a form we do not know",
  failed: "a row of Telegram's books could not be taken; its payment needs a look",
};

export const reportRows =
  (metrics: Pick<Metrics, "starTransactions">, logger: Pick<Logger, "warn">): PaymentsSweepDeps["onRow"] =>
  (result, { chargeId, at, error }) => {
    metrics.starTransactions.inc({ result });
    const message = TELLING[result];
    if (message === undefined) return;
    logger.warn({ event: "books.difference", result, chargeId, at, ...(error ? { err: error } : {}) }, message);
  };

/** The same for differences of all kinds. Ids only: whom they are about the book says. */
export const reportDrift = (
  metrics: Pick<Metrics, "driftFound" | "driftHealed">,
  logger: Pick<Logger, "warn" | "info">,
) => ({
  onFound({ id, kind, state }: Drift): void {
    metrics.driftFound.inc({ kind });
    logger.warn({ event: "drift.found", driftId: id, kind, state }, "reconciliation found a difference");
  },
  onHealed({ id, kind }: Drift): void {
    metrics.driftHealed.inc({ kind });
    logger.info({ event: "drift.healed", driftId: id, kind }, "a difference is gone");
  },
});
