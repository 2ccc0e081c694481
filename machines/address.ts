import { z } from "zod";

/** Every kind of actor. The name is part of stored keys and timer ids: it never changes. */
export const MachineName = z.enum([
  "customer",
  "subscription",
  "order",
  "payment",
  "invite",
  "channel",
  "onboarding",
  "ticket",
  "dataset",
]);
export type MachineName = z.infer<typeof MachineName>;

/** Telegram's user id: a positive integer that does not fit 32 bits. */
export const UserId = z.int().positive();
/** Telegram's chat id as a string, because channel ids are negative and keys are text. */
export const ChatId = z.string().regex(/^-?\d{1,20}$/, "expected a Telegram chat id such as -1002123456789");
export const ProductCode = z.string().regex(/^[a-z0-9-]{1,32}$/, "expected 1-32 of a-z, 0-9 and -");
/** What one person has of one product: a subscription, its set-up. */
export const UserProductId = z.string().refine((id) => {
  const colon = id.indexOf(":");
  return UserId.safeParse(Number(id.slice(0, colon))).success && ProductCode.safeParse(id.slice(colon + 1)).success;
}, "expected <Telegram user id>:<product>, such as 7012345678:wb-analytics");
/**
 * Telegram's charge id or an order id: opaque. Whatever a provider invents must be taken, or money would be lost for the look of its
 * name; only the bar is ours, because it ends an address in the names of timers and effects.
 */
export const OpaqueId = z.string().regex(/^[^|\p{Cc}]{1,256}$/u, "expected 1-256 printable characters without |");

/** What one spreadsheet has of one dataset: `<dataset>:<spreadsheet id>`. */
export const ScopeId = z
  .string()
  .regex(
    /^[A-Za-z0-9_]{1,64}:(?!2PACX-)[A-Za-z0-9_-]{20,128}$/,
    "expected <dataset>:<spreadsheet id>, such as checklist:1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg",
  );

/** Where an actor is found: `<machine>/<id>`, for example `subscription/7012345678:wb-analytics`. */
export const ActorAddress = z
  .string()
  .max(320)
  .refine((text) => MachineName.safeParse(text.slice(0, text.indexOf("/"))).success, "expected <machine>/<id>")
  .transform((text) => text as ActorAddress);
export type ActorAddress = `${MachineName}/${string}`;

export const addressOf = {
  customer: (userId: number): ActorAddress => `customer/${userId}`,
  subscription: (userId: number, product: string): ActorAddress => `subscription/${userId}:${product}`,
  order: (orderId: string): ActorAddress => `order/${orderId}`,
  payment: (chargeId: string): ActorAddress => `payment/${chargeId}`,
  invite: (userId: number, chatId: string): ActorAddress => `invite/${userId}:${chatId}`,
  channel: (chatId: string): ActorAddress => `channel/${chatId}`,
  onboarding: (userId: number, product: string): ActorAddress => `onboarding/${userId}:${product}`,
  ticket: (ticketId: string): ActorAddress => `ticket/${ticketId}`,
  dataset: (dataset: string, spreadsheetId: string): ActorAddress => `dataset/${dataset}:${spreadsheetId}`,
} as const;

/** Splits `<machine>/<id>` at the first slash: a charge id may hold more of them. */
export function parseAddress(address: ActorAddress): { machine: MachineName; id: string } {
  const slash = address.indexOf("/");
  return { machine: MachineName.parse(address.slice(0, slash)), id: address.slice(slash + 1) };
}

/** Splits the id of a subscription, `<user>:<product>`, or of an invite, `<user>:<chat>`. */
export function parsePairId(id: string): { userId: number; rest: string } {
  const colon = id.indexOf(":");
  return { userId: UserId.parse(Number(id.slice(0, colon))), rest: id.slice(colon + 1) };
}
