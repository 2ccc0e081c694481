// `npm run screenshots`: the pictures of docs/console.md, always in the same window and language and at the same frozen time.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { buildPages } from "./support/build-pages.ts";
import { openConsoleScene } from "./support/console-scene.ts";
import { findChromium } from "./support/find-chromium.ts";
import { openParityScene } from "./support/parity-scene.ts";

const WINDOW = { width: 1440, height: 860 };
/** The whole of a long page. */
const TALL = { width: 1440, height: 1900 };
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
    // With days behind it: below.
    if (name === "parity") continue;
    await take(name, path, "light", WINDOW);
    if (DARK.includes(name)) await take(`${name}-dark`, path, "dark", WINDOW);
    if (NARROW.includes(name)) await take(`${name}-phone`, path, "light", PHONE);
  }
  await takeParity();
} finally {
  await browser.close();
  await scene.close();
}

/** A key that was broken for two days, eight days after the spreadsheet was connected. */
async function takeParity(): Promise<void> {
  const parity = await openParityScene({ isQuick: false });
  try {
    await parity.begins("autonomous");
    await parity.days(1);
    await parity.does({ do: "break", what: "dataDrifts", on: true, choice: "avg_price_with_spp" });
    await parity.days(2);
    await parity.does({ do: "break", what: "dataDrifts", on: false });
    await parity.days(4);
    const path = `/console/parity?key=avg_price_with_spp&scope=${encodeURIComponent(await parity.scope())}`;
    await take("parity", path, "light", TALL, parity.url);
  } finally {
    await parity.close();
  }
}

async function take(
  name: string,
  path: string,
  colorScheme: "light" | "dark",
  viewport: typeof WINDOW,
  origin = scene.url,
): Promise<void> {
  const context = await browser.newContext({
    ...{ viewport, colorScheme, locale: "en-GB", timezoneId: "Europe/Moscow", reducedMotion: "reduce" as const },
  });
  const page = await context.newPage();
  await page.goto(`${origin}${path}`);
  await page.locator("main h1").first().waitFor();
  await page.locator(".loading").first().waitFor({ state: "hidden" });
  // Charts find their place a moment after they were loaded.
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${DIRECTORY}/console-${name}.png` });
  await context.close();
}
