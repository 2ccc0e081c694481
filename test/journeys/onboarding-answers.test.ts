// What customers send instead of an answer: the sentence says what came and what is needed, and the question stands.
import { describe, expect, it } from "vitest";
import { customer, newSheet, ONE_OF_EACH, PATHS, sheetLink } from "./support/connecting.ts";
import { ROBOT } from "./support/plans.ts";
import { itStaysWhole, useScene } from "./support/scene.ts";

const scene = useScene();

/** At step 1, 2 or 3. */
async function at(step: 1 | 2 | 3, languageCode: "ru" | "en" = "en") {
  const anna = await (await customer(scene.current, { user: { languageCode } })).opens();
  if (step > 1) await anna.sendsEmail();
  if (step > 2) await anna.sendsSheet();
  return anna;
}
type Anna = Awaited<ReturnType<typeof at>>;

const sent = ({ someone }: Anna, text: string) =>
  someone.person.messages().filter((bubble) => bubble.text.includes(text));
const refuse = (path: string, status: number, code: string, details?: Record<string, unknown>) =>
  scene.current.stage.product.faults.add({
    path,
    times: 1,
    fault: { status, code: code as never, ...(details ? { details } : {}) },
  });

describe("an answer that is no e-mail (U5)", () => {
  it("is quoted as it came, whatever it is, and asked again", async () => {
    const anna = await at(1);
    for (const [text, sentence] of [
      ["anna at gmail", "“anna at gmail” does not look like an e-mail. It should be like anna@gmail.com."],
      ['<b>x</b> & "y"', '“<b>x</b> & "y"” does not look like an e-mail.'],
      ["line one\nline two", "“line one line two” does not look like an e-mail."],
      ["anna\u202e@gmail.com", "holds invisible characters"],
      ["\u202emoc.liamg", "holds invisible characters"],
    ] as const) {
      await anna.someone.says(text);
      expect(anna.screen).toContain(sentence);
      expect(anna.screen).toContain("Step 1 of 3 ●○○");
      expect(anna.screen, "nothing turns the line around").not.toMatch(/\u202e/);
      expect(await anna.at()).toBe("asking.awaitingEmail");
    }
    await anna.someone.says("x".repeat(4_000));
    expect(anna.screen.length, "of a long one the beginning is enough").toBeLessThan(400);
    await anna.sendsEmail();
    expect(await anna.at()).toBe("asking.awaitingSpreadsheet");
  });

  it("is answered in Russian as well", async () => {
    const anna = await at(1, "ru");
    await anna.someone.says("анна собака gmail");
    expect(anna.screen).toContain("Не похоже на почту: «анна собака gmail». Нужен адрес вида anna@gmail.com.");
    expect(anna.screen).toContain("Шаг 1 из 3 ●○○");
    expect(anna.buttons).toEqual(["Позже"]);
  });
});

describe("an answer that is no spreadsheet", () => {
  it("says what is wrong with it, and shows a right one", async () => {
    const anna = await at(2);
    for (const [text, sentence] of [
      ["my sheet", /“my sheet” does not look like a sheet/],
      ["https://example.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", /is not a Google sheet/],
      ["https://docs.google.com/spreadsheets/d/e/2PACX-1vAbCdEfGhIjKlMnOpQrStUv/pubhtml", /This link is for readers/],
      ["https://drive.google.com/drive/folders/1AbCdEfGhIjKlMnOpQrStUvWxYz0123", /This is a folder/],
      ["https://docs.google.com/document/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/edit", /is another document/],
      ["https://docs.google.com/spreadsheets/u/0/", /does not name a sheet/],
      ["https://docs.google.com/spreadsheets/d/short/edit", /spreadsheet_id in “.+” is wrong/],
      [`${sheetLink(newSheet())} ${sheetLink(newSheet())}`, /several sheets/],
      ["https://docs.google.com/spreadsheets/d/1AbCdEf\u200bGhIjKlMnOpQrStUvWxYz0/edit", /invisible characters/],
      [`https://docs.google.com/${"x".repeat(2_100)}`, /too long/],
    ] as const) {
      await anna.someone.says(text);
      expect(anna.screen).toMatch(sentence);
      expect(anna.screen).toMatch(/docs\.google\.com\/spreadsheets\/d\/…/);
      expect(anna.screen).toContain("Step 2 of 3 ●●○");
      expect(await anna.at()).toBe("asking.awaitingSpreadsheet");
    }
  });

  it("is a right one as a bare id, and in a sentence with an account in its address", async () => {
    const anna = await at(2);
    await anna.someone.says(anna.sheet);
    expect((await anna.knows()).spreadsheetId).toBe(anna.sheet);
    await anna.someone.presses("‹ Back");
    const other = newSheet();
    await anna.someone.says(`Here: https://docs.google.com/spreadsheets/u/1/d/${other}/edit#gid=5`);
    expect((await anna.knows()).spreadsheetId).toBe(other);
    expect(await anna.at()).toBe("asking.awaitingToken");
  });
});

describe("a picture where text is needed (U12)", () => {
  it.each(["ru", "en"] as const)("gets a hint in %s and the same question, at every step", async (languageCode) => {
    const hints =
      languageCode === "ru"
        ? ["текст: адрес почты", "текст: ссылка на таблицу. Картинку прочитать не сможем.", "текст: токен"]
        : ["here: an e-mail address", "here: the sheet’s link. We can’t read a picture.", "here: the token"];
    const anna = await at(1, languageCode);
    for (const [step, answer] of [anna.sendsEmail, anna.sendsSheet, anna.sendsToken].entries()) {
      const before = await anna.at();
      anna.someone.person.sendPhoto(step === 1 ? "the sheet" : undefined);
      await scene.current.stage.settle();
      expect(anna.screen).toContain(hints[step]);
      expect(anna.screen).toMatch(new RegExp(`(?:Шаг|Step) ${step + 1} `));
      expect(await anna.at()).toBe(before);
      await answer.call(anna);
    }
    expect(await anna.at()).toBe("ready.watching");
  });
});

describe("a sheet that the backend will not take", () => {
  it.each([
    ["en", "The sheet exists but is closed to us.", "Check"],
    ["ru", "Таблица есть, но доступа нет.", "Проверить"],
  ] as const)("in %s: closed (U6), and Check goes on with the same token", async (languageCode, sentence, check) => {
    const anna = await at(3, languageCode);
    refuse(PATHS.register, 403, "forbidden");
    await anna.sendsToken();
    expect(anna.screen).toContain(sentence);
    expect(anna.screen).toContain(ROBOT);
    expect(anna.buttons).toContain(check);
    await anna.someone.presses(check);
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.effects()).toMatchObject(ONE_OF_EACH);
    const [first, second] = anna.calls(PATHS.register).map(({ idempotency_key }) => idempotency_key);
    expect(first, "a stored refusal would come back under the old key").not.toBe(second);
  });

  it("unknown there, is asked for again, and the new one is connected with the same token", async () => {
    const anna = await at(3);
    refuse(PATHS.register, 404, "spreadsheet_not_found");
    await anna.sendsToken();
    expect(anna.screen).toContain("There is no such sheet, or it was deleted.");
    const other = newSheet();
    await anna.sendsSheet(other);
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.effects(other)).toMatchObject(ONE_OF_EACH);
  });

  it("of another customer is refused without a name, and another one is taken", async () => {
    const anna = await at(2);
    scene.current.stage.product.setSpreadsheet(anna.sheet, true, "boris@example.com");
    await anna.sendsSheet();
    await anna.sendsToken();
    expect(anna.screen).toContain("Another customer has connected this sheet.");
    expect(anna.screen).not.toContain("boris");
    expect(anna.effects()).toEqual({});
    await anna.sendsSheet(newSheet());
    expect(await anna.at()).toBe("ready.watching");
  });

  it("can be left by Back: the e-mail is kept, and its question says nothing of the sheet", async () => {
    const anna = await at(3);
    refuse(PATHS.register, 403, "forbidden");
    await anna.sendsToken();
    await anna.someone.presses("‹ Back");
    expect(anna.screen).not.toContain("closed to us");
    expect(anna.screen).toContain("Step 1 of 3");
    await anna.someone.presses("Keep as it is");
    expect(await anna.at(), "asked anew, not answered from memory").toBe("ready.watching");
  });
});

describe("a token that will not do (U7)", () => {
  it("for a reason that we can see: is deleted first, and the reason is told", async () => {
    const anna = await at(3);
    const others = ["content", "analytics", "prices", "promotion"] as const;
    for (const [token, sentence] of [
      ["no idea what that is", /does not look like a WB API token/],
      [anna.mint({ alg: "HS256" }), /does not look like a WB API token/],
      [anna.mint({ expiresInS: 23 * 3_600 }), /will not take this token: it has expired, or will within a day/],
      [anna.mint({ scopes: others }), /lacks these categories: Statistics\. /],
      [anna.mint({ scopes: ["prices"] }), /categories: Content, Analytics, Statistics, Promotion\. /],
      [anna.mint({ acc: 4, for: "asid:somebody-else" }), /issued for another service/],
      [anna.mint({ acc: 3, for: "self" }), /This is a personal token/],
    ] as const) {
      const afterSeq = scene.current.telegram.calls({ chatId: anna.someone.id }).at(-1)?.seq ?? 0;
      await anna.someone.says(token);
      expect(scene.current.telegram.calls({ chatId: anna.someone.id, afterSeq })[0]?.method).toBe("deleteMessage");
      expect(anna.screen).toMatch(sentence);
      expect(anna.screen).toContain("Your message with it is already deleted. Issue a new one and send it here.");
      expect(anna.screen).toContain("Step 3 of 3 ●●●");
      expect(sent(anna, token)).toEqual([]);
    }
    expect(await anna.at()).toBe("asking.awaitingToken");
    expect(anna.calls()).toEqual([]);
  });

  it("is told in Russian as well", async () => {
    const anna = await at(3, "ru");
    await anna.sendsToken(anna.mint({ scopes: ["content", "analytics", "prices", "promotion"] }));
    expect(anna.screen).toContain(
      "В токене не хватает категорий: «Статистика». Сообщение с ним уже удалено. Выпустите новый и пришлите сюда.",
    );
  });

  it("is refused by the backend, and a new one is taken", async () => {
    const anna = await at(3);
    refuse(PATHS.addToken, 422, "invalid_wb_token", { reason: "missing_scope:statistics" });
    await anna.sendsToken();
    expect(anna.screen).toContain(
      "The token lacks these categories: Statistics. Your message with it is already deleted.",
    );
    expect(await anna.knows()).toMatchObject({ token: null, progress: "registered" });
    await anna.sendsToken(anna.mint({ id: "another" }));
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.effects()).toMatchObject(ONE_OF_EACH);
  });

  it("is taken but not switched on, and a new one is asked for", async () => {
    const anna = await at(3);
    scene.current.stage.product.setCollector({ marketplace: "unauthorized" });
    await anna.sendsToken();
    scene.current.stage.product.setCollector({ marketplace: "ok" });
    expect(anna.screen).toContain("Wildberries took the token but did not switch it on.");
    await anna.sendsToken(anna.mint({ id: "another" }));
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.effects()).toMatchObject({ spreadsheet_registered: 1, refresh_started: 1 });
  });

  it("but for its rights is taken, and the customer hears of them until the result is seen", async () => {
    const anna = await at(3);
    await anna.sendsToken(anna.mint({ readOnly: false }));
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.screen).toMatch(/^Done[\s\S]+it allows writing/);
    await anna.someone.says("/connect");
    expect(anna.screen).toMatch(/^Done/);
    expect(anna.screen).not.toContain("it allows writing");
  });
});

describe("a message with a token that can't be deleted (U8)", () => {
  const undeletable = () =>
    scene.current.telegram.faults.onCall({
      method: "deleteMessage",
      fault: { kind: "error", status: 400, description: "Bad Request: message can't be deleted" },
    });

  it.each([
    ["en", "could not delete your message. Please delete it: press and hold → Delete."],
    ["ru", "Удалите его сами: нажмите и держите → «Удалить»."],
  ] as const)("in %s: the customer is told how to do it, also when all is ready", async (languageCode, sentence) => {
    const anna = await at(3, languageCode);
    undeletable();
    await anna.sendsToken();
    expect(await anna.at()).toBe("ready.watching");
    const drawn = scene.current.telegram
      .calls({ chatId: anna.someone.id })
      .map(({ params }) => String(params.text ?? ""))
      .filter((text) => /Token accepted|Токен принят/.test(text));
    expect(drawn.length).toBeGreaterThan(0);
    for (const text of drawn) expect(text, "while it is being connected").toContain(sentence);
    expect(anna.screen, "and after it, for the chat still shows the token").toContain(sentence);
  });

  it("says so of a refused one, too, whoever refuses it", async () => {
    const anna = await at(3);
    undeletable();
    await anna.sendsToken(anna.mint({ expiresInS: 60 }));
    expect(anna.screen).toContain("We could not delete your message. Please delete it: press and hold → Delete.");
    expect(anna.screen).not.toContain("already deleted");
    refuse(PATHS.addToken, 422, "invalid_wb_token");
    await anna.sendsToken();
    expect(anna.screen).toContain("Wildberries refused the token. We could not delete your message.");
    expect(anna.screen).not.toContain("already deleted");
  });
});

describe("a token in the wrong place", () => {
  it("at an earlier step is deleted, kept nowhere, and the question stands", async () => {
    const anna = await at(1);
    for (const step of [1, 2]) {
      const before = await anna.at();
      const token = anna.mint({ id: `${step}` });
      await anna.sendsToken(token);
      expect(anna.screen).toContain("We deleted the message and did not keep it: it is needed at step 3.");
      expect(anna.screen).toContain(`Step ${step} of 3`);
      expect(sent(anna, token)).toEqual([]);
      expect(await anna.at()).toBe(before);
      expect(await anna.knows()).toMatchObject({ token: null });
      await anna.sendsEmail();
    }
  });

  it("in front of no question is deleted, too", async () => {
    const anna = await at(1);
    await anna.someone.says("/status");
    const token = anna.mint();
    await anna.someone.says(`please check ${token}`);
    expect(anna.screen).toContain("This looks like a token. We deleted the message and kept it nowhere.");
    expect(sent(anna, token)).toEqual([]);
  });

  it("written to support is deleted, and nobody there reads it", async () => {
    const anna = await at(1);
    await anna.someone.says("/support");
    const token = anna.mint();
    await anna.someone.says(`it does not take ${token}`);
    expect(sent(anna, token)).toEqual([]);
    expect(await scene.current.ticketsOf(anna.someone)).toEqual([]);
  });

  it("below a picture is deleted, too: at step 3 it is taken, elsewhere it is not", async () => {
    const anna = await at(3);
    const photo = async (id: string) => {
      const token = anna.mint({ id });
      anna.someone.person.sendPhoto(token);
      await scene.current.stage.settle();
      expect(sent(anna, token)).toEqual([]);
    };
    await anna.someone.says("/status");
    await photo("in front of no question");
    await anna.someone.says("/support");
    await photo("to support");
    expect(await anna.at()).toBe("asking.awaitingToken");
    await anna.someone.says("/connect");
    await photo("as the answer");
    expect(await anna.at()).toBe("ready.watching");
  });

  it("when all is ready is deleted, and changes nothing", async () => {
    const anna = await at(3);
    await anna.sendsToken();
    const before = await anna.knows();
    const token = anna.mint({ id: "once more" });
    await anna.sendsToken(token);
    expect(anna.screen).toContain("We deleted the message");
    expect(sent(anna, token)).toEqual([]);
    expect(await anna.knows()).toEqual(before);
    expect(anna.effects()).toMatchObject(ONE_OF_EACH);
  });
});

itStaysWhole(scene);
