import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { AppError } from "../../src/errors.ts";
import { fromBot, labels, reads, withButtons } from "./support/reading.ts";
import { makeTown, somePlans } from "./support/town.ts";

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

  it.each([
    ["v1:grant:club", true],
    ["v0:plans:", true],
    ["constructor", true],
    // Well made, only not for a screen that she ever saw: nobody can tell it from an old one.
    ["v1:refund:0123456789abcdef", false],
  ])(
    "forged as %s changes nothing, and is on record when no screen of ours can have it: %s",
    async (data, isOnRecord) => {
      const { town, anna } = await greeted();
      anna.pressForged(data, anna.screen()?.messageId);
      await town.settle();
      expect(anna.notices().at(-1)?.text).toBe("Эта кнопка устарела — вот свежее меню.");
      expect(reads(anna)).toContain("Здравствуйте");
      expect(fromBot(anna)).toHaveLength(1);
      const [last] = await town.actors.history(addressOf.customer(anna.id));
      if (isOnRecord)
        expect(last).toMatchObject({ event: { type: "input.refused", what: "forgedPress" }, outcome: "ignored" });
      else expect(last?.event.type).toBe("contact.seen");
    },
  );

  it("forged a thousand times does not fill the audit", async () => {
    const { town, anna } = await greeted();
    town.limits.forgery = 2;
    for (let press = 0; press < 6; press += 1) {
      anna.pressForged(`v1:grant:club${press}`, anna.screen()?.messageId);
      await town.settle();
    }
    const history = await town.actors.history(addressOf.customer(anna.id));
    expect(history.filter(({ event }) => event.type === "input.refused")).toHaveLength(2);
    expect(town.counts.filter(({ what }) => what === "press.forged")).toHaveLength(6);
  });

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
    ["is overloaded", { kind: "error", status: 429, retryAfter: 3 }, 3_000],
    ["fails", { kind: "error", status: 502, description: "Bad Gateway" }, null],
    ["drops the connection", { kind: "reset", when: "before" }, null],
    ["answers half", { kind: "truncate" }, null],
  ] as const)("is handed back as one that only misses its answer when Telegram %s", async (_what, fault, waitMs) => {
    const { town, anna } = await greeted();
    anna.send("/status");
    const [update] = await town.receive();
    town.telegram.faults.onCall({ method: "sendMessage", times: 1, fault });
    await expect(town.bot.handleUpdate(update)).rejects.toMatchObject({ isOnlyAnswerLeft: true, waitMs });
    expect(town.waits).toEqual(waitMs === null ? [] : [{ chatId: String(anna.id), waitMs }]);
    await town.bot.handleUpdate(update);
    expect(reads(anna)).toContain("Здравствуйте");
  });

  it("has sent its events by then, whatever it does with the person's subscription", async () => {
    const { town, anna } = await greeted();
    await town.subscribe(anna);
    anna.send("/status");
    await town.settle();
    anna.press("Отключить продление");
    await town.settle();
    anna.press("Отключить");
    const [update] = await town.receive();
    town.telegram.faults.onCall({ fault: { kind: "error", status: 429, retryAfter: 30 } });
    await expect(town.bot.handleUpdate(update)).rejects.toMatchObject({ isOnlyAnswerLeft: true, waitMs: 30_000 });
    expect(await town.actors.read(addressOf.subscription(anna.id, "club"))).toMatchObject({
      states: expect.arrayContaining([expect.stringMatching(/^intent\.endsAtPeriodEnd/)]),
    });
    town.telegram.faults.clear();
    await town.bot.handleUpdate(update);
    await town.settle();
    expect(reads(anna)).toBe("Продление отключено, доступ до 23 декабря 2026.");
  });

  it("is not held up by the spinner of its button", async () => {
    const { town, anna } = await greeted();
    town.telegram.faults.onCall({
      method: "answerCallbackQuery",
      times: 1,
      fault: { kind: "error", status: 429, retryAfter: 7 },
    });
    anna.press("Выбрать тариф");
    await town.settle();
    expect(reads(anna)).toMatch(/^Тарифы/);
    expect(town.waits).toEqual([{ chatId: String(anna.id), waitMs: 7_000 }]);
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
    expect(town.setAside).toMatchObject([
      { kind: "message", problem: "failed", fields: ["400"], userId: anna.id, money: {} },
    ]);
    const logged = JSON.stringify([town.log, town.setAside]);
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
    expect(town.setAside.map(({ updateId, kind, problem }) => [updateId, kind, problem])).toEqual([
      [1, "message", "malformed"],
      [1, "callback_query", "malformed"],
    ]);
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

describe("a token from a person who sends too much", () => {
  it("is deleted all the same", async () => {
    const { town, anna } = await greeted();
    town.limits = { message: 0 };
    const sent = anna.send(["eyJhbGciOiJFUzI1NiJ9", "eyJzaWQiOiIxMjM0NTY3ODkwIn0", "c2lnbmF0dXJl"].join("."));
    await town.settle();
    expect(
      anna
        .messages()
        .map(({ text }) => text ?? "")
        .filter((text) => text.includes("eyJ")),
    ).toEqual([]);
    expect(sent).toBeDefined();
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
    const asked = town.telegram.calls().length;
    expect(await town.bot.notifyCustomer(notice, "e|1|0")).toBe("blocked");
    expect(town.telegram.calls()).toHaveLength(asked);
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

  it("to somebody whose data were erased is not sent", async () => {
    const { town, anna } = await greeted();
    await town.actors.send(
      addressOf.customer(anna.id),
      { type: "erasure.requested", by: "olga", reason: "asked for it" },
      { cause: { kind: "staff", id: "1" } },
    );
    const before = fromBot(anna).length;
    const notice = {
      kind: "notifyCustomer",
      userId: anna.id,
      notice: "refund.failed",
      product: null,
      params: {},
    } as const;
    expect(await town.bot.notifyCustomer(notice, "e|1|0")).toBe("neverStarted");
    expect(fromBot(anna)).toHaveLength(before);
  });

  it("that only reminds is not sent to somebody who asked for silence in between", async () => {
    const { town, anna } = await greeted();
    await town.subscribe(anna, "term");
    const remind = {
      kind: "notifyCustomer",
      userId: anna.id,
      notice: "reminder.ending",
      product: "club",
      params: {},
    } as const;
    await town.actors.send(
      addressOf.customer(anna.id),
      { type: "reminders.muted" },
      { cause: { kind: "system", id: "test" } },
    );
    expect(await town.bot.notifyCustomer(remind, "e|1|0")).toBe("outdated");
    expect(await town.bot.notifyCustomer({ ...remind, notice: "refund.failed" }, "e|2|0")).toBe("sent");
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
  type ChannelDesk = ReturnType<Awaited<ReturnType<typeof makeTown>>["telegram"]["channels"]["get"]>;
  const troubles: readonly (readonly [string, (channel: ChannelDesk) => void])[] = [
    ["is lost", (channel) => channel.removeBot({ ban: true })],
    ["the bot may not invite to", (channel) => channel.setBotRights({ can_invite_users: false })],
    ["the bot may not remove from", (channel) => channel.setBotRights({ can_restrict_members: false })],
  ];

  it.each(troubles)("that %s is not sold, nor given for free, until all is well again", async (_what, spoil) => {
    const { town, anna } = await greeted();
    const channel = town.telegram.channels.get(town.channelId);
    spoil(channel);
    await town.settle();
    for (const button of ["1 месяц — 500 ⭐", "30 дней — 600 ⭐", "3 дня бесплатно"]) {
      anna.send("/plans");
      await town.settle();
      anna.press(button);
      await town.settle();
      expect(reads(anna)).toMatch(/^Продажи приостановлены: .* Деньги не списаны\./);
    }
    expect(await town.actors.find(`telegramId=${anna.id}`)).toEqual([addressOf.customer(anna.id)]);
    channel.setBotRights({ can_invite_users: true, can_restrict_members: true });
    await town.settle();
    await town.subscribe(anna);
    expect(reads(anna)).toContain("Оплата получена");
  });

  it.each(troubles)(
    "that %s refuses the checkout, and the same invoice can be paid afterwards",
    async (_what, spoil) => {
      const { town, anna } = await greeted();
      anna.send("/buy month");
      await town.settle();
      const { url } = anna.press("Оплатить 500 ⭐") as { url: string };
      const channel = town.telegram.channels.get(town.channelId);
      spoil(channel);
      await town.settle();
      const before = anna.stars;
      expect(await town.pay(anna, url)).toEqual({
        kind: "declined",
        errorMessage: "Продажи приостановлены: канал сейчас недоступен. Деньги не списаны, попробуйте через час.",
      });
      expect(anna.stars).toBe(before);
      channel.setBotRights({ can_invite_users: true, can_restrict_members: true });
      await town.settle();
      expect(await town.pay(anna, url)).toMatchObject({ kind: "paid" });
    },
  );

  it("that nobody looked at yet is sold", async () => {
    const { town, anna } = await greeted();
    const { read } = town.actors;
    town.actors.read = async (address) =>
      address.startsWith("channel/") ? null : await read.call(town.actors, address);
    anna.send("/buy month");
    await town.settle();
    expect(labels(anna)[0]).toBe("Оплатить 500 ⭐");
  });

  it("that left the plans is still served: who paid for it gets in", async () => {
    const { town, anna } = await greeted();
    await town.subscribe(anna);
    const { url } = anna.press("Вступить в канал") as { url: string };
    const other = town.telegram.channels.create({ title: "Elsewhere" });
    town.catalog = somePlans(String(other.id));
    anna.openLink(url);
    await town.settle();
    expect(anna.isIn(town.channelId)).toBe(true);
    expect((await town.actors.read(addressOf.invite(anna.id, String(town.channelId))))?.states).toEqual(["member"]);
  });

  it("that a product gained is not promised to who bought the product without it", async () => {
    const { town, anna } = await greeted();
    await town.subscribe(anna);
    anna.openLink((anna.press("Вступить в канал") as { url: string }).url);
    await town.settle();
    const before = somePlans(String(town.channelId));
    const product = before.products.get("club");
    if (!product) throw new Error("no product");
    town.catalog = { ...before, products: new Map([["club", { ...product, chats: [...product.chats, "-1009"] }]]) };
    anna.send("/status");
    await town.settle();
    expect(labels(anna)).toEqual(["Открыть канал", "Отключить продление", "Поставить на паузу", "Помощь"]);
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
