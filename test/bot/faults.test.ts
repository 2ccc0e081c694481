import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { AppError } from "../../src/errors.ts";
import { fromBot, labels, reads, withButtons } from "./support/reading.ts";
import { makeTown } from "./support/town.ts";

const greeted = async (options: Parameters<typeof makeTown>[0] = {}) => {
  const town = await makeTown(options);
  const anna = town.someone();
  anna.start();
  await town.settle();
  return { town, anna };
};

describe("a press", () => {
  it("on an old message gets a toast and the current menu, and the old message loses its buttons", async () => {
    const { town, anna } = await greeted();
    const old = anna.screen()?.messageId ?? 0;
    town.screens.delete(anna.id); // as if another process had sent the next one
    anna.send("/help");
    await town.settle();
    anna.press({ messageId: old, data: "v1:plans:" });
    await town.settle();
    expect(anna.notices().at(-1)?.text).toBe("Эта кнопка устарела — вот свежее меню.");
    expect(reads(anna)).toContain("Здравствуйте");
    expect(withButtons(anna).map(({ messageId }) => messageId)).not.toContain(old);
    expect(town.counts).toContainEqual({ what: "press.stale", detail: undefined });
  });

  it.each(["v1:grant:club", "v0:plans:", "constructor", "v1:refund:0123456789abcdef"])(
    "forged as %s changes nothing",
    async (data) => {
      const { town, anna } = await greeted();
      anna.pressForged(data, anna.screen()?.messageId);
      await town.settle();
      expect(anna.notices().at(-1)?.text).toBe("Эта кнопка устарела — вот свежее меню.");
      expect(reads(anna)).toContain("Здравствуйте");
      expect(fromBot(anna)).toHaveLength(1);
    },
  );

  it("made twice in a hurry is one wish; the second gets a toast", async () => {
    const { town, anna } = await greeted();
    anna.press("Выбрать тариф");
    anna.pressForged("v1:plans:", anna.screen()?.messageId);
    await town.settle();
    expect(anna.notices().map(({ text }) => text)).toEqual(["", "Уже делаем…"]);
    expect(reads(anna)).toMatch(/^Тарифы/);
  });

  it("is answered before anything is drawn", async () => {
    const { town, anna } = await greeted();
    anna.press("Выбрать тариф");
    await town.settle();
    const methods = town.telegram
      .calls()
      .map(({ method }) => method)
      .filter((method) => method !== "getUpdates");
    expect(methods.indexOf("answerCallbackQuery")).toBeLessThan(methods.indexOf("editMessageText"));
  });
});

describe("an update that cannot be handled now", () => {
  it("is handed back when Redis is away, and succeeds later", async () => {
    const { town, anna } = await greeted();
    const { read } = town.actors;
    anna.send("/status");
    const [update] = await town.receive();
    town.actors.read = () => Promise.reject(new AppError("redis.unreachable"));
    await expect(town.bot.handleUpdate(update)).rejects.toMatchObject({ code: "redis.unreachable" });
    town.actors.read = read;
    const before = fromBot(anna).length;
    await town.bot.handleUpdate(update);
    expect(fromBot(anna)).toHaveLength(before + 1);
  });

  it.each([
    ["is overloaded", { kind: "error", status: 429, retryAfter: 3 }],
    ["fails", { kind: "error", status: 502, description: "Bad Gateway" }],
    ["drops the connection", { kind: "reset", when: "before" }],
    ["answers half", { kind: "truncate" }],
  ] as const)("is handed back when Telegram %s", async (_what, fault) => {
    const { town, anna } = await greeted();
    anna.send("/status");
    const [update] = await town.receive();
    town.telegram.faults.onCall({ method: "sendMessage", times: 1, fault });
    await expect(town.bot.handleUpdate(update)).rejects.toThrow();
    await town.bot.handleUpdate(update);
    expect(reads(anna)).toContain("Здравствуйте");
  });

  it("inside a dialogue is handed back as well, and counted once afterwards", async () => {
    const { town, anna } = await greeted();
    anna.send("/support");
    await town.settle();
    anna.send("Вопрос");
    const [update] = await town.receive();
    town.telegram.faults.onCall({
      method: "sendMessage",
      times: 1,
      fault: { kind: "error", status: 429, retryAfter: 3 },
    });
    await expect(town.bot.handleUpdate(update)).rejects.toThrow();
    await town.bot.handleUpdate(update);
    await town.settle();
    const tickets = (await town.actors.find(`telegramId=${anna.id}`)).filter((address) =>
      address.startsWith("ticket/"),
    );
    expect(tickets).toHaveLength(1);
    expect(await town.actors.read(tickets[0] as never)).toMatchObject({ context: { messages: 1 } });
  });

  it("is logged and let go when Telegram refuses for good, without token, name or text", async () => {
    const { town, anna } = await greeted();
    town.telegram.faults.onCall({
      method: "sendMessage",
      times: 1,
      fault: { kind: "error", status: 400, description: "Bad Request: can't parse entities" },
    });
    anna.send("/status");
    await town.settle();
    const logged = JSON.stringify(town.log);
    expect(town.log).toContainEqual({
      fields: expect.objectContaining({ event: "update.failed", kind: "message", code: 400, method: "sendMessage" }),
      message: expect.any(String),
    });
    for (const secret of [town.telegram.token, "sandbox-token", "Анна", "Здравствуйте"])
      expect(logged).not.toContain(secret);
  });

  it("of a poisoned kind is counted and dropped", async () => {
    const { town } = await greeted();
    for (const poison of [
      null,
      7,
      "x",
      [],
      { update_id: 1 },
      { update_id: 1, poll: {} },
      { update_id: 1, message: { chat: {} } },
      { update_id: 1, callback_query: [] },
      { update_id: -1, message: {} },
    ]) {
      await town.bot.handleUpdate(poison);
    }
    expect(town.counts.filter(({ what }) => what === "update.malformed" || what === "update.unknownKind")).toHaveLength(
      9,
    );
  });
});

describe("a customer whose record cannot be read", () => {
  it("has the payment counted all the same", async () => {
    const { town, anna } = await greeted();
    anna.press("Выбрать тариф");
    await town.settle();
    anna.press("1 месяц — 500 ⭐");
    await town.settle();
    const pay = anna.press("Оплатить 500 ⭐") as { url: string };
    const { read } = town.actors;
    const paying = anna.payInvoice(pay.url);
    const [query] = await town.receive();
    await town.bot.answerPreCheckout(query);
    await paying;
    town.actors.read = (address) =>
      address.startsWith("customer/")
        ? Promise.reject(new AppError("actor.quarantined"))
        : read.call(town.actors, address);
    for (const update of await town.receive()) await town.bot.handleUpdate(update);
    town.actors.read = read;
    const payments = (await town.actors.find(`telegramId=${anna.id}`)).filter((address) =>
      address.startsWith("payment/"),
    );
    expect(payments).toHaveLength(1);
  });
});

describe("a person who sends too much", () => {
  it("is not answered, but their money is", async () => {
    const { town, anna } = await greeted();
    town.limits = { command: 1, message: 0 };
    anna.press("Выбрать тариф");
    await town.settle();
    anna.press("1 месяц — 500 ⭐");
    await town.settle();
    const pay = anna.press("Оплатить 500 ⭐") as { url: string };
    const before = fromBot(anna).length;
    anna.send("/help");
    anna.send("спам");
    await town.settle();
    expect(fromBot(anna)).toHaveLength(before);
    expect(await town.pay(anna, pay.url)).toMatchObject({ kind: "paid" });
    expect(reads(anna)).toContain("Оплата получена");
  });
});

describe("a person who blocked the bot", () => {
  it("gets nothing, is noted, and pays and returns as before", async () => {
    const { town, anna } = await greeted();
    anna.block();
    await town.settle();
    expect(await town.actors.read(addressOf.customer(anna.id))).toMatchObject({
      states: expect.arrayContaining(["contact.botBlocked"]),
    });
    const notice = {
      kind: "notifyCustomer",
      userId: anna.id,
      notice: "refund.failed",
      product: null,
      params: {},
    } as const;
    expect(await town.bot.notifyCustomer(notice, "e|1|0")).toBe("blocked");
    anna.unblock();
    await town.settle();
    anna.start();
    await town.settle();
    expect(labels(anna)).toContain("Выбрать тариф");
    expect(await town.actors.read(addressOf.customer(anna.id))).toMatchObject({
      states: expect.arrayContaining(["contact.reachable"]),
    });
  });

  it("and of whom nobody told us is noted at the first refusal", async () => {
    const { town, anna } = await greeted();
    anna.block();
    await town.receive(); // the update is lost
    const notice = {
      kind: "notifyCustomer",
      userId: anna.id,
      notice: "refund.failed",
      product: null,
      params: {},
    } as const;
    expect(await town.bot.notifyCustomer(notice, "e|1|0")).toBe("blocked");
    expect(await town.actors.read(addressOf.customer(anna.id))).toMatchObject({
      states: expect.arrayContaining(["contact.botBlocked"]),
    });
  });
});

describe("a notice", () => {
  it("is not sent twice for the same effect", async () => {
    const { town, anna } = await greeted();
    const notice = {
      kind: "notifyCustomer",
      userId: anna.id,
      notice: "refund.failed",
      product: null,
      params: {},
    } as const;
    await town.bot.notifyCustomer(notice, "e|1|0");
    const before = fromBot(anna).length;
    await town.bot.notifyCustomer(notice, "e|1|0");
    expect(fromBot(anna)).toHaveLength(before);
    await town.bot.notifyCustomer(notice, "e|2|0");
    expect(fromBot(anna)).toHaveLength(before + 1);
  });

  it("that time has overtaken is not sent", async () => {
    const { town, anna } = await greeted();
    const notice = {
      kind: "notifyCustomer",
      userId: anna.id,
      notice: "grace.reminder",
      product: "club",
      params: {},
    } as const;
    expect(await town.bot.notifyCustomer(notice, "e|1|0")).toBe("outdated");
  });

  it("to somebody who never started the bot is let go", async () => {
    const { town } = await greeted();
    const stranger = town.someone({ firstName: "Zoe" });
    const notice = {
      kind: "notifyCustomer",
      userId: stranger.id,
      notice: "refund.failed",
      product: null,
      params: {},
    } as const;
    expect(await town.bot.notifyCustomer(notice, "e|1|0")).toBe("neverStarted");
  });

  it("to staff is codes and numbers, in their chat or in the log", async () => {
    const { town } = await greeted();
    const notice = {
      kind: "notifyStaff",
      notice: "channel.degraded",
      params: { chatId: "-100", title: "<Club>", missing: "canInvite" },
    } as const;
    expect(await town.bot.notifyStaff(notice)).toBe("logged");
    expect(town.log.at(-1)).toMatchObject({ fields: { event: "staff.notice", notice: "channel.degraded" } });
  });
});

describe("a channel", () => {
  it("that is lost stops the sales", async () => {
    const { town, anna } = await greeted();
    town.telegram.channels.get(town.channelId).removeBot({ ban: true });
    await town.settle();
    anna.press("Выбрать тариф");
    await town.settle();
    anna.press("1 месяц — 500 ⭐");
    await town.settle();
    expect(reads(anna)).toContain("Продажи ненадолго остановлены");
  });

  it("that is not ours is ignored", async () => {
    const { town } = await greeted();
    const other = town.telegram.channels.create({ title: "Elsewhere" });
    other.setBotRights();
    await town.settle();
    expect(await town.actors.read(addressOf.channel(String(other.id)))).toBeNull();
    expect(town.counts).toContainEqual({ what: "update.foreignChat", detail: undefined });
  });
});
