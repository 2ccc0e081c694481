import { setTimeout as pause } from "node:timers/promises";
import { type Job, Worker } from "bullmq";

/** Unit: milliseconds. */
export const REFUSED_PAUSE_MS = 1_000;

/**
 * BullMQ asks again at once when Redis answers with an error, such as a full Redis gives to every write: thousands of errors a second, and a
 * processor core, until somebody makes room. This one pauses first. A Redis that cannot be reached is BullMQ's own pause.
 */
export class PatientWorker extends Worker {
  /** Unit: milliseconds. */
  refusedPauseMs = REFUSED_PAUSE_MS;

  protected override async moveToActive(token: string, name?: string): Promise<Job> {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      if (!this.closing) await pause(this.refusedPauseMs);
      throw error;
    }
  }
}
