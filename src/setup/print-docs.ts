// Pages of docs/ that repeat what the code says are printed from it: `npm run docs` writes them, `--check` fails when one is stale.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderAdminApi } from "./docs/admin-api.ts";
import { renderAdminOpenApi } from "./docs/admin-openapi.ts";
import { renderBackendOpenApi } from "./docs/backend-openapi.ts";
import { renderConfiguration } from "./docs/configuration.ts";
import { renderDashboard } from "./docs/dashboard.ts";
import { renderErrors } from "./docs/errors.ts";
import { renderLogging } from "./docs/logging.ts";
import { renderMetrics } from "./docs/metrics.ts";
import { renderRedisKeys } from "./docs/redis-keys.ts";

interface PrintedDoc {
  /** Relative to the project. */
  readonly file: string;
  readonly render: () => string;
}

const DOCS: readonly PrintedDoc[] = [
  { file: "docs/admin-api.md", render: renderAdminApi },
  { file: "docs/admin-openapi.yaml", render: renderAdminOpenApi },
  { file: "docs/backend-openapi.yaml", render: renderBackendOpenApi },
  { file: "docs/configuration.md", render: renderConfiguration },
  { file: "docs/errors.md", render: renderErrors },
  { file: "docs/metrics.md", render: renderMetrics },
  { file: "docs/monitoring/dashboard.json", render: renderDashboard },
  { file: "docs/logging.md", render: renderLogging },
  { file: "docs/redis-keys.md", render: renderRedisKeys },
];

/** @returns the files whose content is not what the code prints. */
export const findStaleDocs = (root: string, docs: readonly PrintedDoc[] = DOCS): string[] =>
  docs.filter(({ file, render }) => readIfPresent(join(root, file)) !== render()).map(({ file }) => file);

export function writeDocs(root: string, docs: readonly PrintedDoc[] = DOCS): void {
  for (const { file, render } of docs) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), render());
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function main(args: readonly string[]): void {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  if (!args.includes("--check")) {
    writeDocs(root);
    return;
  }
  const stale = findStaleDocs(root);
  if (stale.length === 0) return;
  process.stderr.write(`Not what the code says: ${stale.join(", ")}. Run \`npm run docs\` and commit the result.\n`);
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
