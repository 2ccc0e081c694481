// After tsc: what the code reads at run time, and tsc leaves behind, goes to the same places in dist/.
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ASSET = /\.(?:lua|ftl|yaml|mjs|html|css|svg)$|^visualizations\/.*\.(?:json|mmd)$/;
/** They prepare a clone; a build is past that. */
const FOR_A_CLONE = ["bootstrap.mjs", "dependencies.mjs", "copy-assets.mjs", "build-pages.mjs"].map((name) =>
  join("src/setup", name),
);

/**
 * @param {{ root: string, into: string }} options
 * @returns {string[]} the files copied, relative to the project
 */
export function copyAssets({ root, into }) {
  const found = ["src", "machines", "visualizations"]
    .flatMap((room) => readdirSync(join(root, room), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => ASSET.test(file.replaceAll("\\", "/")))
    // Vite builds the pages, assets included.
    .filter((file) => !FOR_A_CLONE.includes(file) && !file.startsWith(join("src", "console")));
  const files = [...found, "redis.conf", "package.json"]; // package.json says that .js means ES modules
  for (const file of files) {
    mkdirSync(dirname(join(into, file)), { recursive: true });
    copyFileSync(join(root, file), join(into, file));
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const files = copyAssets({ root, into: join(root, "dist") });
  process.stdout.write(`Copied ${files.length} assets into dist/.\n`);
}
