// An actor's history, newest first: the newest page is read again when something happens, older ones on request.
import { useState } from "preact/hooks";
import type { HistoryEntry } from "../../support/answers/actors.ts";
import { ApiError, read } from "../api.ts";
import { useResource } from "../resource.ts";
import { actorApi } from "./paths.ts";

interface Page {
  readonly entries: readonly HistoryEntry[];
}

export interface KnownHistory {
  readonly entries: readonly HistoryEntry[];
  readonly error: ApiError | null;
  readonly hasOlder: boolean;
  readonly reload: () => void;
  readonly readOlder: () => void;
}

export function useHistory(address: string): KnownHistory {
  const newest = useResource<Page>(actorApi.history(address));
  const [older, setOlder] = useState<readonly HistoryEntry[]>([]);
  const [error, setError] = useState<ApiError | null>(null);
  const recent = newest.data?.entries ?? [];
  const first = recent.at(-1)?.seq ?? 0;
  const entries = [...recent, ...older.filter(({ seq }) => seq < first)];
  const last = entries.at(-1);
  const readOlder = () => {
    if (!last) return;
    setError(null);
    read<Page>(actorApi.history(address, last.entryId)).then(
      (page) => setOlder((known) => [...known, ...page.entries]),
      (problem: unknown) => {
        if (problem instanceof ApiError) setError(problem);
      },
    );
  };
  return {
    entries,
    error: newest.error ?? error,
    hasOlder: (last?.seq ?? 1) > 1,
    reload: newest.reload,
    readOlder,
  };
}
