// Where the tests' browser comes from: an operator's choice, this machine, or, for root on Debian and Ubuntu, the distribution's own package.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "../../../src/setup/find-on-path.mjs";
import { withLock } from "../../../src/setup/lock.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
/** Fonts too: a bare machine has none, and every letter would be a box. */
const DEBIAN_PACKAGES = ["chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"];
const INSTALL_TIMEOUT_MS = 300_000;
const LOCK = join(import.meta.dirname, "../../../.cache/chromium.lock");

export type Chromium = { readonly path: string } | { readonly path: null; readonly why: string };

/** Safe to call from several processes: one installs, the others wait. */
export async function findChromium(env = process.env): Promise<Chromium> {
  if (env.CHROMIUM_PATH) {
    return existsSync(env.CHROMIUM_PATH)
      ? { path: env.CHROMIUM_PATH }
      : { path: null, why: "CHROMIUM_PATH names no file" };
  }
  const known = onThisMachine(env);
  if (known) return { path: known };
  const apt = findOnPath("apt-get", env);
  if (process.platform !== "linux" || !apt || process.getuid?.() !== 0) {
    return {
      path: null,
      why: "no browser: install one (Debian, Ubuntu: sudo apt-get install chromium), or name one in CHROMIUM_PATH",
    };
  }
  return withLock(LOCK, async () => {
    const byAnother = onThisMachine(env);
    if (byAnother) return { path: byAnother };
    console.error(`No browser found: installing ${DEBIAN_PACKAGES.join(", ")} with apt-get (about 220 MB).`);
    const options = {
      env: { ...env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" },
      encoding: "utf8",
      timeout: INSTALL_TIMEOUT_MS,
    } as const;
    spawnSync(apt, ["-qq", "update"], options);
    const { status, stderr } = spawnSync(
      apt,
      ["-qq", "install", "--yes", "--no-install-recommends", ...DEBIAN_PACKAGES],
      options,
    );
    const path = onThisMachine(env);
    if (path) return { path };
    const said = (stderr ?? "").trim().split("\n").at(-1) ?? "";
    return { path: null, why: `apt-get could not install chromium (${status ?? "too slow"}: ${said})` };
  });
}

const onThisMachine = (env: NodeJS.ProcessEnv): string | undefined =>
  NAMES.map((name) => findOnPath(name, env)).find((path) => path !== undefined) ?? ELSEWHERE.find(existsSync);
