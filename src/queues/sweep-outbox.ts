import { ActorAddress } from "../../machines/address.ts";
import { laneOf } from "../runtime/delivery.ts";
import type { EffectLane } from "../runtime/ports.ts";
import type { OutboxRelay } from "./outbox-relay.ts";
import type { PendingEffects } from "./ports.ts";

/** A job may get lost later as well, though hardly ever: an entry that stays is dispatched again every so many sweeps. */
const AGAIN_EVERY = 6;

/** What one process knows of an entry: how many sweeps in a row have seen it before, and since when. `since`: ms of any clock. */
interface Seen {
  sweeps: number;
  readonly since: number;
}

export interface OutboxWatch {
  /** Milliseconds of any clock that only goes on. */
  readonly now?: () => number;
  /** For how long the oldest entry that is still there has been seen. Unit: milliseconds. */
  readonly onSwept?: (oldestMs: number) => void;
}

/**
 * Finds outbox entries whose job was lost (a crash between commit and dispatch) and dispatches them again. An entry that two sweeps in a
 * row have seen is old enough; where its job still exists, adding it again is a no-op. Not a free one: twenty thousand effects that wait for
 * their turn at Telegram, added at every sweep, would keep Redis busy for half of the time.
 */
export function makeOutboxSweep(
  pending: PendingEffects,
  partitions: readonly number[],
  relay: Pick<OutboxRelay, "add">,
  onError: (where: string, error: Error) => void,
  { now = () => 0, onSwept = () => {} }: OutboxWatch = {},
): () => Promise<void> {
  let before = new Map<string, Seen>();
  return async () => {
    const seen = new Map<string, Seen>();
    let oldest = now();
    const strange: string[] = [];
    for (const partition of partitions) {
      for await (const { effectId, body } of pending.entries(partition)) {
        const known = before.get(effectId);
        const entry = known ?? { sweeps: -1, since: now() };
        entry.sweeps += 1;
        seen.set(effectId, entry);
        oldest = Math.min(oldest, entry.since);
        if (entry.sweeps % AGAIN_EVERY !== 1) continue;
        const source = ActorAddress.safeParse(effectId.slice(0, effectId.indexOf("|")));
        if (source.success) relay.add(source.data, [{ effectId, lane: laneOfBody(body) }]);
        else strange.push(effectId);
      }
    }
    before = seen;
    onSwept(Math.max(0, now() - oldest));
    // After a step back to an older build: what a machine asked for that only the newer one has, waits for that one.
    if (strange.length > 0)
      onError("outbox", new Error(`${strange.length} effects are of no known machine, the first: ${strange[0]}`));
  };
}

/** @param body JSON of the stored effect. One that cannot be read ends like those that leave the service: it is given up. */
export function laneOfBody(body: string): EffectLane {
  try {
    return laneOf(JSON.parse(body));
  } catch {
    return "outside";
  }
}
