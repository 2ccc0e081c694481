// Every page of the console in a browser, with real data: readable in light and dark, by keyboard, on a phone, from this machine alone.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { axe, axeInBothThemes, describeInBrowser } from "./support/browser.ts";
import { type ConsoleScene, openConsoleScene, TOKENS } from "./support/console-scene.ts";

/** What the page is for, where it is more than reading: a control that the keyboard must reach. */
const MAIN: Readonly<Record<string, string>> = {
  overview: "[data-count]",
  actors: "tbody input[type=checkbox]",
  tickets: "[data-ticket]",
  ticket: "textarea",
  timers: "tbody [data-address]",
  queues: "[data-count]",
  queue: "[data-job]",
  audit: "[data-seq]",
  bulk: "select",
  ledger: "a[download]",
  charts: "[data-machine]",
  chart: "[data-tab=chart]",
};
const NAMES = Object.freeze([
  ...["overview", "actors", "actor", "past", "send", "customer", "search", "tickets", "ticket", "timers", "queues"],
  ...["queue", "job", "audit", "parity", "approvals", "drift", "bulk", "ledger", "charts", "chart"],
]);
/** Presses of Tab within which a page's own control has to come. */
const TABS = 60;

const PHONE = { width: 390, height: 844 };

async function comesByTab(page: Page, target: string): Promise<boolean> {
  await page.locator("main").first().focus();
  for (let presses = 0; presses < TABS; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(`document.activeElement.closest(${JSON.stringify(target)}) !== null`)) return true;
  }
  return false;
}

/** Whether nothing is being read any more. */
const settled = async (page: Page): Promise<void> => {
  await page.locator("main h1").first().waitFor();
  await page.locator(".loading").first().waitFor({ state: "hidden" });
};

await describeInBrowser("the console's pages", (browsing) => {
  let scene: ConsoleScene | null = null;
  beforeAll(async () => {
    scene = await openConsoleScene();
  });
  afterAll(() => scene?.close());
  const open = async (name: string, options = {}): Promise<Page> => {
    const page = await browsing.open(`${scene?.url}${scene?.pages[name]}`, options);
    await settled(page);
    return page;
  };

  it("are all looked at here", () => {
    expect(Object.keys(scene?.pages ?? {}).sort()).toEqual([...NAMES].sort());
    const routes = readFileSync(new URL("../../src/console/routes.ts", import.meta.url), "utf8");
    const paths = [...routes.matchAll(/path: "([^"]+)"/g)].map(([, path = ""]) => path);
    expect(paths.length).toBeGreaterThan(14);
    for (const path of paths) {
      const pattern = new RegExp(`^${path.replace(/\/:\w+\?/g, "(?:/[^/]+)?").replace(/:\w+/g, "[^/]+")}$`);
      const seen = Object.values(scene?.pages ?? {}).some((seenPath) => pattern.test(seenPath.split("?")[0] ?? ""));
      expect(seen, path).toBe(true);
    }
  });

  it.each(NAMES)("show %s: light, dark, on a phone, by keyboard alone, without a violation", async (name) => {
    const page = await open(name);
    expect(await page.title()).toMatch(/ · Console$/);
    for (const link of await page.locator('main a[href^="/console/api/"], main a[download]').all()) {
      const href = await link.getAttribute("href");
      expect((await page.request.get(`${scene?.url}${href}`)).status(), String(href)).toBe(200);
    }
    const target = MAIN[name];
    if (target !== undefined) {
      await page.locator(`main ${target}`).first().waitFor();
      expect(await comesByTab(page, `main ${target}`), target).toBe(true);
    }
    expect(await axeInBothThemes(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    expect(await axe(page)).toEqual([]);
  });

  it.each(["en-GB", "ru-RU"])("have tables as wide as the page, however long the ids: %s", async (locale) => {
    const page = await browsing.open(`${scene?.url}/console/audit`, { locale: locale as "en-GB" | "ru-RU" });
    await settled(page);
    await page.locator("tbody tr").nth(20).waitFor();
    const beyond =
      "document.querySelector('.table-card').scrollWidth - document.querySelector('.table-card').clientWidth";
    expect(await page.evaluate(beyond)).toBeLessThanOrEqual(0);
  });

  it.each(["actors", "audit", "bulk", "queues"])("show %s in forced colours and at twice the size", async (name) => {
    const page = await open(name, { width: 720, height: 430, forcedColors: "active" });
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    const small = (await page.evaluate(`
      [...document.querySelectorAll("main button, main .button, main select, main input:not([type=checkbox]), main label:has(> input)")]
        .filter((one) => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 32)
        .map((one) => one.outerHTML.slice(0, 80))
    `)) as string[];
    expect(small, "targets lower than 32 px").toEqual([]);
  });

  it("speak Russian as well, after one press", async () => {
    const page = await open("ledger");
    await page.getByRole("button", { name: /Русский/ }).click();
    await page.getByRole("heading", { name: "Учёт" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("ru");
  });

  it("answer a ticket through the bot, and close it", async () => {
    const page = await open("ticket");
    await page.getByLabel("Answer").fill("A new link is in the bot: /status");
    await page.getByRole("button", { name: "Send answer" }).click();
    await page.getByText("delivered by the bot.", { exact: false }).first().waitFor();
    await page.locator(".thread .staff", { hasText: "A new link is in the bot" }).waitFor();
    await page.getByRole("button", { name: "Close ticket" }).click();
    await page.getByText("opens again by itself", { exact: false }).waitFor();
  });

  it("run a delayed job at once, for a reason", async () => {
    const page = await open("job");
    await page.getByRole("button", { name: "Run now…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/Reason/).fill("looked at the clock");
    expect(await axeInBothThemes(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Run job now" }).click();
    await page.getByText("Done. Below is the job as it was.").waitFor();
  });

  it("say which role they are for, before anything is refused", async () => {
    const page = await open("actors");
    const become = async (name: string, role: string, path: string) => {
      await page.unroute("**/api/v1/me");
      await page.route("**/api/v1/me", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), name, role } });
      });
      await page.goto(`${scene?.url}${path}`);
      await settled(page);
    };
    for (const name of ["tickets", "approvals", "bulk"]) {
      await become("vera", "viewer", `/console/${name}`);
      expect(await page.locator("main").innerText()).toContain("Needs the role support");
    }
    expect(await axe(page)).toEqual([]);
    await become("vera", "viewer", "/console/actors?machine=subscription&state=billing.active");
    expect(await page.getByRole("button", { name: "All that match: bulk…" }).isDisabled()).toBe(true);
    const asked = { id: "a1", kind: "event", title: "refund.requested 6000 XTR", address: "payment/stx-1", count: 1 };
    const by = { reason: "asked by phone", askedBy: "sandbox", askedRole: "finance", askedAt: 1, endsAt: 2 };
    const undecided = { state: "waiting", decidedBy: null, decidedAt: null, note: null };
    await page.route("**/api/v1/approvals", (route) =>
      route.fulfill({
        json: { approvals: [{ ...asked, ...by, ...undecided, event: { type: "refund.requested" } }] },
      }),
    );
    await become("vera", "support", "/console/approvals");
    const row = page.locator("tbody tr", { hasText: "Approve…" }).first();
    expect(await row.innerText()).toContain("Needs the role finance");
    expect(await row.getByRole("button", { name: "Approve…" }).isDisabled()).toBe(true);
    await become("SANDBOX", "owner", "/console/approvals");
    expect(await row.innerText()).toContain("Your own");
    expect(await row.getByRole("button", { name: "Approve…" }).isDisabled()).toBe(true);
    expect(await row.getByRole("button", { name: "Refuse…" }).isDisabled()).toBe(false);
    expect(await axe(page)).toEqual([]);
    await page.goto(`${scene?.url}${scene?.pages.ticket}`);
    await page.getByText("Missing: the answer").waitFor();
  });

  it("prove that a history is whole", async () => {
    const page = await open("audit");
    await page.getByRole("button", { name: /Check the chain/ }).click();
    await page.getByText(/Whole: \d+ entries/).waitFor();
  });

  it("send one event to many actors: looked at, counted, given a reason, and only then done", async () => {
    const page = await open("bulk");
    await page.getByLabel("Event").selectOption("term.extended");
    await page.getByRole("button", { name: "Preview" }).click();
    const meant = Number(await page.locator("[data-tile=applied] dd").innerText());
    expect(meant).toBeGreaterThan(0);
    // Told of one whole: what runs, what the customer reads.
    const group = page.locator("[data-group]").first();
    await group.locator("[data-plan=applied] [data-notice]").first().waitFor();
    await page.locator("summary", { hasText: /^The first \d+ of them$/ }).click();
    await page.locator("table [lang]").first().waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: `Send term.extended to ${meant}…` }).click();
    const dialog = page.getByRole("dialog");
    const go = dialog.getByRole("button", { name: `Send term.extended to ${meant}` });
    await dialog.getByLabel(/Reason/).fill("made up for an outage");
    await dialog.getByLabel(/Type/).fill(String(meant + 1));
    expect(await go.isDisabled()).toBe(true);
    expect(await axeInBothThemes(page)).toEqual([]);
    await dialog.getByLabel(/Type/).fill(String(meant));
    await go.click();
    expect(await page.locator("[data-tile=applied] dd").innerText()).toBe(String(meant));
  });

  /** As somebody who is not of this machine: by the token of a role. */
  const logIn = async (role: keyof typeof TOKENS, path: string): Promise<Page> => {
    const extraHTTPHeaders = { "x-forwarded-for": "198.51.100.7" };
    const page = await browsing.open(`${scene?.url}${path}`, {
      extraHTTPHeaders,
      mayFail: /40[13] \((?:Unauthorized|Forbidden)\)/,
    });
    await page.getByLabel("Access token").fill(TOKENS[role]);
    await page.getByRole("button", { name: "Log in" }).click();
    await settled(page);
    return page;
  };

  it("let nobody from elsewhere in without a token, keep no token that is wrong, and forget who logs out", async () => {
    const page = await browsing.open(`${scene?.url}/console/tickets`, {
      extraHTTPHeaders: { "x-forwarded-for": "198.51.100.8" },
      mayFail: /401 \(Unauthorized\)/,
    });
    const field = page.getByLabel("Access token");
    const enter = page.getByRole("button", { name: "Log in" });
    await field.waitFor();
    expect(await enter.isDisabled()).toBe(true);
    expect(await axeInBothThemes(page)).toEqual([]);
    await field.fill("token-of-nobody");
    await enter.click();
    await page.getByText("This token is not known here.").waitFor();
    await field.fill(TOKENS.finance);
    await enter.click();
    await page.getByRole("heading", { name: "Tickets" }).waitFor();
    expect(
      await page.evaluate("JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])"),
    ).not.toMatch(/session=|token-of/);
    await page.getByRole("button", { name: "Log out" }).click();
    await field.waitFor();
    await page.reload();
    await field.waitFor();
  });

  it("let a viewer look, and name the role that is missing for more", async () => {
    const page = await logIn("viewer", "/console");
    for (const name of ["tickets", "approvals", "bulk"]) {
      await page.goto(`${scene?.url}/console/${name}`);
      await page.locator("main", { hasText: "Needs the role support" }).waitFor();
    }
    await page.goto(`${scene?.url}${scene?.pages.actor}`);
    await page.locator("main", { hasText: /Needs the role \w+/ }).waitFor();
    expect(await page.getByRole("link", { name: "Send event…" }).count()).toBe(0);
    // Nor by what a page would send.
    const sent = await page.evaluate(`fetch("/api/v1${scene?.pages.actor?.slice("/console".length)}/events", {
      method: "POST",
      headers: { "content-type": "application/json", "x-requested-with": "console" },
      body: JSON.stringify({ event: { type: "access.revoked" }, reason: "not allowed to", idempotencyKey: "viewer-1" }),
    }).then(({ status }) => status).catch(String)`);
    expect(sent).toBe(403);
  });

  it("let a second person approve what was asked for, and it is done once", async () => {
    const { stage } = scene ?? {};
    if (!stage) throw new Error("no scene");
    const payment = addressOf.payment("stx-second");
    const cause = { kind: "system", id: "test" } as const;
    const charge = {
      amountMinor: 6_000,
      currency: "XTR",
      orderId: "o-second",
      providerChargeId: null,
      expiresAt: null,
    };
    await stage.app.core.actors.send(
      payment,
      {
        type: "payment.received",
        userId: 7_012_345_678,
        ...charge,
        recurring: false,
        firstRecurring: false,
        source: "update",
      },
      { cause },
    );
    await stage.settle();
    const asked = await stage.api("POST", "/api/v1/actors/payment/stx-second/events", {
      event: { type: "refund.requested", access: "keep" },
      reason: "asked by phone",
      idempotencyKey: "second-1",
    });
    expect(asked.status, asked.text).toBe(202);
    const page = await logIn("owner", "/console/approvals");
    const row = page.locator("tbody tr", { hasText: "stx-second" });
    await row.getByRole("button", { name: "Approve…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^Reason/).fill("looked at the charge");
    await dialog.getByRole("button", { name: "Approve", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await row.getByText("by owner-1").waitFor();
    // Once, in the name of whoever asked. Telegram knows no such charge, so the money stays where it is.
    const { body } = await stage.api("GET", "/api/v1/actors/payment/stx-second/history");
    const asks = (body as { entries: { event: { type: string }; outcome: string }[] }).entries;
    expect(asks.filter(({ event }) => event.type === "refund.requested")).toMatchObject([{ outcome: "applied" }]);
  });

  it("release held removals for whoever types how many", async () => {
    const { stage } = scene ?? {};
    if (!stage) throw new Error("no scene");
    const address = addressOf.channel(String(stage.emulator.channels.all()[0]?.id));
    const cause = { kind: "system", id: "test" } as const;
    const send = (event: { readonly type: string }) => stage.app.core.actors.send(address, event, { cause });
    for (let userId = 901; userId < 912; userId += 1) await send({ ...{ type: "removal.asked", userId, members: 1 } });
    const held = Number((await stage.read(address))?.context.heldCount);
    expect(held).toBeGreaterThan(0);
    const page = await open("overview");
    await page.locator("[data-need=breakerTripped]").getByRole("button").click();
    const dialog = page.getByRole("dialog");
    const go = dialog.locator("button.danger");
    await dialog.getByLabel(/^Reason/).fill("looked at who is removed");
    await dialog.getByLabel(/^Type/).fill(String(held + 1));
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByLabel(/^Type/).fill(String(held));
    await go.click();
    await dialog.waitFor({ state: "detached" });
    expect((await stage.read(address))?.states).toContain("removals.flowing");
    await page.locator("[data-need=breakerTripped]").waitFor({ state: "detached" });
  });
});
