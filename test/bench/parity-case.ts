// `npm run parity:evaluate` on a large case: seconds and memory of the whole command, as a process of its own.
import { execFile } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { promisify } from "node:util";
import { addDays } from "../../machines/dataset/days.ts";
import type { Report, Run } from "./report.ts";

const ROOT = join(import.meta.dirname, "../..");
const DAYS = 60;
const FIRST = "2026-01-01";
const ASKED = { seconds: 10, megabytes: 700 } as const;
const KEYS = [
  "adv_sum",
  "avg_price_with_spp",
  "profit_with_adv",
  "profit_without_adv",
  "stocks_enough_for",
  "stocks_enough_for_with_buyout_perc",
  "stocks_total",
] as const;

export async function measureParityCase(run: Run): Promise<Report> {
  const rows = run.quick ? 3_000 : 100_000;
  const directory = mkdtempSync(join(tmpdir(), "parity-case-"));
  try {
    run.progress(`parity-case: writing ${rows} rows a side`);
    await writeCase(directory, Math.floor(rows / DAYS));
    const times = run.quick ? 1 : 3;
    run.progress(`parity-case: evaluating them from each format, times: ${times}`);
    const runs: Evaluated[] = [];
    for (const format of FORMATS) for (let i = 0; i < times; i++) runs.push(await evaluate(directory, format));
    const sizes = FORMATS.map((format) => (statSync(join(directory, `local.${format}`)).size / 1e6).toFixed(1));
    return {
      goals: FORMATS.flatMap((format) => goalsOf(rows, format, runs)),
      tables: [
        {
          title: "npm run parity:evaluate",
          columns: ["", "s", "MB"],
          rows: runs.map(({ format, seconds, megabytes }) => [format, seconds.toFixed(2), megabytes.toFixed(0)]),
          notes: [
            `${KEYS.length} keys, ${DAYS} days; ${sizes.join(" MB of CSV or ")} MB of JSON a side and as much for the candidate. Start of Node and writing the result are counted.`,
          ],
        },
      ],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const FORMATS = ["csv", "json"] as const;

interface Evaluated {
  readonly format: (typeof FORMATS)[number];
  readonly seconds: number;
  readonly megabytes: number;
}

function goalsOf(rows: number, format: Evaluated["format"], all: readonly Evaluated[]): Report["goals"] {
  const runs = all.filter((one) => one.format === format);
  const seconds = Math.min(...runs.map((one) => one.seconds));
  const slowest = Math.max(...runs.map((one) => one.seconds));
  const megabytes = Math.max(...runs.map((one) => one.megabytes));
  return [
    {
      name: `parity of ${rows} rows a side from ${format}, with gate, calibration and release`,
      ...{ asked: `≤ ${ASKED.seconds} s`, measured: `${seconds.toFixed(1)} s` },
      ...{ met: seconds <= ASKED.seconds, noisy: slowest > seconds * 1.35 },
    },
    {
      name: `memory of that command at its most, from ${format}`,
      ...{ asked: `≤ ${ASKED.megabytes} MB`, measured: `${Math.round(megabytes)} MB` },
      ...{ met: megabytes <= ASKED.megabytes, noisy: false },
    },
  ];
}

/** Tells its parent what it took, after the last line of the command. */
const REPORTER = `data:text/javascript,process.on("exit",()=>process.stderr.write("maxRSS "+process.resourceUsage().maxRSS))`;

async function evaluate(directory: string, format: Evaluated["format"]): Promise<Evaluated> {
  const out = join(directory, "out.json");
  const startedAt = performance.now();
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [
      ...["--import", REPORTER, "--import", "tsx/esm", "src/startup/parity-evaluate-main.ts"],
      ...["--case", directory, "--out", out, "--format", format],
    ],
    { cwd: ROOT },
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  // Unit: kilobytes, on every system.
  const megabytes = Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1_024;
  if (!(await isWhole(out))) throw new Error("the result is cut off");
  return { format, seconds, megabytes };
}

async function isWhole(path: string): Promise<boolean> {
  let last = "";
  for await (const chunk of createReadStream(path, { start: Math.max(0, statSync(path).size - 2) }))
    last = String(chunk);
  return last.endsWith("}\n");
}

/** Drift that follows from day, nm_id and key alone: the same file every time. */
async function writeCase(directory: string, nmIds: number): Promise<void> {
  const window = { from: FIRST, to: addDays(FIRST, DAYS - 1) };
  writeFileSync(join(directory, "config.json"), JSON.stringify(config(window)));
  const catalogue = Array.from({ length: nmIds }, (_, n) => `${nmIdOf(n)},category ${n % 12},brand ${n % 40},,`);
  writeFileSync(
    join(directory, "catalog.csv"),
    `nm_id,category,brand,first_seen,retired_at\n${catalogue.join("\n")}\n`,
  );
  const entries = catalogue.map((_, n) => ({
    nm_id: nmIdOf(n),
    category: `category ${n % 12}`,
    brand: `brand ${n % 40}`,
  }));
  writeFileSync(join(directory, "catalog.json"), JSON.stringify({ rows: entries }));
  for (const [name, drift] of [
    ["upstream", 0],
    ["local", 1],
    ["candidate", 0.5],
  ] as const) {
    const csv = createWriteStream(join(directory, `${name}.csv`));
    const json = createWriteStream(join(directory, `${name}.json`));
    csv.write(`date,nm_id,${KEYS.join(",")}\n`);
    json.write('{"rows": [');
    for (let day = 0; day < DAYS; day++) {
      const date = addDays(FIRST, day);
      const lines: string[] = [];
      const objects: string[] = [];
      for (let n = 0; n < nmIds; n++) {
        if (drift > 0 && (n + day) % 61 === 0) continue;
        const values = KEYS.map((_, key) => chanceValue(day, n, key, drift));
        lines.push(`${date},${nmIdOf(n)},${values.join(",")}\n`);
        const members = KEYS.map((key, index) => [key, values[index] === "" ? null : Number(values[index])] as const);
        objects.push(JSON.stringify({ date, nm_id: nmIdOf(n), ...Object.fromEntries(members) }));
      }
      csv.write(lines.join(""));
      json.write(`${day === 0 ? "" : ",\n"}${objects.join(",\n")}`);
    }
    csv.end();
    json.end("]}\n");
    await Promise.all([finished(csv), finished(json)]);
  }
}

const nmIdOf = (n: number): number => 150_000_000 + n * 37;

function chanceValue(day: number, n: number, key: number, drift: number): string {
  const chance = ((day * 7_919 + n * 104_729 + key * 1_299_709) % 1_000) / 1_000;
  if (chance > 0.98) return "";
  const value = (key + 1) * 100 + ((n * 31 + day * 17) % 5_000) / 7;
  const isOff = drift > 0 && chance < 0.15;
  return (isOff ? value * (1 + 0.2 * drift) : value * (1 + (key === 3 ? 0.04 * drift : 0))).toFixed(2);
}

const config = (window: { readonly from: string; readonly to: string }): object => ({
  dataset: "checklist",
  spreadsheet_id: "bench_bench_bench_bench_bench",
  window,
  keys: Object.fromEntries(
    KEYS.map((key) => [
      key,
      {
        ...{ abs_tol: 0.01, rel_tol: 0.01, missing_as_zero: key === "adv_sum", decimals: 2, critical: true },
        ...{ green: { exact_min: 0.85, wape_max: 0.1 }, yellow: { exact_min: 0.8, wape_max: 0.2 } },
      },
    ]),
  ),
  gate: {
    ...{ initial_state: "upstream", enter_ratio: 0.8, exit_ratio: 0.7, enter_days: 7, hold_days: 3 },
    ...{ min_dwell_days: 3, min_rows: 200, max_pool_days: 7, max_no_data_days: 2, backoff_days: 28 },
    require_completeness: { days: 14, pct_nm_continuous: 0.95, pct_days_without_holes: 0.9 },
  },
  calibration: {
    ...{ as_of: window.to, overlap_days: 28, holdout_days: 7, min_support: 10, min_distinct_days: 5, tau: 0.05 },
    ...{ noharm_exact_share: 0.5, deadband: 0.005, clip: [0.5, 2], min_holdout_cells: 50, min_holdout_days: 5 },
    ...{ min_wape_gain: 0.05, max_exact_loss: 0.002, min_better_days_share: 0.6, guard_wape_limit: 0.01 },
    keys: KEYS.filter((key) => key !== "profit_with_adv"),
    guard_keys: ["adv_sum", "profit_with_adv", "profit_without_adv"],
  },
  release: {
    ...{ key_metrics: ["adv_sum", "stocks_total", "avg_price_with_spp", "profit_with_adv"] },
    ...{ guard_keys: ["profit_without_adv"], min_improved: 3, exact_gain: 0.005, wape_gain: 0.05 },
    ...{ wape_slack: 0.01, exact_slack: 0.002, exact_limit: 0.005, wape_limit: 0.02 },
  },
});
