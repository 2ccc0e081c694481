/** Runs `work` while holding the lock file; waits for whoever holds it. A holder that died is replaced. */
export function withLock<T>(
  lockFile: string,
  work: () => Promise<T>,
  options?: { readonly onWait?: (holderPid: number) => void; readonly timeoutMs?: number },
): Promise<T>;
