import type { Clock } from "../runtime/ports.ts";
import type { ClockWorker } from "./clock-worker.ts";
import type { Inbox, PendingEffects, TimerSource } from "./ports.ts";

/** Something besides the actors that lives by the same clock, such as the sandbox's Telegram. */
export interface ClockParticipant {
  /** Epoch ms; null: nothing is due ever. */
  nextDueAt(): number | null;
  /** Does what is due at this time. */
  runDue(now: number): Promise<void>;
  /** Resolves when nothing is on its way between it and the service. */
  settled(): Promise<void>;
}

export interface AdvanceDeps {
  readonly clock: Clock & { moveTo(time: number): Promise<void> };
  readonly timers: TimerSource;
  readonly worker: Pick<ClockWorker, "drain">;
  readonly pending: PendingEffects;
  readonly inbox: Inbox;
  /** Jobs that wait for their next attempt: they do not hold the clock up. */
  readonly waitingForRetry: () => Promise<number>;
  readonly participants: readonly ClockParticipant[];
}

const LOOK_AGAIN_MS = 5;
const QUIET_LOOKS = 3;

export interface ClockDriver {
  /** Moves the clock forward; what is due on the way happens in order, and what follows from it settles in between. @returns now, epoch ms. */
  advance(ms: number): Promise<number>;
  /** Resolves when no effect and no update is under way. @throws when that takes longer than the limit. */
  settled(limitMs?: number): Promise<void>;
  /** How many effects and updates are on their way, and how many effects wait for their next attempt, in real time. */
  underWay(): Promise<{ readonly running: number; readonly waiting: number }>;
  /** The next moment at which something happens, epoch ms. */
  nextDueAt(): Promise<number | null>;
}

export function makeClockDriver(deps: AdvanceDeps): ClockDriver {
  const { clock, timers, worker, pending, inbox, participants } = deps;

  const underWay = async () => {
    const effects = (await Promise.all(timers.partitions.map((partition) => pending.count(partition)))).reduce(
      (sum, count) => sum + count,
      0,
    );
    const updates = (await inbox.pending(1)).length;
    const waiting = await deps.waitingForRetry();
    return { running: Math.max(0, effects - waiting) + updates, waiting };
  };

  const settled = async (limitMs = 20_000): Promise<void> => {
    const deadline = performance.now() + limitMs;
    for (let quiet = 0; quiet < QUIET_LOOKS; ) {
      await Promise.all(participants.map((participant) => participant.settled()));
      quiet = (await underWay()).running === 0 ? quiet + 1 : 0;
      if (performance.now() > deadline) throw new Error(`effects or updates are still under way after ${limitMs} ms`);
      if (quiet < QUIET_LOOKS) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  };

  const nextTimer = async (): Promise<number | null> =>
    earliest(await Promise.all(timers.partitions.map((partition) => timers.next(partition))));
  const nextDueAt = async (): Promise<number | null> =>
    earliest([await nextTimer(), ...participants.map((participant) => participant.nextDueAt())]);

  // One at a time: two callers that both move the clock would fire each other's timers out of order.
  let turn: Promise<unknown> = Promise.resolve();
  const advance = async (ms: number): Promise<number> => {
    const target = clock.now() + ms;
    await settled();
    for (;;) {
      const due = await nextDueAt();
      if (due === null || due > target) break;
      await clock.moveTo(due);
      for (const participant of participants) {
        const own = participant.nextDueAt();
        if (own !== null && own <= clock.now()) await participant.runDue(clock.now());
      }
      await Promise.all(timers.partitions.map((partition) => worker.drain(partition)));
      await settled();
    }
    await clock.moveTo(target);
    return clock.now();
  };

  return {
    settled,
    underWay,
    nextDueAt,
    advance(ms) {
      const next = turn.then(() => advance(ms));
      turn = next.catch(() => {});
      return next;
    },
  };
}

const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce<number | null>(
    (first, time) => (time !== null && (first === null || time < first) ? time : first),
    null,
  );
