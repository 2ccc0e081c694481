// After an outage: what Telegram's books say comes first, then time. A renewal that was charged while nobody listened would otherwise find
// its subscription already over, by timers that fire all at once at the start; and Telegram keeps an update for a day only.
import { addressOf } from "../../machines/address.ts";
import { isAppError } from "../errors.ts";
import type { Actors } from "../runtime/ports.ts";
import { isIn, stateOf } from "../support/look.ts";
import { makePaymentsSweep, type PaymentsProgress, type PaymentsSweepDeps } from "./payments.ts";

export interface CatchUpDeps {
  readonly actors: PaymentsSweepDeps["actors"] & Pick<Actors, "waitFor">;
  /** How the sweep looks at rows, and whom it tells. */
  readonly payments: Pick<PaymentsSweepDeps, "readRows" | "hasUpdatesWaiting" | "clock" | "everyMs" | "onRow" | "tick">;
  readonly progress: Pick<PaymentsSweepDeps["progress"], "read">;
  /** Real time, in milliseconds: the start waits no longer than its bound. */
  readonly elapsed: () => number;
  /** Waits a moment before Telegram is asked again. */
  readonly pause: () => Promise<void>;
  readonly onCaughtUp: (found: {
    readonly payments: number;
    readonly isWhole: boolean;
    readonly awayMs: number;
  }) => void;
}

/** Rounds begin every few minutes while any process works. Unit: milliseconds. */
const OUTAGE_MS = 600_000;
/** A start that Telegram does not answer goes on without it: the sweep asks again, and access has its slack. Unit: milliseconds. */
const PATIENCE_MS = 15_000;

/** A refusal for good is for the sweep to tell: nothing may keep the service from starting. */
async function isAnswered(look: () => Promise<void>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    if (isAppError(error) && error.code.startsWith("telegram.")) return false;
    throw error;
  }
}

/** @throws AppError redis.unreachable */
export const makeCatchUp = (deps: CatchUpDeps) => async (): Promise<void> => {
  const { actors, payments, elapsed } = deps;
  const stored = await deps.progress.read();
  if (stored === null) return;
  const awayMs = payments.clock.now() - stored.roundStartedAt;
  if (awayMs <= Math.max(OUTAGE_MS, 2 * payments.everyMs())) return;

  const began = elapsed();
  const hasTime = () => elapsed() - began < PATIENCE_MS;
  const found: string[] = [];
  // A place of its own: the sweep begins where it would have begun, and sees the same rows again.
  let place: PaymentsProgress = stored;
  const look = makePaymentsSweep({
    ...payments,
    actors,
    progress: {
      read: async () => place,
      write: async (next) => {
        place = next;
      },
    },
    async onRow(result, row) {
      if (result === "paymentFound" && row.chargeId !== undefined) found.push(row.chargeId);
      await payments.onRow(result, row);
    },
    watchStore: async () => ({ id: stored.store, hasChanged: false }),
    onStoreChanged: async () => {},
  });
  const isOver = () => place !== stored && place.round === null;
  while (!isOver() && hasTime()) {
    const before = place;
    if (!(await isAnswered(look))) break;
    if (place === before) await deps.pause();
  }
  // A payment that was found still has to reach its subscription.
  const isDone = (chargeId: string) =>
    actors.waitFor(addressOf.payment(chargeId), (view) => !isIn(stateOf(view), "received"), {
      timeoutMs: Math.max(1, PATIENCE_MS - (elapsed() - began)),
    });
  const settled = await Promise.all(found.map(isDone));
  deps.onCaughtUp({
    payments: found.length,
    isWhole: isOver() && settled.every(({ met }) => met),
    awayMs,
  });
};
