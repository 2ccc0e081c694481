// A person who has shown a token once is known by a signed cookie from then on. It says who and until when; nothing of it is kept here but
// what was ended early.
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { StaffRole } from "../../machines/definition.ts";
import type { StaffMember } from "../support/staff.ts";
import type { EndedSessions } from "./ports.ts";

/** Unit: milliseconds. */
export const SESSION_MS = 12 * 3_600_000;

/** One entry of ADMIN_TOKENS. */
export interface StaffToken extends StaffMember {
  readonly role: StaffRole;
  /** Of the token: 64 hex digits. */
  readonly sha256: string;
}

export interface SessionsDeps {
  readonly tokens: readonly StaffToken[];
  /** SEALING_KEYS: the first signs, all verify. */
  readonly keys: readonly { readonly id: string; readonly key: Buffer }[];
  readonly ended: EndedSessions;
  /** Epoch ms. */
  readonly wallClock: () => number;
}

export interface Sessions {
  /** @returns the cookie's value: base64url parts joined by a dot. */
  start(token: StaffToken): string;
  /** @returns null for what we did not sign, what is over, and whose token has gone or has another role since. */
  read(value: string): Promise<StaffMember | null>;
  end(value: string): Promise<void>;
}

const Claims = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Epoch ms. */
  issuedAt: z.int(),
  expiresAt: z.int(),
  keyId: z.string(),
});
type Claims = z.infer<typeof Claims>;

const LONGEST = 1_024;

export function makeSessions({ tokens, keys, ended, wallClock }: SessionsDeps): Sessions {
  // Keys of their own: what signs cookies must not be what seals customers' secrets.
  const signing = new Map(
    keys.map(({ id, key }) => [id, Buffer.from(hkdfSync("sha256", key, "", "console session", 32))]),
  );

  /** The token and the role are signed and not told: a session is worth nothing once either is another one. */
  const signatureOf = (body: string, key: Buffer, { sha256, role }: StaffToken): Buffer =>
    createHmac("sha256", key).update([body, sha256, role].join("\n")).digest();

  const open = (value: string): { readonly claims: Claims; readonly token: StaffToken } | null => {
    if (value.length > LONGEST) return null;
    const [body = "", signature = ""] = value.split(".");
    const claims = claimsIn(body);
    const token = tokens.find(({ name }) => name === claims?.name);
    const key = signing.get(claims?.keyId ?? "");
    if (!claims || !token || !key) return null;
    const given = Buffer.from(signature, "base64url");
    const right = signatureOf(body, key, token);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
    const now = wallClock();
    return claims.issuedAt <= now && now < claims.expiresAt ? { claims, token } : null;
  };

  return {
    start(token) {
      const [first] = keys;
      const key = signing.get(first?.id ?? "");
      if (!first || !key) throw new Error("no key to sign sessions with");
      const issuedAt = wallClock();
      const claims: Claims = {
        id: randomBytes(16).toString("base64url"),
        name: token.name,
        issuedAt,
        expiresAt: issuedAt + SESSION_MS,
        keyId: first.id,
      };
      const body = Buffer.from(JSON.stringify(claims)).toString("base64url");
      return `${body}.${signatureOf(body, key, token).toString("base64url")}`;
    },
    async read(value) {
      const session = open(value);
      if (!session || (await ended.isEnded(session.claims.id))) return null;
      return { name: session.token.name, role: session.token.role };
    },
    async end(value) {
      const session = open(value);
      if (session) await ended.end(session.claims.id, session.claims.expiresAt - wallClock());
    },
  };
}

function claimsIn(body: string): Claims | null {
  try {
    return Claims.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
  } catch {
    return null;
  }
}
