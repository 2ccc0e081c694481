// The emulator against the published description of the Bot API (api.json and additions-10.2.json of a folder).
import type { Update } from "@grammyjs/types";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { METHODS } from "../../../src/sandbox/telegram/methods/table.ts";
import { BotApiSpec } from "./spec.ts";
import { ALL_UPDATES, answerCheckouts, DAY_MS, startWorld, type TestWorld } from "./support.ts";

// A folder outside of the project, read by this test only.
const folder = process.env.TELEGRAM_BOT_API_DIR;

/** Parameters that the description does not have, and why we know them. */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  // Bot API 10.3, known from the published types.
  sendMessage: ["ephemeral_message_parameters"],
  sendPhoto: ["ephemeral_message_parameters"],
  sendDocument: ["ephemeral_message_parameters"],
  // Refused by name with the server's own code.
  sendInvoice: ["subscription_period"],
};

describe("the published description of the Bot API", () => {
  let spec: BotApiSpec;
  beforeEach((context) => {
    if (folder === undefined)
      context.skip("TELEGRAM_BOT_API_DIR names no folder with api.json and additions-10.2.json");
    else spec = new BotApiSpec(folder);
  });

  it("has the parameters of every implemented method, the same ones required", () => {
    const sorted = (rows: unknown[][]) => rows.map(String).sort();
    for (const { name, schema } of METHODS.values()) {
      const beyond = BEYOND[name] ?? [];
      const ours = Object.entries(schema.shape).map(([key, field]) => [key, !(field instanceof z.ZodExactOptional)]);
      const theirs = spec.fields("methods", name).map((field) => [field.name, field.required]);
      expect(sorted(ours.filter(([key]) => !beyond.includes(String(key)))), name).toEqual(sorted(theirs));
      expect(Object.keys(schema.shape), name).toEqual(expect.arrayContaining([...beyond]));
    }
    expect(METHODS.size).toBeGreaterThan(45);
  });

  it("is read by a check that notices what is missing, undocumented or of another type", () => {
    const chat = { id: 1, type: "private", first_name: "Ann" };
    const message = { message_id: 1, date: 1, chat, text: "x" };
    expect(spec.check("Update", { update_id: 1, message })).toEqual([]);
    expect(spec.check("Update", { update_id: 1, message: { ...message, sparkle: 1 } })).toEqual([
      "Update.message.sparkle is not documented for Message",
    ]);
    expect(spec.check("Update", { update_id: 1, message: { ...message, date: undefined } })).toEqual([
      "Update.message.date is missing",
    ]);
    expect(spec.check("Update", { update_id: "1" })).toEqual(["Update.update_id is no integer"]);
    expect(spec.checkResult("getChatMember", { status: "kicked", user: 5 })).not.toEqual([]);
  });

  it("describes every update and every result of a busy month", async () => {
    const world = await startWorld();
    await busyMonth(world);
    const { bot, emulator } = world;
    const types = new Set(bot.updates.flatMap((update) => Object.keys(update).filter((key) => key !== "update_id")));
    expect([...types].sort()).toEqual([...ALL_UPDATES].sort());
    expect(bot.updates.flatMap((update: Update) => spec.check("Update", update))).toEqual([]);
    const results = emulator.calls({ ok: true });
    expect(new Set(results.map((call) => call.method)).size).toBeGreaterThan(35);
    const wrong = results.flatMap((call) =>
      call.response?.ok ? spec.checkResult(call.method, call.response.result) : [],
    );
    expect(wrong).toEqual([]);
  });
});

/** Makes each kind of update happen, and calls most methods. */
async function busyMonth(world: TestWorld): Promise<void> {
  const { ok, emulator, clock, advance } = world;
  answerCheckouts(world);
  const owner = emulator.people.add({ firstName: "Olga" });
  const ann = emulator.people.add({
    lastName: "Lee",
    username: "ann_lee",
    languageCode: "ru",
    isPremium: true,
    bio: "hi",
    stars: 5000,
  });
  const channel = emulator.channels.create({ owner, username: "club_public", hasProtectedContent: true });
  const [chat_id, user_id] = [channel.id, ann.id];
  ann.edit(ann.start("ref").messageId, "/start other");
  ann.sendPhoto("look");
  await emulator.settled();

  const callback = { text: "Go", callback_data: "go", style: "primary" };
  const reply_markup = { inline_keyboard: [[callback], [{ text: "Site", url: "https://example.org" }]] };
  const rich = '<b>Hi</b> <tg-time unix="1" format="r">soon</tg-time> <a href="https://a.b">a</a> /help';
  const sent = await ok<{ message_id: number }>("sendMessage", {
    chat_id: user_id,
    text: rich,
    parse_mode: "HTML",
    reply_markup,
  });
  await ok("sendMessage", {
    chat_id: user_id,
    text: "re",
    reply_parameters: { message_id: sent.message_id },
    protect_content: true,
  });
  const pressed = ann.press("Go");
  await ok("answerCallbackQuery", {
    callback_query_id: pressed.kind === "callback" ? pressed.queryId : "",
    text: "ok",
  });
  await ok("editMessageText", { chat_id: user_id, message_id: sent.message_id, text: "two" });
  await ok("editMessageReplyMarkup", { chat_id: user_id, message_id: sent.message_id, reply_markup });
  await ok("copyMessage", { chat_id: user_id, from_chat_id: user_id, message_id: sent.message_id });
  await ok("forwardMessage", { chat_id: user_id, from_chat_id: user_id, message_id: sent.message_id });
  const photo = await ok<{ message_id: number }>("sendPhoto", {
    chat_id: user_id,
    photo: "id",
    caption: "<i>c</i>",
    parse_mode: "HTML",
  });
  await ok("editMessageCaption", { chat_id: user_id, message_id: photo.message_id, caption: "d" });
  await ok("sendDocument", { chat_id: user_id, document: "id" });
  await ok("sendChatAction", { chat_id: user_id, action: "typing" });
  await ok("deleteMessage", { chat_id: user_id, message_id: photo.message_id });
  await ok("deleteMessages", { chat_id: user_id, message_ids: [1] });
  await ok("sendMessage", { chat_id, text: "post" });

  const price = { title: "t", description: "d", payload: "p", currency: "XTR", prices: [{ label: "l", amount: 500 }] };
  const link = await ok<string>("createInvoiceLink", { ...price, subscription_period: 2_592_000 });
  const paid = await ann.payInvoice(link);
  const invoice = await ok<{ message_id: number }>("sendInvoice", { chat_id: user_id, ...price });
  const second = await ann.payInvoice({ messageId: invoice.message_id });
  ann.cancelSubscription("p");
  ann.reenableSubscription("p");
  const charge = (outcome: typeof paid) => ({
    user_id,
    telegram_payment_charge_id: outcome.kind === "paid" ? outcome.chargeId : "",
  });
  await ok("refundStarPayment", charge(second));
  await advance(30 * DAY_MS);
  await ok("editUserStarSubscription", { ...charge(paid), is_canceled: true });
  emulator.withdrawStars(10);
  await ok("getStarTransactions");
  await ok("getMyStarBalance");

  const expire_date = Math.floor(clock.ms / 1000) + 3600;
  const open = await ok<{ invite_link: string }>("createChatInviteLink", {
    chat_id,
    name: "o",
    expire_date,
    member_limit: 1,
  });
  ann.openLink(open.invite_link);
  ann.leave(chat_id);
  await ok("editChatInviteLink", { chat_id, invite_link: open.invite_link, creates_join_request: true });
  ann.openLink(open.invite_link);
  await ok("declineChatJoinRequest", { chat_id, user_id });
  ann.openLink(open.invite_link);
  await ok("approveChatJoinRequest", { chat_id, user_id });
  await ok("revokeChatInviteLink", { chat_id, invite_link: open.invite_link });
  await ok("exportChatInviteLink", { chat_id });
  for (const id of [user_id, owner.id, emulator.bot.id]) await ok("getChatMember", { chat_id, user_id: id });
  await ok("banChatMember", { chat_id, user_id, until_date: Math.floor(clock.ms / 1000) + 100 });
  await ok("getChatMember", { chat_id, user_id });
  await ok("unbanChatMember", { chat_id, user_id, only_if_banned: true });
  await ok("getChatMember", { chat_id, user_id });
  for (const id of [chat_id, user_id]) await ok("getChat", { chat_id: id });
  await ok("getChatAdministrators", { chat_id });
  await ok("getChatMemberCount", { chat_id });
  channel.demoteBot();
  channel.removeBot({ ban: true });
  ann.block();

  const commands = [{ command: "start", description: "Begin" }];
  await ok("setMyCommands", { commands });
  for (const method of [
    "getMe",
    "getMyCommands",
    "getMyName",
    "getMyDescription",
    "getMyShortDescription",
    "getChatMenuButton",
  ])
    await ok(method);
  await ok("getWebhookInfo");
  await emulator.settled();
  await ok("deleteWebhook");
  ann.unblock();
  await ok("getUpdates");
  await ok("setWebhook", { url: world.bot.url });
  await emulator.settled();
}
