// `npm run arrows`: imports follow the arrows of .dependency-cruiser.mjs, and the check itself is checked.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import config from "../.dependency-cruiser.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ROOMS = ["machines", "src"];

/** A violation of each rule: files of a made-up project, of which the first is the offender. */
const PLANTED = {
  "machines-are-pure": { "machines/a.ts": 'import "node:fs";' },
  "leaves-know-nobody": { "src/errors.ts": 'import "./runtime/a.ts";', "src/runtime/a.ts": "" },
  "runtime-knows-only-machines": { "src/runtime/a.ts": 'import "../queues/a.ts";', "src/queues/a.ts": "" },
  "adapters-do-not-know-each-other": { "src/bot/a.ts": 'import "../http/a.ts";', "src/http/a.ts": "" },
  "redis-is-behind-ports": {
    "src/http/a.ts": 'import type { A } from "../redis/a.ts";',
    "src/redis/a.ts": "export type A = 1;",
  },
  "redis-implements-ports-only": { "src/redis/a.ts": 'import "../queues/a.ts";', "src/queues/a.ts": "" },
  "only-the-root-composes": { "src/effects/a.ts": 'import "../app.ts";', "src/app.ts": "" },
  "sandbox-is-optional": { "src/main.ts": 'await import("./sandbox/a.ts");', "src/sandbox/a.ts": "" },
  "sandbox-is-loaded-on-demand": { "src/app.ts": 'import "./sandbox/a.ts";', "src/sandbox/a.ts": "" },
  "emulator-stands-alone": { "src/sandbox/telegram/a.ts": 'import "../../errors.ts";', "src/errors.ts": "" },
  "simulated-backend-knows-the-contract-only": {
    "src/sandbox/backend/a.ts": 'import "../../backend/a.ts";',
    "src/backend/a.ts": "",
  },
  "backend-contract-is-data": { "src/backend/contract/a.ts": 'import "node:fs";' },
  "backend-client-knows-nobody": { "src/backend/a.ts": 'import "../effects/a.ts";', "src/effects/a.ts": "" },
  "only-effects-call-the-backend": { "src/bot/a.ts": 'import "../backend/a.ts";', "src/backend/a.ts": "" },
  "pages-know-the-answers-only": { "src/console/a.ts": 'import "../errors.ts";', "src/errors.ts": "" },
  "nobody-needs-the-pages": { "src/http/a.ts": 'import "../console/a.ts";', "src/console/a.ts": "" },
  "answers-are-data": { "src/support/answers/a.ts": 'import "../../errors.ts";', "src/errors.ts": "" },
  "support-asks-through-ports": { "src/support/a.ts": 'import "../bot/a.ts";', "src/bot/a.ts": "" },
  "gateway-serves-only": { "src/gateway/a.ts": 'import "../runtime/a.ts";', "src/runtime/a.ts": "" },
  "backup-knows-the-runtime-only": { "src/backup/a.ts": 'import "../redis/a.ts";', "src/redis/a.ts": "" },
  "engine-is-pure": { "src/quality/engine/a.ts": 'import "node:fs";' },
  "case-knows-the-engine-only": { "src/quality/case/a.ts": 'import "../../redis/a.ts";', "src/redis/a.ts": "" },
  "collection-knows-slices-by-ports": {
    "src/collection/a.ts": 'import "../quality/slices/a.ts";',
    "src/quality/slices/a.ts": "",
  },
  "judging-knows-slices-by-ports": {
    "src/quality/daily/a.ts": 'import "../slices/a.ts";',
    "src/quality/slices/a.ts": "",
  },
  "slices-are-files": { "src/quality/slices/a.ts": 'import "../../redis/a.ts";', "src/redis/a.ts": "" },
  "measures-watch-only": { "src/runtime/a.ts": 'import "../measures/a.ts";', "src/measures/a.ts": "" },
  "no-tests-in-the-product": { "src/bot/a.ts": 'import "../../test/a.ts";', "test/a.ts": "" },
  "no-cycles": { "src/bot/a.ts": 'import "./b.ts";', "src/bot/b.ts": 'import "./a.ts";' },
};

async function check(baseDir, rooms) {
  const { forbidden, options } = config;
  const { output } = await cruise(rooms, { ...options, baseDir, validate: true, ruleSet: { forbidden } });
  return output.summary;
}

async function selfTest() {
  const failures = [];
  const names = config.forbidden.map(({ name }) => name);
  for (const name of names.filter((rule) => !(rule in PLANTED))) failures.push(`no violation of ${name} is planted`);
  for (const name of Object.keys(PLANTED).filter((rule) => !names.includes(rule)))
    failures.push(`${name} is planted, but there is no such rule`);
  for (const [name, files] of Object.entries(PLANTED)) {
    const project = mkdtempSync(join(tmpdir(), "arrows-"));
    try {
      writeFileSync(
        join(project, "tsconfig.json"),
        '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true, "noEmit": true } }',
      );
      for (const [file, source] of Object.entries(files)) {
        mkdirSync(dirname(join(project, file)), { recursive: true });
        writeFileSync(join(project, file), source);
      }
      const { violations } = await check(project, [...new Set(Object.keys(files).map((file) => file.split("/")[0]))]);
      if (!violations.some(({ rule }) => rule.name === name))
        failures.push(`a planted violation of ${name} was not found`);
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  }
  return failures;
}

const { violations, totalCruised } = await check(ROOT, ROOMS);
const failures = await selfTest();
// Without a TypeScript it can read, dependency-cruiser sees no .ts file and reports success.
if (totalCruised === 0) failures.push("no module was read");
for (const { from, to, rule, cycle } of violations) {
  const { comment } = config.forbidden.find(({ name }) => name === rule.name);
  const path = cycle ? [from, ...cycle.map(({ name }) => name)].join(" -> ") : `${from} -> ${to}`;
  failures.push(`${path}\n    ${rule.name}: ${comment}`);
}
for (const failure of failures) console.error(`  x ${failure}`);
console.log(
  `Arrows: ${totalCruised} modules, ${config.forbidden.length} rules, each proven by a planted violation; ${failures.length} problems.`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
