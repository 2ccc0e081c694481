// Buttons, commands and money on the way: each leads somewhere, and none loses an answer.
import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { CONNECT, customer, PATHS } from "./support/connecting.ts";
import { DAY_MS, itStaysWhole, useScene } from "./support/scene.ts";

const scene = useScene();

/** At step 1, 2 or 3. */
async function at(step: 1 | 2 | 3, languageCode: "ru" | "en" = "en") {
  const anna = await (await customer(scene.current, { user: { languageCode } })).opens();
  if (step > 1) await anna.sendsEmail();
  if (step > 2) await anna.sendsSheet();
  return anna;
}

describe("a button", () => {
  it.each([
    ["en", "That button is out of date, here is the current menu."],
    ["ru", "Эта кнопка устарела — вот свежее меню."],
  ] as const)("of an older message says so in %s, and shows what is true now (U10)", async (languageCode, toast) => {
    const anna = await at(2, languageCode);
    const old = anna.someone.person.screen()?.messageId ?? 0;
    await anna.someone.says("/status");
    await anna.someone.pressesForged("v1:connectback:suite.2", old);
    expect(anna.lastToast).toBe(toast);
    expect(await anna.at()).toBe("asking.awaitingSpreadsheet");
  });

  it("that is tapped twice is one wish", async () => {
    const anna = await at(2);
    anna.someone.person.press("‹ Back");
    anna.someone.person.press("‹ Back");
    await scene.current.stage.settle();
    expect(anna.lastToast).toBe("Already on it…");
    expect(await anna.at()).toBe("asking.awaitingEmail");
    expect((await anna.auditedEvents()).filter((type) => type === "step.back")).toHaveLength(1);
  });

  it("of somebody without that product does nothing", async () => {
    const boris = await scene.current.newcomer();
    for (const data of [CONNECT, "v1:connectback:suite.3", "v1:addsheet:suite", "v1:retoken:suite.0"])
      await boris.pressesForged(data, boris.person.screen()?.messageId);
    expect(await scene.current.stage.read(addressOf.onboarding(boris.id, "suite"))).toBeNull();
  });
});

describe("Back and Keep", () => {
  it("show the earlier questions with their answers kept, however fast they are pressed", async () => {
    const anna = await at(3);
    await anna.someone.presses("‹ Back");
    expect(anna.screen).toContain("Step 2 of 3");
    await anna.someone.presses("‹ Back");
    expect(anna.screen).toContain("Step 1 of 3");
    expect(anna.buttons).toEqual(["Keep as it is", "Later"]);
    await anna.someone.presses("Keep as it is");
    expect(await anna.at()).toBe("asking.awaitingToken");
    await anna.someone.presses("‹ Back");
    await anna.someone.presses("Keep as it is");
    await anna.sendsToken();
    expect(await anna.at()).toBe("ready.watching");
  });

  it("leave the refusal of a token behind", async () => {
    const anna = await at(3);
    scene.current.stage.product.faults.add({
      path: PATHS.addToken,
      times: 1,
      fault: { status: 422, code: "invalid_wb_token" },
    });
    await anna.sendsToken();
    await anna.someone.presses("‹ Back");
    expect(anna.screen).toContain("Step 2 of 3");
    expect(anna.screen).not.toContain("refused");
    expect(anna.buttons).toEqual(["Copy the address", "Keep as it is", "‹ Back", "Later"]);
    await anna.someone.presses("Keep as it is");
    expect(await anna.at()).toBe("asking.awaitingToken");
  });
});

describe("Later, Start over and the help", () => {
  it("leave the step and keep the answers", async () => {
    const anna = await at(2);
    await anna.someone.presses("Later");
    expect(anna.screen).toContain("Your answers are kept. Come back with /connect");
    expect(anna.buttons).toContain("Go on connecting");
    await anna.someone.says("just some words");
    expect(anna.screen).toContain("Please use the buttons here.");
    await anna.someone.says("/connect");
    expect(anna.screen).toContain("Step 2 of 3");
    expect(anna.screen).toContain("a…a@gmail.com");
  });

  it("forget the answers, and not what is paid", async () => {
    const anna = await at(3);
    await scene.current.stage.advance(2 * DAY_MS);
    expect(anna.screen).toContain("We stopped at step 3 of 3.");
    await anna.someone.presses("Start over");
    expect(anna.screen).toContain("Step 1 of 3");
    expect(await anna.knows()).toMatchObject({ email: null, spreadsheetId: null });
    await anna.sendsEmail("other@gmail.com");
    expect(anna.screen).toContain("o…r@gmail.com");
    expect(await anna.someone.billing("suite")).toMatch(/^active/);
  });

  it("tell where a token comes from, and take it right there", async () => {
    const anna = await at(3);
    await anna.someone.presses("Where to get it");
    expect(anna.screen).toContain("Wildberries seller account");
    await anna.someone.presses("‹ Back");
    expect(anna.screen).toContain("Step 3 of 3");
    await anna.someone.presses("Where to get it");
    await anna.sendsToken();
    expect(await anna.at()).toBe("ready.watching");
  });
});

describe("in the middle of it", () => {
  it("every command wins over the question, and /connect leads back to it", async () => {
    const anna = await at(2);
    const question = anna.screen;
    for (const command of [
      "help",
      "plans",
      "status",
      "cancel",
      "terms",
      "privacy",
      "language",
      "paysupport",
      "nonsense",
    ]) {
      await anna.someone.says(`/${command}`);
      expect(anna.screen, command).not.toBe(question);
      expect(await anna.at(), command).toBe("asking.awaitingSpreadsheet");
      await anna.someone.says(command === "help" ? "/start connect" : "/connect");
      expect(anna.screen, command).toBe(question);
    }
    await anna.sendsSheet();
    expect(await anna.at()).toBe("asking.awaitingToken");
  });

  it("a payment is counted, and the next message is still the answer", async () => {
    const anna = await customer(scene.current);
    await anna.someone.chooses("club-month");
    const invoice = anna.someone.invoice();
    await anna.someone.says("/connect");
    await anna.sendsEmail();
    expect(await anna.someone.person.payInvoice(invoice)).toMatchObject({ kind: "paid" });
    await scene.current.stage.settle();
    expect(await anna.someone.billing("club")).toMatch(/^active/);
    expect(anna.screen).toContain("Payment received");
    await anna.sendsSheet();
    expect(await anna.at()).toBe("asking.awaitingToken");
  });

  it("a question to support goes to support, and the set-up goes on after it", async () => {
    const anna = await at(2);
    await anna.someone.says("/support");
    await anna.someone.says("where do I find the link?");
    expect(await scene.current.ticketsOf(anna.someone)).toHaveLength(1);
    expect(await anna.at()).toBe("asking.awaitingSpreadsheet");
    await anna.someone.says("/connect");
    await anna.sendsSheet();
    expect(await anna.at()).toBe("asking.awaitingToken");
  });
});

describe("/connect", () => {
  it("without a subscription says what comes first", async () => {
    const boris = await scene.current.newcomer();
    for (const text of ["/connect", "/start connect"]) {
      await boris.says(text);
      expect(boris.person.screen()?.text).toContain("There is nothing to connect yet");
    }
  });

  it("of another product than the one that was bought says the same", async () => {
    const boris = await scene.current.newcomer();
    await boris.buysAndJoins("club-month");
    await boris.says("/connect");
    expect(boris.person.screen()?.text).toContain("There is nothing to connect yet");
  });

  it("when all is ready shows what works", async () => {
    const anna = await at(3);
    await anna.sendsToken();
    await anna.someone.says("/connect");
    expect(anna.screen).toMatch(/^Done/);
    expect(anna.buttons).toEqual(["Open the sheet", "Replace the token", "My subscription"]);
    await anna.someone.says("what now?");
    expect(anna.screen, "a word where nothing is asked").toMatch(/Please use the buttons here|Nothing to answer/);
    expect(await anna.at()).toBe("ready.watching");
  });

  it("while the backend works shows how far it has come", async () => {
    const anna = await at(3);
    scene.current.stage.product.setCollector({ mode: "async", seconds_per_day: 60 });
    await anna.sendsToken();
    scene.current.stage.product.setCollector({ mode: "auto", seconds_per_day: 20 });
    expect(await anna.at()).toMatch(/^connecting\.smokeRunning\.polling/);
    await anna.someone.says("/connect");
    expect(anna.screen).toMatch(/✓ Registration\n✓ Token\n✓ Access to Wildberries\n… First load/);
    await anna.someone.says("is it done?");
    expect(anna.screen).toMatch(/Please use the buttons here|Nothing to answer/);
    await scene.current.stage.advance(180_000);
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.screen).toMatch(/^Done/);
  });
});

itStaysWhole(scene);
