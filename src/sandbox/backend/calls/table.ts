// Which call answers which path.
import { CALLS, type CallName, type CallRow, COLLECTOR_ALIAS_PATH } from "../../../backend/contract/calls.ts";
import type { Profile } from "../profile.ts";
import type { Call } from "./call.ts";
import { runAction, runCollector } from "./collector.ts";
import { readDataset } from "./data.ts";
import { getHealth } from "./health.ts";
import { getJob } from "./jobs.ts";
import { registerSpreadsheet } from "./register.ts";
import { setDatasetSource } from "./source.ts";
import { updateDatasets } from "./update.ts";
import { addWbToken, getWbTokens } from "./wb-tokens.ts";

const RUN: Readonly<Record<CallName, Call>> = {
  registerSpreadsheet,
  addWbToken,
  getWbTokens,
  updateDatasets,
  runCollector: runAction,
  readDataset,
  setDatasetSource,
  getJob,
  getHealth,
};

interface Entry {
  readonly name: CallName;
  readonly row: CallRow;
  readonly path: string;
  readonly run: Call;
}

const ENTRIES: readonly Entry[] = [
  ...(Object.keys(CALLS) as CallName[]).map((name) => ({
    name,
    row: CALLS[name],
    path: CALLS[name].path,
    run: RUN[name],
  })),
  { name: "runCollector", row: CALLS.runCollector, path: COLLECTOR_ALIAS_PATH, run: runCollector },
];

export interface Route extends Entry {
  /** Of `{…}` in the path. */
  readonly pathValue: string | null;
}

/** @returns null: there is nothing at this address. */
export function routeOf(method: string, path: string, { prefixes, missingCalls }: Profile): Route | null {
  for (const entry of ENTRIES) {
    if (entry.row.method !== method || missingCalls.includes(entry.name)) continue;
    for (const prefix of prefixes) {
      const pathValue = matchPath(`${prefix}${entry.path}`, path);
      if (pathValue !== undefined) return { ...entry, pathValue };
    }
  }
  return null;
}

/** @returns undefined: no match; null: a match without a value. */
function matchPath(pattern: string, path: string): string | null | undefined {
  const brace = pattern.indexOf("{");
  if (brace < 0) return pattern === path ? null : undefined;
  const value = path.startsWith(pattern.slice(0, brace)) ? path.slice(brace) : "";
  return value.length > 0 && value.length <= 128 && !value.includes("/") ? value : undefined;
}
