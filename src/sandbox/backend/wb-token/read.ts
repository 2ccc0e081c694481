// The backend's own look at a token: it cannot verify the signature either, but it refuses what could never work.
import { z } from "zod";
import { REQUIRED_SCOPES, type TokenReason } from "../../../backend/contract/errors.ts";
import { ACCOUNT_KINDS, hasBit, SCOPE_BITS } from "./claims.ts";

export interface TokenPolicy {
  /** Service tokens must be made out to it. null: to nobody here. */
  readonly serviceId: string | null;
  readonly allowTest: boolean;
  readonly allowPersonal: boolean;
}

export interface TokenFacts {
  readonly sid: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly analytics: boolean;
}

export type TokenReading =
  | { readonly ok: true; readonly facts: TokenFacts }
  | { readonly ok: false; readonly reasons: readonly [TokenReason, ...TokenReason[]] };

const LEAST_LIFE_MS = 86_400_000;
const SHAPE = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$/;

const Header = z.looseObject({ alg: z.literal("ES256") });
/** The last second that a date can name. */
const LAST_SECOND = 8_640_000_000_000;
const Claims = z.looseObject({
  exp: z.number().min(0).max(LAST_SECOND),
  sid: z.guid(),
  s: z.int().nonnegative(),
  t: z.boolean().optional().catch(undefined),
  acc: z.number().optional().catch(undefined),
  for: z.string().optional().catch(undefined),
});

/** Who a token is of and until when, if it can be taken apart at all. */
export function decodeToken(
  text: string,
): { readonly claims: z.output<typeof Claims>; readonly facts: TokenFacts } | null {
  const match = text.length >= 32 && text.length <= 4096 ? SHAPE.exec(text) : null;
  const header = Header.safeParse(jsonOf(match?.[1]));
  const claims = Claims.safeParse(jsonOf(match?.[2]));
  if (!header.success || !claims.success) return null;
  const { sid, exp, s } = claims.data;
  return { claims: claims.data, facts: { sid, expiresAt: exp * 1000, analytics: hasBit(s, SCOPE_BITS.analytics) } };
}

/** @param now epoch ms. */
export function readToken(text: string, now: number, policy: TokenPolicy): TokenReading {
  const token = decodeToken(text);
  if (!token) return { ok: false, reasons: ["malformed"] };
  const { claims, facts } = token;
  const reasons: TokenReason[] = [];
  if (facts.expiresAt < now + LEAST_LIFE_MS) reasons.push("expired");
  if ((claims.t === true || claims.acc === ACCOUNT_KINDS.test) && !policy.allowTest) reasons.push("sandbox");
  for (const scope of REQUIRED_SCOPES) if (!hasBit(claims.s, SCOPE_BITS[scope])) reasons.push(`missing_scope:${scope}`);
  const isOurs = policy.serviceId !== null && claims.for === `asid:${policy.serviceId}`;
  if (claims.acc === ACCOUNT_KINDS.service && !isOurs) reasons.push("wrong_service");
  if (claims.acc === ACCOUNT_KINDS.personal && !policy.allowPersonal) reasons.push("personal_token");
  const [first, ...others] = reasons;
  return first ? { ok: false, reasons: [first, ...others] } : { ok: true, facts };
}

function jsonOf(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
