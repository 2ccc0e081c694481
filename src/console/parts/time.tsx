// An instant as the reader wants it; the exact one is always in the tooltip.
import { useEffect, useState } from "preact/hooks";
import { type Language, type TimeMode, usePreference } from "../preferences.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The service's clock may be a test clock: "ago" is counted from its time. Epoch ms. */
const service = { aheadMs: 0 };
/** Called with what `me` and every page answer as `now`. */
export function setServiceNow(now: number): void {
  service.aheadMs = now - Date.now();
}
export const serviceNow = (): number => Date.now() + service.aheadMs;

export const isoTime = (at: number): string => new Date(at).toISOString();

/** "27 days", "5 minutes". */
export function duration(ms: number, language: Language): string {
  const size = Math.abs(ms);
  const [value, unit] =
    size >= DAY_MS
      ? [size / DAY_MS, "day"]
      : size >= HOUR_MS
        ? [size / HOUR_MS, "hour"]
        : size >= MINUTE_MS
          ? [size / MINUTE_MS, "minute"]
          : [size / 1_000, "second"];
  return new Intl.NumberFormat(language, { style: "unit", unit: String(unit), unitDisplay: "long" }).format(
    Math.round(Number(value)),
  );
}

export function relativeTime(at: number, now: number, language: Language): string {
  const ms = at - now;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const size = Math.abs(ms);
  if (size >= DAY_MS) return format.format(Math.round(ms / DAY_MS), "day");
  if (size >= HOUR_MS) return format.format(Math.round(ms / HOUR_MS), "hour");
  if (size >= MINUTE_MS) return format.format(Math.round(ms / MINUTE_MS), "minute");
  return format.format(Math.round(ms / 1_000), "second");
}

export function formatTime(at: number, mode: TimeMode, language: Language, isBrief = false): string {
  if (mode === "relative") return relativeTime(at, serviceNow(), language);
  return new Intl.DateTimeFormat(language === "ru" ? "ru" : "en-GB", {
    ...(isBrief
      ? ({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" } as const)
      : ({ dateStyle: "medium", timeStyle: "medium" } as const)),
    ...(mode === "utc" ? { timeZone: "UTC" } : {}),
  }).format(at);
}

/** @param at epoch ms; null shows a dash. @param isBrief to the minute, where there is little room */
export function Time({ at, isBrief = false }: { readonly at: number | null; readonly isBrief?: boolean }) {
  const mode = usePreference("time");
  const language = usePreference("language");
  const [, setTick] = useState(0);
  useEffect(() => {
    if (mode !== "relative") return;
    const ticking = setInterval(() => setTick((before) => before + 1), 10_000);
    return () => clearInterval(ticking);
  }, [mode]);
  if (at === null) return <span>—</span>;
  const iso = isoTime(at);
  return (
    <time dateTime={iso} title={iso}>
      {formatTime(at, mode, language, isBrief)}
    </time>
  );
}
