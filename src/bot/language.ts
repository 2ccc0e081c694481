import type { Language } from "../../machines/customer/types.ts";

/** Languages whose speakers mostly read Russian rather than English. */
const READS_RUSSIAN = new Set(["ru", "be", "uk", "kk", "ky", "uz", "tg", "hy", "az"]);

/**
 * The language to begin with, until the person chooses.
 * @param code IETF tag of the person's client, such as `pt-br`; clients may not tell.
 */
export function languageOf(code: string | undefined): Language {
  if (code === undefined) return "ru";
  const [primary = ""] = code.toLowerCase().split("-");
  return READS_RUSSIAN.has(primary) ? "ru" : "en";
}
