// The pages of the console, built by Vite into dist/console. A clone builds them by itself when they are missing or older than their
// sources (bootstrap.mjs), so that `npm start` shows what the code says. Loads nothing but node's builtins until there is something to do.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { withLock } from "./lock.mjs";

const PAGES = "dist/console";
/** Says of which sources the built pages are. */
const STAMP = `${PAGES}/.built`;
/** What may be in the bundle. */
const SOURCES = ["src/console", "src/support/answers"];
const COMPRESSED = /\.(?:js|css|svg|json)$/;
/** Below, the headers outweigh what is saved. Unit: bytes. */
const WORTH_COMPRESSING = 1_024;

/**
 * @param {string} root the project's directory
 * @returns {string} another one whenever the pages would come out different
 */
export function hashOfSources(root) {
  const hash = createHash("sha256");
  const add = (file) =>
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  for (const folder of SOURCES) for (const file of filesIn(root, folder)) add(file);
  add("package-lock.json");
  // Only which charts there are: they are fetched when a page shows them.
  for (const file of filesIn(root, "visualizations")) hash.update(`${file}\0`);
  return hash.digest("hex");
}

function filesIn(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, "/").length))
    .sort();
}

const isBuilt = (root, hash) => existsSync(join(root, STAMP)) && readFileSync(join(root, STAMP), "utf8") === hash;

/**
 * Builds unless what is there is of these sources.
 * @param {{ root: string, log: (message: string) => void, build?: (root: string) => Promise<unknown> }} options
 * @returns {Promise<boolean>} whether there was something to do
 */
export async function buildPages({ root, log, build = buildWithVite }) {
  const hash = hashOfSources(root);
  if (isBuilt(root, hash)) return false;
  return withLock(
    join(root, ".cache/pages.lock"),
    async () => {
      if (isBuilt(root, hash)) return false;
      await build(root);
      compressAssets(join(root, PAGES, "assets"));
      // The last of all: a build that was cut short is none.
      writeFileSync(join(root, STAMP), hash);
      return true;
    },
    { onWait: (pid) => log(`Process ${pid} is building the pages of the console; waiting for it.`) },
  );
}

async function buildWithVite(root) {
  const { build } = await import("vite");
  await build({ configFile: join(root, "src/console/vite.config.ts"), logLevel: "error" });
}

/** Beside each file, as the server looks for them. */
function compressAssets(folder) {
  for (const file of readdirSync(folder).filter((name) => COMPRESSED.test(name))) {
    const content = readFileSync(join(folder, file));
    if (content.length < WORTH_COMPRESSING) continue;
    writeFileSync(join(folder, `${file}.gz`), gzipSync(content, { level: 9 }));
    writeFileSync(
      join(folder, `${file}.br`),
      brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    );
  }
}

/**
 * For a start: the service does without its pages and says so where they are asked for (http.noPages).
 * @param {{ root: string, log: (message: string) => void, build?: (root: string) => Promise<unknown> }} options
 */
export async function buildPagesIfPossible(options) {
  try {
    await buildPages(options);
  } catch (error) {
    options.log(`The pages of the console could not be built, the service starts without them: ${error.message}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  await buildPages({ root, log: (message) => process.stderr.write(`${message}\n`) });
}
