import { describe, expect, it } from "vitest";
import { commandsIn } from "../../src/bot/bot.ts";
import { commandOf, planCodeOf } from "../../src/bot/features/commands.ts";
import { startPayload } from "../../src/bot/features/contact.ts";
import { linkOwnerOf, memberEvent, rightsOf } from "../../src/bot/features/members.ts";
import { paymentEvent } from "../../src/bot/features/payments.ts";
import { languageOf } from "../../src/bot/language.ts";
import { type MemberChange, type Parsed, parseUpdate } from "../../src/bot/updates.ts";

const ANNA = { id: 7_012_345_678, is_bot: false, first_name: "Ann" };
const BOT = { id: 6_900_000_001, is_bot: true, first_name: "Club", username: "club_bot" };
const ADMIN = { id: 5_000_000_009, is_bot: false, first_name: "Owner" };
const CHANNEL = { id: -1_002_123_456_789, title: "Club", type: "channel" };
const PRIVATE = { id: ANNA.id, first_name: "Ann", type: "private" };

const parsed = <
  K extends Parsed<"message">["kind"] | "chat_member" | "my_chat_member" | "chat_join_request" | "subscription",
>(
  body: object,
) => {
  const result = parseUpdate({ update_id: 700_000_001, ...body });
  if (!result.ok) throw new Error(`${result.problem} ${result.fields.join()}`);
  return result.update as Parsed<K>;
};

const change = (from: object, before: string, after: object, link?: object): MemberChange =>
  parsed<"chat_member">({
    chat_member: {
      chat: CHANNEL,
      from,
      date: 1,
      old_chat_member: { user: ANNA, status: before, ...(before === "restricted" ? { is_member: true } : {}) },
      new_chat_member: { user: ANNA, ...after },
      ...(link ? { invite_link: link } : {}),
    },
  }).data;

const link = (name: string | undefined, creator = BOT as { id: number; is_bot: boolean; first_name: string }) => ({
  invite_link: "https://t.me/+x",
  creator,
  ...(name === undefined ? {} : { name }),
});

describe("a change of membership", () => {
  it.each([
    [
      "joining by one's own link",
      change(ANNA, "left", { status: "member" }, link(`u${ANNA.id}`)),
      { type: "member.joined", linkOwner: ANNA.id },
    ],
    [
      "joining by somebody else's link",
      change(ANNA, "left", { status: "member" }, link("u7012345679")),
      { type: "member.joined", linkOwner: 7_012_345_679 },
    ],
    [
      "being approved by the bot",
      change(BOT, "left", { status: "member" }, link(`u${ANNA.id}`)),
      { type: "member.joined", linkOwner: ANNA.id },
    ],
    [
      "joining by an administrator's link of the same name",
      change(ANNA, "left", { status: "member" }, link(`u${ANNA.id}`, ADMIN)),
      { type: "member.joined", linkOwner: null },
    ],
    [
      "being added by an administrator",
      change(ADMIN, "kicked", { status: "member" }),
      { type: "member.joined", linkOwner: null },
    ],
    ["leaving", change(ANNA, "member", { status: "left" }), { type: "member.left" }],
    [
      "leaving while restricted",
      change(ANNA, "restricted", { status: "restricted", is_member: false }),
      { type: "member.left" },
    ],
    [
      "being banned by an administrator",
      change(ADMIN, "member", { status: "kicked", until_date: 0 }),
      { type: "member.removed", by: ADMIN.id },
    ],
    [
      "being promoted",
      change(ADMIN, "member", { status: "administrator" }),
      { type: "membership.seen", membership: "administrator" },
    ],
    [
      "being demoted",
      change(ADMIN, "administrator", { status: "member" }),
      { type: "membership.seen", membership: "member" },
    ],
    ["our own removal", change(BOT, "member", { status: "kicked", until_date: 1 }), null],
    ["the end of our own ban", change(BOT, "kicked", { status: "left" }), null],
    [
      "an unban by an administrator",
      change(ADMIN, "kicked", { status: "left" }),
      { type: "membership.seen", membership: "left" },
    ],
  ])("%s", (_what, given, event) => {
    expect(memberEvent(given, BOT.id)).toEqual(event);
  });
});

describe("the name of a link", () => {
  it.each([
    ["u7012345678", 7_012_345_678],
    ["u0", null],
    ["u-5", null],
    ["u7012345678x", null],
    ["order-1", null],
    ["", null],
    [undefined, null],
  ])("%s", (name, owner) => {
    expect(linkOwnerOf(link(name), BOT.id)).toBe(owner);
  });
});

describe("what the bot may do in a channel", () => {
  const rights = (status: object) =>
    rightsOf({ ...change(ADMIN, "left", { status: "member" }), new_chat_member: { user: BOT, ...status } as never });
  it.each([
    [
      "administrator with rights",
      { status: "administrator", can_invite_users: true, can_restrict_members: true },
      { present: true, canInvite: true, canRestrict: true },
    ],
    [
      "administrator without the right to remove",
      { status: "administrator", can_invite_users: true, can_restrict_members: false },
      { present: true, canInvite: true, canRestrict: false },
    ],
    ["a mere member", { status: "member" }, { present: true, canInvite: false, canRestrict: false }],
    ["put out", { status: "kicked" }, { present: false, canInvite: false, canRestrict: false }],
    ["gone", { status: "left" }, { present: false, canInvite: false, canRestrict: false }],
  ])("%s", (_what, status, expected) => {
    expect(rights(status)).toEqual({ ...expected, title: "Club", members: null });
  });
});

describe("a payment", () => {
  const paid = {
    currency: "XTR",
    total_amount: 500,
    invoice_payload: "ord_1",
    telegram_payment_charge_id: "stxA",
    provider_payment_charge_id: "7_1",
  };
  const event = (extra: object = {}) => paymentEvent({ ...paid, ...extra }, ANNA.id);

  it.each([
    [
      "first of a subscription",
      { is_recurring: true, is_first_recurring: true, subscription_expiration_date: 1_797_964_860 },
      { recurring: true, firstRecurring: true, expiresAt: 1_797_964_860_000 },
    ],
    [
      "a renewal",
      { is_recurring: true, subscription_expiration_date: 1_800_556_860 },
      { recurring: true, firstRecurring: false, expiresAt: 1_800_556_860_000 },
    ],
    ["a prepaid term", {}, { recurring: false, firstRecurring: false, expiresAt: null }],
    ["without a provider's id", { provider_payment_charge_id: "" }, { providerChargeId: null }],
    ["for a payload no order can have", { invoice_payload: "a b|c" }, { orderId: "unreadable" }],
  ])("%s", (_what, extra, expected) => {
    expect(event(extra as object)).toMatchObject({
      type: "payment.received",
      userId: ANNA.id,
      amountMinor: 500,
      currency: "XTR",
      source: "update",
      ...expected,
    });
  });
});

describe("an update", () => {
  it("of a kind we did not ask for is told by its name", () => {
    expect(parseUpdate({ update_id: 1, poll: {} })).toEqual({
      ok: false,
      problem: "unknownKind",
      kind: "poll",
      fields: [],
    });
  });

  it("of a made-up kind makes no counter of its own", () => {
    expect(parseUpdate({ update_id: 1, "<script>": {} })).toMatchObject({ problem: "unknownKind", kind: "other" });
  });

  it.each([
    ["nothing", null, "update_id"],
    ["a text", "update", "update_id"],
    ["no id", { message: {} }, "update_id"],
    ["a message without a chat", { update_id: 1, message: { message_id: 1 } }, "chat"],
    [
      "a payment without a charge",
      {
        update_id: 1,
        message: {
          message_id: 1,
          chat: PRIVATE,
          successful_payment: { currency: "XTR", total_amount: 5, invoice_payload: "o" },
        },
      },
      "successful_payment.telegram_payment_charge_id",
    ],
    [
      "a negative amount",
      {
        update_id: 1,
        message: {
          message_id: 1,
          chat: PRIVATE,
          successful_payment: {
            currency: "XTR",
            total_amount: -5,
            invoice_payload: "o",
            telegram_payment_charge_id: "c",
            provider_payment_charge_id: "",
          },
        },
      },
      "successful_payment.total_amount",
    ],
    [
      "a state nobody knows",
      { update_id: 1, subscription: { user: ANNA, invoice_payload: "o", state: "exploded" } },
      "state",
    ],
    [
      "a user id that is no number",
      { update_id: 1, callback_query: { id: "1", from: { ...ANNA, id: "7" } } },
      "from.id",
    ],
  ])("with %s is malformed, and says where", (_what, raw, field) => {
    const result = parseUpdate(raw);
    expect(result).toMatchObject({ ok: false, problem: "malformed" });
    expect(result).toHaveProperty("fields", expect.arrayContaining([field]));
  });

  it("about money is read for what it says, however odd the rest of it is", () => {
    const { data } = parsed<"message">({
      message: {
        message_id: "?",
        from: null,
        chat: { id: ANNA.id, type: "planet" },
        text: 5,
        successful_payment: {
          ...{ currency: "XTR", total_amount: 500, telegram_payment_charge_id: "a|b%", invoice_payload: null },
          ...{ provider_payment_charge_id: {}, is_recurring: "yes", is_first_recurring: false },
          subscription_expiration_date: 0,
        },
      },
    });
    expect(data).toMatchObject({ from: undefined, chat: { id: String(ANNA.id), type: "private" }, text: undefined });
    expect(paymentEvent(data.successful_payment as never, ANNA.id)).toEqual({
      ...{ type: "payment.received", userId: ANNA.id, amountMinor: 500, currency: "XTR", orderId: "unreadable" },
      ...{ recurring: false, firstRecurring: false, expiresAt: null, providerChargeId: null, source: "update" },
    });
    expect(data.successful_payment?.telegram_payment_charge_id).toBe("a%7Cb%25");
  });

  it("that says two things at once is none that Telegram sends: no handler may take the one and read the other", () => {
    const message = { message_id: 1, from: ANNA, chat: PRIVATE, date: 1, text: "/start" };
    const chat_join_request = { chat: CHANNEL, from: ANNA, user_chat_id: ANNA.id, date: 1 };
    expect(parseUpdate({ update_id: 1, message, chat_join_request })).toEqual({
      ...{ ok: false, problem: "malformed", kind: "message", fields: ["message", "chat_join_request"] },
    });
    // A kind that we did not ask for says nothing to us.
    expect(parseUpdate({ update_id: 1, message, edited_message: message })).toMatchObject({ ok: true });
  });
  it("with fields of a later Bot API is taken", () => {
    expect(
      parsed<"subscription">({
        subscription: { user: { ...ANNA, future: 1 }, invoice_payload: "o", state: "failed", more: {} },
      }).data.state,
    ).toBe("failed");
  });
});

describe("a command", () => {
  it.each([
    ["/start", "start"],
    ["/START plans", "start"],
    ["/help@club_bot", "help"],
    ["/help@Club_Bot now", "help"],
    ["/help@other_bot", null],
    ["hello /start", null],
    ["/", null],
    ["/стоп", null],
    [undefined, null],
  ])("%s", (text, command) => {
    expect(commandOf(text, "club_bot")).toBe(command);
  });

  it.each([
    ["/start plans", "plans"],
    ["/start c_spring-26", "c_spring-26"],
    ["/start", null],
    ["/start a b", null],
    ["/start <b>", null],
    [`/start ${"x".repeat(65)}`, null],
  ])("%s carries %s", (text, payload) => {
    expect(startPayload(text)).toBe(payload);
  });
});

describe("the plan that /buy names", () => {
  it.each([
    ["/buy", null],
    ["/buy month", "month"],
    ["/buy@club_bot  pro-month ", "pro-month"],
    ["/buy MONTH", "month"],
    ["/buy month now", null],
    ["/buy <b>", null],
    ["/buymonth", null],
    [`/buy ${"x".repeat(33)}`, null],
    [undefined, null],
  ])("%s", (text, code) => {
    expect(planCodeOf(text)).toBe(code);
  });
});

describe("the menu of commands", () => {
  it.each(["ru", "en"] as const)("has a name and a description for each in %s, as Telegram wants them", (language) => {
    const menu = commandsIn(language);
    expect(new Set(menu.map(({ command }) => command)).size).toBe(menu.length);
    for (const { command, description } of menu) {
      expect(command).toMatch(/^[a-z0-9_]{1,32}$/);
      expect(description).toMatch(language === "ru" ? /^[А-Я].{2,255}$/ : /^[A-Z].{2,255}$/);
    }
    expect(menu.map(({ command }) => command)).toEqual(
      expect.arrayContaining(["start", "plans", "buy", "paysupport", "terms", "help"]),
    );
  });
});

describe("the first language", () => {
  it.each([
    ["ru", "ru"],
    ["uk", "ru"],
    ["ru-RU", "ru"],
    ["en", "en"],
    ["pt-br", "en"],
    [undefined, "ru"],
  ] as const)("of %s", (code, language) => {
    expect(languageOf(code)).toBe(language);
  });
});
