// The live chart as it is served: with the pages' security policy, in a browser.
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { mark } from "../../src/console/chart/mark.ts";
import { pageFoldersIn } from "../../src/http/pages.ts";
import { type Office, openOffice } from "../http/support/office.ts";
import { CAUSE } from "../support/actors.ts";
import { axeInBothThemes, describeInBrowser } from "./support/browser.ts";

const CUSTOMER = addressOf.customer(700_123);
const seen = { type: "contact.seen", username: "anna", firstName: "Anna", language: "en", ref: null };

let office: Office;
let base: string;
beforeAll(async () => {
  office = openOffice({ pageFolders: pageFoldersIn(), openToLoopback: true });
  await office.actors.send(CUSTOMER, seen, { cause: CAUSE });
  await office.server.listen({ host: "127.0.0.1", port: 0 });
  base = `http://127.0.0.1:${(office.server.server.address() as AddressInfo).port}`;
});
afterAll(() => office.server.close());

const marked = (page: Page, mark: string, what: "state" | "edge"): Promise<(string | null)[]> =>
  page
    .locator(`svg.chart [data-${what}].${mark}`)
    .evaluateAll((elements, name) => elements.map((one) => one.getAttribute(name)), `data-${what}`);

await describeInBrowser("a live chart", ({ open }) => {
  const actorPage = `/console/actors/customer/${CUSTOMER.split("/")[1]}`;

  it("shows where the actor is, what may happen and what happened, with names for all of it", async () => {
    const page = await open(`${base}${actorPage}`);
    await page.locator("svg.chart").waitFor();
    expect(await marked(page, "current", "state")).toEqual(
      expect.arrayContaining(["", "contact", "contact.reachable", "risk.clear", "standing.guest"]),
    );
    expect(await marked(page, "last", "edge")).toEqual(["contact.neverStarted|contact.seen|0"]);
    expect(await marked(page, "possible", "edge")).toContain("contact.reachable|contact.blocked|0");
    expect(await page.getByRole("img", { name: /State chart of/ }).count()).toBe(1);
    expect(await page.locator("svg.chart > desc").textContent()).toContain("contact.reachable");
    expect(await page.locator("svg.chart style").count()).toBe(0);
    const colour = (selector: string) =>
      page.evaluate<string>(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).stroke`);
    expect(await colour("svg.chart .state.current.atomic > .box")).toBe("rgb(22, 101, 52)");
    expect(await axeInBothThemes(page)).toEqual([]);
  });

  it("says the same as a list, and a possible event of it can be chosen there", async () => {
    const page = await open(`${base}${actorPage}`);
    await page.getByRole("tab", { name: "Outline" }).click();
    expect(await page.locator("[data-outline-edge]").count()).toBe(41);
    expect(await page.locator("[data-outline-state='contact.reachable'].current").count()).toBe(1);
    expect(await axeInBothThemes(page)).toEqual([]);
    await page.locator("[data-outline-edge='contact.reachable|contact.blocked|0'] button").click();
    await page.locator("dialog[open]").waitFor();
    expect(page.url()).toContain("send?event=contact.blocked");
  });

  it("is as large as it is asked to be, and scrolls to where the actor is", async () => {
    const page = await open(`${base}/console/charts/subscription`);
    const width = () => page.locator("svg.chart").evaluate((svg) => Number(svg.getAttribute("width")));
    await page.locator("svg.chart").waitFor();
    const full = Number((await page.locator("svg.chart").getAttribute("viewBox"))?.split(" ")[2]);
    await expect.poll(width).toBe(Math.floor(full * 0.75));
    await page.getByRole("button", { name: "Fit" }).click();
    // The whole would be dust: what fits is the machine at a glance.
    await page.locator("[data-overview=true] svg.chart [data-state='billing.active']").waitFor();
    expect(await page.locator("svg.chart [data-state='billing.active.term']").count()).toBe(0);
    await expect.poll(width).toBeLessThan(full * 0.6);
    await page.getByRole("button", { name: "100 %" }).click();
    await expect.poll(width).toBe(full);
    expect(await axeInBothThemes(page)).toEqual([]);
  });

  it("lights the number of a compact chart for each transition that it counts, and a text for all that it stands for", async () => {
    const page = await open(`${base}/console/charts/subscription`);
    const lit = (file: string, edge: string): Promise<string | null> =>
      page.evaluate<string | null>(`fetch("/console/charts/${file}.svg").then(async (answer) => {
        const text = (await answer.text()).replace(/<style>[\\s\\S]*?<\\/style>/, "");
        const drawing = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
        (${mark.toString()})(drawing, { current: new Set(), possible: new Set(), last: new Set([${JSON.stringify(edge)}]) }, true);
        return drawing.querySelector(".last > text")?.textContent ?? null;
      })`);
    for (const edge of ["open|customer.wrote|0", "reopened|ticket.opened|0"])
      expect(await lit("ticket-compact", edge)).toMatch(/^\+\d+ at home$/);
    expect(await lit("subscription-overview", "billing|payment.succeeded|3")).toContain("term.granted → active");
  });
});
