// The parts of Telegram's updates that this service relies on. What has another form is counted and set aside, never guessed at.
import { z } from "zod";
import { ChatId, OpaqueId, UserId } from "../../machines/address.ts";
import { ChargeId } from "../../machines/payment/identity.ts";

/**
 * Asked for by name at every start: `chat_member` is not in Telegram's default set, an omitted list keeps the old one, and an unknown
 * name vanishes without an error.
 */
export const ALLOWED_UPDATES = [
  "message",
  "callback_query",
  "pre_checkout_query",
  "my_chat_member",
  "chat_member",
  "chat_join_request",
  "subscription",
] as const;
export type UpdateKind = (typeof ALLOWED_UPDATES)[number];

const Person = z.object({
  id: UserId,
  is_bot: z.boolean(),
  first_name: z.string(),
  username: z.string().max(64).optional(),
  language_code: z.string().max(35).optional(),
});
export type Person = z.infer<typeof Person>;

/** A chat id in updates is a number; with us it is text, because it is part of keys. */
const NumericChatId = z.int().transform((id) => ChatId.parse(String(id)));
const Chat = z.object({
  id: NumericChatId,
  type: z.enum(["private", "group", "supergroup", "channel"]),
  title: z.string().optional(),
});

/** Year 9999. Unit: seconds. */
const LAST_SECOND = 253_402_300_799;

/**
 * Money is taken leniently: without the charge, the amount or the payer nobody could say what was paid; everything else counts as absent
 * when it looks wrong, and the order then says whether this is what was offered.
 */
const SuccessfulPayment = z.object({
  currency: z.string().regex(/^[A-Z]{3}$/),
  total_amount: z.int().nonnegative(),
  invoice_payload: z.string().catch(""),
  telegram_payment_charge_id: ChargeId,
  provider_payment_charge_id: z.string().max(256).catch(""),
  /** Present on every charge of a subscription, the first included. */
  is_recurring: z.literal(true).optional().catch(undefined),
  is_first_recurring: z.literal(true).optional().catch(undefined),
  /** Unix time, seconds. */
  subscription_expiration_date: z.int().positive().max(LAST_SECOND).optional().catch(undefined),
});

const Message = z.object({
  message_id: z.int(),
  from: Person.optional(),
  chat: Chat,
  text: z.string().optional(),
  /** Unit: seconds. */
  date: z.int().positive().max(LAST_SECOND).optional().catch(undefined),
  /** Only which message: what it says is known here already. */
  reply_to_message: z.object({ message_id: z.int() }).optional().catch(undefined),
  successful_payment: SuccessfulPayment.optional(),
  refunded_payment: z.object({ telegram_payment_charge_id: ChargeId }).optional(),
});
/** The same with money in it: who sent the message and what else is in it carries no weight. */
const MoneyMessage = Message.extend({
  message_id: z.int().catch(0),
  from: Person.optional().catch(undefined),
  chat: Chat.extend({ type: Chat.shape.type.catch("private"), title: Chat.shape.title.catch(undefined) }),
  text: Message.shape.text.catch(undefined),
});

/** Parts of a message that are about money. */
export const MONEY_PARTS = ["successful_payment", "refunded_payment"] as const;

const holdsMoney = (message: unknown): boolean =>
  typeof message === "object" && message !== null && MONEY_PARTS.some((part) => part in message);

/** `restricted` people are inside only if `is_member` says so. */
const Member = z.discriminatedUnion("status", [
  z.object({ status: z.literal("creator"), user: Person }),
  z.object({
    status: z.literal("administrator"),
    user: Person,
    can_invite_users: z.boolean().optional(),
    can_restrict_members: z.boolean().optional(),
  }),
  z.object({ status: z.literal("member"), user: Person }),
  z.object({ status: z.literal("restricted"), user: Person, is_member: z.boolean() }),
  z.object({ status: z.literal("left"), user: Person }),
  z.object({ status: z.literal("kicked"), user: Person }),
]);
export type Member = z.infer<typeof Member>;

const InviteLink = z.object({ name: z.string().optional(), creator: Person });
export type InviteLink = z.infer<typeof InviteLink>;

const MemberChange = z.object({
  chat: Chat,
  from: Person,
  old_chat_member: Member,
  new_chat_member: Member,
  invite_link: InviteLink.optional(),
});
export type MemberChange = z.infer<typeof MemberChange>;

const PreCheckoutQuery = z.object({
  id: z.string().min(1),
  from: Person,
  currency: z.string(),
  total_amount: z.int(),
  invoice_payload: z.string(),
});
export type PreCheckoutQuery = z.infer<typeof PreCheckoutQuery>;

const JoinRequest = z.object({ chat: Chat, from: Person, user_chat_id: UserId, invite_link: InviteLink.optional() });
const SubscriptionChange = z.object({
  user: Person,
  invoice_payload: OpaqueId,
  state: z.enum(["canceled", "active", "failed"]),
});
const CallbackQuery = z.object({
  id: z.string().min(1),
  from: Person,
  data: z.string().optional(),
  message: z.object({ message_id: z.int(), chat: Chat }).optional(),
});

/** One shape per kind of update. */
const PARTS = {
  message: Message,
  callback_query: CallbackQuery,
  pre_checkout_query: PreCheckoutQuery,
  my_chat_member: MemberChange,
  chat_member: MemberChange,
  chat_join_request: JoinRequest,
  subscription: SubscriptionChange,
} as const satisfies Record<UpdateKind, z.ZodType>;

export type ParsedUpdate = {
  readonly [K in UpdateKind]: {
    readonly updateId: number;
    readonly kind: K;
    readonly data: z.infer<(typeof PARTS)[K]>;
  };
}[UpdateKind];
export type Parsed<K extends UpdateKind> = Extract<ParsedUpdate, { kind: K }>;

export type ParseResult =
  | { readonly ok: true; readonly update: ParsedUpdate }
  /** `fields`: where it is wrong; names of fields, never values. */
  | {
      readonly ok: false;
      readonly problem: "unknownKind" | "malformed";
      readonly kind: string;
      readonly fields: readonly string[];
    };

const Envelope = z.looseObject({ update_id: z.int().nonnegative() });

/** Names of update kinds are counted; a made-up one must not become an endless set of counters. */
const KIND_NAME = /^[a-z_]{1,40}$/;

export function parseUpdate(raw: unknown): ParseResult {
  const envelope = Envelope.safeParse(raw);
  if (!envelope.success) return { ok: false, problem: "malformed", kind: "none", fields: ["update_id"] };
  const names = Object.keys(envelope.data).filter((name) => name !== "update_id");
  const kinds = ALLOWED_UPDATES.filter((name) => names.includes(name));
  const [kind] = kinds;
  if (kind === undefined) {
    const name = names[0] ?? "none";
    return { ok: false, problem: "unknownKind", kind: KIND_NAME.test(name) ? name : "other", fields: [] };
  }
  // Telegram says one thing at a time. Of two, a handler could take the one and read the other.
  if (kinds.length > 1) return { ok: false, problem: "malformed", kind: kind, fields: kinds };
  const body = envelope.data[kind];
  const part = (kind === "message" && holdsMoney(body) ? MoneyMessage : PARTS[kind]).safeParse(body);
  if (!part.success) {
    return {
      ok: false,
      problem: "malformed",
      kind,
      fields: part.error.issues.slice(0, 8).map((issue) => issue.path.join(".")),
    };
  }
  return { ok: true, update: { updateId: envelope.data.update_id, kind, data: part.data } as ParsedUpdate };
}
