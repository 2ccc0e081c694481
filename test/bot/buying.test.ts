import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { fromBot, labels, reads, withButtons } from "./support/reading.ts";
import { DAY_MS, makeTown, somePlans, type Town } from "./support/town.ts";

describe("a person who never was here", () => {
  it("is greeted by name, in one message with one obvious button", async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start();
    await town.settle();
    expect(reads(anna)).toBe(
      "Здравствуйте, Анна!\n\nЗакрытый канал «Клуб & Ко». Доступ по подписке, оплата звёздами Telegram.",
    );
    expect(labels(anna)).toEqual(["Выбрать тариф", "Условия", "English"]);
    expect(await town.actors.read(addressOf.customer(anna.id))).toMatchObject({
      context: { firstName: "Анна", language: "ru", ref: null },
    });
  });

  it("is spoken to in English where the client says so, and can change that", async () => {
    const town = await makeTown();
    const bob = town.someone({ languageCode: "en", firstName: "Bob" });
    bob.start("c_spring");
    await town.settle();
    expect(reads(bob)).toContain("Hello, Bob!");
    bob.press("Русский");
    await town.settle();
    expect(reads(bob)).toContain("Здравствуйте, Bob!");
    expect(fromBot(bob)).toHaveLength(1);
    bob.send("/language");
    await town.settle();
    expect(await town.actors.read(addressOf.customer(bob.id))).toMatchObject({
      context: { language: "ru", languageChosen: true, ref: "c_spring" },
    });
  });

  it.each(["plans", "renew", "connect", "anything"])(
    "by a link with %s leaves the campaign to a later one",
    async (payload) => {
      const town = await makeTown();
      const bob = town.someone();
      bob.start(payload);
      await town.settle();
      const ref = async () => (await town.actors.read(addressOf.customer(bob.id)))?.context.ref;
      expect(await ref()).toBeNull();
      bob.start("c_spring");
      await town.settle();
      expect(await ref()).toBe("c_spring");
      bob.start("c_autumn");
      await town.settle();
      expect(await ref()).toBe("c_spring");
    },
  );

  it("goes from plan to paid to joined, each screen in its place", async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start();
    await town.settle();
    anna.press("Выбрать тариф");
    await town.settle();
    expect(fromBot(anna)).toHaveLength(1);
    expect(labels(anna)).toEqual([
      "1 месяц — 500 ⭐",
      "30 дней — 600 ⭐",
      "Навсегда — 9000 ⭐",
      "3 дня бесплатно",
      "‹ Назад",
    ]);
    anna.press("1 месяц — 500 ⭐");
    await town.settle();
    expect(reads(anna)).toContain("500 ⭐ каждые 30 дней");
    const pay = anna.press("Оплатить 500 ⭐");
    if (pay.kind !== "url") throw new Error("a renewing plan is paid by a link");

    const outcome = await town.pay(anna, pay.url);
    if (outcome.kind !== "paid") throw new Error("not paid");
    expect(reads(anna)).toMatch(/^Оплата получена\n\n500 ⭐, доступ до 23 декабря 2026\. Платёж stx/);
    expect(reads(anna)).toContain(outcome.chargeId);
    expect(labels(anna)).toEqual(["Вступить в канал", "Моя подписка"]);
    expect(withButtons(anna)).toHaveLength(1);

    const join = anna.press("Вступить в канал");
    anna.openLink((join as { url: string }).url);
    await town.settle();
    expect(anna.isIn(town.channelId)).toBe(true);
    expect(reads(anna)).toMatch(/^Вы в канале «Клуб & Ко»/);
    expect(fromBot(anna).at(-1)?.isEdited).toBe(true);
    expect(await town.actors.read(addressOf.customer(anna.id))).toMatchObject({
      context: { termsAccepted: { version: "1" } },
    });
    expect(town.log.filter(({ fields }) => fields.event !== "staff.notice")).toEqual([]);
  });

  it("pays a prepaid term by an invoice message, whose copies lead to the bot", async () => {
    const town = await makeTown();
    const anna = town.someone();
    await town.subscribe(anna, "term");
    expect(anna.messages().filter(({ kind, isDeleted }) => kind === "invoice" && !isDeleted)).toHaveLength(1); // it is the receipt
    expect(town.telegram.calls({ method: "sendInvoice" })).toHaveLength(1);
    expect(reads(anna)).toContain("600 ⭐, доступ до 23 декабря 2026");
  });

  it("goes back from an invoice to the plans, and the invoice is gone", async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start("plans");
    await town.settle();
    anna.press("30 дней — 600 ⭐");
    await town.settle();
    expect(anna.screen()?.invoice).toMatchObject({ title: "30 дней", currency: "XTR", totalAmount: 600 });
    expect(labels(anna)).toEqual(["Оплатить 600 ⭐", "Другой тариф"]);
    anna.press("Другой тариф");
    await town.settle();
    expect(reads(anna)).toMatch(/^Тарифы/);
    expect(anna.messages().filter(({ kind, isDeleted }) => kind === "invoice" && !isDeleted)).toEqual([]);
  });

  it.each([
    ["createInvoiceLink", "1 месяц — 500 ⭐"],
    ["sendInvoice", "30 дней — 600 ⭐"],
  ])("reads that a plan can't be sold when Telegram refuses its invoice (%s)", async (method, plan) => {
    const town = await makeTown();
    const anna = town.someone();
    const fault = { kind: "error", status: 400, description: "Bad Request: STARS_AMOUNT_INVALID" } as const;
    town.telegram.faults.onCall({ method, times: 1, fault });
    anna.start("plans");
    await town.settle();
    anna.press(plan);
    await town.settle();
    expect(reads(anna)).toContain("Этот тариф сейчас нельзя купить. Деньги не списаны.");
    expect(labels(anna)).toEqual(["Другой тариф", "Написать в поддержку", "‹ Назад"]);
    expect(town.log.map(({ fields }) => fields)).toContainEqual(
      expect.objectContaining({ event: "invoice.refused", userId: anna.id, method }),
    );
    expect(town.setAside).toEqual([]);
  });

  it("buys for life", async () => {
    const town = await makeTown();
    const anna = town.someone();
    await town.subscribe(anna, "ever");
    expect(reads(anna)).toContain("9000 ⭐, доступ навсегда");
    anna.send("/status");
    await town.settle();
    expect(reads(anna)).toContain("Доступ навсегда");
  });

  it("tries it for free, once", async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start("plans");
    await town.settle();
    anna.press("3 дня бесплатно");
    await town.settle();
    expect(reads(anna)).toMatch(/^Бесплатный доступ открыт до 26 ноября 2026/);
    expect(labels(anna)).toContain("Вступить в канал");
    await town.pass(5 * DAY_MS);
    anna.start("plans");
    await town.settle();
    expect(labels(anna)).not.toContain("3 дня бесплатно");
    anna.pressForged("v1:trial:month", anna.screen()?.messageId);
    await town.settle();
    expect(await town.actors.read(addressOf.subscription(anna.id, "club"))).toMatchObject({
      states: expect.arrayContaining([expect.stringMatching(/^billing\.expired/)]),
    });
  });
});

describe("a person who subscribed already", () => {
  it("is shown the subscription instead of a second purchase", async () => {
    const town = await makeTown();
    const anna = town.someone();
    await town.subscribe(anna);
    anna.start("plans");
    await town.settle();
    anna.press("1 месяц — 500 ⭐");
    await town.settle();
    expect(reads(anna)).toContain("Подписка активна до 23 декабря 2026");
    expect(town.telegram.calls({ method: "createInvoiceLink" })).toHaveLength(1);
  });

  it("may prolong a prepaid term ahead of its end", async () => {
    const town = await makeTown();
    const anna = town.someone();
    await town.subscribe(anna, "term");
    anna.start("renew");
    await town.settle();
    const pay = anna.press("Оплатить 600 ⭐");
    await town.pay(anna, { messageId: (pay as { messageId: number }).messageId });
    expect(reads(anna)).toContain("доступ до 22 января 2027");
  });
});

describe("the command /buy", () => {
  const told = async (text: string, from?: Town) => {
    const town = from ?? (await makeTown());
    const anna = town.someone();
    anna.start();
    await town.settle();
    anna.send(text);
    await town.settle();
    return { town, anna };
  };

  it("leads to the checkout of the plan it names", async () => {
    const { anna } = await told("/buy month");
    expect(reads(anna)).toContain("500 ⭐ каждые 30 дней");
    expect(labels(anna)).toEqual(["Оплатить 500 ⭐", "Другой тариф"]);
  });

  it("leads to an invoice where the plan is paid by one", async () => {
    const { anna } = await told("/buy term");
    expect(anna.screen()?.invoice).toMatchObject({ title: "30 дней", totalAmount: 600 });
  });

  it.each(["/plans", "/buy", "/buy nothing-like-that", "/buy <b>"])("%s shows the plans", async (text) => {
    const { town, anna } = await told(text);
    expect(reads(anna)).toMatch(/^Тарифы/);
    expect((await town.actors.find(`telegramId=${anna.id}`)).filter((found) => found.startsWith("order/"))).toEqual([]);
  });

  it.each(["/plans", "/buy month"])("%s sells nothing to somebody who is blocked", async (text) => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start();
    await town.settle();
    await town.actors.send(
      addressOf.customer(anna.id),
      { type: "risk.blocked", by: "olga", reason: "fraud" },
      { cause: { kind: "staff", id: "1" } },
    );
    anna.send(text);
    await town.settle();
    expect(reads(anna)).toMatch(/^Доступ закрыт/);
  });
});

describe("somebody who is blocked", () => {
  it.each(["v1:plans:", "v1:offer:club", "v1:status:club", "v1:cancelask:club"])(
    "is shown that and nothing else by %s, whatever screen they still had",
    async (data) => {
      const town = await makeTown();
      const anna = town.someone();
      await town.subscribe(anna);
      await town.actors.send(
        addressOf.customer(anna.id),
        { type: "risk.blocked", by: "olga", reason: "fraud" },
        { cause: { kind: "staff", id: "1" } },
      );
      await town.settle();
      const screen = town.screens.get(anna.id);
      if (!screen) throw new Error("no screen");
      town.screens.set(anna.id, { ...screen, presses: [data] });
      anna.pressForged(data, screen.messageId);
      await town.settle();
      expect(reads(anna)).toMatch(/^Доступ закрыт/);
    },
  );
});

describe("an order", () => {
  it("is opened once for the same offer, however often it is looked at", async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start("plans");
    await town.settle();
    for (const _ of [1, 2, 3]) {
      anna.press("1 месяц — 500 ⭐");
      await town.settle();
      anna.press("Другой тариф");
      await town.settle();
      await town.pass(10_000);
    }
    const orders = (await town.actors.find(`telegramId=${anna.id}`)).filter((address) => address.startsWith("order/"));
    expect(orders).toHaveLength(1);
  });

  it("is not opened beyond the hour's share, and that is said", async () => {
    const town = await makeTown();
    town.limits = { invoice: 1 };
    const anna = town.someone();
    anna.start("plans");
    await town.settle();
    anna.press("1 месяц — 500 ⭐");
    await town.settle();
    anna.press("Другой тариф");
    await town.settle();
    anna.press("30 дней — 600 ⭐");
    await town.settle();
    expect(reads(anna)).toContain("много счетов подряд");
  });
});

describe("a checkout", () => {
  const atCheckout = async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start("plans");
    await town.settle();
    anna.press("1 месяц — 500 ⭐");
    await town.settle();
    const pay = anna.press("Оплатить 500 ⭐");
    if (pay.kind !== "url") throw new Error("no link");
    return { town, anna, link: pay.url };
  };

  it("is refused when the price changed meanwhile, and nothing is charged", async () => {
    const { town, anna, link } = await atCheckout();
    town.catalog = somePlans(String(town.channelId), { price: 700 });
    const before = anna.stars;
    expect(await town.pay(anna, link)).toEqual({
      kind: "declined",
      errorMessage: "Цена изменилась: теперь 700 ⭐. Деньги не списаны, выберите тариф ещё раз.",
    });
    expect(anna.stars).toBe(before);
  });

  it("of somebody else's invoice is refused in the stranger's language, and spoils nothing for its owner", async () => {
    const { town, anna, link } = await atCheckout();
    const eve = town.someone({ languageCode: "en", firstName: "Eve" });
    expect(await town.pay(eve, link)).toEqual({
      kind: "declined",
      errorMessage: "This invoice belongs to someone else. Get yours with /start.",
    });
    await town.settle();
    const orders = (await town.actors.find(`telegramId=${anna.id}`)).filter((address) => address.startsWith("order/"));
    const heard = await Promise.all(orders.map((order) => town.actors.history(order)));
    expect(heard.flat().map(({ event }) => event)).toContainEqual({ type: "checkout.refused", reason: "otherBuyer" });
    expect(await town.pay(anna, link)).toMatchObject({ kind: "paid" });
  });

  it("of an invoice that was paid is refused", async () => {
    const { town, anna, link } = await atCheckout();
    await town.pay(anna, link);
    expect(await town.pay(anna, link)).toMatchObject({
      kind: "declined",
      errorMessage: expect.stringContaining("уже оплачен"),
    });
  });

  it.each([
    ["a payload nobody made", { payload: "free-for-all", currency: "XTR", totalAmount: 500 }],
    ["a payload that is no key", { payload: "order/1|{x} y", currency: "XTR", totalAmount: 500 }],
  ])("with %s is refused", async (_what, forged) => {
    const { town, anna } = await atCheckout();
    let isOver = false;
    const paying = anna.payForged(forged).finally(() => {
      isOver = true;
    });
    while (!isOver) await town.settle();
    expect(await paying).toMatchObject({
      kind: "declined",
      errorMessage: expect.stringContaining("Такого счёта у нас нет"),
    });
  });

  it("is refused within two seconds when the store does not answer", async () => {
    const { town, anna, link } = await atCheckout();
    const read = town.actors.read.bind(town.actors);
    town.actors.read = () => new Promise(() => {});
    const startedAt = performance.now();
    const paying = anna.payInvoice(link);
    const update = await nextCheckout(town);
    expect(await town.bot.answerPreCheckout(update)).toMatchObject({ approved: false, reason: "unavailable" });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(await paying).toMatchObject({
      kind: "declined",
      errorMessage: "Сервис сейчас не отвечает. Деньги не списаны, попробуйте через минуту.",
    });
    town.actors.read = read;
    await town.settle();
  });

  it("that skips the bot altogether is kept in the books and told to the payer, and opens nothing", async () => {
    const { town, anna } = await atCheckout();
    await anna.payForged({ payload: "free-for-all", currency: "XTR", totalAmount: 1, skipCheckout: true });
    await town.settle();
    const [address] = (await town.actors.find(`telegramId=${anna.id}`)).filter((found) => found.startsWith("payment/"));
    const payment = await town.actors.read(address as never);
    expect(payment).toMatchObject({ states: ["quarantined"], context: { disputeReason: "unknownOrder" } });
    expect(reads(anna)).toContain("Деньги не пропали");
  });
});

async function nextCheckout(town: Town) {
  for (;;) {
    const update = (await town.receive()).find(({ pre_checkout_query }) => pre_checkout_query !== undefined);
    if (update !== undefined) return update;
  }
}
