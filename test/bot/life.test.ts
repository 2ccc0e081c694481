import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import { fromBot, labels, reads, withButtons } from "./support/reading.ts";
import { DAY_MS, makeTown, type Town } from "./support/town.ts";

const subscription = async (town: Town, userId: number) => {
  const view = await town.actors.read(addressOf.subscription(userId, "club"));
  return { states: view?.states ?? [], context: view?.context as unknown as SubscriptionContext };
};

const subscribed = async (plan: "month" | "term" = "month", stars = 10_000) => {
  const town = await makeTown({ refund: { mode: "automatic", automaticWithin: 86_400 } });
  const anna = town.someone({ stars });
  await town.subscribe(anna, plan);
  const join = anna.press("Вступить в канал");
  anna.openLink((join as { url: string }).url);
  await town.settle();
  return { town, anna };
};

describe("switching renewal off", () => {
  it("takes two taps, names the date, and can be undone", async () => {
    const { town, anna } = await subscribed();
    anna.send("/status");
    await town.settle();
    anna.press("Отключить продление");
    await town.settle();
    expect(reads(anna)).toBe("Отключить продление? Доступ останется до 23 декабря 2026.");
    expect((await subscription(town, anna.id)).states).toContain("intent.autoRenew");
    anna.press("Отключить");
    await town.settle();
    expect(reads(anna)).toBe("Продление отключено, доступ до 23 декабря 2026.");
    expect(anna.subscriptions()[0]).toMatchObject({ payload: expect.anything() });
    anna.press("Вернуть продление");
    await town.settle();
    expect(reads(anna)).toContain("Включите его в Telegram");
    expect(anna.reenableSubscription((await subscription(town, anna.id)).context.firstChargeId ?? "")).toBe(true);
    await town.settle();
    expect(reads(anna)).toContain("Продление включено");
    expect((await subscription(town, anna.id)).states).toContain("intent.autoRenew");
  });

  it("can be thought better of", async () => {
    const { town, anna } = await subscribed();
    anna.send("/status");
    await town.settle();
    anna.press("Отключить продление");
    await town.settle();
    anna.press("Оставить");
    await town.settle();
    expect((await subscription(town, anna.id)).states).toContain("intent.autoRenew");
    expect(reads(anna)).toContain("Подписка активна");
  });

  it("at Telegram is noticed and confirmed here", async () => {
    const { town, anna } = await subscribed();
    anna.cancelSubscription((await subscription(town, anna.id)).context.firstChargeId ?? "");
    await town.settle();
    expect(reads(anna)).toBe("Продление отключено, доступ до 23 декабря 2026.");
  });
});

describe("time", () => {
  it("reminds, renews and thanks", async () => {
    const { town, anna } = await subscribed();
    await town.pass(28 * DAY_MS);
    expect(reads(anna)).toMatch(/^Через 3 дня, 23 декабря 2026, Telegram спишет 500 ⭐/);
    expect(withButtons(anna)).toHaveLength(1);
    await town.pass(3 * DAY_MS);
    expect(reads(anna)).toBe("Оплата получена\n\nПродлено до 22 января 2027. Спасибо, что вы с нами.");
    expect(anna.isIn(town.channelId)).toBe(true);
  });

  it("takes a prepaid term through grace and hold to its end, and one payment brings everything back", async () => {
    const { town, anna } = await subscribed("term");
    await town.pass(28 * DAY_MS);
    expect(reads(anna)).toMatch(/^Подписка на «Клуб & Ко» закончится через 3 дня, 23 декабря 2026\. Продлить\?/);
    expect(labels(anna)).toEqual(["Продлить — 600 ⭐", "Не напоминать"]);
    await town.pass(2 * DAY_MS + 60_000);
    expect(reads(anna)).toContain("Оплаченное время закончилось. Канал «Клуб & Ко» открыт ещё");
    expect(anna.isIn(town.channelId)).toBe(true);
    await town.pass(3 * DAY_MS);
    expect(reads(anna)).toMatch(/^Доступ к каналу «Клуб & Ко» закрыт/);
    expect(anna.isIn(town.channelId)).toBe(false);
    anna.press("Оплатить 600 ⭐");
    await town.settle();
    const pay = anna.press("Оплатить 600 ⭐");
    await town.pay(anna, { messageId: (pay as { messageId: number }).messageId });
    expect(labels(anna)).toContain("Вступить в канал");
  });

  it("stops reminding when asked", async () => {
    const { town, anna } = await subscribed("term");
    anna.send("/status");
    await town.settle();
    anna.press("Не напоминать");
    await town.settle();
    expect(reads(anna)).toContain("Больше не напоминаем");
    const before = fromBot(anna).length;
    await town.pass(29.5 * DAY_MS);
    expect(fromBot(anna)).toHaveLength(before);
  });

  it("welcomes back who comes after the end", async () => {
    const { town, anna } = await subscribed("term");
    await town.pass(60 * DAY_MS);
    anna.start();
    await town.settle();
    expect(reads(anna)).toMatch(/^С возвращением, Анна!/);
    expect(labels(anna)[0]).toBe("Вернуться — 600 ⭐");
  });
});

describe("a pause", () => {
  it("is confirmed, set and taken back", async () => {
    const { town, anna } = await subscribed("term");
    anna.pressForged("v1:pauseask:club", anna.screen()?.messageId); // not offered to a prepaid term: out of date
    await town.settle();
    expect(anna.notices().at(-1)?.text).toBe("Эта кнопка устарела — вот свежее меню.");
    const { town: other, anna: vera } = await subscribed();
    vera.send("/status");
    await other.settle();
    vera.press("Поставить на паузу");
    await other.settle();
    expect(reads(vera)).toContain("не больше чем на 90 дней");
    vera.press("Поставить на паузу");
    await other.settle();
    expect(reads(vera)).toContain("потом пауза");
    vera.press("Не ставить на паузу");
    await other.settle();
    expect(
      (await subscription(other, vera.id)).states.some((state) => state.startsWith("intent.pauseAtPeriodEnd")),
    ).toBe(false);
  });
});

describe("the way into the channel", () => {
  it("is for its owner alone: a stranger is told so, and the owner gets a new link", async () => {
    const town = await makeTown();
    const anna = town.someone();
    await town.subscribe(anna);
    const eve = town.someone({ firstName: "Eve", languageCode: "en" });
    const { url } = anna.press("Вступить в канал") as { url: string };
    eve.openLink(url);
    await town.settle();
    expect(eve.isIn(town.channelId)).toBe(false);
    expect(reads(eve)).toMatch(/\/start/);
    expect(reads(anna)).toContain("По вашей ссылке пытались войти");
    const renewed = anna.press("Вступить в канал") as { url: string };
    expect(renewed.url).not.toBe(url);
    anna.openLink(renewed.url);
    await town.settle();
    expect(anna.isIn(town.channelId)).toBe(true);
  });

  it("stays open to who left: the bot says until when, and a new link is one tap away", async () => {
    const { town, anna } = await subscribed();
    anna.leave(town.channelId);
    await town.settle();
    expect(reads(anna)).toContain("Вы вышли из канала. Подписка действует до 23 декабря 2026");
    anna.press("Получить приглашение");
    await town.settle();
    const join = anna.press("Вступить в канал") as { url: string };
    anna.openLink(join.url);
    await town.settle();
    expect(anna.isIn(town.channelId)).toBe(true);
  });
});

describe("asking for money back", () => {
  it("lists the payments, asks once more, and tells what became of it", async () => {
    const { town, anna } = await subscribed("term");
    const before = anna.stars;
    anna.send("/paysupport");
    await town.settle();
    expect(reads(anna)).toContain("600 ⭐ — зачтён");
    anna.press("Вернуть 600 ⭐ от 23 ноября 2026");
    await town.settle();
    expect(reads(anna)).toContain("доступ закроется сразу");
    anna.press("Попросить возврат");
    await town.settle();
    expect(anna.stars).toBe(before + 600);
    expect(reads(anna)).toContain("Вернули 600 ⭐ за платёж");
    expect(reads(anna)).toContain("Доступ закрыт");
    expect(anna.isIn(town.channelId)).toBe(false);
  });

  it("is refused when the terms' time is over, with a way to a person", async () => {
    const { town, anna } = await subscribed("term");
    await town.pass(2 * DAY_MS);
    anna.send("/paysupport");
    await town.settle();
    anna.press("Вернуть 600 ⭐ от 23 ноября 2026");
    await town.settle();
    anna.press("Попросить возврат");
    await town.settle();
    expect(reads(anna)).toContain("Это время прошло");
    expect(labels(anna)).toContain("Написать в поддержку");
  });

  it("finds nothing for the mark of somebody else's charge", async () => {
    const { town, anna } = await subscribed("term");
    anna.send("/paysupport");
    await town.settle();
    const mark = town.screens
      .get(anna.id)
      ?.presses.find((data) => data.startsWith("v1:refundask:"))
      ?.slice("v1:refundask:".length);
    const eve = town.someone({ firstName: "Eve" });
    eve.start();
    await town.settle();
    const screen = town.screens.get(eve.id);
    if (screen) town.screens.set(eve.id, { ...screen, presses: [`v1:refund:${mark}`] });
    eve.pressForged(`v1:refund:${mark}`, screen?.messageId);
    await town.settle();
    expect(reads(eve)).toContain("Платежей от вас ещё не было");
    expect(town.telegram.calls({ method: "refundStarPayment" })).toEqual([]);
  });
});

describe("deleting one's data", () => {
  it("is a wish that people carry out, asked for twice, one ticket per person", async () => {
    const { town, anna } = await subscribed("term");
    anna.send("/privacy");
    await town.settle();
    anna.press("Удалить мои данные");
    await town.settle();
    anna.press("Удалить");
    await town.settle();
    expect(reads(anna)).toContain("Просьбу приняли");
    expect(await town.actors.read(addressOf.ticket(`forget:${anna.id}`))).toMatchObject({
      states: ["open"],
      context: { detail: "erasureRequested" },
    });
  });
});
