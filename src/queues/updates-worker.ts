import type { Job } from "bullmq";
import { z } from "zod";
import type { Clock } from "../runtime/ports.ts";
import type { Inbox } from "./ports.ts";
import { ComeBack, type QueueSet, UNTIL_DONE } from "./queue-set.ts";

/** An answer that did not come through, and when it is tried again. */
const OwedAnswer = z.object({
  updateId: z.int(),
  /** How often it was tried. */
  tries: z.int().positive(),
  /** How long it has been waited for. Unit: milliseconds. */
  waitedMs: z.number().nonnegative(),
  /** How long before the next try. Unit: milliseconds. */
  leftMs: z.number().nonnegative(),
});
type OwedAnswer = z.infer<typeof OwedAnswer>;
const PersonJob = z.object({ person: z.string().min(1), owed: OwedAnswer.optional() });
const Received = z.looseObject({ update_id: z.int() });

/** The shape of a fault after which only the answer to the person is missing: all that the update changes has happened. */
const AnswerFault = z.object({ isOnlyAnswerLeft: z.literal(true), waitMs: z.number().positive().nullable() });

/** An update that waits longer than this had its wake-up lost. Unit: milliseconds. */
const LOST_AFTER_MS = 5_000;
const MAX_WAIT_MS = 30_000;
const MAX_PENDING_PER_PARTITION = 100;

/** An owed answer looks this often whether a later update has come: a payment may wait behind it for so long. Unit: milliseconds. */
const LOOK_BEHIND_MS = 2_000;
/** After this the person has asked again or gone away. Unit: milliseconds. */
const ANSWER_WITHIN_MS = 120_000;
const ANSWER_TRIES = 8;

/** Why an owed answer was given up: a later update came, whose screen is the newer one; or it could not be given in time. */
export type DroppedAnswer = "overtaken" | "late";

export interface UpdatesDeps {
  readonly queues: QueueSet;
  readonly inbox: Inbox;
  readonly clock: Clock;
  /** Spreads persons over shards. */
  readonly numberOf: (person: string) => number;
  /**
   * Handles one update; throws only for passing faults. Then it is repeated, and the person's later updates wait: their events must not
   * overtake its own. A fault of the shape `{ isOnlyAnswerLeft: true, waitMs }` says that its events were sent. Then it is repeated as
   * well, a few times, no sooner than `waitMs` (null: our own pace), but later updates do not wait: the answer is given up for them.
   */
  readonly handle: (update: unknown) => Promise<void>;
  readonly onAnswerDropped?: (why: DroppedAnswer) => void;
  readonly concurrency: number;
  readonly onError: (where: string, error: Error) => void;
  /** For tests that kill the process between two lines; does nothing otherwise. */
  readonly crashPoint?: (name: "before-receive" | "after-receive" | "before-finish" | "after-finish") => void;
}

const ownPaceMs = (tries: number): number => Math.min(MAX_WAIT_MS, 250 * 2 ** Math.min(tries, 10));

/** Takes updates in and hands them on, one at a time and in order per person, over all processes. */
export class Updates {
  readonly #deps: UpdatesDeps;
  /** Whom the sweep before this one saw waiting, and since when. Epoch ms. */
  #seen = new Map<string, number>();

  constructor(deps: UpdatesDeps) {
    this.#deps = deps;
  }

  /**
   * Makes an update durable. When this returns, it may be acknowledged to Telegram.
   * @returns false for an update that was received before.
   * @throws AppError redis.unreachable: not received, Telegram must repeat it; redis.refused: so long as the person's inbox is broken.
   */
  async receive(person: string, update: { readonly update_id: number }): Promise<boolean> {
    const { inbox, clock, crashPoint } = this.#deps;
    crashPoint?.("before-receive");
    const isNew = await inbox.receive(person, update.update_id, JSON.stringify(update), clock.now());
    crashPoint?.("after-receive");
    // Not waited for: a client of BullMQ waits for Redis as long as it takes, and the sweep finds whoever was not woken.
    if (isNew) this.#wake(person).catch((error: Error) => this.#deps.onError("updates", error));
    return isNew;
  }

  start(): void {
    const process = async (job: Job): Promise<void> => {
      const { person, owed } = PersonJob.parse(job.data);
      const { inbox, crashPoint } = this.#deps;
      for (;;) {
        const body = await inbox.oldest(person);
        if (body === null) return;
        const update = Received.parse(JSON.parse(body));
        const stillOwed = await this.#attend(person, update, owed?.updateId === update.update_id ? owed : null);
        if (stillOwed !== null) {
          const inMs = Math.min(stillOwed.leftMs, LOOK_BEHIND_MS);
          await job.updateData({ person, owed: { ...stillOwed, leftMs: stillOwed.leftMs - inMs } });
          throw new ComeBack(inMs);
        }
        crashPoint?.("before-finish");
        const left = await inbox.finish(person, body);
        crashPoint?.("after-finish");
        // Somebody else is at this person's updates (this job was taken for dead): two would break the order.
        if (left === -1) return;
      }
    };
    this.#deps.queues.work("updates", process, { concurrency: this.#deps.concurrency, waitMs: ownPaceMs });
  }

  /**
   * Handles a person's oldest update as far as that is possible now.
   * @returns the answer that is still owed for it; null when the update is over.
   */
  async #attend(person: string, update: z.infer<typeof Received>, owed: OwedAnswer | null): Promise<OwedAnswer | null> {
    const { inbox, handle, onAnswerDropped } = this.#deps;
    const isFollowed = async () => (await inbox.count(person)) > 1;
    const drop = (why: DroppedAnswer): null => {
      onAnswerDropped?.(why);
      return null;
    };
    if (owed !== null) {
      if (await isFollowed()) return drop("overtaken");
      if (owed.leftMs > 0) return owed;
    }
    try {
      await handle(update);
      return null;
    } catch (error) {
      const fault = AnswerFault.safeParse(error);
      if (!fault.success) throw error;
      const tries = (owed?.tries ?? 0) + 1;
      const leftMs = fault.data.waitMs ?? ownPaceMs(tries);
      const waitedMs = (owed?.waitedMs ?? 0) + leftMs;
      if (tries >= ANSWER_TRIES || waitedMs > ANSWER_WITHIN_MS) return drop("late");
      if (await isFollowed()) return drop("overtaken");
      return { updateId: update.update_id, tries, waitedMs, leftMs };
    }
  }

  /** Wakes persons whose updates have been waiting too long. */
  async sweep(): Promise<void> {
    const { inbox, clock } = this.#deps;
    const before = this.#seen;
    this.#seen = new Map();
    for (const { person, since } of await inbox.pending(MAX_PENDING_PER_PARTITION)) {
      this.#seen.set(person, since);
      // A clock that stands says nothing of how long: whoever was there at the sweep before has waited as well.
      if (clock.now() - since >= LOST_AFTER_MS || before.get(person) === since) await this.#wake(person);
    }
  }

  /** One job per person at a time; one that is added while it runs comes after it, so no update is overlooked. */
  async #wake(person: string): Promise<void> {
    const opts = { ...UNTIL_DONE, deduplication: { id: person, keepLastIfActive: true } };
    await this.#deps.queues.queue("updates", this.#deps.numberOf(person)).add("person", { person }, opts);
  }
}
