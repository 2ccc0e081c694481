// Ids of stream entries, `<ms>-<number>`: text that is no number, and whose order is not that of text.

/** Negative when the first is older. */
export function compareIds(first: string, second: string): number {
  const [ms = "0", number = "0"] = first.split("-");
  const [otherMs = "0", otherNumber = "0"] = second.split("-");
  return Number(ms) - Number(otherMs) || Number(number) - Number(otherNumber);
}

export const ZERO_ID = "0-0";

/** So long before an id. */
export const idBefore = (id: string, ms: number): string => `${Math.max(0, Number(id.split("-")[0]) - ms)}-0`;

/** As ioredis hands entries of the audit on. */
export function storedEntry([entryId, fields]: readonly [string, readonly string[]]) {
  const textOf = (name: string): string => {
    const at = fields.indexOf(name);
    return at < 0 ? "" : (fields[at + 1] ?? "");
  };
  return { entryId, body: textOf("d"), hash: textOf("h"), previous: textOf("p") };
}
