import type { Policy } from "../terms.ts";
import type { SubscriptionContext } from "./types.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So close to the end that waiting for morning could mean not reminding at all. */
const URGENT_LEAD_MS = 12 * HOUR_MS;
/** After the first notice of a grace: once a day, then silence. */
const MAX_GRACE_REMINDERS = 3;

type Hours = Policy["reminderHours"];

/** The same moment if it lies within the reminder hours, else the next time they begin. Epoch ms in and out. */
export function intoHours(at: number, { from, to, utcOffsetMinutes }: Hours): number {
  const local = at + utcOffsetMinutes * 60_000;
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const hour = (local - midnight) / HOUR_MS;
  const isWithin = from < to ? hour >= from && hour < to : hour >= from || hour < to;
  if (isWithin) return at;
  const opensToday = midnight + from * HOUR_MS;
  return (opensToday > local ? opensToday : opensToday + DAY_MS) - utcOffsetMinutes * 60_000;
}

/** First of the planned moments after `now` and before `end`; the ones that are over are not caught up with. */
const firstAfter = (planned: readonly number[], now: number, end: number) =>
  planned.filter((time) => time > now && time < end).sort((a, b) => a - b)[0] ?? null;

/** Before the end of paid or free time. Unit of `end` and `now`: epoch ms. */
export function nextEndReminder(
  { terms, remindersSent }: SubscriptionContext,
  end: number | null,
  now: number,
): number | null {
  if (terms === null || end === null) return null;
  const { remindersMs, reminderHours } = terms.policy;
  const planned = remindersMs
    .slice(remindersSent)
    .map((leadMs) => (leadMs < URGENT_LEAD_MS ? end - leadMs : intoHours(end - leadMs, reminderHours)));
  return firstAfter(planned, now, end);
}

/** When the time that a reminder speaks of ends: the provider's next charge if it comes first, else the paid time. */
export function reminderEnd({ paidUntil, renewsAt }: SubscriptionContext, now: number): number | null {
  return paidUntil !== null && renewsAt !== null && renewsAt > now && renewsAt < paidUntil ? renewsAt : paidUntil;
}

/** One day after the notice before, so that a late one is never followed at once by another. `now`: epoch ms. */
export function nextGraceReminder({ terms, deadline, remindersSent }: SubscriptionContext, now: number): number | null {
  if (terms === null || deadline === null || remindersSent >= MAX_GRACE_REMINDERS) return null;
  return firstAfter([intoHours(now + DAY_MS, terms.policy.reminderHours)], now, deadline);
}

export function nextWinBack({ terms, endedAt, remindersSent }: SubscriptionContext, now: number): number | null {
  if (terms === null || endedAt === null) return null;
  const { winBackMs, reminderHours } = terms.policy;
  return firstAfter(
    winBackMs.slice(remindersSent).map((afterMs) => intoHours(endedAt + afterMs, reminderHours)),
    now,
    Number.POSITIVE_INFINITY,
  );
}

/** Half of the checkout's time, moved into the reminder hours where that still comes before its end. */
export function checkoutReminderAt({ terms, deadline }: SubscriptionContext): number {
  if (terms === null || deadline === null) return 0;
  const half = deadline - terms.policy.checkoutMs / 2;
  const polite = intoHours(half, terms.policy.reminderHours);
  return polite < deadline ? polite : half;
}

/** Whole days that a text may promise: started ones count. */
export const daysUntil = (until: number, now: number) => Math.max(0, Math.ceil((until - now) / DAY_MS));
