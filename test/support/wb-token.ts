// Tokens as the marketplace issues them, with a signature of nobody.
import { createHash } from "node:crypto";

export const SID = "8f14e45f-ceea-467f-a8d2-0b5b2a1e9c11";
export const SERVICE_ID = "tg-subscriptions";
const DAY_S = 86_400;

const base64Url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const maskOf = (...bits: readonly number[]): number => bits.reduce((mask, bit) => mask + 2 ** bit, 0);

/** Content, analytics, prices, statistics, promotion. */
export const REQUIRED_BITS = [1, 2, 3, 5, 6];
export const FINANCE_BIT = 13;
export const READ_ONLY_BIT = 30;
export const withBits = (...bits: readonly number[]) => ({ s: maskOf(...bits) });

/** A service token of ours, read-only, with all rights that the product needs and half a year to live. */
export const goodPayload = (nowMs: number): Readonly<Record<string, unknown>> => ({
  acc: 4,
  ent: 1,
  exp: Math.floor(nowMs / 1_000) + 180 * DAY_S,
  for: `asid:${SERVICE_ID}`,
  id: "0198f5a2-1111-7222-8333-444455556666",
  iid: 12_345_678,
  oid: 1_234_567,
  s: maskOf(...REQUIRED_BITS, FINANCE_BIT, READ_ONLY_BIT),
  sid: SID,
  t: false,
  uid: 12_345_678,
});

/** @param payload wins over the good one; a member that is undefined is left out. */
export function makeWbToken(
  nowMs: number,
  payload: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = { alg: "ES256", kid: "20250904v1", typ: "JWT" },
): string {
  const head = `${base64Url(header)}.${base64Url({ ...goodPayload(nowMs), ...payload })}`;
  return `${head}.${createHash("sha512").update(head).digest().toString("base64url")}`;
}
