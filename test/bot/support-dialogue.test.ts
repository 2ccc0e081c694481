import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { fromBot, labels, reads, withButtons } from "./support/reading.ts";
import { makeTown, type Town } from "./support/town.ts";

const ticketsOf = async (town: Town, userId: number) =>
  (await town.actors.find(`telegramId=${userId}`)).filter((address) => address.startsWith("ticket/"));

const inDialogue = async () => {
  const town = await makeTown();
  const anna = town.someone();
  anna.start();
  await town.settle();
  anna.send("/support");
  await town.settle();
  return { town, anna };
};

describe("the support dialogue", () => {
  it("takes messages one after the other into one ticket, with the texts beside it", async () => {
    const { town, anna } = await inDialogue();
    expect(reads(anna)).toContain("Напишите одним или несколькими сообщениями");
    anna.send("Не вижу канал");
    await town.settle();
    anna.send("И таблицу тоже");
    await town.settle();
    const [address, ...others] = await ticketsOf(town, anna.id);
    expect(others).toEqual([]);
    expect(await town.actors.read(address as never)).toMatchObject({
      states: ["open"],
      context: { messages: 2, subject: "question" },
    });
    expect([...town.messages.values()].map(({ text, from }) => [from, text])).toEqual([
      ["customer", "Не вижу канал"],
      ["customer", "И таблицу тоже"],
    ]);
    expect(reads(anna)).toContain("Передали");
    expect(withButtons(anna)).toHaveLength(1);
  });

  it("keeps nothing of what was written in events, in the audit and in its own state", async () => {
    const { town, anna } = await inDialogue();
    for (const n of [1, 2, 3, 4, 5]) {
      anna.send(`очень личное ${n}`);
      await town.settle();
    }
    const [address] = await ticketsOf(town, anna.id);
    expect(JSON.stringify(await town.actors.history(address as never))).not.toContain("личное");
    expect(JSON.stringify([...town.dialogues.values()])).not.toContain("личное");
    expect(JSON.stringify(town.log)).not.toContain("личное");
    expect(JSON.stringify([...town.dialogues.values()]).length).toBeLessThan(3_000);
  });

  it("counts a message once when its update comes twice", async () => {
    const { town, anna } = await inDialogue();
    anna.send("Один раз");
    await town.settle();
    const update = town.updates.at(-1);
    await town.bot.handleUpdate(update);
    await town.settle();
    const [address, ...others] = await ticketsOf(town, anna.id);
    expect(others).toEqual([]);
    expect(await town.actors.read(address as never)).toMatchObject({ context: { messages: 1 } });
  });

  it("asks for text when a picture comes", async () => {
    const { town, anna } = await inDialogue();
    anna.sendPhoto();
    await town.settle();
    expect(reads(anna)).toContain("Здесь нужен текст");
    anna.send("Словами");
    await town.settle();
    expect(await ticketsOf(town, anna.id)).toHaveLength(1);
  });

  it("is left by a command, which is not a message", async () => {
    const { town, anna } = await inDialogue();
    anna.send("/cancel");
    await town.settle();
    expect(reads(anna)).toContain("Вышли из текущего шага. Подписка не изменилась.");
    anna.send("это уже не вам");
    await town.settle();
    expect(reads(anna)).toContain("Здесь нужна кнопка");
    expect(await ticketsOf(town, anna.id)).toEqual([]);
    expect(town.dialogues.size).toBe(0);
  });

  it("is left by its button", async () => {
    const { town, anna } = await inDialogue();
    anna.press("Закончить");
    await town.settle();
    expect(labels(anna)).toContain("Выбрать тариф");
    anna.send("это уже не вам");
    await town.settle();
    expect(await ticketsOf(town, anna.id)).toEqual([]);
  });

  it("swallows no payment", async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start("plans");
    await town.settle();
    anna.press("1 месяц — 500 ⭐");
    await town.settle();
    const pay = anna.press("Оплатить 500 ⭐");
    anna.send("/support");
    await town.settle();
    await town.pay(anna, (pay as { url: string }).url);
    expect(await town.actors.read(addressOf.subscription(anna.id, "club"))).toMatchObject({
      states: expect.arrayContaining([expect.stringMatching(/^billing\.active/)]),
    });
    expect(reads(anna)).toContain("Оплата получена");
  });

  it("holds its place when another message came in between", async () => {
    const { town, anna } = await inDialogue();
    const shown = town.screens.get(anna.id);
    if (shown) town.screens.set(anna.id, { ...shown, kind: "reminder" });
    anna.send("Вопрос");
    await town.settle();
    expect(await ticketsOf(town, anna.id)).toHaveLength(1);
  });

  it("goes on when its state is lost, or is of another version", async () => {
    const { town, anna } = await inDialogue();
    anna.send("Первое");
    await town.settle();
    town.dialogues.clear();
    anna.send("Второе");
    await town.settle();
    town.dialogues.set(String(anna.id), {
      version: [0, "another"],
      state: { support: [{ interrupts: [9], replay: {} }] },
    });
    anna.send("Третье");
    await town.settle();
    const [address, ...others] = await ticketsOf(town, anna.id);
    expect(others).toEqual([]);
    expect(await town.actors.read(address as never)).toMatchObject({ context: { messages: 3 } });
  });

  it("shows the answer of support, and takes a reply to it", async () => {
    const { town, anna } = await inDialogue();
    anna.send("Вопрос");
    await town.settle();
    anna.send("/status");
    await town.settle();
    const [address] = await ticketsOf(town, anna.id);
    const ticketId = (address ?? "").slice("ticket/".length);
    town.messages.set(`${ticketId}|s1`, { from: "staff", text: "Попробуйте <снова> & всё", at: town.clock.ms });
    await town.actors.send(
      address as never,
      { type: "staff.answered", by: "olga", messageRef: "s1" },
      { cause: { kind: "staff", id: "1" } },
    );
    await town.settle();
    expect(reads(anna)).toContain("Ответ поддержки");
    expect(reads(anna)).toContain("Попробуйте <снова> & всё");
    anna.send("Спасибо, помогло");
    await town.settle();
    expect(await town.actors.read(address as never)).toMatchObject({ states: ["open"], context: { messages: 3 } });
  });
});

describe("free text where nothing was asked", () => {
  it("gets one hint and the same screen below it", async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start();
    await town.settle();
    anna.send("привет");
    await town.settle();
    expect(reads(anna)).toMatch(/^Здесь нужна кнопка\. Написать нам — \/support\n\nЗдравствуйте, Анна!/);
    expect(fromBot(anna)).toHaveLength(2);
    expect(withButtons(anna)).toHaveLength(1);
  });
});

describe("a note that Telegram makes in the chat", () => {
  const pinned = (userId: number) => {
    const person = { id: userId, is_bot: false, first_name: "Анна", language_code: "ru" };
    const chat = { id: userId, type: "private", first_name: "Анна" };
    return {
      update_id: 900_000_001,
      message: {
        message_id: 5_000,
        from: person,
        chat,
        date: 1,
        pinned_message: { message_id: 1, chat, date: 1, text: "Здравствуйте" },
      },
    };
  };

  it("is not answered", async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start();
    await town.settle();
    const before = fromBot(anna).length;
    await town.bot.handleUpdate(pinned(anna.id));
    expect(fromBot(anna)).toHaveLength(before);
  });

  it("is no message to support", async () => {
    const { town, anna } = await inDialogue();
    const before = fromBot(anna).length;
    await town.bot.handleUpdate(pinned(anna.id));
    expect(fromBot(anna)).toHaveLength(before);
    anna.send("А это сообщение");
    await town.settle();
    expect(await ticketsOf(town, anna.id)).toHaveLength(1);
  });
});
