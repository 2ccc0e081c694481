// What a customer's plans promise and what became of it: ready, refresh and availability of the connected product.
import type { OnboardingContext } from "../../machines/onboarding/types.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import type { Sla, SlaMeasure } from "./answers/people.ts";

/** How the collection of a spreadsheet's data went; all epoch ms. */
export interface Freshness {
  /** Collected since. */
  readonly since: number;
  /** Ends of the collections that succeeded within the last 30 days, oldest first. */
  readonly successes: readonly number[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Availability is a share of so much time. Unit: milliseconds. */
export const AVAILABILITY_MS = 30 * 24 * HOUR_MS;
/** Data older than this are not there, where the plan promises no age of its own: four runs a day. Unit: milliseconds. */
const USUAL_AGE_MS = 24 * HOUR_MS;

export interface SlaFacts {
  readonly product: string;
  readonly terms: SubscriptionContext["terms"];
  readonly onboarding: Pick<
    OnboardingContext,
    "connections" | "promisedFrom" | "readyBy" | "readyAt" | "entitled"
  > | null;
  /** By spreadsheet; absent: nothing is collected of it. */
  readonly freshness: ReadonlyMap<string, Freshness>;
  /** Epoch ms. */
  readonly now: number;
}

/** @returns nothing for a plan that promises nothing */
export function slaOf(facts: SlaFacts): Sla[] {
  const { product, terms, onboarding } = facts;
  const connect = terms?.connect ?? null;
  if (terms === null || connect === null) return [];
  // After its end nobody collects, and nothing is promised.
  const connections = onboarding?.entitled === true ? onboarding.connections : [];
  const sheets = connections.flatMap((one) => sheetOf(one, facts, connect.refreshMs) ?? []);
  const worst = sheets.sort((a, b) => b.ageMs - a.ageMs)[0] ?? null;
  const leastAvailable = sheets.reduce<Sheet | null>(
    (least, one) => (one.available !== null && (least?.available ?? 2) > one.available ? one : least),
    null,
  );
  const measures = [
    ...(connect.readyMs === null ? [] : [readyOf(connect.readyMs, facts)]),
    ...(connect.refreshMs === null ? [] : [refreshOf(connect.refreshMs, worst)]),
    ...(connect.availabilityPercent === undefined ? [] : [availabilityOf(connect.availabilityPercent, leastAvailable)]),
  ];
  if (measures.length === 0) return [];
  return [{ product, plan: terms.planCode, spreadsheetId: worst?.spreadsheetId ?? null, measures }];
}

/** From the payment to the first rows; runs on until there are some. */
function readyOf(limitMs: number, { onboarding, now }: SlaFacts): SlaMeasure {
  const { promisedFrom = null, readyBy = null, readyAt = null, entitled = false } = onboarding ?? {};
  const isRunning = promisedFrom !== null && readyAt === null && entitled;
  const end = readyAt ?? (isRunning ? now : null);
  return {
    ...{ what: "ready", unit: "minutes", limit: limitMs / MINUTE_MS },
    measured: promisedFrom === null || end === null ? null : Math.max(0, end - promisedFrom) / MINUTE_MS,
    isBreached: readyBy === null || end === null ? null : end > readyBy,
    since: promisedFrom,
    until: isRunning ? readyBy : null,
  };
}

/** Age of the oldest of the customer's data. */
const refreshOf = (limitMs: number, worst: Sheet | null): SlaMeasure => ({
  ...{ what: "refresh", unit: "hours", limit: limitMs / HOUR_MS },
  measured: worst === null ? null : worst.ageMs / HOUR_MS,
  isBreached: worst === null ? null : worst.ageMs > limitMs,
  since: worst?.freshSince ?? null,
  until: worst === null ? null : worst.freshSince + limitMs,
});

const availabilityOf = (limit: number, least: Sheet | null): SlaMeasure => ({
  ...{ what: "availability", unit: "percent", limit },
  measured: least?.available == null ? null : least.available * 100,
  isBreached: least?.available == null ? null : least.available * 100 < limit,
  since: least?.measuredFrom ?? null,
  until: null,
});

interface Sheet {
  readonly spreadsheetId: string;
  readonly ageMs: number;
  /** When its data were last made new. Epoch ms. */
  readonly freshSince: number;
  readonly measuredFrom: number;
  /** 0 to 1; null: it was connected just now. */
  readonly available: number | null;
}

/** Connecting brings the first data; what was collected since keeps them new. @returns null: nobody collects them, so nobody can say */
function sheetOf(
  { spreadsheetId, connectedAt }: OnboardingContext["connections"][number],
  { freshness, now }: SlaFacts,
  refreshMs: number | null,
): Sheet | null {
  const known = freshness.get(spreadsheetId);
  if (known === undefined) return null;
  const successes = [connectedAt, ...known.successes].filter((at) => at <= now).sort((a, b) => a - b);
  const freshSince = successes.at(-1) ?? connectedAt;
  // A time without a right is nobody's outage: collection began anew after it.
  const measuredFrom = Math.max(connectedAt, known.since, now - AVAILABILITY_MS);
  return {
    ...{ spreadsheetId, freshSince, measuredFrom, ageMs: Math.max(0, now - freshSince) },
    available: availableShare(successes, { from: measuredFrom, to: now }, refreshMs ?? USUAL_AGE_MS),
  };
}

/** The part of a time in which the newest data were no older than allowed. @param successes ascending, epoch ms */
export function availableShare(
  successes: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
  allowedMs: number,
): number | null {
  if (to <= from) return null;
  let [fresh, covered] = [0, from];
  for (const at of successes) {
    const start = Math.max(at, covered);
    const end = Math.min(at + allowedMs, to);
    if (end <= start) continue;
    fresh += end - start;
    covered = end;
  }
  return fresh / (to - from);
}
