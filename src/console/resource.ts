// Data of a page: read when its address changes, read again on request, the old kept on screen meanwhile.
import { useCallback, useEffect, useState } from "preact/hooks";
import { type ApiError, read } from "./api.ts";

export interface Resource<T> {
  /** Null until the first answer; after a failure the last good one. */
  readonly data: T | null;
  readonly error: ApiError | null;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * @param path null: nothing is read yet
 * @param keep whether what another path answered stays until this one has answered: for pages that move along one thing
 */
export function useResource<T>(path: string | null, { keep = false } = {}): Resource<T> {
  const [state, setState] = useState<{ path: string | null; data: T | null; error: ApiError | null; loading: boolean }>(
    {
      path: null,
      data: null,
      error: null,
      loading: true,
    },
  );
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    setState((known) => ({
      path,
      data: keep || known.path === path ? known.data : null,
      error: null,
      loading: true,
    }));
    read<T>(path, abort.signal).then(
      (data) => setState({ path, data, error: null, loading: false }),
      (error: ApiError) => {
        if (!abort.signal.aborted) setState((known) => ({ ...known, error, loading: false }));
      },
    );
    return () => abort.abort();
  }, [path, round, keep]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { data: keep || state.path === path ? state.data : null, error: state.error, loading: state.loading, reload };
}
