// The collector: one run at a time. What it stores depends on when the run ends, what it may not store on the freeze.
import { z } from "zod";
import { dayNumberAt, dayOf } from "./days.ts";
import type { Run, RunResult } from "./jobs.ts";
import { PARTS, type Part } from "./local.ts";
import type { Slices } from "./slices.ts";
import { isSealed } from "./slices.ts";

/** How runs take place. */
export const CollectorSettings = z.strictObject({
  /** `auto`: up to two days at once, more as a job. `sync`: the answer waits for the end. `async`: always a job. */
  mode: z.enum(["auto", "sync", "async"]).default("auto"),
  /** How long a run takes that does not end at once, per day of data. Unit: seconds of the virtual clock. */
  seconds_per_day: z.number().positive().default(20),
  /** `down`: nothing can be fetched. `unauthorized`: new tokens are not accepted, runs store nothing. */
  marketplace: z.enum(["ok", "down", "unauthorized"]).default("ok"),
  /** The next runs fail in these parts. */
  failing: z
    .strictObject({ parts: z.array(z.enum(PARTS)), times: z.int().nonnegative().default(1) })
    .default({ parts: [], times: 0 }),
});
export type CollectorSettings = z.output<typeof CollectorSettings>;

/** 10.4 of the parity rules: days that the marketplace can still be asked for; the other parts go back far enough. */
const WINDOW_DAYS: Readonly<Partial<Record<Part, number>>> = { daily_prices: 0, daily_funnel: 7 };
const AT_ONCE_DAYS = 2;

export interface CollectDeps {
  readonly slices: Slices;
  /** Sellers with an active token. */
  readonly sids: readonly string[];
  readonly marketplaceWindows: boolean;
  /** How many rows a part has on a day. */
  readonly countRows: (dayNumber: number) => number;
}

export type CollectOutcome =
  | { readonly kind: "done"; readonly result: RunResult }
  | { readonly kind: "wbError"; readonly message: string };

/** Unit: milliseconds; 0: at once. */
export function durationOf(run: Run, { mode, seconds_per_day }: CollectorSettings): number {
  const days = run.to - run.from + 1;
  return mode === "auto" && days <= AT_ONCE_DAYS ? 0 : days * seconds_per_day * 1000;
}

/** Fetches and stores. Safe to repeat: open days are replaced, sealed ones left alone. */
export function collect(run: Run, at: number, failing: readonly Part[], deps: CollectDeps): CollectOutcome {
  const { slices, sids } = deps;
  if (sids.length === 0) return nothing(run, "the spreadsheet has no active token", false);
  const parts = run.parts.filter((part) => !failing.includes(part));
  if (parts.length === 0) return { kind: "wbError", message: "Wildberries did not answer." };
  const stored: Partial<Record<Part, number>> = Object.fromEntries(parts.map((part) => [part, 0]));
  const sealedDays: string[] = [];
  const gone = new Set<Part>();
  const today = dayNumberAt(at);
  for (let day = run.from; day <= run.to; day += 1) {
    const known = slices.get(run.spreadsheetId, day);
    if (known && isSealed(known, at)) {
      sealedDays.push(dayOf(day));
      continue;
    }
    const isGone = (part: Part) =>
      deps.marketplaceWindows && today - day > (WINDOW_DAYS[part] ?? Number.POSITIVE_INFINITY);
    const fetched = parts.filter((part) => !isGone(part));
    // What an earlier run has captured is still there: nothing is missing then.
    for (const part of parts) if (isGone(part) && !known?.captures[part]) gone.add(part);
    if (fetched.length === 0) continue;
    slices.replace(run.spreadsheetId, day, fetched, { at, sids: [...sids], nmIds: run.nmIds });
    for (const part of fetched) stored[part] = (stored[part] ?? 0) + deps.countRows(day);
  }
  const errors = [
    ...run.parts
      .filter((part) => failing.includes(part))
      .map((part) => ({ part, message: "Wildberries did not answer.", retryable: true })),
    ...[...gone].map((part) => ({ part, message: "Wildberries keeps no history so far back.", retryable: false })),
  ];
  return { kind: "done", result: { stored, errors, sealedDays } };
}

/** A run that could fetch nothing, for a reason that a retry does not mend. */
export const nothing = ({ parts }: Run, message: string, retryable: boolean): CollectOutcome => ({
  kind: "done",
  result: { stored: {}, errors: parts.map((part) => ({ part, message, retryable })), sealedDays: [] },
});
