// What is kept of an update that could not be handled: enough to see what it was and to put it right, and nothing of what people wrote.
import { z } from "zod";
import type { SetAsideUpdate } from "./ports.ts";
import { ALLOWED_UPDATES, MONEY_PARTS, type ParseResult } from "./updates.ts";

/** Fields of a payment that identify it. Names, addresses and phone numbers of the payer (`order_info`) are not among them. */
const MONEY_FIELDS = [
  "currency",
  "total_amount",
  "invoice_payload",
  "telegram_payment_charge_id",
  "provider_payment_charge_id",
  "is_recurring",
  "is_first_recurring",
  "subscription_expiration_date",
] as const;
/** Longer texts are cut: whatever is wrong with them shows at their beginning. */
const MAX_TEXT = 300;

const Thing = z.record(z.string(), z.unknown());
const thingIn = (value: unknown, name: string): Record<string, unknown> =>
  Thing.safeParse(Thing.safeParse(value).data?.[name]).data ?? {};
const idIn = (value: unknown, ...names: readonly string[]): number | null =>
  names.map((name) => thingIn(value, name).id).find((id): id is number => Number.isSafeInteger(id)) ?? null;

/** Only kinds we asked for: others are counted and leave nothing behind. */
export const isWorthKeeping = (parsed: Extract<ParseResult, { ok: false }>): boolean =>
  parsed.problem === "malformed" && ALLOWED_UPDATES.some((kind) => kind === parsed.kind);

/** @param raw the update as it came; anything at all. `at`: epoch ms. */
export function describeSetAside(
  raw: unknown,
  why: Pick<SetAsideUpdate, "kind" | "problem" | "fields" | "at">,
): SetAsideUpdate {
  const updateId = Thing.safeParse(raw).data?.update_id;
  const body = thingIn(raw, why.kind);
  return {
    ...why,
    updateId: Number.isSafeInteger(updateId) ? (updateId as number) : null,
    chatId: idIn(body, "chat") ?? idIn(body.message, "chat"),
    userId: idIn(body, "from", "user"),
    money: Object.fromEntries(MONEY_PARTS.filter((part) => part in body).map((part) => [part, moneyOf(body[part])])),
  };
}

function moneyOf(value: unknown): Record<string, unknown> {
  const part = Thing.safeParse(value).data ?? {};
  return Object.fromEntries(MONEY_FIELDS.filter((field) => field in part).map((field) => [field, scalar(part[field])]));
}

/** A value of a wrong type is kept as far as it can be read. */
function scalar(value: unknown): unknown {
  if (typeof value === "string") return value.slice(0, MAX_TEXT);
  return value === null || typeof value === "number" || typeof value === "boolean"
    ? value
    : `(${Array.isArray(value) ? "array" : typeof value})`;
}
