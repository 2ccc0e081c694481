import { ActorAddress } from "../../machines/address.ts";
import type { EffectLane } from "../runtime/ports.ts";
import type { OutboxRelay } from "./outbox-relay.ts";
import type { PendingEffects } from "./ports.ts";

/**
 * Finds outbox entries whose job was lost (a crash between commit and dispatch) and dispatches them again. An entry that two sweeps in a
 * row have seen is old enough; where its job still exists, adding it again is a no-op.
 */
export function makeOutboxSweep(
  pending: PendingEffects,
  partitions: readonly number[],
  relay: Pick<OutboxRelay, "add">,
): () => Promise<void> {
  let before = new Set<string>();
  return async () => {
    const seen = new Set<string>();
    for (const partition of partitions) {
      for await (const { effectId, body } of pending.entries(partition)) {
        seen.add(effectId);
        if (before.has(effectId)) {
          relay.add(ActorAddress.parse(effectId.slice(0, effectId.indexOf("|"))), [{ effectId, lane: laneOf(body) }]);
        }
      }
    }
    before = seen;
  };
}

/** @param body JSON of the stored effect. */
export const laneOf = (body: string): EffectLane =>
  body.startsWith('{"kind":"effect","effect":{"kind":"tell"') ||
  body.startsWith('{"kind":"effect","effect":{"kind":"broadcast"')
    ? "actors"
    : "outside";
