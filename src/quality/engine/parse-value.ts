// The value of a cell, as sides write it (contract 2.4).

const SPACES = /[ \t\u00a0\u202f]/g;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const NOTHING: readonly string[] = ["", "-", "—"];

/** @returns null: missing; undefined: there is something, but it is no number. */
export function parseValue(raw: unknown): number | null | undefined {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === "number") return finite(raw);
  if (typeof raw !== "string") return undefined;
  const text = raw.replace(SPACES, "");
  if (NOTHING.includes(text)) return null;
  const comma = text.indexOf(",");
  const isDecimalComma = comma >= 0 && comma === text.lastIndexOf(",") && !text.includes(".");
  const plain = isDecimalComma ? text.replace(",", ".") : text;
  return NUMBER.test(plain) ? finite(Number(plain)) : undefined;
}

/** `-0` becomes `0`. */
const finite = (value: number): number | undefined => (Number.isFinite(value) ? value + 0 : undefined);

const LARGEST_NM_ID = 2 ** 53;

/** @returns null: the row is invalid (2.2). */
export function parseNmId(raw: unknown): number | null {
  const value = parseValue(raw);
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= LARGEST_NM_ID ? value : null;
}
