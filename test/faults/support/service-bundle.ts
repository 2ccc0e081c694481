// The whole service as one file: a campaign starts it dozens of times, and most of a start is reading hundreds of files.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const ROOT = join(import.meta.dirname, "../../..");

/** Files that ask for their own place (Lua scripts, texts, redis.conf beside them) get the one they have in the source. */
const ownPlace: Plugin = {
  name: "own-place",
  setup(bundle) {
    bundle.onLoad({ filter: /\/(?:src|machines)\/.*\.(?:ts|mjs)$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path))),
      loader: path.endsWith(".ts") ? "ts" : "js",
    }));
  },
};

/** Its native part has to stay where it was installed. */
const native: Plugin = {
  name: "native",
  setup(bundle) {
    bundle.onResolve({ filter: /^@duckdb\/node-api$/ }, ({ path }) => ({
      path: import.meta.resolve(path),
      external: true,
    }));
  },
};

/** What packages of the older kind look for. */
const COMMONJS = [
  'import { createRequire } from "node:module";',
  "const require = createRequire(import.meta.url);",
  "const __filename = import.meta.filename; const __dirname = import.meta.dirname;",
].join("\n");

let built: Promise<string> | null = null;

/** @returns path of the file, the same for all tests of this process. */
export function serviceBundle(): Promise<string> {
  built ??= bundleInto(mkdtempSync(join(tmpdir(), "tgs-service-")));
  return built;
}

async function bundleInto(directory: string): Promise<string> {
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const outfile = join(directory, "main.mjs");
  await build({
    entryPoints: [join(ROOT, "src/main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "error",
    banner: { js: COMMONJS },
    plugins: [ownPlace, native],
  });
  return outfile;
}
