import { DAY_MS, intoHours } from "../reminder-hours.ts";
import type { SubscriptionContext } from "./types.ts";

const HOUR_MS = 3_600_000;
/** So close to the end that waiting for morning could mean not reminding at all. */
const URGENT_LEAD_MS = 12 * HOUR_MS;
/** After the first notice of a grace: once a day, then silence. */
const MAX_GRACE_REMINDERS = 3;

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

/** When the time that a reminder speaks of ends: the provider's next charge if it comes first and did not fail, else the paid time. */
export function reminderEnd(
  { paidUntil, renewsAt, renewalFailedAt = null }: SubscriptionContext,
  now: number,
): number | null {
  const isChargeAhead = renewalFailedAt === null && renewsAt !== null && renewsAt > now;
  return paidUntil !== null && isChargeAhead && renewsAt < paidUntil ? renewsAt : paidUntil;
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
