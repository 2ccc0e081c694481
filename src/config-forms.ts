// Forms that several variables of the environment have; each says what it expects, never what it was given.
import { isIP } from "node:net";
import { z } from "zod";

export function httpUrl() {
  return z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      "expected a URL that begins with https:// or http://",
    )
    .refine((text) => !URL.canParse(text) || new URL(text).username === "", "expected no user name or password in it");
}

/** A URL that paths are appended to. */
export function httpRoot() {
  return httpUrl().refine((text) => !/[/?#]$/.test(text), "expected no slash at the end");
}

export function wholeNumber(min: number, max: number, what: string) {
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, `expected ${what}`)
    .transform(Number);
}

export function listOf<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .transform((text) => text.split(",").map((entry) => entry.trim()))
    .pipe(z.array(item));
}

export const isUnique = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. A network of all addresses would let every caller choose one. */
export function isNetwork(text: string): boolean {
  const [, address = "", prefix] = /^([\d.a-f:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return bits > 0 && (prefix === undefined || (Number(prefix) >= 1 && Number(prefix) <= bits));
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
