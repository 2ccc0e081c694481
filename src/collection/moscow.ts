// Moscow keeps one offset all year round: its days are plain arithmetic.
import { dayNumber } from "../../machines/dataset/days.ts";
import type { Day } from "../../machines/dataset/gate.ts";
import { moscowDay } from "../../machines/moscow-day.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const OFFSET_MS = 3 * HOUR_MS;

/** The day that a moment belongs to. @param at epoch ms */
export const dayAt = (at: number): Day => moscowDay(at);

/** When a day begins. Epoch ms. */
export const startOf = (day: Day): number => dayNumber(day) * DAY_MS - OFFSET_MS;
