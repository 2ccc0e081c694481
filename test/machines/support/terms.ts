import { Policy, Terms } from "../../../machines/terms.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** Noon in the display zone of the terms below: within the reminder hours. */
export const NOON = Date.UTC(2026, 2, 2, 9);

export const aPolicy = (overrides: Partial<Policy> = {}): Policy =>
  Policy.parse({
    checkoutMs: DAY_MS,
    renewalSlackMs: DAY_MS,
    graceMs: { prepaid: 3 * DAY_MS, autoRenew: 7 * DAY_MS },
    holdMs: 23 * DAY_MS,
    pauseMaxMs: 90 * DAY_MS,
    remindersMs: [3 * DAY_MS, DAY_MS],
    winBackMs: [7 * DAY_MS, 30 * DAY_MS],
    reminderHours: { from: 10, to: 20, utcOffsetMinutes: 180 },
    inviteTtlMs: DAY_MS,
    invitesPerDay: 5,
    refund: { mode: "manual" },
    ...overrides,
  });

export const someTerms = (overrides: Partial<Terms> = {}): Terms =>
  Terms.parse({
    planCode: "month",
    planVersion: "v1",
    product: "channel",
    chats: ["-1001"],
    access: "joinRequest",
    price: { currency: "XTR", amountMinor: 500 },
    periodMs: 30 * DAY_MS,
    recurring: false,
    trialMs: 3 * DAY_MS,
    policy: aPolicy(),
    ...overrides,
  });
