import { z } from "zod";
import { ChatId, ProductCode } from "./address.ts";

/** Lengths that decide about a subscriber. All in milliseconds; resolved from the plans file when the plan is bought. */
export const Policy = z.object({
  /** How long an unpaid invoice stays interesting. */
  checkoutMs: z.int().positive(),
  /** Silent wait for a renewal that the provider reports late. */
  renewalSlackMs: z.int().nonnegative(),
  /** Access after the paid time, per way of paying. */
  graceMs: z.object({ prepaid: z.int().nonnegative(), autoRenew: z.int().nonnegative() }),
  /** Access removed, one payment restores. */
  holdMs: z.int().nonnegative(),
  pauseMaxMs: z.int().positive(),
  /** Before the end of the paid time, longest first. */
  remindersMs: z.array(z.int().positive()).max(8),
  /** After expiry, shortest first. */
  winBackMs: z.array(z.int().positive()).max(4),
  /** Local hours in which reminders may be sent; `utcOffsetMinutes` of the display zone. */
  reminderHours: z.object({ from: z.int().min(0).max(23), to: z.int().min(1).max(24), utcOffsetMinutes: z.int() }),
  inviteTtlMs: z.int().positive(),
  invitesPerDay: z.int().positive(),
  refund: z.discriminatedUnion("mode", [
    z.object({ mode: z.literal("manual") }),
    /** Asked for within this time after the charge: refunded at once; later: refused. */
    z.object({ mode: z.literal("automatic"), withinMs: z.int().positive() }),
    /** Within this time at once, later by support. */
    z.object({ mode: z.literal("hybrid"), withinMs: z.int().positive() }),
  ]),
});
export type Policy = z.infer<typeof Policy>;

/** What was offered and bought, frozen: a subscriber stays on the version of the plan that was bought. */
export const Terms = z.object({
  planCode: z.string().regex(/^[a-z0-9-]{1,32}$/),
  /** Content hash of the plan. */
  planVersion: z.string().min(1).max(64),
  product: ProductCode,
  chats: z.array(ChatId).min(1).max(20),
  access: z.enum(["joinRequest", "oneUseLink"]),
  price: z.object({
    /** ISO 4217, or XTR for Telegram Stars. */
    currency: z.string().regex(/^[A-Z]{3}$/),
    /** Unit: smallest unit of the currency; whole Stars for XTR. */
    amountMinor: z.int().nonnegative(),
  }),
  /** Paid time bought by one charge; null is for life. */
  periodMs: z.int().positive().nullable(),
  /** Renews by itself at the provider. */
  recurring: z.boolean(),
  trialMs: z.int().nonnegative(),
  /** The product is connected for the customer; null: nothing to connect. */
  connect: z
    .object({
      /** Promise from the payment to a product that works; null: none. */
      readyMs: z.int().positive().nullable(),
      /** How old the product's data may be; null: not said. */
      refreshMs: z.int().positive().nullable(),
      /** Part of the time in which the product has data that are no older than that, 0 to 100; absent: not said. */
      availabilityPercent: z.number().positive().max(100).optional(),
      /** Spreadsheets that may be connected. */
      sheets: z.int().positive().max(20),
    })
    .nullable()
    .default(null),
  policy: Policy,
});
export type Terms = z.infer<typeof Terms>;
