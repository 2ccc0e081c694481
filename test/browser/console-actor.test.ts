// An actor's page in a browser: live, as of an event, moved by an event with a reason; by keyboard, and without a violation.
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStage, type Stage } from "../../src/sandbox/play/stage.ts";
import { axe, axeInBothThemes, describeInBrowser, type PageOptions } from "./support/browser.ts";
import { buyMonth, PRODUCT } from "./support/customers.ts";

await describeInBrowser("an actor's page", (browsing) => {
  let stage: Stage;
  let subscription = "";
  let home = "";
  beforeAll(async () => {
    stage = await openStage();
    const anna = await buyMonth(stage, { firstName: "Anna", username: "anna_page", languageCode: "en" });
    subscription = `subscription/${anna.id}:${PRODUCT}`;
    home = `/console/actors/subscription/${anna.id}%3A${PRODUCT}`;
  });
  afterAll(() => stage?.close());
  const open = async (path = "", options: PageOptions = {}) => {
    const page = await browsing.open(`${stage.app.url}${home}${path}`, options);
    await page.locator(`[data-address="${subscription}"]`).first().waitFor();
    return page;
  };

  it("shows where the actor stands, its chart and its history, and breaks no rule of access in either theme", async () => {
    const page = await open();
    await page.locator("svg.chart .state.current").first().waitFor();
    expect(await page.locator("h1").textContent()).toBe(subscription);
    expect(await page.locator('[data-current^="billing.active"]').count()).toBe(1);
    expect(await page.locator('.entry[aria-current="step"]').getAttribute("data-seq")).toBe("2");
    expect(await page.title()).toContain(subscription);
    expect(await axeInBothThemes(page)).toEqual([]);
    for (const tab of ["Context", "Timers", "Related"]) {
      await page.getByRole("tab", { name: tab }).click();
      expect(await axe(page), tab).toEqual([]);
    }
  });

  it("goes to any event and back by the keyboard, and says that it is the past", async () => {
    const page = await open();
    const scrubber = page.getByRole("slider");
    await scrubber.focus();
    await page.keyboard.press("Home");
    await page.waitForURL(/\/events\/1$/);
    await expect.poll(() => page.locator(".past-banner").textContent()).toContain("event 1 of 2");
    await expect.poll(() => page.locator('.chart-place .state.current[data-state="billing.checkout"]').count()).toBe(1);
    expect(await page.getByRole("link", { name: "Send event…" }).count()).toBe(0);
    expect(await axeInBothThemes(page)).toEqual([]);
    await page.keyboard.press("End");
    await page.waitForURL(new RegExp(`${PRODUCT}$`));
    await page.keyboard.press("ArrowLeft");
    await page.waitForURL(/\/events\/1$/);
    await page.keyboard.press("Escape");
    await page.waitForURL(new RegExp(`${PRODUCT}$`));
    expect(await page.locator(".past-banner").count()).toBe(0);
  });

  it("opens at an event that its address names, with what that event changed", async () => {
    const page = await open("/events/1");
    await expect.poll(() => page.locator('[data-current="billing.checkout"]').count()).toBe(1);
    await page.getByRole("tab", { name: "Context" }).click();
    await expect.poll(() => page.locator(".difference dt").count()).toBeGreaterThan(0);
  });

  it("tells what an event would do before it is sent, wants a reason, and shows what became of it", async () => {
    const page = await open();
    await page.getByRole("link", { name: "Send event…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Event").waitFor();
    expect(await dialog.getByLabel("Event").inputValue()).toBe("");
    expect(await dialog.locator(".missing").textContent()).toBe("Choose an event first");
    await dialog.getByLabel("Event").selectOption("term.extended");
    await dialog.getByLabel(/^Time/).fill("10");
    await dialog.locator("[data-plan=applied]").waitFor();
    expect(await dialog.textContent()).toContain("preview — nothing has changed yet");
    await dialog.locator("[data-notice]").waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    const button = dialog.getByRole("button", { name: "Send term.extended" });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel(/^Reason/).fill("an outage of ours");
    await button.click();
    await dialog.waitFor({ state: "detached" });
    await page.locator('.entry[data-seq="3"]').waitFor();
    expect(await page.locator('.entry[data-seq="3"]').textContent()).toContain("an outage of ours");
  });

  it("closes its dialog by Esc, and the focus comes back to what opened it", async () => {
    const page = await open();
    const opener = page.getByRole("link", { name: "Send event…" });
    await opener.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByLabel("Event").waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL(new RegExp(`${PRODUCT}$`));
    await expect.poll(() => opener.evaluate((element) => element.matches(":focus"))).toBe(true);
  });

  it("says by the guard's name why an event cannot be sent", async () => {
    const page = await open("/send");
    const reinstated = page.locator('dialog option[value="access.reinstated"]');
    await reinstated.waitFor({ state: "attached" });
    expect(await reinstated.isDisabled()).toBe(true);
    expect(await reinstated.textContent()).toMatch(/no use in this state|refused by/);
  });

  it("notices that the actor moves on under an open dialog, and offers to look again", async () => {
    const page = await open("/send?event=access.revoked");
    const dialog = page.getByRole("dialog");
    await dialog.locator("[data-plan=applied]").waitFor();
    await dialog.getByLabel(/^Reason/).fill("resells the materials");
    // The customer will read it, so it stands in what they will be told as soon as it is typed.
    await dialog.locator("[data-notice]", { hasText: "resells the materials" }).waitFor();
    await stage.api("POST", `/api/v1${home.slice("/console".length)}/events`, {
      event: { type: "term.extended", ms: 86_400_000 },
      reason: "meanwhile, by somebody else",
      idempotencyKey: "meanwhile-1",
    });
    await dialog.getByRole("button", { name: "Look again" }).waitFor();
    expect(await dialog.getByRole("button", { name: "Send access.revoked" }).isDisabled()).toBe(true);
    await dialog.getByRole("button", { name: "Look again" }).click();
    await dialog.locator("[data-plan=applied]").waitFor();
    expect(await dialog.getByLabel(/^Reason/).inputValue()).toBe("resells the materials");
  });

  it("forces a state by a dialog of its own, which says what does not run by itself", async () => {
    const page = await open("/force");
    const dialog = page.getByRole("dialog", { name: "Force a state" });
    await dialog.getByLabel("billing").selectOption("billing.pastDue.hold");
    await dialog.locator("[data-plan=applied]").waitFor();
    for (const box of await dialog.getByRole("checkbox").all()) expect(await box.isChecked()).toBe(false);
    expect(await axeInBothThemes(page)).toEqual([]);
    await dialog.getByLabel(/^Reason/).fill("the clock of a test was wrong");
    await dialog.getByRole("button", { name: "Force state" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.locator('[data-current="billing.pastDue.hold"]').waitFor();
  });

  it("fits a telephone, and twice the size, without scrolling sideways", async () => {
    for (const size of [
      { width: 390, height: 844 },
      { width: 720, height: 430 },
    ]) {
      const page = await open("/events/1", size);
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow, `${size.width} px`).toBeLessThanOrEqual(0);
      expect(await axe(page)).toEqual([]);
    }
  });

  it("finds an actor by what the search box is given, and explains the keyboard", async () => {
    const page = await open();
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type(subscription.slice("subscription/".length));
    await page.keyboard.press("Enter");
    await page.waitForURL(/console\/(?:search|actors|customers)/);
  });
});
