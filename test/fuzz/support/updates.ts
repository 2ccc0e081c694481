// Updates as Telegram sends them, about people and orders that exist, and what could come in their place.
import fc from "fast-check";
import { ALLOWED_UPDATES } from "../../../src/bot/updates.ts";
import { mutated, oddText, oddValue } from "./odd.ts";

export interface Known {
  readonly people: readonly number[];
  readonly chats: readonly number[];
  readonly orders: readonly string[];
  readonly charges: readonly string[];
  readonly plans: readonly string[];
  readonly products: readonly string[];
}

const PRESSES = [
  ...["home", "plans", "terms", "privacy", "help", "language", "paysupport", "support", "topup", "leave", "mute"],
  ...["unmute", "forgetask", "forget", "lang", "offer", "status", "invite", "cancelask", "cancel", "undo", "pauseask"],
  ...["pause", "resume", "plan", "trial", "connect", "connectback", "connectlater", "connectkeep", "connectcheck"],
  ...["connectrestart", "connectquiet", "tokenhelp", "addsheet", "retoken", "refundask", "refund", "nothing"],
];
const COMMANDS = [
  ...["/start", "/start plans", "/start renew", "/start connect", "/start c_spring", "/status", "/connect", "/cancel"],
  ...["/language", "/help", "/terms", "/privacy", "/paysupport", "/support", "/who 1", "/refund x keep because"],
];

/** Grows with every update: an id that came before is answered without being read again. */
let lastUpdateId = 500_000_000;
function newUpdateId(): number {
  lastUpdateId += 1;
  return lastUpdateId;
}

const from = (known: Known) =>
  fc.record({
    id: fc.constantFrom(...known.people),
    is_bot: fc.constant(false),
    first_name: fc.oneof(fc.constant("Anna"), oddText()),
    username: fc.constantFrom("anna_b", "boris"),
    language_code: fc.constantFrom("ru", "en", "de-AT"),
  });

function partsOf(known: Known): Readonly<Record<string, fc.Arbitrary<unknown>>> {
  const person = from(known);
  const privateChat = fc.constantFrom(...known.people).map((id) => ({ id, type: "private", first_name: "Anna" }));
  const channel = fc.constantFrom(...known.chats).map((id) => ({ id, type: "channel", title: "The club" }));
  const messageId = fc.integer({ min: 1, max: 40 });
  const text = fc.oneof(fc.constantFrom(...COMMANDS), oddText(), fc.constantFrom("anna@example.com", "look at it"));
  const date = fc.constant(1_760_000_000);
  const order = fc.oneof(fc.constantFrom(...known.orders), oddText());
  const arg = fc.oneof(
    fc.constantFrom("", ...known.products, ...known.plans, "suite.0", "ru", "0123456789abcdef"),
    oddText(),
  );
  const amount = fc.constantFrom(500, 150, 1_350, 990, 0, 1);
  const currency = fc.constantFrom("XTR", "EUR");
  const status = fc.constantFrom("creator", "administrator", "member", "restricted", "left", "kicked");
  const member = fc.record({
    status,
    user: person,
    is_member: fc.boolean(),
    can_invite_users: fc.boolean(),
    can_restrict_members: fc.boolean(),
  });
  const link = fc.record({
    invite_link: fc.constant("https://t.me/+abcdefgh"),
    creator: person,
    name: fc.oneof(fc.constantFrom(...known.people).map(String), oddText()),
    creates_join_request: fc.boolean(),
    is_primary: fc.boolean(),
    is_revoked: fc.boolean(),
  });
  const payment = fc.record(
    {
      currency,
      total_amount: amount,
      invoice_payload: order,
      telegram_payment_charge_id: fc.oneof(fc.constantFrom(...known.charges), fc.uuid(), oddText()),
      provider_payment_charge_id: fc.constantFrom("", "p-1"),
      is_recurring: fc.constant(true),
      is_first_recurring: fc.constant(true),
      subscription_expiration_date: fc.integer({ min: 0, max: 4_000_000_000 }),
    },
    { requiredKeys: ["currency", "total_amount", "invoice_payload", "telegram_payment_charge_id"] },
  );
  const message = { message_id: messageId, from: person, chat: fc.oneof(privateChat, channel), date };
  const change = fc.record(
    { chat: channel, from: person, date, old_chat_member: member, new_chat_member: member, invite_link: link },
    { requiredKeys: ["chat", "from", "date", "old_chat_member", "new_chat_member"] },
  );
  const shown = fc.record({ message_id: messageId, chat: privateChat, date, text });
  return {
    text: fc.record({ ...message, text }).map((data) => ({ message: data })),
    paid: fc.record({ ...message, successful_payment: payment }).map((data) => ({ message: data })),
    refunded: fc.record({ ...message, refunded_payment: payment }).map((data) => ({ message: data })),
    press: fc
      .record({
        id: fc.uuid(),
        from: person,
        message: shown,
        chat_instance: fc.constant("1"),
        data: fc.oneof(
          fc.tuple(fc.constantFrom(...PRESSES), arg).map(([event, value]) => `v1:${event}:${value}`),
          oddText(),
        ),
      })
      .map((data) => ({ callback_query: data })),
    checkout: fc
      .record({ id: fc.uuid(), from: person, currency, total_amount: amount, invoice_payload: order })
      .map((data) => ({ pre_checkout_query: data })),
    member: change.map((data) => ({ chat_member: data })),
    mine: change.map((data) => ({ my_chat_member: data })),
    request: fc
      .record({ chat: channel, from: person, user_chat_id: fc.constantFrom(...known.people), date, invite_link: link })
      .map((data) => ({ chat_join_request: data })),
    renewal: fc
      .record({ user: person, invoice_payload: order, state: fc.constantFrom("canceled", "active", "failed", "odd") })
      .map((data) => ({ subscription: data })),
  };
}

/** A body that is JSON: an update with a few changes, several at once, or anything at all. */
export const updates = (known: Known): fc.Arbitrary<unknown> => {
  const one = fc.oneof(...Object.values(partsOf(known)));
  const numbered = one.map((parts) => ({ update_id: newUpdateId(), ...(parts as object) }));
  const several = fc
    .tuple(one, one)
    .map(([first, second]) => ({ update_id: newUpdateId(), ...(first as object), ...(second as object) }));
  const named = fc
    .tuple(fc.oneof(fc.constantFrom<string>(...ALLOWED_UPDATES), oddText()), oddValue())
    .map(([kind, value]) => ({ update_id: newUpdateId(), [kind]: value }));
  return fc.oneof(
    { weight: 12, arbitrary: mutated(numbered) },
    { weight: 2, arbitrary: mutated(several) },
    { weight: 2, arbitrary: named },
    { weight: 1, arbitrary: oddValue() },
  );
};

export interface RawBody {
  readonly body: string;
  readonly type: string;
}

const NESTED = 50_000;
const RAW = [
  "",
  " ",
  "{",
  "[]",
  "null",
  "{}",
  '{"update_id":1}',
  '{"update_id":1e400,"message":{}}',
  '{"update_id":1,"update_id":2,"message":{"text":"a","text":"b"}}',
  '{"__proto__":{"polluted":true},"update_id":3}',
  '{"constructor":{"prototype":{"polluted":true}},"update_id":4}',
  '{"update_id":5,"message":{"__proto__":{"polluted":true}}}',
  '\ufeff{"update_id":6}',
  '{"update_id":7,"message":{"text":"\\ud800"}}',
  `${"[".repeat(NESTED)}${"]".repeat(NESTED)}`,
  `{"update_id":8,"message":${'{"a":'.repeat(NESTED)}1${"}".repeat(NESTED)}}`,
  `{"update_id":9,"message":{"text":"${"x".repeat(1_100_000)}"}}`,
] as const;
const TYPES = [
  ...["application/json", "application/json", "application/json; charset=utf-8", "text/plain", "text/xml", ""],
  ...["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json;charset=utf-7", "*/*"],
];

/** Bodies as bytes: updates cut or with a character changed, and what parsers stumble over. */
export const rawBodies = (known: Known): fc.Arbitrary<RawBody> => {
  const damaged = fc
    .tuple(updates(known), fc.nat({ max: 2_000 }), fc.constantFrom("cut", "change", "double"), oddText())
    .map(([update, at, how, text]) => {
      const json = JSON.stringify(update) ?? "";
      const place = at % Math.max(1, json.length);
      if (how === "cut") return json.slice(0, place);
      return how === "double" ? json + json : json.slice(0, place) + text + json.slice(place + 1);
    });
  return fc.record({
    body: fc.oneof(
      { weight: 6, arbitrary: damaged },
      { weight: 1, arbitrary: fc.constantFrom(...RAW) },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    ),
    type: fc.constantFrom(...TYPES),
  });
};
