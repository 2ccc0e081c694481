// What a Wildberries API token says about itself, checked before it is sent anywhere. There is no public key for its signature: the
// marketplace may still refuse what passes here. Nothing in a result holds the token or a part of it.
import { z } from "zod";

/** Unit: characters, after trimming and without `Bearer`. */
const MIN_LENGTH = 32;
const MAX_LENGTH = 4_096;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A token must outlive the onboarding. Unit: milliseconds. */
const MIN_LIFE_MS = 24 * HOUR_MS;
const SOON_MS = 14 * DAY_MS;
/** Year 9999. Unit: seconds. */
const LAST_SECOND = 253_402_300_799;

/** Categories by the bit of `s` that stands for them. */
const SCOPE_BITS = {
  content: 1,
  analytics: 2,
  prices: 3,
  marketplace: 4,
  statistics: 5,
  promotion: 6,
  feedbacks: 7,
  chat: 9,
  supplies: 10,
  returns: 11,
  documents: 12,
  finance: 13,
  users: 16,
} as const satisfies Record<string, number>;
const READ_ONLY_BIT = 30;

export type WbScope = keyof typeof SCOPE_BITS;
export const WB_SCOPES = Object.keys(SCOPE_BITS) as readonly WbScope[];
/** Without these the product can't work. */
export const REQUIRED_WB_SCOPES = [
  "content",
  "analytics",
  "prices",
  "statistics",
  "promotion",
] as const satisfies readonly WbScope[];

/** By `acc`; absent on older tokens, which have the rights of a basic one. */
const KINDS = { 1: "basic", 2: "test", 3: "personal", 4: "service" } as const;
export type WbTokenKind = (typeof KINDS)[keyof typeof KINDS] | "unknown";

export type WbTokenReason =
  | "malformed"
  | "expired"
  | "sandbox"
  | `missing_scope:${(typeof REQUIRED_WB_SCOPES)[number]}`
  | "wrong_service"
  | "personal_token";
export type WbTokenWarning = "expires_soon" | "write_access" | "no_finance" | "basic_token" | "personal_token";

export interface WbTokenRules {
  /** Epoch ms. */
  readonly nowMs: number;
  /** Tokens of the marketplace's own sandbox are taken. */
  readonly isDemo: boolean;
  /** Our id as a service at the marketplace: only such service tokens are ours. `null`: none is. */
  readonly serviceId: string | null;
  /** Personal tokens may not be given to cloud services; whoever runs this for themselves may. */
  readonly personalTokens: "refuse" | "warn";
}

interface Facts {
  /** The seller's id, as it stands in the token. */
  readonly sid: string;
  /** Epoch ms. */
  readonly expiresAtMs: number;
  readonly kind: WbTokenKind;
  readonly readOnly: boolean;
}
interface Findings {
  readonly scopes: readonly WbScope[];
  readonly reasons: readonly WbTokenReason[];
  readonly warnings: readonly WbTokenWarning[];
}
/** A refused token still says what could be read of it; a malformed one says nothing. */
export type WbTokenCheck =
  | ({ readonly ok: true } & Facts & Findings)
  | ({ readonly ok: false } & { readonly [K in keyof Facts]: Facts[K] | null } & Findings);

const Header = z.object({ alg: z.literal("ES256") });
const Payload = z.object({
  exp: z.int().max(LAST_SECOND),
  sid: z.guid(),
  s: z.int().nonnegative(),
  t: z.unknown().optional(),
  acc: z.unknown().optional(),
  for: z.unknown().optional(),
});
type Payload = z.infer<typeof Payload>;

/** Never throws, whatever the text. */
export function checkWbToken(text: string, rules: WbTokenRules): WbTokenCheck {
  const payload = readPayload(text);
  if (payload === null) {
    const nothing = { sid: null, expiresAtMs: null, kind: null, readOnly: null } as const;
    return { ok: false, ...nothing, scopes: [], reasons: ["malformed"], warnings: [] };
  }
  const facts: Facts = {
    sid: payload.sid,
    expiresAtMs: payload.exp * 1_000,
    kind: kindOf(payload.acc),
    readOnly: hasBit(payload.s, READ_ONLY_BIT),
  };
  const scopes = WB_SCOPES.filter((scope) => hasBit(payload.s, SCOPE_BITS[scope]));
  const reasons = reasonsAgainst(payload, facts, scopes, rules);
  return { ok: reasons.length === 0, ...facts, scopes, reasons, warnings: warningsAbout(facts, scopes, rules) };
}

function reasonsAgainst(
  payload: Payload,
  facts: Facts,
  scopes: readonly WbScope[],
  rules: WbTokenRules,
): WbTokenReason[] {
  const { nowMs, isDemo, serviceId, personalTokens } = rules;
  const reasons: WbTokenReason[] = [];
  if (facts.expiresAtMs - nowMs < MIN_LIFE_MS) reasons.push("expired");
  if (!isDemo && (payload.t === true || facts.kind === "test")) reasons.push("sandbox");
  for (const scope of REQUIRED_WB_SCOPES) if (!scopes.includes(scope)) reasons.push(`missing_scope:${scope}`);
  if (facts.kind === "service" && (serviceId === null || payload.for !== `asid:${serviceId}`))
    reasons.push("wrong_service");
  if (facts.kind === "personal" && personalTokens === "refuse") reasons.push("personal_token");
  return reasons;
}

function warningsAbout(facts: Facts, scopes: readonly WbScope[], rules: WbTokenRules): WbTokenWarning[] {
  const warnings: WbTokenWarning[] = [];
  if (facts.expiresAtMs - rules.nowMs < SOON_MS) warnings.push("expires_soon");
  if (!facts.readOnly) warnings.push("write_access");
  if (!scopes.includes("finance")) warnings.push("no_finance");
  if (facts.kind === "basic") warnings.push("basic_token");
  if (facts.kind === "personal" && rules.personalTokens === "warn") warnings.push("personal_token");
  return warnings;
}

/** Not with `&`: that cuts numbers to 32 bits. */
const hasBit = (mask: number, bit: number): boolean => Math.floor(mask / 2 ** bit) % 2 === 1;

function kindOf(acc: unknown): WbTokenKind {
  if (acc === undefined || acc === null) return "basic";
  return acc === 1 || acc === 2 || acc === 3 || acc === 4 ? KINDS[acc] : "unknown";
}

function readPayload(text: string): Payload | null {
  const token = text.trim().replace(/^Bearer\s+/i, "");
  if (token.length < MIN_LENGTH || token.length > MAX_LENGTH) return null;
  const parts = token.split(".");
  const [header, payload] = parts;
  if (parts.length !== 3 || header === undefined || payload === undefined || !parts.every(isBase64Url)) return null;
  if (!Header.safeParse(readJson(header)).success) return null;
  return Payload.safeParse(readJson(payload)).data ?? null;
}

/** Node's decoder skips what it does not know, so it is not asked. */
const isBase64Url = (part: string): boolean => /^[A-Za-z0-9_-]+$/.test(part) && part.length % 4 !== 1;

/** @returns undefined for what is not JSON in UTF-8. */
function readJson(part: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(part, "base64url")));
  } catch {
    return undefined;
  }
}
