// "I paid and I am not in the channel": found, understood, previewed, sent, and confirmed by the bot's own message, in at most six clicks.
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStage, type Stage } from "../../src/sandbox/play/stage.ts";
import type { Person } from "../../src/sandbox/telegram/people/person.ts";
import { axeInBothThemes, describeInBrowser } from "./support/browser.ts";
import { buyMonth } from "./support/customers.ts";

const MOST_CLICKS = 6;

/** Buttons on the phone that lead into the channel. */
const invitations = (person: Person): number =>
  person
    .messages()
    .flatMap(({ buttons }) => buttons.flat())
    .filter((button) => button.kind === "url" && /\/\+/.test(button.url)).length;

await describeInBrowser("a customer who paid and is not in the channel", (browsing) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  it("is helped in at most six clicks", async () => {
    stage.emulator.faults.onCall({
      method: "createChatInviteLink",
      times: 1,
      fault: { kind: "error", status: 400 },
    });
    const anna = await buyMonth(stage, { firstName: "Anna", username: "anna_helped", languageCode: "en" });
    const page = await browsing.open(`${stage.app.url}/console`);
    let clicks = 0;
    const click = async (what: ReturnType<typeof page.locator>) => {
      clicks++;
      await what.click();
    };

    // Found.
    await click(page.getByRole("searchbox"));
    await page.keyboard.type("@anna_helped");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/console/customers/${anna.id}$`));

    // Understood.
    const why = page.locator(".why[data-problem=paidNoAccess]");
    await why.waitFor();
    expect(await why.locator(".summary").textContent()).toContain("The link could not be made");
    expect(await why.locator(".decides").getAttribute("data-fact")).toBe("billing");
    expect(await why.locator("[data-evidence=telegram][data-state=failed]").count()).toBeGreaterThan(0);
    expect(await axeInBothThemes(page)).toEqual([]);
    expect(invitations(anna)).toBe(0);

    // Previewed.
    await click(why.locator("[data-advice='invite.requested']"));
    const dialog = page.getByRole("dialog");
    await dialog.locator("[data-plan=applied]").waitFor();
    expect(invitations(anna), "a preview sends nothing").toBe(0);
    expect(await axeInBothThemes(page)).toEqual([]);

    // Sent, with a reason.
    await click(dialog.getByLabel(/^Reason/));
    await page.keyboard.type("paid, but the link failed");
    await click(dialog.getByRole("button", { name: "Send invite.requested" }));
    await dialog.waitFor({ state: "detached" });
    await stage.settle();

    // Confirmed: the page follows by itself.
    await page.locator('[data-current="linkIssued"], [data-current^="linkIssued."]').first().waitFor();
    await expect
      .poll(() => page.locator(".screen-row").allTextContents())
      .toContainEqual(expect.stringMatching(/Join/));
    await expect.poll(() => page.locator(".why .summary").first().textContent()).toContain("have not used it");
    expect(invitations(anna), "the bot has sent it").toBe(1);
    expect(clicks).toBeLessThanOrEqual(MOST_CLICKS);
  });

  it("has a page that fits a telephone, in Russian too", async () => {
    const boris = await buyMonth(stage, { firstName: "Boris", username: "boris_phone", languageCode: "ru" });
    const page = await browsing.open(`${stage.app.url}/console/customers/${boris.id}`, {
      width: 390,
      height: 844,
      locale: "ru-RU",
    });
    await page.getByRole("heading", { name: "Почему?" }).waitFor();
    await page.locator("[data-screen]").waitFor();
    const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await axeInBothThemes(page)).toEqual([]);
    expect(await page.locator("[data-command='refund.requested'], [data-command='term.extended']").count()).toBe(1);
  });
});
