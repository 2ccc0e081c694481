// What has just happened, as the service tells it: server-sent events, resumed where they broke off.
import { useEffect, useRef, useState } from "preact/hooks";
import type { LiveEntry } from "../support/answers/operations.ts";

export type LiveState = "connecting" | "live" | "away";

/**
 * @param query which entries, such as `address=subscription%2F1:wb`; null: none
 * @param onEntry called for each entry, newest last; at least once each after a break
 * @param onReset called when too much happened during a break: what is shown has to be read anew
 */
export function useLive(query: string | null, onEntry: (entry: LiveEntry) => void, onReset: () => void): LiveState {
  const [state, setState] = useState<LiveState>("connecting");
  const latest = useRef({ onEntry, onReset });
  latest.current = { onEntry, onReset };
  useEffect(() => {
    if (query === null) return;
    const source = new EventSource(`/api/v1/live${query === "" ? "" : `?${query}`}`);
    source.addEventListener("open", () => setState("live"));
    source.addEventListener("error", () => setState("away"));
    source.addEventListener("entry", (message) => latest.current.onEntry(JSON.parse(message.data) as LiveEntry));
    source.addEventListener("reset", () => latest.current.onReset());
    return () => source.close();
  }, [query]);
  return state;
}
