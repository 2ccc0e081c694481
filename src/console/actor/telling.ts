// How an entry of a history is told: what the event is called, who is behind it, and which filter shows it.
import type { HistoryEntry } from "../../support/answers/actors.ts";

export type Who = "customer" | "system" | "clock" | "staff";

/** Timers are the clock, results of effects and words of other actors the system, updates of Telegram the customer. */
export function whoOf({ kind }: { readonly kind: HistoryEntry["cause"]["kind"] }): Who {
  switch (kind) {
    case "update":
    case "customer":
      return "customer";
    case "timer":
      return "clock";
    case "staff":
      return "staff";
    case "effect":
    case "system":
      return "system";
  }
}

const INTERNAL = /^xstate\.(after|done|error)\.(?:actor\.|state\.)?(.*)$/;

/** `xstate.after.periodEnd.subscription.billing.active` is `after periodEnd`; results of calls are `done …` and `error …`. */
export function eventName(type: string): string {
  const [, kind, rest = ""] = INTERNAL.exec(type) ?? [];
  if (kind === undefined) return type === "xstate.init" ? "created" : type;
  const name = rest.split(".").find((part) => part !== "" && !/^\d+$/.test(part)) ?? "";
  return `${kind} ${name}`.trim();
}

export type HistoryFilter = "all" | "errors" | "money" | "staff";
export const HISTORY_FILTERS: readonly HistoryFilter[] = ["all", "errors", "money", "staff"];

const MONEY = /payment|refund|charge|renewal|checkout|order|term\.|offer|ledger|invoice|credit/i;

export function isShown(
  entry: Pick<HistoryEntry, "event" | "cause" | "outcome" | "effects">,
  filter: HistoryFilter,
): boolean {
  switch (filter) {
    case "all":
      return true;
    case "errors":
      return entry.outcome === "failed" || entry.event.type.startsWith("xstate.error");
    case "money":
      return MONEY.test(entry.event.type) || (entry.effects ?? []).includes("recordLedger");
    case "staff":
      return entry.cause.kind === "staff";
  }
}

/** Shorter breaks are not worth a line. Unit: milliseconds. */
const GAP_MS = 3_600_000;

/** The time between two entries where it is worth a line ("27 days later"); null otherwise. Epoch ms; unit: milliseconds. */
export const gapBetween = (earlier: number, later: number): number | null =>
  later - earlier >= GAP_MS ? later - earlier : null;

/** A timer as the record names it: `+<id>@<due, epoch ms>` armed, `-<id>` cancelled. */
export function timerChange(line: string): {
  readonly isSet: boolean;
  readonly id: string;
  readonly dueAt: number | null;
} {
  const at = line.lastIndexOf("@");
  if (!line.startsWith("+")) return { isSet: false, id: line.replace(/^-/, ""), dueAt: null };
  return at < 0
    ? { isSet: true, id: line.slice(1), dueAt: null }
    : { isSet: true, id: line.slice(1, at), dueAt: Number(line.slice(at + 1)) };
}
