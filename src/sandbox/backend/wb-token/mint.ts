// Tokens that look like Wildberries' own, signed with a key that nobody keeps: for tests and for people of the sandbox.
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { READ_ONLY_BIT, SCOPE_BITS, type Scope } from "./claims.ts";

const LIFE_S = 180 * 86_400;
const USUAL_SCOPES = ["content", "analytics", "prices", "statistics", "promotion", "finance"] as const;

export interface MintOptions {
  /** Epoch ms. */
  readonly now: number;
  /** The seller: a UUID. */
  readonly sid: string;
  /** Life from now on. Default: 180 days. Unit: seconds. */
  readonly expiresInS?: number;
  /** Claim `exp` as it is. Unit: seconds since 1970. */
  readonly exp?: number;
  /** Default: what the service needs, and finance. */
  readonly scopes?: readonly Scope[];
  /** Default: read-only. */
  readonly readOnly?: boolean;
  /** Claim `s` as it is, instead of scopes. */
  readonly s?: number;
  /** Claim `t`: of the marketplace's sandbox. */
  readonly t?: boolean;
  /** Claim `acc`: 1 basic, 2 test, 3 personal, 4 service. */
  readonly acc?: number;
  /** Claim `for`. */
  readonly for?: string;
  /** Makes two tokens of the same claims different. */
  readonly id?: string;
  /** For spoilt tokens: another algorithm in the header, claims that are left out or of a wrong kind. */
  readonly alg?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly omit?: readonly string[];
}

let privateKey: KeyObject | null = null;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export const maskOf = (scopes: readonly Scope[], readOnly: boolean): number =>
  scopes.reduce((mask, scope) => mask + 2 ** SCOPE_BITS[scope], readOnly ? 2 ** READ_ONLY_BIT : 0);

/** @returns a JWT (ES256) that passes every check unless the options spoil it. */
export function mintWbToken(options: MintOptions): string {
  const { now, sid, expiresInS = LIFE_S, scopes = USUAL_SCOPES, readOnly = true } = options;
  const issuedAt = Math.floor(now / 1000);
  const all: Record<string, unknown> = {
    ent: 1,
    exp: options.exp ?? issuedAt + expiresInS,
    id: options.id ?? `${sid}:${issuedAt}`,
    iid: 1,
    oid: 1,
    s: options.s ?? maskOf(scopes, readOnly),
    sid,
    t: options.t ?? false,
    uid: 1,
    ...(options.acc === undefined ? {} : { acc: options.acc }),
    ...(options.for === undefined ? {} : { for: options.for }),
    ...options.claims,
  };
  const claims = Object.fromEntries(Object.entries(all).filter(([name]) => !options.omit?.includes(name)));
  const signed = `${encode({ alg: options.alg ?? "ES256", kid: "20260101v1", typ: "JWT" })}.${encode(claims)}`;
  privateKey ??= generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}
