// The e-mail address for which a spreadsheet is opened, as a person typed it.
import { z } from "zod";
import { hasHiddenCharacters } from "./hidden-characters.ts";

/** RFC 5321, 4.5.3.1: a path of 256 octets holds an address of 254, and what stands before the @ has 64 at most. */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

const Address = z.email();

export type EmailResult =
  | { readonly ok: true; readonly email: string }
  | { readonly ok: false; readonly reason: EmailProblem };
export type EmailProblem =
  | "empty"
  | "tooLong"
  /** Characters that can't be seen: the person would not find what is wrong. */
  | "hiddenCharacters"
  | "notAnAddress";

/** Lower-cases the domain only: what stands before the @ may differ by case (RFC 5321, 2.4). */
export function parseEmail(text: string): EmailResult {
  // Before trimming, which takes a byte order mark for a space.
  if (hasHiddenCharacters(text)) return refused("hiddenCharacters");
  const trimmed = text.trim();
  if (trimmed === "") return refused("empty");
  // Before the expression runs over it.
  if (trimmed.length > MAX_LENGTH) return refused("tooLong");
  if (!Address.safeParse(trimmed).success) return refused("notAnAddress");
  const at = trimmed.lastIndexOf("@");
  if (at > MAX_LOCAL_LENGTH) return refused("tooLong");
  return { ok: true, email: trimmed.slice(0, at) + trimmed.slice(at).toLowerCase() };
}

const refused = (reason: EmailProblem): EmailResult => ({ ok: false, reason });

/**
 * Enough to recognise one's own address by: `anna@gmail.com` is `a…a@gmail.com`. Of a name of one or two characters nothing is left to
 * hide behind: only the first is shown, or none.
 * @param email as `parseEmail` gives it.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  const local = email.slice(0, at);
  const first = local.length > 1 ? local[0] : "";
  const last = local.length > 2 ? local.at(-1) : "";
  return `${first}…${last}${email.slice(at)}`;
}
