// A chat text that holds a token waits in Redis like any other update, so it is sealed at the door: `sealed:<envelope>`.
import { isAppError } from "../errors.ts";
import type { KeyRing, SecretOwner } from "./key-ring.ts";
import { looksSecret } from "./looks-secret.ts";
import { Secret } from "./secret.ts";

const PREFIX = "sealed:";

/**
 * Whether the text of an update is the sealed form of what the person wrote. Nobody can write such a text: the door seals what begins
 * like one. It is nothing to show, to store or to understand: open it, or ask for something else.
 */
export const isSealedText = (text: string | undefined): boolean => text?.startsWith(PREFIX) ?? false;

/** By the person who sent it, as Telegram names them. */
const ownerOf = (userId: number): SecretOwner => ({ address: `person/${userId}`, purpose: "chatText" });

export const sealText = (ring: Pick<KeyRing, "seal">, text: string, userId: number): string =>
  PREFIX + ring.seal(new Secret(text), ownerOf(userId));

export interface SealedTextsDeps {
  readonly ring: Pick<KeyRing, "open">;
  /** It can't be opened, which no customer can cause: a key was taken away too early, or somebody changed what is stored. */
  readonly onRefused: (code: "sealing.unknownKey" | "sealing.refused", userId: number) => void;
}

/** @returns what the person wrote; null for a text that is not sealed, and for one that can't be opened: ask the person to send it again. */
export type OpenSealedText = (text: string, userId: number) => Secret | null;

export const makeOpenSealedText =
  ({ ring, onRefused }: SealedTextsDeps): OpenSealedText =>
  (text, userId) => {
    if (!isSealedText(text)) return null;
    try {
      return ring.open(text.slice(PREFIX.length), ownerOf(userId));
    } catch (error) {
      for (const code of ["sealing.unknownKey", "sealing.refused"] as const) {
        if (!isAppError(error, code)) continue;
        onRefused(code, userId);
        return null;
      }
      throw error;
    }
  };

/**
 * The question for everybody who takes a text from a chat, before anything else is done with it.
 * @returns the secret that the text is or holds, sealed at the door or not; null: the text holds none and may be used. One that can't
 * be opened is an empty secret: no token, but nothing to show or to store either.
 */
export type SecretIn = (text: string, userId: number) => Secret | null;

export function makeSecretIn(deps: SealedTextsDeps): SecretIn {
  const open = makeOpenSealedText(deps);
  return (text, userId) => {
    if (isSealedText(text)) return open(text, userId) ?? new Secret("");
    return looksSecret(text) ? new Secret(text) : null;
  };
}
