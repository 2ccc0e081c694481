import type { Message, MessageEntity } from "@grammyjs/types";
import { describe, expect, it } from "vitest";
import { parseHtml } from "../../../src/sandbox/telegram/text/html.ts";
import { DAY_MS, startWorld } from "./support.ts";

const button = (text: string, callback_data: string) => ({ text, callback_data });
const keyboard = (...row: object[]) => ({ inline_keyboard: [row] });

async function chat() {
  const world = await startWorld();
  const ann = world.emulator.people.add({ firstName: "Ann", username: "ann", languageCode: "ru" });
  ann.start();
  await world.emulator.settled();
  const say = (text: string, extra: object = {}) =>
    world.ok<Message>("sendMessage", { chat_id: ann.id, text, ...extra });
  return { ...world, ann, say };
}

describe("HTML markup", () => {
  const parsed: [string, string, MessageEntity[]][] = [
    [
      "<b>a<i>b</i></b>&lt;&amp;&#33;&nbsp;",
      "ab<&!&nbsp;",
      [
        { type: "bold", offset: 0, length: 2 },
        { type: "italic", offset: 1, length: 1 },
      ],
    ],
    ["🙂<u>x</u>", "🙂x", [{ type: "underline", offset: 2, length: 1 }]],
    [
      '<a href="https://a.b/?x=1&amp;y=2">l</a>',
      "l",
      [{ type: "text_link", offset: 0, length: 1, url: "https://a.b/?x=1&y=2" }],
    ],
    [
      '<tg-time unix="1647531900" format="wDT">at ten</tg-time>',
      "at ten",
      [{ type: "date_time", offset: 0, length: 6, unix_time: 1_647_531_900, date_time_format: "wDT" }],
    ],
    ['<pre><code class="language-ts">x</code></pre>', "x", [{ type: "pre", offset: 0, length: 1, language: "ts" }]],
    ["<blockquote expandable>q</blockquote>", "q", [{ type: "expandable_blockquote", offset: 0, length: 1 }]],
    [
      '<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>',
      "st",
      [
        { type: "spoiler", offset: 0, length: 1 },
        { type: "spoiler", offset: 1, length: 1 },
      ],
    ],
    ["<s></s>x", "x", []],
  ];
  it.each(parsed)("%s becomes %j", (source, text, entities) => {
    expect(parseHtml(source)).toEqual({ text, entities });
  });

  const refused: [string, string][] = [
    ["<b>x", 'Can\'t find end tag corresponding to start tag "b"'],
    ["ж<foo>x</foo>", 'Unsupported start tag "foo" at byte offset 2'],
    ["<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ["x</b>", "Unexpected end tag at byte offset 1"],
    ["1 < 2", 'Unsupported start tag "" at byte offset 2'],
    ["<b", 'Unclosed start tag "b" at byte offset 0'],
    ["<b>x</b", "Unclosed end tag at byte offset 4"],
    ["<span>x</span>", 'Tag "span" must have class "tg-spoiler"'],
    ['<tg-time unix="soon">x</tg-time>', "Invalid date specified"],
    ['<tg-time unix="1" format="Q">x</tg-time>', "Invalid date-time format specified"],
  ];
  it.each(refused)("%s is refused", (source, reason) => {
    expect(() => parseHtml(source)).toThrow(`Bad Request: can't parse entities: ${reason}`);
  });
});

describe("a message of the bot", () => {
  it("shows its text, entities and keyboard, and its id grows", async () => {
    const { ann, say } = await chat();
    const first = await say("<b>Hello</b>, see /help", {
      parse_mode: "HTML",
      reply_markup: keyboard({ ...button("Go", "go"), style: "primary" }, { text: "Site", url: "https://example.org" }),
    });
    const second = await say("more");
    expect(second.message_id).toBeGreaterThan(first.message_id);
    expect(first).toMatchObject({
      from: { is_bot: true },
      chat: { id: ann.id, type: "private", username: "ann" },
      text: "Hello, see /help",
      entities: [
        { type: "bold", offset: 0, length: 5 },
        { type: "bot_command", offset: 11, length: 5 },
      ],
    });
    expect(ann.messages().find((m) => m.messageId === first.message_id)?.buttons).toEqual([
      [
        { text: "Go", style: "primary", kind: "callback", data: "go" },
        { text: "Site", style: null, kind: "url", url: "https://example.org" },
      ],
    ]);
    expect(ann.screen()?.text).toBe("more");
  });

  it("keeps Telegram's limits", async () => {
    const { ann, refused, say } = await chat();
    const send = (params: object) => refused("sendMessage", { chat_id: ann.id, text: "x", ...params });
    expect(await send({ text: "x".repeat(4097) })).toBe("Bad Request: message is too long");
    expect((await say(`<b>${"&amp;".repeat(4096)}</b>`, { parse_mode: "HTML" })).text).toHaveLength(4096);
    expect(await send({ text: "<b> </b>", parse_mode: "HTML" })).toBe("Bad Request: message text is empty");
    expect(await send({ parse_mode: "MarkdownV2" })).toContain("not modelled");
    expect(await send({ text: "<x>", parse_mode: "HTML" })).toContain("Bad Request: can't parse entities");
    expect(await send({ reply_markup: keyboard(button("b", "ы".repeat(33))) })).toBe(
      "Bad Request: BUTTON_DATA_INVALID",
    );
    expect(await send({ reply_markup: keyboard(button("b", "ы".repeat(32))) })).toBe("");
    expect(await send({ reply_markup: keyboard(button("b", "")) })).toBe("Bad Request: BUTTON_DATA_INVALID");
    expect(await send({ reply_markup: keyboard({ text: "b", url: "not an address" }) })).toBe(
      "Bad Request: BUTTON_URL_INVALID",
    );
    expect(await send({ reply_markup: keyboard({ text: "b" }) })).toContain("Text buttons are unallowed");
    expect(await send({ reply_markup: keyboard({ ...button("b", "x"), style: "golden" }) })).toContain("style");
    expect(await send({ reply_parameters: { message_id: 1 } })).toBe("Bad Request: message to be replied not found");
  });

  it("cannot reach strangers, blockers and deleted accounts", async () => {
    const { ann, emulator, refused } = await chat();
    const stranger = emulator.people.add();
    const to = (id: number) => refused("sendMessage", { chat_id: id, text: "x" });
    expect(await to(123)).toBe("Bad Request: chat not found");
    expect(await to(stranger.id)).toBe("Bad Request: chat not found");
    ann.block();
    expect(await to(ann.id)).toBe("Forbidden: bot was blocked by the user");
    ann.unblock();
    expect(await to(ann.id)).toBe("");
    ann.deactivate();
    expect(await to(ann.id)).toBe("Forbidden: user is deactivated");
  });

  it("is edited in place, but not into itself", async () => {
    const { ann, ok, refused, say, clock } = await chat();
    const { message_id } = await say("one", { reply_markup: keyboard(button("b", "b")) });
    const edit = { chat_id: ann.id, message_id };
    clock.ms += 5000;
    expect(
      await refused("editMessageText", {
        ...edit,
        text: "one",
        reply_markup: keyboard({ callback_data: "b", text: "b" }),
      }),
    ).toContain("message is not modified");
    expect(await ok("editMessageText", { ...edit, text: "two" })).toMatchObject({
      text: "two",
      edit_date: clock.ms / 1000,
    });
    expect(ann.screen()).toMatchObject({ messageId: message_id, text: "two", buttons: [], isEdited: true });
    await ok("editMessageReplyMarkup", { ...edit, reply_markup: keyboard(button("c", "c")) });
    expect(await refused("editMessageReplyMarkup", { ...edit, reply_markup: keyboard(button("c", "c")) })).toContain(
      "not modified",
    );
    const own = ann.send("mine");
    expect(await refused("editMessageText", { chat_id: ann.id, message_id: own.messageId, text: "x" })).toBe(
      "Bad Request: message can't be edited",
    );
    expect(await refused("editMessageText", { chat_id: ann.id, message_id: 9, text: "x" })).toBe(
      "Bad Request: message to edit not found",
    );
    expect(await refused("editMessageText", { text: "x" })).toBe("Bad Request: chat_id is empty");
    const photo = await ok<Message>("sendPhoto", { chat_id: ann.id, photo: "https://example.org/a.png", caption: "a" });
    const onPhoto = { chat_id: ann.id, message_id: photo.message_id };
    expect(await refused("editMessageText", { ...onPhoto, text: "x" })).toBe(
      "Bad Request: there is no text in the message to edit",
    );
    expect(await ok("editMessageCaption", { ...onPhoto, caption: "b" })).toMatchObject({ caption: "b" });
  });

  it("is deleted within 48 hours, as are messages of the person", async () => {
    const { ann, ok, refused, say, clock } = await chat();
    const old = await say("old");
    clock.ms += 2 * DAY_MS;
    const secret = ann.send("my token");
    const one = { chat_id: ann.id, message_id: old.message_id };
    expect(await refused("deleteMessage", one)).toBe("Bad Request: message can't be deleted for everyone");
    await ok("deleteMessage", { chat_id: ann.id, message_id: secret.messageId });
    expect(ann.messages().find((m) => m.messageId === secret.messageId)).toMatchObject({ text: "", isDeleted: true });
    expect(await refused("deleteMessage", { chat_id: ann.id, message_id: secret.messageId })).toBe(
      "Bad Request: message to delete not found",
    );
    const fresh = await say("fresh");
    await ok("deleteMessages", { chat_id: ann.id, message_ids: [fresh.message_id, 1, 2] });
    expect(ann.screen()?.text).toBe("old");
  });

  it("is copied and forwarded, unless protected", async () => {
    const { ann, ok, refused, say, emulator } = await chat();
    const bob = emulator.people.add();
    bob.start();
    const { message_id } = await say("news");
    await ok("copyMessage", { chat_id: bob.id, from_chat_id: ann.id, message_id });
    await ok("forwardMessage", { chat_id: bob.id, from_chat_id: ann.id, message_id });
    expect(bob.messages().map((m) => [m.kind, m.text])).toEqual([
      ["text", "/start"],
      ["text", "news"],
      ["forward", "news"],
    ]);
    const hidden = await say("hidden", { protect_content: true });
    const copy = { chat_id: bob.id, from_chat_id: ann.id, message_id: hidden.message_id };
    expect(await refused("copyMessage", copy)).toBe("Bad Request: the message can't be copied");
    expect(await refused("forwardMessage", { ...copy, message_id: 5 })).toBe(
      "Bad Request: message to forward not found",
    );
  });

  it("shows typing and reply keyboards", async () => {
    const { ann, ok, say } = await chat();
    await ok("sendChatAction", { chat_id: ann.id, action: "typing" });
    expect(ann.chatActions().map((a) => a.action)).toEqual(["typing"]);
    await say("choose", { reply_markup: { keyboard: [[{ text: "Yes" }, "No"]], resize_keyboard: true } });
    expect(ann.replyKeys()).toEqual([["Yes", "No"]]);
    expect(ann.pressReplyKey("No").text).toBe("No");
    await say("thanks", { reply_markup: { remove_keyboard: true } });
    expect(() => ann.pressReplyKey("No")).toThrow('No key "No"');
  });
});

describe("a person who writes and presses", () => {
  it("sends updates as Telegram does", async () => {
    const { ann, bot, emulator, say } = await chat();
    const shown = await say("Plans", { reply_markup: keyboard(button("1 month", "v1:plan:m")) });
    ann.start("plan_pro-ref42");
    const pressed = ann.press("1 month");
    await emulator.settled();
    expect(bot.of("message").at(-1)).toMatchObject({
      text: "/start plan_pro-ref42",
      from: { id: ann.id, is_bot: false, first_name: "Ann", language_code: "ru" },
      entities: [{ type: "bot_command", offset: 0, length: 6 }],
    });
    expect(bot.of("callback_query")).toMatchObject([
      {
        id: pressed.kind === "callback" && pressed.queryId,
        from: { id: ann.id },
        data: "v1:plan:m",
        message: { message_id: shown.message_id },
      },
    ]);
    const ids = bot.updates.map((u) => u.update_id);
    expect(ids).toEqual(ids.map((_, i) => (ids[0] ?? 0) + i));
  });

  it("sees the answer to a press once; later and unknown answers are refused", async () => {
    const { ann, ok, refused, say, clock } = await chat();
    await say("x", { reply_markup: keyboard(button("b", "b")) });
    const press = () => {
      const result = ann.press("b");
      return result.kind === "callback" ? result.queryId : "";
    };
    const id = press();
    expect(await refused("answerCallbackQuery", { callback_query_id: id, text: "x".repeat(201) })).toContain(
      "MESSAGE_TOO_LONG",
    );
    await ok("answerCallbackQuery", { callback_query_id: id, text: "Done", show_alert: true });
    expect(ann.notices()).toEqual([{ queryId: id, text: "Done", showAlert: true, url: null }]);
    const tooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    expect(await refused("answerCallbackQuery", { callback_query_id: id })).toBe(tooOld);
    expect(await refused("answerCallbackQuery", { callback_query_id: "nonsense" })).toBe(tooOld);
    const late = press();
    clock.ms += 150_001;
    expect(await refused("answerCallbackQuery", { callback_query_id: late })).toBe(tooOld);
  });

  it("follows links without telling the bot, and finds only buttons that are there", async () => {
    const { ann, say, bot, emulator } = await chat();
    const before = bot.updates.length;
    await say("x", {
      reply_markup: keyboard({ text: "Site", url: "t.me/x" }, { text: "Copy", copy_text: { text: "robot@x" } }),
    });
    expect(ann.press("Site")).toEqual({ kind: "url", url: "t.me/x" });
    expect(ann.press("Copy")).toEqual({ kind: "copied", text: "robot@x" });
    expect(() => ann.press("Nope")).toThrow('No button "Nope". On screen: Site | Copy.');
    await emulator.settled();
    expect(bot.updates).toHaveLength(before);
  });

  it("blocks, comes back by writing, and edits", async () => {
    const { ann, bot, emulator } = await chat();
    ann.block();
    ann.block();
    ann.edit(ann.send("hello").messageId, "/hello");
    await emulator.settled();
    expect(bot.of("my_chat_member").map((u) => [u.old_chat_member.status, u.new_chat_member])).toMatchObject([
      ["member", { status: "kicked", until_date: 0 }],
      ["kicked", { status: "member" }],
    ]);
    expect(bot.of("edited_message")).toMatchObject([
      { text: "/hello", entities: [{ type: "bot_command", offset: 0, length: 6 }] },
    ]);
  });

  it("can forge what it sends", async () => {
    const { ann, bot, emulator } = await chat();
    ann.pressForged("v1:admin:all");
    emulator.sendRawUpdate({
      pre_checkout_query: { id: "1", from: ann.user, currency: "XTR", total_amount: 1, invoice_payload: "forged" },
    });
    await emulator.settled();
    expect(bot.of("callback_query")).toMatchObject([{ data: "v1:admin:all" }]);
    expect(bot.of("callback_query")[0]?.message).toBeUndefined();
    expect(bot.of("pre_checkout_query")).toMatchObject([{ invoice_payload: "forged" }]);
  });
});
