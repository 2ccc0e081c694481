// The sandbox's page in a browser: the whole story by Play, by keyboard, on a phone; without a violation, and without leaving this machine.
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStage, type Stage } from "../../src/sandbox/play/stage.ts";
import { axe, axeInBothThemes, describeInBrowser } from "./support/browser.ts";

/** What the shown chart must have had as current on the way, in this order: actor, states that are current in it at once. */
const ON_SHOW: readonly (readonly [machine: string, ...states: string[]])[] = [
  ["customer", "contact.reachable"],
  ["subscription", "billing.checkout"],
  ["subscription", "billing.active", "intent.autoRenew"],
  ["invite", "linkIssued"],
  ["invite", "joinRequested"],
  ["invite", "member"],
  ["onboarding", "step.asking.awaitingEmail"],
  ["onboarding", "step.asking.awaitingSpreadsheet"],
  ["onboarding", "step.asking.awaitingToken"],
  ["onboarding", "step.connecting"],
  ["onboarding", "step.ready"],
  ["subscription", "billing.renewalSlack"],
  ["subscription", "billing.pastDue.grace"],
  ["subscription", "billing.pastDue.hold"],
  ["invite", "removed"],
  ["subscription", "billing.active"],
  ["invite", "linkIssued"],
  ["invite", "member"],
];
/** A state that is there for less is not seen. Unit: milliseconds. */
const SEEN_MS = 250;

/** Notes in the page which states are current in the drawing that is on show, whenever that changes. */
const RECORD = `
  window.shown = [];
  const look = () => {
    const drawing = document.querySelector(".pane.actor [data-machine] svg[role=img]");
    const machine = drawing?.closest("[data-machine]").dataset.machine;
    const states = drawing ? [...drawing.querySelectorAll("[data-state].current")].filter((one) => one.checkVisibility()).map((one) => one.dataset.state) : [];
    const key = JSON.stringify([machine, states]);
    const last = window.shown.at(-1);
    if (states.length > 0 && last?.key !== key) window.shown.push({ key, machine, states, at: performance.now() });
    requestAnimationFrame(look);
  };
  look();
`;

interface Sight {
  readonly machine: string;
  readonly states: readonly string[];
  readonly at: number;
}
const isSight = (sight: Sight, [machine, ...states]: readonly string[]): boolean =>
  sight.machine === machine && states.every((state) => sight.states.includes(state));

const STORY_MS = 60_000;

await describeInBrowser("the sandbox's page", (browsing) => {
  let stage: Stage | null = null;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());
  const open = (query = "", options = {}) => browsing.open(`${stage?.app.url}/sandbox${query}`, options);

  it(
    "plays the whole story in less than a minute, and shows every state on the way",
    async () => {
      const page = await open();
      await page.evaluate(RECORD);
      const begun = performance.now();
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await page.locator("[data-play][aria-pressed=true]").waitFor();
      await page.locator("[data-step=renewal][data-done=true]").waitFor({ timeout: STORY_MS });
      await page.locator("[data-line=joined]").nth(1).waitFor();
      await page.locator("[data-shown=invite] [data-state=member].current").waitFor();
      expect(performance.now() - begun).toBeLessThan(STORY_MS);
      const sights = (await page.evaluate("window.shown")) as Sight[];
      let at = -1;
      for (const row of ON_SHOW) {
        const found = sights.findIndex((sight, index) => index > at && isSight(sight, row));
        expect(found, `${row.join(" ")} after ${sights[at]?.states.join(" ")}`).toBeGreaterThan(at);
        at = found;
      }
      const brief = sights.filter(({ at: from }, index) => (sights[index + 1]?.at ?? from + SEEN_MS) - from < SEEN_MS);
      expect(brief).toEqual([]);
      expect(await page.locator("[data-step][data-done=true]").count()).toBe(7);
      expect(await page.locator("[data-gone=true]").count(), "the token vanished").toBe(1);
      expect(await page.locator(".log").innerText()).not.toContain("eyJ");
      expect(await axeInBothThemes(page)).toEqual([]);
    },
    2 * STORY_MS,
  );

  it("is done by hand as well, by keyboard alone", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Reset" }).press("Enter");
    await page.getByRole("button", { name: /At the very beginning/ }).press("Enter");
    await page.getByRole("button", { name: "Start", exact: true }).press("Enter");
    await page.getByRole("button", { name: "Choose a plan" }).press("Enter");
    await page.locator("[data-press='v1:plan:pro-month']").press("Enter");
    await page.locator("[data-leads=pay]").press("Enter");
    await page.locator("[data-line=paid]").waitFor();
    await page.locator("[data-leads=join]").last().press("Enter");
    await page.locator("[data-member=true]").waitFor();
    await page.getByLabel("Message or /command").fill("/status");
    await page.keyboard.press("Enter");
    await page.locator(".bubble.person", { hasText: "/status" }).waitFor();
    expect(await page.locator("[data-step=join]").getAttribute("data-done")).toBe("true");
  });

  it("lets any click take Play over", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.locator("[data-play][aria-pressed=true]").waitFor();
    await page.locator(".steps li").first().click();
    expect(await page.locator("[data-play]").getAttribute("aria-pressed")).toBe("false");
  });

  it("says which seeds there are when the address names another, the year and the zone of its clock", async () => {
    const page = await open("?seed=nonsense");
    await page.getByText("There is no seed “nonsense”. There are: new, onboarding").waitFor();
    expect(await page.locator(".clock time").innerText()).toMatch(/ 20\d\d, \d\d:\d\d (?:GMT\+3|MSK)$/);
  });

  it("shows what a stranger reads as somebody else's, and offers the story once more when it is over", async () => {
    const page = await open("?seed=expired");
    await page.locator("[data-step=renewal][data-done=true]").waitFor();
    await page.locator("[data-moving=false]").waitFor();
    await page.getByRole("button", { name: "Play again" }).click();
    await page.locator("[data-play][aria-pressed=true]").waitFor();
    await page.locator("[data-leads=pay]").waitFor();
    await page.locator(".clock").click();
    await page.getByRole("button", { name: "Break something" }).click();
    await page.getByRole("listitem").filter({ hasText: "Another person pays" }).getByRole("button").click();
    await page.locator("[data-overheard]", { hasText: "The stranger reads:" }).waitFor();
    expect(await page.locator(".note.bad").count()).toBe(0);
  });

  it("shows where the subscription will begin, hands out what was done when the browser does not copy it, and does it again", async () => {
    const page = await open("?seed=new", { mayFail: /400 \(Bad Request\)/ });
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.locator("[data-press^='v1:plans:']").waitFor();
    await page.getByRole("tab", { name: "subscription" }).click();
    await page.locator("[data-shown=subscription] [data-state='billing.lead'].current").waitFor();
    await page.getByText("not started yet").waitFor();
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('denied'))");
    await page.getByRole("button", { name: "Copy as scenario (1)" }).click();
    const copied = await page.getByLabel("Select the text").inputValue();
    expect(JSON.parse(copied)).toMatchObject({ seed: "new", deeds: [{ do: "start" }] });
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Replay a scenario" }).click();
    const dialog = page.getByRole("dialog");
    const text = dialog.getByLabel("The scenario");
    await text.fill(copied.replace('"start"', '"rob"'));
    await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    await dialog.getByText(/deeds\.0\.do/).waitFor();
    expect(await axe(page)).toEqual([]);
    await text.fill(copied.replace('"start"', '"start" }, { "do": "press", "data": "v1:plans:"'));
    await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await page.locator("[data-press='v1:plan:pro-month']").waitFor();
  });

  it("begins where the address says, and breaks what is asked for", async () => {
    const page = await open("?seed=onboarding");
    await page.getByRole("button", { name: "Fill in for me" }).waitFor();
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("button", { name: "Break something" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("switch", { name: /Wildberries refuses/ }).click();
    await dialog.locator("[data-on=true]").waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Broken: 1" }).waitFor();
    for (let answers = 0; answers < 3; answers += 1) {
      await page.getByRole("button", { name: "Fill in for me" }).click();
      await page
        .locator(`.bubble.person`)
        .nth(answers + 1)
        .waitFor();
      await page.locator("[data-moving=false]").waitFor();
    }
    await page.locator(".bubble.bot", { hasText: "Wildberries refused the token" }).waitFor();
  });

  it("announces nothing while the clock moves, and one change of state when it has settled", async () => {
    const page = await open("?seed=active");
    await page.locator("[data-step=connect][data-done=true]").waitFor();
    await page.locator("[data-moving=false]").waitFor();
    expect(await page.locator(".log").getAttribute("aria-live")).toBe("polite");
    await page.evaluate(`
      window.seen = [];
      new MutationObserver(() => {
        const isMoving = document.querySelector(".sandbox").dataset.moving === "true";
        if (isMoving) window.seen.push([document.querySelector(".log").getAttribute("aria-live"), document.querySelector("[role=status]").textContent]);
      }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    `);
    const before = await page.locator("[role=status]").textContent();
    await page.getByRole("button", { name: "+7 d: forward by seven days" }).click();
    for (let weeks = 1; weeks < 5; weeks += 1) {
      await page.locator("[data-moving=false] .clock button:enabled").first().waitFor();
      await page.getByRole("button", { name: "+7 d: forward by seven days" }).click();
    }
    await page.locator("[data-moving=false]").waitFor();
    const seen = (await page.evaluate("window.seen")) as [string, string][];
    expect([...new Set(seen.map(([live]) => live))]).toEqual(["off"]);
    expect(seen[0]?.[1]).toBe(before);
  });

  it("has room for chat or chart on a phone, and the states of all actors beside either", async () => {
    const page = await open("?seed=active", { width: 390, height: 800 });
    await page.locator("[data-step=connect][data-done=true]").waitFor();
    await page.locator("[data-moving=false]").waitFor();
    const states = page.locator("[data-actor=subscription] [data-current^='billing.active']");
    const header = await page.locator("header.top").boundingBox();
    expect(header?.height).toBeLessThan(60);
    expect(await page.locator(".log").isVisible()).toBe(true);
    expect(await states.isVisible()).toBe(true);
    await page.getByRole("button", { name: "Chart", exact: true }).click();
    expect(await page.locator(".log").isVisible()).toBe(false);
    expect(await states.isVisible()).toBe(true);
    await page.locator(".pane.actor svg[role=img] .current").first().waitFor();
    const chart = await page.locator(".actor-chart").boundingBox();
    expect(chart && chart.y + 200).toBeLessThan(800);
    expect(await axe(page)).toEqual([]);
  });

  it.each([
    ["a phone", { width: 390, height: 800 }],
    ["a desk at 200 %", { width: 720, height: 430 }],
    ["forced colours", { forcedColors: "active" }],
  ] as const)("works on %s: nothing is cut off sideways, nothing is too small to hit", async (_, options) => {
    const page = await open("?seed=hold", options);
    await page.locator("[data-step=reminder][data-done=true]").waitFor();
    await page.locator("[data-moving=false]").waitFor();
    const sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(sideways).toBe(0);
    const small = await page.evaluate(
      `[...document.querySelectorAll("button:not(.command), .button, input")]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.textContent || one.ariaLabel, one.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 32 || height < 32)
        .map(([name, { width, height }]) => name + " " + width + "×" + height)`,
    );
    expect(small).toEqual([]);
    expect(await axe(page)).toEqual([]);
  });
});
