// How a sealed secret is written down: `s1.<key id>.<purpose>.<data key, wrapped>.<data, encrypted>`. Text, so that it may stand in JSON.
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";
import { z } from "zod";

export const FORMAT = "s1";
const CIPHER = "aes-256-gcm";
export const KEY_BYTES = 32;
/** 96 bits, the length for which GCM is defined without further ado (NIST SP 800-38D, 8.2). */
const IV_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = IV_BYTES + TAG_BYTES;

const KEY_ID = /^[\w-]{1,32}$/;
const WRAPPED_LENGTH = Math.ceil(((KEY_BYTES + OVERHEAD_BYTES) * 4) / 3);
/** No dot outside of the joints: key ids (config.ts), purposes and base64url have none. */
const SHAPE = new RegExp(
  `^${FORMAT}\\.([\\w-]{1,32})\\.([A-Za-z]{1,32})\\.([\\w-]{${WRAPPED_LENGTH}})\\.([\\w-]{38,})$`,
);

/** A secret that only a key ring opens. May be stored anywhere. */
export const Sealed = z.string().regex(SHAPE, "expected a sealed secret").brand("Sealed");
export type Sealed = z.infer<typeof Sealed>;

export const isKeyId = (text: string): boolean => KEY_ID.test(text);

export interface Envelope {
  readonly keyId: string;
  readonly purpose: string;
  /** The data key, encrypted with the key of this id. */
  readonly wrappedKey: Buffer;
  /** The secret, encrypted with the data key. */
  readonly data: Buffer;
}

/** @returns null for a text that is no sealed secret of a format we know. */
export function readEnvelope(text: string): Envelope | null {
  const [, keyId, purpose, wrappedKey, data] = SHAPE.exec(text) ?? [];
  if (keyId === undefined || purpose === undefined || wrappedKey === undefined || data === undefined) return null;
  return { keyId, purpose, wrappedKey: Buffer.from(wrappedKey, "base64url"), data: Buffer.from(data, "base64url") };
}

export const writeEnvelope = ({ keyId, purpose, wrappedKey, data }: Envelope): Sealed =>
  Sealed.parse([FORMAT, keyId, purpose, wrappedKey.toString("base64url"), data.toString("base64url")].join("."));

/** @param bound what it belongs to: written down nowhere, and needed in the same words to decrypt. @returns iv, ciphertext, tag. */
export function encrypt(key: KeyObject | Buffer, plaintext: Buffer, bound: readonly string[]): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(asBytes(bound));
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @returns null when key, `bound` or a bit of the ciphertext is another one than at encryption. */
export function decrypt(key: KeyObject | Buffer, sealed: Buffer, bound: readonly string[]): Buffer | null {
  if (sealed.length < OVERHEAD_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(asBytes(bound));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const head = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([head, decipher.final()]);
  } catch {
    // The one thing that `final` refuses: the tag does not match.
    head.fill(0);
    return null;
  }
}

/** JSON, because no two lists of texts are written alike in it. */
const asBytes = (bound: readonly string[]): Buffer => Buffer.from(JSON.stringify(bound));
