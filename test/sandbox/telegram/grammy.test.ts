import fastify from "fastify";
import { Bot, GrammyError, InlineKeyboard, webhookCallback } from "grammy";
import { afterEach, describe, expect, it } from "vitest";
import { startWorld, type TestWorld } from "./support.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const botFor = ({ emulator }: TestWorld) =>
  new Bot(emulator.token, {
    botInfo: { ...emulator.bot },
    client: { apiRoot: emulator.apiRoot, timeoutSeconds: 5, fetch: globalThis.fetch as never },
  });

describe("grammY's own client", () => {
  it("calls the emulator as it would call Telegram", async () => {
    const world = await startWorld({ webhook: false });
    const bot = botFor(world);
    const ann = world.emulator.people.add();
    ann.start();
    expect((await bot.api.getMe()).username).toBe("club_bot");
    const sent = await bot.api.sendMessage(ann.id, "<b>Hi</b>", {
      parse_mode: "HTML",
      reply_markup: new InlineKeyboard().text("Go", "go").success().row().url("Site", "https://example.org"),
    });
    expect(ann.screen()?.buttons).toMatchObject([[{ style: "success" }], [{ kind: "url" }]]);
    await bot.api.editMessageText(ann.id, sent.message_id, "Bye");
    await expect(bot.api.editMessageText(ann.id, sent.message_id, "Bye")).rejects.toThrow(GrammyError);
    const link = await bot.api.createInvoiceLink("t", "d", "p", "", "XTR", [{ label: "l", amount: 5 }], {
      subscription_period: 2_592_000,
    });
    expect(link).toMatch(/^https:\/\/t\.me\/\$/);
    const channel = world.emulator.channels.create();
    const invite = await bot.api.createChatInviteLink(channel.id, { name: "ord", creates_join_request: true });
    ann.openLink(invite.invite_link);
    expect(await bot.api.approveChatJoinRequest(channel.id, ann.id)).toBe(true);
    expect((await bot.api.getChatMember(channel.id, ann.id)).status).toBe("member");
    await bot.api.sendDocument(ann.id, "file-id");
  });

  it("serves a webhook behind fastify: command, button, payment", async () => {
    const world = await startWorld({ webhook: false });
    const { emulator } = world;
    const bot = botFor(world);
    bot.command("start", (ctx) =>
      ctx.reply(`Hello ${ctx.match}`, { reply_markup: new InlineKeyboard().text("Plans", "plans") }),
    );
    bot.callbackQuery("plans", async (ctx) => {
      await ctx.answerCallbackQuery("Here");
      const link = await ctx.api.createInvoiceLink("t", "d", "ord_1", "", "XTR", [{ label: "l", amount: 5 }]);
      await ctx.editMessageText("Pay", { reply_markup: new InlineKeyboard().url("Pay 5", link) });
    });
    bot.on("pre_checkout_query", (ctx) => ctx.answerPreCheckoutQuery(true));
    bot.on("message:successful_payment", (ctx) => ctx.reply("Paid"));
    const app = fastify();
    closers.push(() => app.close());
    app.post("/hook", webhookCallback(bot, "fastify", { secretToken: "abc" }));
    const url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/hook`;
    await bot.api.setWebhook(url, { secret_token: "abc" });

    const ann = emulator.people.add({ stars: 5 });
    ann.start("ref");
    await emulator.settled();
    expect(ann.screen()?.text).toBe("Hello ref");
    ann.press("Plans");
    await emulator.settled();
    expect(ann.notices().map((n) => n.text)).toEqual(["Here"]);
    const pay = ann.press("Pay 5");
    expect((await ann.payInvoice(pay.kind === "url" ? pay.url : "")).kind).toBe("paid");
    await emulator.settled();
    expect(ann.screen()?.text).toBe("Paid");
    await bot.api.setWebhook(url, { secret_token: "other" });
    ann.send("x");
    await emulator.settled();
    expect((await bot.api.getWebhookInfo()).last_error_message).toContain("401");
  });

  it("polls", async () => {
    const world = await startWorld({ webhook: false, realTimers: true });
    const { emulator } = world;
    const bot = botFor(world);
    bot.on("message:text", (ctx) => ctx.reply(ctx.message.text.toUpperCase()));
    const running = bot.start();
    const ann = emulator.people.add();
    await expect.poll(() => emulator.calls({ method: "deleteWebhook" }).length, { interval: 2 }).toBe(1);
    ann.send("hello");
    await expect.poll(() => ann.screen()?.text, { interval: 2 }).toBe("HELLO");
    await bot.stop();
    await running;
  });
});
