// Writes a day of many scopes as sealed files, then compares it; says on stdout how long that took and how much memory.
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { KeyTable } from "../../src/quality/model.ts";
import { openDuck, textLiteral } from "../../src/quality/slices/duck.ts";
import { measureFleetDay } from "../../src/quality/slices/fleet-day.ts";

const [directory = "", scopeCount = "0", rowCount = "0"] = process.argv.slice(2);
const DAY = "2026-02-17";
const NAMES = [
  "adv_sum",
  "stocks_total",
  "stocks_enough_for",
  "avg_price_with_spp",
  "profit_with_adv",
  "profit_without_adv",
];
const KEYS: KeyTable = Object.fromEntries(
  NAMES.map((name) => [
    name,
    {
      ...{ absTol: 0.01, relTol: 0.01, missingAsZero: name === "adv_sum", decimals: 2, critical: true },
      ...{ green: {}, yellow: {} },
    },
  ]),
);
/** A bar on a terminal: this takes minutes. */
function show(done: number, of: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.round((done / of) * 30);
  process.stderr.write(
    `\rcompared [${"#".repeat(filled)}${".".repeat(30 - filled)}] ${done} of ${of}${done === of ? "\n" : ""}`,
  );
}
const seconds = (since: number) => (performance.now() - since) / 1_000;

/** Half a percent of rows missing, a twentieth of cells off, some unknown. */
function columnsOf(side: "upstream" | "local"): string {
  const off = side === "local" ? "CASE WHEN hash(n, k) % 20 = 0 THEN 1.07 ELSE 1 END" : "1";
  return NAMES.map(
    (name, k) =>
      `CASE WHEN hash(n, ${k}, 'none') % 50 = 0 THEN NULL ELSE round((hash(n, ${k}) % 1000000) / 100.0 * ${off.replaceAll("k", String(k))}, 2) END::DOUBLE AS ${name}`,
  ).join(", ");
}

/** All of a side in one go, a file for each spreadsheet, and then to the place where sealed files lie. */
async function writeScopes(root: string): Promise<void> {
  // One thread, so that a spreadsheet has one file.
  const duck = await openDuck({ spillDirectory: join(directory, "spill"), memoryLimit: "1GB", threads: 1 });
  const rows = Number(scopeCount) * Number(rowCount);
  for (const side of ["upstream", "local"] as const) {
    const all = join(directory, `all-${side}`);
    await duck.with((connection) =>
      connection.run(
        `COPY (SELECT 'scope' || lpad((n // ${rowCount})::VARCHAR, 20, '0') AS spreadsheet_id, 'collection' AS origin, n AS nm_id, 'shoes' AS category, 'North' AS brand, ${columnsOf(side)} FROM range(${rows}) t(n) WHERE hash(n, '${side}') % 200 <> 0) TO ${textLiteral(all)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (spreadsheet_id), WRITE_PARTITION_COLUMNS true)`,
      ),
    );
    for (let scope = 0; scope < Number(scopeCount); scope += 1) {
      const id = `scope${String(scope).padStart(20, "0")}`;
      const folder = join(root, "checklist", side, id, DAY);
      mkdirSync(folder, { recursive: true });
      renameSync(join(all, `spreadsheet_id=${id}`, "data_0.parquet"), join(folder, "v1.parquet"));
    }
  }
  duck.close();
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const root = join(directory, "slices");
const written = performance.now();
await writeScopes(root);
const writtenIn = seconds(written);
const duck = await openDuck({ spillDirectory: join(directory, "spill"), memoryLimit: "1GB", threads: 2 });
const [started, cpuBefore] = [performance.now(), cpuSeconds()];
const deps = { root, duck, onProgress: show };
const { scopes, pooled } = await measureFleetDay(deps, "checklist", DAY, KEYS);
const measured = { seconds: seconds(started), cpuSeconds: cpuSeconds() - cpuBefore };
duck.close();
process.stdout.write(
  JSON.stringify({
    ...{ writtenIn, ...measured },
    megabytes: process.resourceUsage().maxRSS / 1_024,
    scopes: scopes.length,
    cells: Object.values(pooled).reduce((sum, { nCells }) => sum + nCells, 0),
  }),
);
