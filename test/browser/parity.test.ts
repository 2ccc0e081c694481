// The page of data quality with real days behind it: drawn, in both languages and themes, by keyboard, on a phone; and the sandbox's way to it.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { axe, axeInBothThemes, describeInBrowser } from "./support/browser.ts";
import { openParityScene, type ParityScene } from "./support/parity-scene.ts";

await describeInBrowser("the page of data quality", (browsing) => {
  let scene: ParityScene | null = null;
  const open = async (path: string, options = {}): Promise<Page> => {
    const page = await browsing.open(`${scene?.url}${path}`, options);
    await page.locator("h1").first().waitFor();
    await page.locator(".loading").first().waitFor({ state: "hidden" });
    return page;
  };
  beforeAll(async () => {
    scene = await openParityScene();
    await scene.begins("active");
  });
  afterAll(() => scene?.close());

  it("says what will be here and when, before a day was judged", async () => {
    const page = await open("/console/parity");
    await page.getByText("the first figures are here the morning after", { exact: false }).waitFor();
    expect(await page.locator("main time").first().getAttribute("datetime")).toBe("2030-01-15T03:05:00.000Z");
    expect(await axeInBothThemes(page)).toEqual([]);
  });

  it("lets a newcomer break a key on the sandbox's page and see the gate fall back", async () => {
    await scene?.begins("autonomous");
    const sandbox = await open("/sandbox");
    await sandbox.getByRole("button", { name: "Break something" }).click();
    await sandbox.getByLabel("Key", { exact: true }).selectOption("avg_price_with_spp");
    await sandbox.getByRole("switch", { name: /Our own data go wrong/ }).click();
    await sandbox.getByRole("switch", { name: /Our own data go wrong/, checked: true }).waitFor();
    expect(await axe(sandbox)).toEqual([]);
    await sandbox.getByRole("button", { name: "Close" }).click();
    await sandbox.getByRole("button", { name: /^\+1 d/ }).click();
    await sandbox.locator("[data-event='dataset.dayJudged'][data-changes*='gate.proxyFirst']").waitFor();
    await sandbox.getByRole("tab", { name: /dataset/ }).click();
    await sandbox.locator("[data-shown=dataset]").waitFor();
  });

  it("draws the key that is red with its limits, and says the same as a table", async () => {
    const page = await open("/console/parity?key=avg_price_with_spp");
    const curves = page.locator(".curve svg[role=img]");
    expect(await curves.count()).toBe(3);
    const label = (await curves.first().getAttribute("aria-label")) ?? "";
    expect(label).toMatch(
      /^Exact ratio from 2030-01-14 to 2030-01-16; last \d+(?:\.\d+)?%; green ≥ 92%; yellow ≥ 87%$/,
    );
    expect(await page.locator(".curve .limit").count()).toBe(6);
    await page.getByText("As a table").click();
    const table = page.getByRole("table", { name: /all spreadsheets/ });
    expect(await table.locator("tbody tr").count()).toBe(3);
    expect(await table.locator("tbody tr").first().innerText()).toContain("red");
    expect(await table.locator("tbody tr").last().innerText()).toContain("green");
    expect(await axeInBothThemes(page)).toEqual([]);
  });

  it("leads from the spreadsheet to its days with reasons, to the articles that are off, and to pinning", async () => {
    const page = await open("/console/parity?key=avg_price_with_spp");
    // The visitor of the first test may have been collected as well.
    await page.locator("[data-row]", { hasText: "proxy first" }).locator("a[href*=scope]").first().press("Enter");
    const days = page.getByRole("table", { name: "Days of its gate" });
    await days.waitFor();
    expect(await days.locator("tbody tr").first().innerText()).toMatch(/fail[\s\S]*avg_price_with_spp[\s\S]*switched/);
    expect(await days.locator("tbody tr").nth(1).innerText()).toMatch(/passed often enough/);
    const worst = page.getByRole("table", { name: "Furthest apart: avg_price_with_spp on 2030-01-16" });
    await worst.locator("tbody tr").nth(19).waitFor();
    expect(await worst.locator("tbody tr").count()).toBe(20);
    await page.getByLabel("Day", { exact: true }).selectOption("2030-01-15");
    await page.getByRole("heading", { name: "Furthest apart: avg_price_with_spp on 2030-01-15" }).waitFor();
    expect(new URL(page.url()).search).toContain("day=2030-01-15");
    await page.getByText("the first verdicts are here after 12 judged days", { exact: false }).waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    await page.getByRole("link", { name: "Pin…" }).click();
    await page.getByRole("dialog").waitFor();
    expect(new URL(page.url()).pathname).toMatch(/\/dataset\/.*\/send$/);
  });

  it("says on the customer's page what the plan promises, and whether it is kept", async () => {
    const state = (await scene?.stage.api("GET", "/sandbox/api/state"))?.body as { visitor: { userId: number } };
    const page = await open(`/console/customers/${state.visitor.userId}`);
    await page.getByRole("heading", { name: "Promises of the plan" }).waitFor();
    const said = async (what: string) =>
      (await page.locator(`[data-measure=${what}]`).innerText()).replace(/\s+/g, " ");
    expect(await said("ready")).toMatch(/^now [\d.]+ minutes? kept/);
    expect(await said("refresh")).toMatch(/^now [\d.]+ hours? kept/);
    expect(await said("availability")).toMatch(/^now [\d.]+ percent (?:kept|broken)/);
    expect(await axeInBothThemes(page)).toEqual([]);
  });

  it("fits a phone and twice the size, in Russian and in forced colours", async () => {
    const path = `/console/parity?scope=${encodeURIComponent((await scene?.scope()) ?? "")}`;
    const page = await open(path, { width: 390, height: 844, locale: "ru-RU", forcedColors: "active" });
    await page.getByRole("heading", { name: "Сверка" }).waitFor();
    await page.getByRole("heading", { name: "Калибровка" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    expect(await axe(page)).toEqual([]);
  });
});
