// Lengths and limits an operator may set, with all defaults in one place. In the plans file lengths are seconds, inside milliseconds.
import { z } from "zod";
import type { Policy } from "../machines/terms.ts";
import { ParityPolicies, type ResolvedParity, resolveParity } from "./quality/settings.ts";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const MAX_S = 3_650 * DAY_S;

const seconds = (min: number) => z.int().min(min).max(MAX_S);

/** Besides the written-out form, `{ automaticWithin: 3600 }` and `{ mode: { automaticWithin: 3600 } }`. */
function expandRefund(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if (isRecord(value.mode)) return { ...value, mode: "automatic", ...value.mode };
  return value.mode === undefined && "automaticWithin" in value ? { mode: "automatic", ...value } : value;
}

const Refund = z.preprocess(
  expandRefund,
  z
    .strictObject({ mode: z.enum(["manual", "automatic", "hybrid"]), automaticWithin: seconds(1).optional() })
    .refine(({ mode, automaticWithin }) => mode !== "manual" || automaticWithin === undefined, {
      error: "has no meaning with mode manual",
      path: ["automaticWithin"],
    }),
);

/** What concerns one subscriber, and may therefore differ per plan. */
const subscriberPolicies = {
  graceSeconds: z
    .strictObject({
      prepaid: seconds(0).meta({ description: "access after the paid time, when each period is paid by hand" }),
      autoRenew: seconds(0).meta({
        description: "the same, when the provider renews: most failures are a missing balance",
      }),
    })
    .partial(),
  holdSeconds: seconds(0).meta({ description: "after grace: no access, but one payment restores everything" }),
  renewalSlackSeconds: seconds(0).meta({ description: "silent wait for a renewal that the provider reports late" }),
  checkoutSeconds: seconds(1).meta({
    description: "how long an unpaid invoice is waited for; a late payment still counts",
  }),
  pauseMaxSeconds: seconds(1).meta({ description: "longest pause" }),
  reminders: z.array(seconds(1)).max(8).meta({ description: "reminders, so long before the end of the paid time" }),
  winBackSeconds: z.array(seconds(1)).max(4).meta({ description: "invitations to return, so long after expiry" }),
  reminderHours: z
    .strictObject({ from: z.int().min(0).max(23), to: z.int().min(1).max(24) })
    .refine(({ from, to }) => from < to, "from must be before to")
    .meta({ description: "hours of the day, in `TZ_DISPLAY`, in which reminders may be sent" }),
  inviteTtlSeconds: seconds(1).meta({ description: "life of an invite link" }),
  invitesPerDay: z
    .int()
    .min(1)
    .max(1_000)
    .meta({ description: "invite links per subscriber and chat within 24 hours" }),
  refund: Refund.meta({
    description:
      "who decides when a customer asks for a refund. `manual`: staff; `automatic`: at once within `automaticWithin` seconds after the charge, refused later; `hybrid`: at once within that time, by staff later",
  }),
} as const;

/** What concerns the whole service. */
const servicePolicies = {
  removalBreaker: z
    .strictObject({
      perHour: z
        .int()
        .min(1)
        .max(1_000_000)
        .meta({ description: "removals from one chat within an hour, beyond which staff must release the rest" }),
      percent: z.number().gt(0).max(100).meta({ description: "the same, as a part of the chat's members" }),
    })
    .partial(),
  sweepSeconds: seconds(1).meta({
    description:
      "least time between the beginnings of two rounds of the membership sweep, and of the reconciliation of payments. A round looks at the members of each channel one by one, evenly over this time, but never faster than Telegram's pace of about one a second: at 1,000 members it takes some 17 minutes, whatever stands here. People outside, who may have found another way in, are looked at one every 5 seconds",
  }),
  maxInvoicesPerHour: z
    .int()
    .min(1)
    .max(10_000)
    .meta({ description: "invoices one person may ask for within an hour" }),
  approval: z
    .strictObject({
      refundAbove: z.record(z.string().regex(/^[A-Z]{3}$/), z.int().min(0).max(1_000_000_000_000)).meta({
        description:
          "refunds of more than this need a second person of the staff. Per currency, in its smallest unit (whole Stars for `XTR`); a currency that is not named has no limit",
      }),
      bulkAbove: z
        .int()
        .min(0)
        .max(1_000_000)
        .meta({ description: "commands to more actors at once than this need a second person of the staff" }),
    })
    .partial(),
  parity: ParityPolicies,
  collection: z
    .strictObject({
      freezeSeconds: z
        .int()
        .min(HOUR_S)
        .max(20 * HOUR_S)
        .meta({
          description:
            "how long after its end, by Moscow's clock, a day of collected data is sealed and judged; the slot of 05:00 completes it before that",
        }),
      backfillDays: z.int().min(0).max(365).meta({
        description:
          "how many days before the first collection of a spreadsheet are asked for, newest first; 0: none. The marketplace keeps about 90 days of orders and no history of stocks and prices",
      }),
    })
    .partial(),
} as const;

/** `policies` of the plans file. */
export const Policies = z.strictObject({ ...subscriberPolicies, ...servicePolicies }).partial();
export type Policies = z.output<typeof Policies>;
/** `policies` inside a plan. */
export const PlanPolicies = z.strictObject(subscriberPolicies).partial();
export type PlanPolicies = z.output<typeof PlanPolicies>;

type Complete<T> = { [K in keyof T]-?: NonNullable<T[K]> };
type PolicySettings = Complete<
  Omit<Policies, "graceSeconds" | "removalBreaker" | "approval" | "parity" | "collection">
> & {
  graceSeconds: Complete<NonNullable<Policies["graceSeconds"]>>;
  removalBreaker: Complete<NonNullable<Policies["removalBreaker"]>>;
  approval: Complete<NonNullable<Policies["approval"]>>;
  collection: Complete<NonNullable<Policies["collection"]>>;
};

/** Every default there is, but those of parity: quality/settings.ts. Units as in the file: seconds. */
export const DEFAULT_POLICIES: PolicySettings = {
  graceSeconds: { prepaid: 3 * DAY_S, autoRenew: 7 * DAY_S },
  holdSeconds: 23 * DAY_S,
  renewalSlackSeconds: DAY_S,
  checkoutSeconds: DAY_S,
  pauseMaxSeconds: 90 * DAY_S,
  reminders: [3 * DAY_S, DAY_S],
  winBackSeconds: [7 * DAY_S, 30 * DAY_S],
  reminderHours: { from: 10, to: 20 },
  inviteTtlSeconds: HOUR_S,
  invitesPerDay: 5,
  refund: { mode: "manual" },
  removalBreaker: { perHour: 50, percent: 10 },
  sweepSeconds: 300,
  maxInvoicesPerHour: 10,
  approval: { refundAbove: { XTR: 5_000 }, bulkAbove: 25 },
  collection: { freezeSeconds: 6 * HOUR_S, backfillDays: 14 },
};

/** Where `automatic` or `hybrid` does not say how long. */
const DEFAULT_REFUND_WITHIN_S = DAY_S;

/** Limits of the whole service. */
export interface ServiceLimits {
  readonly removalBreaker: { readonly perHour: number; readonly percent: number };
  readonly sweepMs: number;
  readonly maxInvoicesPerHour: number;
  readonly approval: ApprovalLimits;
  /** By what the data of connected spreadsheets are judged. */
  readonly parity: ResolvedParity;
  /** When a day of collected data is sealed, and how far back history is asked for. */
  readonly collection: { readonly freezeAfterMs: number; readonly backfillDays: number };
}

/** Beyond these one person of the staff is not enough. */
export interface ApprovalLimits {
  /** Currency → amount in its smallest unit; a currency that is not named has no limit. */
  readonly refundAbove: Readonly<Record<string, number>>;
  /** Unit: actors. */
  readonly bulkAbove: number;
}

export function resolveServiceLimits(given: Policies): ServiceLimits {
  const { removalBreaker, sweepSeconds, maxInvoicesPerHour, approval, collection } = override(DEFAULT_POLICIES, given);
  const parity = resolveParity(given.parity ?? {});
  const { freezeSeconds, backfillDays } = collection;
  return {
    ...{ removalBreaker, sweepMs: ms(sweepSeconds), maxInvoicesPerHour, approval, parity },
    collection: { freezeAfterMs: ms(freezeSeconds), backfillDays },
  };
}

/** A subscriber's policy, but for the zone's offset, which depends on the day it is bought. */
export type PlanPolicy = Omit<Policy, "reminderHours"> & {
  readonly reminderHours: { readonly from: number; readonly to: number };
};

/** What a plan says wins over what the file says, and that over the defaults. */
export function resolvePlanPolicy(file: PlanPolicies, plan: PlanPolicies): PlanPolicy {
  const settings = override(override(DEFAULT_POLICIES, file), plan);
  return {
    checkoutMs: ms(settings.checkoutSeconds),
    renewalSlackMs: ms(settings.renewalSlackSeconds),
    graceMs: { prepaid: ms(settings.graceSeconds.prepaid), autoRenew: ms(settings.graceSeconds.autoRenew) },
    holdMs: ms(settings.holdSeconds),
    pauseMaxMs: ms(settings.pauseMaxSeconds),
    remindersMs: sortedUnique(settings.reminders).reverse().map(ms),
    winBackMs: sortedUnique(settings.winBackSeconds).map(ms),
    reminderHours: settings.reminderHours,
    inviteTtlMs: ms(settings.inviteTtlSeconds),
    invitesPerDay: settings.invitesPerDay,
    refund: resolveRefund(settings.refund),
  };
}

/** Key by key; of a pair, half by half. */
function override(base: PolicySettings, given: Policies): PolicySettings {
  const set = <T extends object>(defaults: T, values: { readonly [K in keyof T]?: T[K] | undefined } = {}): T => ({
    ...defaults,
    ...(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>),
  });
  const { graceSeconds, removalBreaker, approval, collection, parity: _, ...rest } = given;
  return {
    ...set(base, rest),
    graceSeconds: set(base.graceSeconds, graceSeconds),
    removalBreaker: set(base.removalBreaker, removalBreaker),
    collection: set(base.collection, collection),
    approval: {
      ...set(base.approval, approval),
      // Currency by currency: naming one forgets no other.
      refundAbove: { ...base.approval.refundAbove, ...approval?.refundAbove },
    },
  };
}

const resolveRefund = ({
  mode,
  automaticWithin = DEFAULT_REFUND_WITHIN_S,
}: PolicySettings["refund"]): Policy["refund"] =>
  mode === "manual" ? { mode } : { mode, withinMs: ms(automaticWithin) };

const ms = (length: number): number => length * 1_000;
const sortedUnique = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
