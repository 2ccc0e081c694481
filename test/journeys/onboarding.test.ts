// From the payment to a product that works: what a customer reads on the way, in both languages.
import { describe, expect, it, vi } from "vitest";
import { Connector, customer, ONE_OF_EACH } from "./support/connecting.ts";
import { ROBOT } from "./support/plans.ts";
import { itStaysWhole, useScene } from "./support/scene.ts";

const scene = useScene();

const WORDS = {
  en: {
    paid: /Payment received\n\n500 ⭐, access until .+\. Payment \S+\n\nNow join the channel/,
    joined: /You are in “Analytics”\n\nNext: connect the product, three steps, two minutes\./,
    step1:
      /Connect the product\nStep 1 of 3 ●○○\n\nSend the Google e-mail that should open the sheet\. For example anna@gmail\.com\n\nConnected by .+ if you answer now/,
    step2: `✓ E-mail: a…a@gmail.com\n\nConnect the product\nStep 2 of 3 ●●○\n\nGive editor access to ${ROBOT}, then send the sheet’s link or its spreadsheet_id.`,
    step3:
      /✓ E-mail: a…a@gmail\.com\n✓ Sheet: \S+\n\nConnect the product\nStep 3 of 3 ●●●\n\nSend the WB API token: read-only.+We delete your message at once\./,
    progress:
      /^Connect the product\n\nToken accepted, your message is deleted\.\n\n[✓…·] Registration\n[✓…·] Token\n[✓…·] Access to Wildberries\n[✓…·] First load\n\nThe token works, but/,
    done: /^Done\n\nThe first data will be in the sheet by .+\. If anything goes wrong, we will write\./,
    ...{ later: "Later", back: "‹ Back", copy: "Copy the address", help: "Where to get it" },
    ...{ open: "Open the sheet", status: "My subscription" },
  },
  ru: {
    paid: /Оплата получена\n\n500 ⭐, доступ до .+\. Платёж \S+\n\nОсталось вступить в канал/,
    joined: /Вы в канале «Аналитика»\n\nДальше — подключение продукта: три шага, две минуты\./,
    step1:
      /Подключение продукта\nШаг 1 из 3 ●○○\n\nПришлите почту Google — на неё откроем таблицу\. Например, anna@gmail\.com\n\nПодключим до .+, если ответить/,
    step2: `✓ Почта: a…a@gmail.com\n\nПодключение продукта\nШаг 2 из 3 ●●○\n\nОткройте доступ редактора для ${ROBOT} и пришлите ссылку на таблицу или её spreadsheet_id.`,
    step3:
      /✓ Почта: a…a@gmail\.com\n✓ Таблица: \S+\n\nПодключение продукта\nШаг 3 из 3 ●●●\n\nПришлите токен WB API: «только чтение».+Сообщение с токеном сразу удалим\./,
    progress:
      /^Подключение продукта\n\nТокен принят, сообщение с ним удалено\.\n\n[✓…·] Регистрация\n[✓…·] Токен\n[✓…·] Доступ к Wildberries\n[✓…·] Первая загрузка\n\nТокен подходит, но/,
    done: /^Готово\n\nПервые данные будут в таблице до .+\. Если что-то пойдёт не так, напишем\./,
    ...{ later: "Позже", back: "‹ Назад", copy: "Скопировать адрес", help: "Где взять токен" },
    ...{ open: "Открыть таблицу", status: "Моя подписка" },
  },
} as const;

const withoutTags = (text: unknown): string => String(text).replace(/<[^>]+>/g, "");

describe.each(["ru", "en"] as const)("a customer who has paid and reads %s", (languageCode) => {
  it("is led through three questions to a working product", async () => {
    const words = WORDS[languageCode];
    const someone = await scene.current.newcomer({ languageCode });
    const anna = new Connector(someone, scene.current);
    await someone.buys("suite-month");
    expect(anna.screen).toMatch(words.paid);
    await someone.joins();
    expect(anna.screen).toMatch(words.joined);

    await anna.opens();
    expect(anna.screen).toMatch(words.step1);
    expect(anna.buttons).toEqual([words.later]);
    await anna.sendsEmail();
    expect(anna.screen).toBe(words.step2);
    expect(anna.buttons).toEqual([words.copy, words.back, words.later]);
    expect(someone.person.press(words.copy)).toEqual({ kind: "copied", text: ROBOT });
    await anna.sendsSheet();
    expect(anna.screen).toMatch(words.step3);
    expect(anna.buttons).toEqual([words.help, words.back, words.later]);

    const afterSeq = scene.current.telegram.calls({ chatId: someone.id }).at(-1)?.seq ?? 0;
    const token = anna.mint();
    await anna.sendsToken(token);
    const calls = scene.current.telegram.calls({ chatId: someone.id, afterSeq });
    expect(calls[0]?.method, "the token goes before anything else").toBe("deleteMessage");
    const shown = calls.filter(({ method }) => /^(?:sendMessage|editMessageText)$/.test(method));
    expect(shown[0]?.method, "one new message below the answer").toBe("sendMessage");
    expect(shown.slice(1).map(({ method }) => method)).toEqual(shown.slice(1).map(() => "editMessageText"));
    for (const { params } of shown.slice(0, -1)) expect(withoutTags(params.text)).toMatch(words.progress);
    expect(anna.screen).toMatch(words.done);
    expect(anna.buttons).toEqual([words.open, expect.any(String), words.status]);
    expect(someone.person.press(words.open)).toEqual({
      kind: "url",
      url: `https://docs.google.com/spreadsheets/d/${anna.sheet}`,
    });

    expect(someone.person.messages().filter(({ text }) => text.includes(token))).toEqual([]);
    expect(someone.chat(), "of an address only its ends are shown").not.toContain("✓ E-mail: anna@");
    expect(await anna.at()).toBe("ready.watching");
    expect(await anna.at("promise")).toBe("kept");
    expect(anna.effects()).toEqual({ ...ONE_OF_EACH, slices_stored: 1 });
    expect(anna.calls()).toHaveLength(6);
  });
});

describe("a Telegram that is slower than the backend", () => {
  it("shows one message of the progress, and in the end the result", async () => {
    const anna = await (await customer(scene.current)).opens();
    await anna.sendsEmail();
    await anna.sendsSheet();
    const afterSeq = scene.current.telegram.calls({ chatId: anna.someone.id }).at(-1)?.seq ?? 0;
    const delayMs = 2_000;
    scene.current.telegram.faults.onCall({
      method: "sendMessage",
      chatId: anna.someone.id,
      times: 1,
      fault: { kind: "delay", delayMs },
    });
    anna.someone.person.send(anna.mint());
    await vi.waitFor(async () => expect(await anna.at()).toBe("ready.watching"), { timeout: 10_000 });
    await scene.current.telegram.runDue(scene.current.now() + delayMs);
    await scene.current.settleRetries();
    expect(anna.screen).toMatch(/^Done/);
    const sent = scene.current.telegram.calls({ method: "sendMessage", chatId: anna.someone.id, afterSeq });
    const progress = sent.filter(({ params }) => String(params.text).includes("Token accepted"));
    expect(progress.length).toBeLessThanOrEqual(1);
    for (const { text } of anna.someone.person.messages()) expect(text).not.toContain("… ");
  });
});

itStaysWhole(scene);
