// A case in a directory of its own.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const limits = { exact_min: 0.9, wape_max: 0.1 };
export const KEY = {
  ...{ abs_tol: 0.01, rel_tol: 0.01, missing_as_zero: false, decimals: 2, critical: true },
  ...{ green: limits, yellow: { exact_min: 0.8 } },
};
export const CONFIG = {
  dataset: "checklist",
  spreadsheet_id: "1AbCdEfGhIjKlMnOpQrStUvWxYz012345678901234",
  window: { from: "2026-03-01", to: "2026-03-02" },
  keys: { stocks_total: KEY, adv_sum: { ...KEY, missing_as_zero: true } },
};
export const GATE = {
  ...{ initial_state: "upstream", enter_ratio: 0.9, exit_ratio: 0.87, enter_days: 1, hold_days: 3 },
  ...{ min_dwell_days: 3, min_rows: 1, max_pool_days: 7, max_no_data_days: 2, backoff_days: 28 },
  require_completeness: null,
};
export const CALIBRATION = {
  ...{ as_of: "2026-03-02", overlap_days: 28, holdout_days: 7, min_support: 10, min_distinct_days: 5, tau: 0.05 },
  ...{ noharm_exact_share: 0.5, deadband: 0.005, clip: [0.5, 2], min_holdout_cells: 50, min_holdout_days: 5 },
  ...{ min_wape_gain: 0.05, max_exact_loss: 0.002, min_better_days_share: 0.6, guard_wape_limit: 0.01 },
  ...{ keys: ["adv_sum"], guard_keys: ["profit_with_adv"] },
};
export const RELEASE = {
  ...{ key_metrics: ["adv_sum", "stocks_total"], guard_keys: [], min_improved: 0 },
  ...{ exact_gain: 0.005, wape_gain: 0.05, wape_slack: 0.01, exact_slack: 0.002, exact_limit: 0.005, wape_limit: 0.02 },
};
export const ROWS = "date,nm_id,adv_sum,stocks_total\n2026-03-01,1,5,10\n2026-03-02,1,,10\n";

export type Files = Readonly<Record<string, string | Uint8Array | object>>;

/** Texts and bytes are written as they are, the rest as JSON; null leaves one of the default files out. */
export async function inCase<T>(
  files: Readonly<Record<string, Files[string] | null>>,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "case-"));
  try {
    const all = { "config.json": CONFIG, "upstream.csv": ROWS, "local.csv": ROWS, ...files };
    for (const [name, content] of Object.entries(all)) {
      if (content === null) continue;
      const isRaw = typeof content === "string" || content instanceof Uint8Array;
      writeFileSync(join(directory, name), isRaw ? content : JSON.stringify(content));
    }
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
