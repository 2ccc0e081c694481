// The daily decision beside a clock that is moved by hand: each frozen day is judged at its time, however far the clock goes at once.
import { addDays } from "../../machines/dataset/days.ts";
import type { Day } from "../../machines/dataset/gate.ts";
import { judgedFrom, lastFrozen } from "../quality/daily/due-days.ts";
import type { ClockParticipant } from "../queues/advance-clock.ts";

export interface DailyParticipantDeps {
  /** One call of the daily evaluation. */
  readonly sweep: () => Promise<void>;
  /** The last day on which every scope was judged; null: none since the start. */
  readonly judgedTo: () => Day | null;
  /** Epoch ms. */
  readonly now: () => number;
  readonly freezeMs: () => number;
}

/** A slice that is not there yet is looked for so often. Unit: milliseconds. */
const LOOK_AGAIN_MS = 10 * 60_000;
/** Calls in a row of an evaluation that takes several turns. */
const MOST_TURNS = 20;

export function dailyParticipant({ sweep, judgedTo, now, freezeMs }: DailyParticipantDeps): ClockParticipant {
  let lookedAt: number | null = null;

  const isDone = () => judgedTo() === lastFrozen(now(), freezeMs());
  async function settle(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS && !isDone(); turn += 1) {
      const before = lookedAt;
      lookedAt = now();
      await sweep();
      // A second look at the same moment finds what the first one found.
      if (before === lookedAt) break;
    }
  }

  return {
    nextDueAt() {
      const judged = judgedTo();
      if (judged !== null && isDone()) return judgedFrom(addDays(judged, 1), freezeMs());
      return lookedAt === null ? now() : lookedAt + LOOK_AGAIN_MS;
    },
    runDue: settle,
    settled: settle,
  };
}
