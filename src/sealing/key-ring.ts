// Seals secrets in two layers: a fresh key for each secret, and that key under one of the installation's own. To change the installation's
// key, only the small outer layer is made anew.
import { createSecretKey, randomBytes } from "node:crypto";
import { AppError } from "../errors.ts";
import {
  decrypt,
  type Envelope,
  encrypt,
  FORMAT,
  isKeyId,
  KEY_BYTES,
  readEnvelope,
  type Sealed,
  writeEnvelope,
} from "./envelope.ts";
import { Secret } from "./secret.ts";

/** What a secret is for: one that was sealed for something else does not open. */
export type Purpose = "wbToken" | "chatText";

/** Whose secret it is: in other hands, or for another purpose, it does not open. */
export interface SecretOwner {
  /** An actor, `onboarding/<user>:<product>`, or a person, `person/<user>`. */
  readonly address: string;
  readonly purpose: Purpose;
}

/** SEALING_KEYS, as src/config.ts reads it. */
export type SealingKeys = readonly { readonly id: string; readonly key: Buffer }[];

export interface KeyRing {
  /** The key that seals. */
  readonly currentKeyId: string;
  readonly keyIds: readonly string[];
  /** Twice the same secret is sealed differently. */
  seal(plaintext: Secret, owner: SecretOwner): Sealed;
  /** @throws AppError sealing.unknownKey, sealing.refused */
  open(sealed: string, owner: SecretOwner): Secret;
  /**
   * The same secret under the current key; as it is when it is there already. The encrypted secret itself is neither opened nor changed.
   * @param address the owner's; the purpose stands in the envelope.
   * @throws AppError sealing.unknownKey, sealing.refused
   */
  rewrap(sealed: string, address: string): Sealed;
  /** @throws AppError sealing.refused for a text that is no sealed secret. */
  isCurrent(sealed: string): boolean;
}

/** @param keys at least one; the first seals, all open. */
export function makeKeyRing(keys: SealingKeys): KeyRing {
  const ring = new Map(
    keys.map(({ id, key }) => {
      if (!isKeyId(id) || key.length !== KEY_BYTES) throw new RangeError("a sealing key needs an id and 32 bytes");
      return [id, createSecretKey(key)] as const; // an object that shows its bytes to nobody
    }),
  );
  const currentKeyId = keys[0]?.id;
  if (currentKeyId === undefined || ring.size !== keys.length)
    throw new RangeError("sealing keys: at least one, each id once");

  const keyOf = (keyId: string) => {
    const key = ring.get(keyId);
    if (key === undefined) throw new AppError("sealing.unknownKey", { details: { keyId } });
    return key;
  };
  const read = (sealed: string): Envelope => {
    const envelope = readEnvelope(sealed);
    if (envelope === null) throw new AppError("sealing.refused", { details: { why: "not a sealed secret" } });
    return envelope;
  };
  const refusal = ({ keyId }: Envelope, { address, purpose }: SecretOwner) =>
    new AppError("sealing.refused", { details: { keyId, address, purpose } });
  const wrap = (dataKey: Buffer, owner: SecretOwner): Buffer =>
    encrypt(keyOf(currentKeyId), dataKey, boundToKey(currentKeyId, owner));
  const unwrap = (envelope: Envelope, owner: SecretOwner): Buffer => {
    const dataKey = decrypt(keyOf(envelope.keyId), envelope.wrappedKey, boundToKey(envelope.keyId, owner));
    if (dataKey === null || envelope.purpose !== owner.purpose) throw refusal(envelope, owner);
    return dataKey;
  };

  return {
    currentKeyId,
    keyIds: [...ring.keys()],

    seal(plaintext, owner) {
      const dataKey = randomBytes(KEY_BYTES);
      const data = encrypt(dataKey, Buffer.from(plaintext.reveal()), boundToData(owner));
      const wrappedKey = wrap(dataKey, owner);
      dataKey.fill(0);
      return writeEnvelope({ keyId: currentKeyId, purpose: owner.purpose, wrappedKey, data });
    },

    open(sealed, owner) {
      const envelope = read(sealed);
      const dataKey = unwrap(envelope, owner);
      const plaintext = decrypt(dataKey, envelope.data, boundToData(owner));
      dataKey.fill(0);
      if (plaintext === null) throw refusal(envelope, owner);
      const secret = new Secret(plaintext.toString());
      plaintext.fill(0);
      return secret;
    },

    rewrap(sealed, address) {
      const envelope = read(sealed);
      if (envelope.keyId === currentKeyId) return sealed as Sealed;
      const owner: SecretOwner = { address, purpose: envelope.purpose as Purpose };
      const dataKey = unwrap(envelope, owner);
      const wrappedKey = wrap(dataKey, owner);
      dataKey.fill(0);
      return writeEnvelope({ ...envelope, keyId: currentKeyId, wrappedKey });
    },

    isCurrent: (sealed) => read(sealed).keyId === currentKeyId,
  };
}

/** The outer layer names its key, so that no id can be exchanged for another; the inner one must not, so that it outlives the change. */
const boundToKey = (keyId: string, { address, purpose }: SecretOwner): string[] => [
  FORMAT,
  "key",
  keyId,
  purpose,
  address,
];
const boundToData = ({ address, purpose }: SecretOwner): string[] => [FORMAT, "data", purpose, address];
