// Pages that follow what happens: one reading for many entries.
import { useEffect, useMemo } from "preact/hooks";
import { type LiveState, useLive } from "./live.ts";
import { throttled } from "./throttled.ts";

/** A burst of entries is one step of the service, seen once. Unit: milliseconds. */
const EVERY_MS = 1_500;

/** @param query as `useLive` takes it; null: nothing is followed */
export function useLiveReload(query: string | null, reload: () => void): LiveState {
  const reading = useMemo(() => throttled(reload, EVERY_MS), [reload]);
  useEffect(() => reading.stop, [reading]);
  return useLive(query, reading.call, reading.call);
}
