// Is the store the one that it was? A restored backup, a failover or a cut file is an older state of ours, while Telegram's books went on.

export interface StoreIdentity {
  /** `id`: of the server's process, null where it is not told. `beat`: one more than at the last reading, by whichever process. */
  read(): Promise<{ readonly id: string | null; readonly beat: number }>;
}

/**
 * @returns whether the store is another or an older one than the one that was compared with Telegram last, and its id.
 * A restart of the server looks the same as a restored one: then a round over everything is only work.
 */
export function makeStoreWatch(identity: StoreIdentity) {
  let highest = 0;
  return async (comparedWith: string | null): Promise<{ readonly id: string | null; readonly hasChanged: boolean }> => {
    const { id, beat } = await identity.read();
    const wentBack = beat <= highest;
    highest = wentBack ? beat : Math.max(highest, beat);
    return { id: id ?? comparedWith, hasChanged: wentBack || (id !== null && id !== comparedWith) };
  };
}
