// A browser for the tests of pages: always the same window, language, time zone and movement, and nothing beyond this machine.
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, vi } from "vitest";
import { buildPages } from "./build-pages.ts";
import { findChromium } from "./find-chromium.ts";

/** A machine that is busy with other things is slow to open a browser. Unit: milliseconds. */
const PATIENCE_MS = 60_000;

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  readonly forcedColors?: "active" | "none";
  /** Of the browser; pages take it over. */
  readonly locale?: "ru-RU" | "en-GB";
  /** Errors that the test is about: a browser names each refused request in its console. */
  readonly mayFail?: RegExp;
  /** Sent with every request: `x-forwarded-for` makes of a visitor of this machine one who has to log in. */
  readonly extraHTTPHeaders?: Readonly<Record<string, string>>;
}

export interface Browsing {
  /** A page of a browser profile of its own. It is closed, and checked for requests that left this machine, after the test. */
  open(url: string, options?: PageOptions): Promise<Page>;
}

const isLoopback = (url: string): boolean => {
  const { protocol, hostname } = new URL(url);
  return protocol === "data:" || protocol === "blob:" || /^(?:127\.[\d.]+|localhost|\[::1\])$/.test(hostname);
};

/**
 * Tests that need a browser. Without one they are skipped, and each says so by its name; where CI is set, that is a failure which says how to install one.
 */
export async function describeInBrowser(name: string, tests: (browsing: Browsing) => void): Promise<void> {
  const found = await findChromium();
  if (found.path === null) {
    // Nobody looks at skipped tests there.
    if (process.env.CI)
      throw new Error(`${name}: ${found.why}. Debian, Ubuntu: apt-get install chromium, or set CHROMIUM_PATH`);
    describe.skip(`${name} (${found.why})`, () => tests({ open: () => Promise.reject(new Error(found.why)) }));
    return;
  }
  const { path } = found;
  describe(name, () => {
    vi.setConfig({ testTimeout: 2 * PATIENCE_MS, hookTimeout: 2 * PATIENCE_MS });
    let browser: Browser | null = null;
    let contexts: BrowserContext[] = [];
    let strayed: string[] = [];
    let broken: string[] = [];
    beforeAll(async () => {
      await buildPages();
      browser = await chromium.launch({
        executablePath: path,
        args: ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none", "--hide-scrollbars"],
      });
    });
    afterEach(async () => {
      for (const context of contexts) await context.close();
      const [outside, errors] = [strayed, broken];
      [contexts, strayed, broken] = [[], [], []];
      expect(outside, "requests that left this machine").toEqual([]);
      expect(errors, "errors on the page").toEqual([]);
    });
    afterAll(() => browser?.close());
    tests({
      async open(url, { width = 1440, height = 860, locale = "en-GB", mayFail, ...looks } = {}) {
        if (!browser) throw new Error("the browser did not start");
        const context = await browser.newContext({
          viewport: { width, height },
          locale,
          timezoneId: "Europe/Moscow",
          reducedMotion: "reduce",
          colorScheme: "light",
          serviceWorkers: "block",
          ...looks,
        });
        contexts.push(context);
        await context.route("**/*", (route) => {
          if (isLoopback(route.request().url())) return route.continue();
          strayed.push(route.request().url());
          return route.abort();
        });
        const page = await context.newPage();
        page.setDefaultTimeout(PATIENCE_MS);
        page.on("pageerror", (error) => broken.push(error.message));
        page.on("console", (message) => {
          // The browser's own words about a refused policy or a missing file.
          if (message.type() === "error" && !mayFail?.test(message.text())) broken.push(message.text());
        });
        await page.goto(url);
        return page;
      },
    });
  });
}

/** What axe finds against WCAG 2.2 AA, as lines that say where. */
export async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}

/** The same in light and in dark. */
export async function axeInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await axe(page)).map((line) => `${colorScheme}: ${line}`));
  }
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}
