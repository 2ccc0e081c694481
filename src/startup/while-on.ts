// The sandbox collects data only for a visitor who came to see that: a day of it costs the clock a dozen stops, and the story of a
// subscription walks forty days in a minute.
import type { ClockParticipant } from "../queues/advance-clock.ts";

export interface Switch {
  isOn: boolean;
}

export const sweepWhileOn = (what: Switch, sweep: () => Promise<void>) => async (): Promise<void> => {
  if (what.isOn) await sweep();
};

/** Where it is off nothing is ever due. */
export const participantWhileOn = (what: Switch, participant: ClockParticipant): ClockParticipant => ({
  nextDueAt: () => (what.isOn ? participant.nextDueAt() : null),
  async runDue(now) {
    if (what.isOn) await participant.runDue(now);
  },
  async settled() {
    if (what.isOn) await participant.settled();
  },
});
