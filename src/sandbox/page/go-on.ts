// The clock stands; yet work that is under way after a deed must come to its end for somebody who never touches a clock. So it goes on by
// itself, over short waits of such work only, and the page says how far.
import type { ClockDriver } from "../../queues/advance-clock.ts";
import { type Facts, nextTimer } from "./facts.ts";
import type { Visit } from "./visit.ts";
import type { SandboxWorld } from "./world.ts";

/** Timers of work under way: looks at a running collection and for its rows. Ends and reminders are the visitor's to bring about. */
const WAITS: ReadonlySet<string> = new Set(["jobPollDelay", "dataLookDelay"]);
/** How far the clock goes on after one deed. Unit: milliseconds. */
export const GO_ON_MS = 120_000;

interface Wait {
  /** Epoch ms. */
  readonly dueAt: number;
  /** Whose, and what it is called. */
  readonly what: string;
}

export class GoOn {
  readonly #world: SandboxWorld;
  readonly #facts: Facts;

  constructor(world: SandboxWorld, facts: Facts) {
    this.#world = world;
    this.#facts = facts;
  }

  /** The wait that work of this visitor is in; null: nothing waits, or something else happens sooner, or it takes too long. */
  async wait(visit: Visit, clock: ClockDriver): Promise<Wait | null> {
    const { product, now } = this.#world;
    const latest = now() + GO_ON_MS - visit.wentOn.ms;
    const first = nextTimer(await this.#facts.of(visit.person.id));
    if (first && WAITS.has(first.name) && first.dueAt <= latest)
      return { dueAt: first.dueAt, what: `${first.machine} ${first.name}` };
    // Somebody else's collection keeps the backend busy: what is tried again would find it so for ever.
    const dueAt = product.nextDueAt();
    if (dueAt === null || dueAt > latest || (first && first.dueAt < dueAt)) return null;
    return (await clock.underWay()).waiting > 0 ? { dueAt, what: "backend collection" } : null;
  }

  /** Moves the clock through them, one by one. */
  async run(visit: Visit, clock: ClockDriver): Promise<void> {
    for (let wait = await this.wait(visit, clock); wait !== null; wait = await this.wait(visit, clock)) {
      const before = this.#world.now();
      await clock.advance(Math.max(0, wait.dueAt - before));
      const { ms, waits } = visit.wentOn;
      visit.wentOn = { ms: ms + this.#world.now() - before, waits: [...new Set([...waits, wait.what])] };
      // One that fired and stands where it was would be fired for ever.
      if (visit.wentOn.ms === ms) return;
    }
  }
}
