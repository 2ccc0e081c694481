// `npm run screenshots`: the pictures of docs/console.md, always in the same window and language and at the same frozen time.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { buildPages } from "./support/build-pages.ts";
import { openConsoleScene } from "./support/console-scene.ts";
import { findChromium } from "./support/find-chromium.ts";

const WINDOW = { width: 1440, height: 860 };
const PHONE = { width: 390, height: 844 };
const DIRECTORY = fileURLToPath(new URL("../../docs/img", import.meta.url));
/** Pages that stand in the documentation in the dark as well, and as on a phone. */
const DARK: readonly string[] = ["overview", "past"];
const NARROW: readonly string[] = ["overview", "customer"];

const found = await findChromium();
if (found.path === null) throw new Error(found.why);
await buildPages();
await mkdir(DIRECTORY, { recursive: true });
const scene = await openConsoleScene();
const browser = await chromium.launch({
  executablePath: found.path,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none", "--hide-scrollbars"],
});
try {
  for (const [name, path] of Object.entries(scene.pages)) {
    await take(name, path, "light", WINDOW);
    if (DARK.includes(name)) await take(`${name}-dark`, path, "dark", WINDOW);
    if (NARROW.includes(name)) await take(`${name}-phone`, path, "light", PHONE);
  }
} finally {
  await browser.close();
  await scene.close();
}

async function take(name: string, path: string, colorScheme: "light" | "dark", viewport: typeof WINDOW): Promise<void> {
  const context = await browser.newContext({
    ...{ viewport, colorScheme, locale: "en-GB", timezoneId: "Europe/Moscow", reducedMotion: "reduce" as const },
  });
  const page = await context.newPage();
  await page.goto(`${scene.url}${path}`);
  await page.locator("main h1").first().waitFor();
  await page.locator(".loading").first().waitFor({ state: "hidden" });
  // Charts find their place a moment after they were loaded.
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${DIRECTORY}/console-${name}.png` });
  await context.close();
}
