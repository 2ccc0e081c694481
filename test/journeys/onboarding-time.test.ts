// What time does to a set-up: reminders and silence, access that ends and comes back, tokens that expire, more spreadsheets.
import { describe, expect, it } from "vitest";
import { CONNECT, type Connector, customer, newSheet, ONE_OF_EACH } from "./support/connecting.ts";
import { DAY_MS, HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";

const scene = useScene();

const MOSCOW_OFFSET_MS = 3 * HOUR_MS;
const hourInMoscow = (at: number): number => Math.floor(((at + MOSCOW_OFFSET_MS) % DAY_MS) / HOUR_MS);

/** When the bot wrote what matches, epoch ms. */
const toldAt = ({ someone }: Connector, words: RegExp): number[] =>
  scene.current.telegram
    .calls({ method: "sendMessage", chatId: someone.id })
    .filter(({ params }) => words.test(String(params.text)))
    .map(({ at }) => at);

async function at(step: 1 | 2 | 3, plan = "suite-quarter", languageCode: "ru" | "en" = "en"): Promise<Connector> {
  const anna = await (await customer(scene.current, { plan, user: { languageCode } })).opens();
  if (step > 1) await anna.sendsEmail();
  if (step > 2) await anna.sendsSheet();
  return anna;
}
const ready = async (plan?: string): Promise<Connector> => (await at(3, plan)).sendsToken();

describe("a set-up that was left in the middle (U11)", () => {
  it("is recalled after a day and after three, by day only, then never again; the answers are kept", async () => {
    // Whatever the hour of this test, one of these two was answered in the night.
    const people: Connector[] = [];
    for (let hours = 0; hours < 24; hours += 12) {
      people.push(await at(2));
      await scene.current.stage.advance(12 * HOUR_MS);
    }
    await scene.current.stage.advance(12 * DAY_MS);
    for (const anna of people) {
      const told = toldAt(anna, /We stopped at step/);
      expect(told).toHaveLength(2);
      const { answeredAt } = await anna.knows();
      for (const [index, days] of [1, 3].entries()) {
        const sinceMs = (told[index] ?? 0) - answeredAt;
        expect(sinceMs).toBeGreaterThanOrEqual(days * DAY_MS);
        expect(sinceMs, "as soon as people are awake").toBeLessThan(days * DAY_MS + 15 * HOUR_MS);
        const hour = hourInMoscow(told[index] ?? 0);
        expect(hour >= 10 && hour < 20, `told at ${hour} o'clock`).toBe(true);
      }
      expect(await anna.at()).toBe("resting");
      expect(anna.screen).toBe("We stopped at step 2 of 3.\n\n✓ E-mail: a…a@gmail.com");
      expect(anna.buttons).toEqual(
        ["Continue", "Start over", "Don't remind me"].map((label) => expect.stringMatching(label.replace("'", "."))),
      );
    }
    const [anna, boris] = people;
    await anna?.someone.presses("Continue");
    expect(anna?.screen).toContain("Step 2 of 3");
    await anna?.sendsSheet();
    await anna?.sendsToken();
    expect(await anna?.at()).toBe("ready.watching");
    // Without pressing anything first: what is typed below the reminder is the answer.
    await boris?.sendsSheet();
    expect(await boris?.at()).toBe("asking.awaitingToken");
  });

  it("is recalled in Russian as well, and not to somebody who asked for silence", async () => {
    const anna = await at(2, "suite-quarter", "ru");
    await scene.current.stage.advance(2 * DAY_MS);
    expect(anna.screen).toBe("Мы остановились на шаге 2 из 3.\n\n✓ Почта: a…a@gmail.com");
    await anna.someone.presses("Не напоминать");
    expect(anna.screen).toContain("Больше не напоминаем о подключении.");
    expect(await anna.at()).toBe("resting");
    await scene.current.stage.advance(10 * DAY_MS);
    expect(toldAt(anna, /Мы остановились/)).toHaveLength(1);
    await anna.someone.says("/connect");
    expect(anna.screen).toContain("Шаг 2 из 3");
  });

  it("is not recalled to somebody who switched all reminders off", async () => {
    const anna = await at(2);
    await anna.someone.says("/status");
    await anna.someone.presses("v1:mute:");
    await scene.current.stage.advance(5 * DAY_MS);
    expect(toldAt(anna, /We stopped at step/)).toEqual([]);
  });
});

describe("access that ends in the middle", () => {
  it("pauses the set-up, and a payment goes on from the same step", async () => {
    const anna = await at(2);
    const revoked = { type: "access.revoked", by: "olga", reason: "a test" };
    await scene.current.staff(anna.someone.subscriptionAt("suite"), revoked);
    expect(await anna.at()).toBe("paused");
    expect(await anna.at("promise")).toBe("none");
    await anna.someone.says("/connect");
    expect(anna.screen).not.toContain("Step 2");
    await anna.sendsSheet();
    expect(await anna.knows(), "nothing is taken without access").toMatchObject({ spreadsheetId: null });
    await scene.current.stage.advance(10 * DAY_MS);
    expect(toldAt(anna, /We stopped at step/), "nor recalled").toEqual([]);

    await scene.current.staff(anna.someone.subscriptionAt("suite"), {
      type: "access.reinstated",
      by: "olga",
      reason: "a mistake",
    });
    expect(await anna.at()).toBe("asking.awaitingSpreadsheet");
    await anna.someone.says("/connect");
    expect(anna.screen).toContain("Step 2 of 3");
    expect(anna.screen).toContain("a…a@gmail.com");
    await anna.sendsSheet();
    await anna.sendsToken();
    expect(await anna.at()).toBe("ready.watching");
  });

  it("by running out keeps what is known; who comes back after the hold goes on", async () => {
    const anna = await at(3);
    await scene.current.stage.advanceTo((await anna.someone.paidUntil("suite")) + 1);
    for (let days = 0; days < 40 && (await anna.at()) !== "paused"; days += 1)
      await scene.current.stage.advance(DAY_MS);
    expect(await anna.at()).toBe("paused");
    expect(await anna.someone.billing("suite")).toMatch(/hold|expired/);
    await anna.someone.buys("suite-quarter");
    expect(await anna.at()).toBe("asking.awaitingToken");
    await anna.someone.says("/connect");
    await anna.sendsToken();
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.effects()).toMatchObject(ONE_OF_EACH);
  });

  it("while the backend works stops it, and a payment goes on where it was", async () => {
    const anna = await at(3);
    scene.current.stage.product.setCollector({ mode: "async", seconds_per_day: 60 });
    await anna.sendsToken();
    scene.current.stage.product.setCollector({ mode: "auto", seconds_per_day: 20 });
    await scene.current.staff(anna.someone.subscriptionAt("suite"), {
      type: "access.revoked",
      by: "olga",
      reason: "a test",
    });
    expect(await anna.at()).toBe("paused");
    await scene.current.stage.advance(HOUR_MS);
    const calls = anna.calls().length;
    await scene.current.staff(anna.someone.subscriptionAt("suite"), {
      type: "access.reinstated",
      by: "olga",
      reason: "a mistake",
    });
    await scene.current.stage.advance(HOUR_MS);
    expect(anna.calls().length).toBeGreaterThan(calls);
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.effects()).toMatchObject(ONE_OF_EACH);
  });

  it("when all is ready changes nothing about what is connected", async () => {
    const anna = await ready();
    await scene.current.staff(anna.someone.subscriptionAt("suite"), {
      type: "access.revoked",
      by: "olga",
      reason: "a test",
    });
    expect(await anna.at()).toBe("paused");
    await scene.current.staff(anna.someone.subscriptionAt("suite"), {
      type: "access.reinstated",
      by: "olga",
      reason: "a mistake",
    });
    expect(await anna.at()).toBe("ready.watching");
    expect(await anna.knows()).toMatchObject({ connections: [{ spreadsheetId: anna.sheet }] });
  });
});

describe("a plan with several spreadsheets", () => {
  it("connects three, one after the other, and no more", async () => {
    const anna = await ready();
    const sheets = [anna.sheet, newSheet(), newSheet()];
    for (const sheet of sheets.slice(1)) {
      await anna.someone.says("/connect");
      await anna.someone.presses("Connect another sheet");
      expect(anna.screen).toContain("Step 2 of 3");
      await anna.sendsSheet(anna.sheet);
      expect(anna.screen).toContain("This sheet is connected already. Send another one.");
      await anna.sendsSheet(sheet);
      await anna.sendsToken(anna.mint({ id: sheet }));
      expect(anna.screen).toMatch(/^Done/);
    }
    expect((await anna.knows()).connections.map(({ spreadsheetId }) => spreadsheetId)).toEqual(sheets);
    for (const sheet of sheets) expect(anna.effects(sheet)).toMatchObject(ONE_OF_EACH);
    await anna.someone.says("/connect");
    expect(anna.buttons).toEqual([
      ...["Open sheet 1", "Open sheet 2", "Open sheet 3"],
      ...["Replace the token of sheet 1", "Replace the token of sheet 2", "Replace the token of sheet 3"],
      "My subscription",
    ]);
    await anna.someone.pressesForged("v1:addsheet:suite", anna.someone.person.screen()?.messageId);
    expect(await anna.at()).toBe("ready.watching");
  });

  it("lets one be left in the middle: what works stays, and Back leads to it", async () => {
    const anna = await ready();
    await anna.someone.presses("Connect another sheet");
    await anna.someone.presses("‹ Back");
    expect(anna.screen).toMatch(/^Done/);
    expect(await anna.knows()).toMatchObject({ connections: [{ spreadsheetId: anna.sheet }], isConnecting: false });
  });

  it("connects one only where the plan says one", async () => {
    const anna = await ready("suite-month");
    await anna.someone.says("/connect");
    expect(anna.buttons).not.toContain("Connect another sheet");
  });
});

describe("a token of a spreadsheet that works", () => {
  it("can be replaced at any time: only the token is asked for, and nothing is registered again", async () => {
    const anna = await ready();
    const before = (await anna.knows()).connections[0];
    await scene.current.stage.advance(30 * DAY_MS);
    await anna.someone.says("/connect");
    await anna.someone.presses("Replace the token");
    expect(anna.screen).toContain("Send a new WB API token for this sheet");
    await anna.someone.presses("‹ Back");
    expect(anna.screen).toMatch(/^Done/);
    await anna.someone.presses("Replace the token");
    await anna.sendsToken();
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.effects()).toMatchObject({ spreadsheet_registered: 1, token_added: 2, token_replaced: 1 });
    const [after] = (await anna.knows()).connections;
    expect(after?.connectedAt).toBe(before?.connectedAt);
    expect((after?.tokenExpiresAt ?? 0) - (before?.tokenExpiresAt ?? 0)).toBeGreaterThan(29 * DAY_MS);
  });

  it("is asked for 14, 7, 3 and 1 days before it expires, by day, and no more once it is new", async () => {
    const anna = await at(3);
    await anna.sendsToken(anna.mint({ expiresInS: (20 * DAY_MS) / 1_000 }));
    const until = (await anna.knows()).connections[0]?.tokenExpiresAt ?? 0;
    await scene.current.stage.advanceTo(until - 2 * DAY_MS);
    let told = toldAt(anna, /token for the sheet .+ expires in/);
    expect(told.map((time) => Math.floor((until - time) / DAY_MS) + 1)).toEqual(
      [14, 7, 3].map((days) => expect.toSatisfy((left: number) => left === days || left === days + 1)),
    );
    for (const time of told) expect(hourInMoscow(time) >= 10 && hourInMoscow(time) < 20).toBe(true);
    expect(anna.screen).toMatch(
      /The Wildberries token for the sheet \S+ expires in [23] days, on .+\. Issue a new one so that the data go on\./,
    );
    expect(anna.buttons).toEqual(["Replace the token", "Where to get it"]);
    await anna.someone.presses("Replace the token");
    await anna.sendsToken();
    expect(await anna.at()).toBe("ready.watching");
    await scene.current.stage.advanceTo(until + DAY_MS);
    told = toldAt(anna, /token for the sheet .+ expire/);
    expect(told).toHaveLength(3);
  });

  it("that has expired is not recalled any more, and can still be replaced", async () => {
    const anna = await at(3);
    await anna.sendsToken(anna.mint({ expiresInS: (5 * DAY_MS) / 1_000 }));
    const until = (await anna.knows()).connections[0]?.tokenExpiresAt ?? 0;
    await scene.current.stage.advanceTo(until + 2 * DAY_MS);
    expect(toldAt(anna, /token for the sheet .+ expire/)).toHaveLength(2);
    await anna.someone.says("/connect");
    await anna.someone.presses("Replace the token");
    await anna.sendsToken();
    expect(await anna.at()).toBe("ready.watching");
    expect((await anna.knows()).connections[0]?.tokenExpiresAt).toBeGreaterThan(until + 100 * DAY_MS);
  });
});

describe("the button of a spreadsheet that is not there", () => {
  it("leads to what is true", async () => {
    const anna = await ready();
    for (const data of [
      "v1:retoken:suite.7",
      "v1:connectcheck:suite",
      "v1:connectrestart:suite",
      "v1:connectkeep:suite",
    ])
      await anna.someone.pressesForged(data, anna.someone.person.screen()?.messageId);
    expect(await anna.at()).toBe("ready.watching");
    await anna.someone.pressesForged(CONNECT, anna.someone.person.screen()?.messageId);
    expect(await anna.at()).toBe("ready.watching");
  });
});

itStaysWhole(scene);
