// What is on sale: the plans file as an operator writes it, and the catalog the service works with.
import { createHash } from "node:crypto";
import { z } from "zod";
import { ChatId, ProductCode } from "../machines/address.ts";
import type { Terms } from "../machines/terms.ts";
import {
  PlanPolicies,
  type PlanPolicy,
  Policies,
  resolvePlanPolicy,
  resolveServiceLimits,
  type ServiceLimits,
} from "./policies.ts";
import { Rollout } from "./rollout.ts";

/** Telegram takes no other period for a renewing invoice in Stars. Unit: seconds. */
const TELEGRAM_PERIOD_S = 2_592_000;
/** Shorter ones would renew before the previous payment is through, on any server. Unit: seconds. */
const SHORTEST_PERIOD_S = 5;
/** Telegram's limit for a renewing invoice. */
const MAX_RECURRING_STARS = 10_000;
const MAX_PERIOD_S = 3_650 * 86_400;

const localized = (maxLength: number) => {
  const text = z.string().trim().min(1).max(maxLength);
  return z.strictObject({ ru: text, en: text });
};

const CURRENCY = /^[A-Z]{3}$/;

const Code = z.string().regex(/^[a-z0-9-]{1,32}$/, "expected 1-32 of a-z, 0-9 and -");

/** An unquoted id is a number to YAML; ids are below 2^53, so nothing is lost. */
const Channel = z.preprocess(
  (value) => (Number.isSafeInteger(value) ? String(value) : value),
  ChatId.refine((id) => /^-[1-9]/.test(id), {
    error: "a channel's id is negative, usually -100…; a positive one is a person's",
    // Of what is no id at all one sentence is enough.
    when: ({ value }) => ChatId.safeParse(value).success,
  }),
);

const ProductEntry = z.strictObject({
  code: ProductCode.meta({ description: "stable name of the product; stored with every subscription" }),
  title: localized(64).meta({ description: "`{ ru: …, en: … }`" }),
  channels: z
    .array(Channel)
    .min(1)
    .max(20)
    .meta({ description: "chats whose access the product gives: ids, which are negative, usually `-100…`" }),
  onboarding: z
    .enum(["product", "none"])
    .default("none")
    .meta({ description: "whether the payer is connected to the product backend" }),
  robotEmail: z
    .email()
    .optional()
    .meta({ description: "account that customers share their spreadsheet with, where the product needs it" }),
  access: z
    .enum(["joinRequest", "oneUseLink"])
    .default("joinRequest")
    .meta({ description: "a link whose join requests are approved for its owner only, or one-use links" }),
});

const PlanEntry = z.strictObject({
  code: Code.meta({ description: "stable name of the plan" }),
  product: ProductCode.meta({ description: "code of a product above" }),
  title: localized(32).meta({ description: "`{ ru: …, en: … }`; also the invoice's title, so at most 32 characters" }),
  price: z.strictObject({
    currency: z
      .string()
      .regex(CURRENCY, "expected XTR or an ISO 4217 code such as EUR")
      .meta({ description: "`XTR` for Telegram Stars, or an ISO 4217 code" }),
    amount: z
      .int()
      .min(1)
      .max(1_000_000_000_000)
      .meta({ description: "whole Stars; for other currencies their smallest unit (cents)" }),
    providerToken: z
      .string()
      .regex(/^[\w:.-]{8,256}$/, "expected the token that @BotFather shows for the payment provider")
      .optional()
      .meta({ description: "payment provider's token; required for, and only for, currencies other than XTR" }),
  }),
  periodSeconds: z
    .int()
    .min(1)
    .max(MAX_PERIOD_S)
    .nullable()
    .meta({ description: `paid time; \`null\` is for life. Renewing in Stars: exactly ${TELEGRAM_PERIOD_S}` }),
  recurring: z.boolean().default(false).meta({ description: "renewed by Telegram until switched off; Stars only" }),
  trialSeconds: z
    .int()
    .min(0)
    .max(MAX_PERIOD_S)
    .default(0)
    .meta({ description: "free time before the first payment, once per person" }),
  sla: z
    .strictObject({
      dataRefreshHours: z.number().positive().meta({ description: "how old the product's data may be" }),
      readyMinutes: z.number().positive().meta({ description: "from payment to working product" }),
      availabilityPercent: z.number().gt(0).max(100).meta({
        description:
          "part of the last 30 days in which the product's data were no older than `dataRefreshHours`, or than a day without it",
      }),
    })
    .partial()
    .optional(),
  spreadsheets: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .meta({ description: "how many spreadsheets a subscriber may connect, where the product is connected" }),
  policies: PlanPolicies.optional().meta({
    description: "what this plan does differently; keys as below, but for those of the whole service",
  }),
});

/** The shape of the file; what must hold between its parts is checked by `makeCatalog`. */
export const PlansFile = z.strictObject({
  products: z.array(ProductEntry).min(1).max(100),
  plans: z.array(PlanEntry).min(1).max(500),
  policies: Policies.optional(),
  rollout: Rollout.optional(),
});
type PlansFile = z.output<typeof PlansFile>;

export interface PlansOptions {
  /** Telegram's own API fixes the period of renewing Stars; a test environment, an emulator or another server does not. Default: true. */
  readonly isOwnTelegramApi?: boolean;
  /** There is a product backend to connect customers to; without one no product is connected. Default: true. */
  readonly hasBackend?: boolean;
}

export interface Product {
  readonly code: string;
  readonly title: Localized;
  /** Telegram chat ids. */
  readonly chats: readonly string[];
  readonly onboarding: "product" | "none";
  readonly robotEmail?: string | undefined;
  readonly access: "joinRequest" | "oneUseLink";
}

export interface Plan {
  readonly code: string;
  /** Hash of everything a subscriber agrees to: a change makes a new version, and those who bought the old one keep it. */
  readonly version: string;
  readonly product: Product;
  readonly title: Localized;
  readonly price: { readonly currency: string; readonly amountMinor: number };
  /** A secret: belongs into the invoice and nowhere else. */
  readonly providerToken: string | undefined;
  /** Unit: milliseconds; null is for life. */
  readonly periodMs: number | null;
  readonly recurring: boolean;
  /** Unit: milliseconds. */
  readonly trialMs: number;
  readonly sla: {
    readonly dataRefreshHours?: number | undefined;
    readonly readyMinutes?: number | undefined;
    readonly availabilityPercent?: number | undefined;
  };
  readonly spreadsheets: number;
  readonly policy: PlanPolicy;
}

type Localized = { readonly ru: string; readonly en: string };

/** Immutable; a reload makes a new one. */
export interface Catalog {
  /** By code, in the file's order. */
  readonly products: ReadonlyMap<string, Product>;
  /** By code, in the file's order. */
  readonly plans: ReadonlyMap<string, Plan>;
  readonly limits: ServiceLimits;
  /** Who may buy now; null: everybody. */
  readonly rollout: Rollout | null;
  /** Products that should be connected, and are not for want of a backend. */
  readonly unconnected: readonly string[];
  /** Hash of the whole, for logs and the admin page. */
  readonly version: string;
}

export interface PlansProblem {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
}

export type CatalogResult =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly PlansProblem[] };

/** @param data the parsed file. Every problem is reported, each with its path; no text of the file is repeated in them. */
export function makeCatalog(
  data: unknown,
  { isOwnTelegramApi = true, hasBackend = true }: PlansOptions = {},
): CatalogResult {
  const parsed = PlansFile.safeParse(data, { error: ({ input }) => (input === undefined ? "required" : undefined) });
  const problems = [...(parsed.error?.issues ?? []).flatMap(problemsOf), ...crossProblems(data, isOwnTelegramApi)];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, catalog: toCatalog(parsed.data, hasBackend) };
}

function problemsOf(issue: z.core.$ZodIssue): PlansProblem[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...issue.path, key], reason: "no such key" }));
  return [{ path: issue.path, reason: issue.message }];
}

/**
 * Works on the raw data, plan by plan, so that one wrong title does not hide a wrong reference. What does not even have the right type
 * is skipped: the shape's own problems say so.
 */
function crossProblems(data: unknown, isOwnTelegramApi: boolean): PlansProblem[] {
  const { products, plans } = LooseFile.parse(data);
  const productCodes = products.map(({ code }) => code);
  return [
    ...duplicates("products", productCodes),
    ...duplicates(
      "plans",
      plans.map(({ code }) => code),
    ),
    ...products.flatMap(({ channels }, index) =>
      repeated(channels).map((at) => ({
        path: ["products", index, "channels", at],
        reason: "this chat is listed twice",
      })),
    ),
    ...plans.flatMap((plan, index) =>
      [
        ...(plan.product !== undefined && !productCodes.includes(plan.product)
          ? [problem(["product"], "there is no product with this code")]
          : []),
        ...priceProblems(plan),
        ...periodProblems(plan, isOwnTelegramApi),
      ].map(({ path, reason }) => ({ path: ["plans", index, ...path], reason })),
    ),
  ];
}

const LoosePlan = z
  .object({
    code: z.string().optional().catch(undefined),
    product: z.string().optional().catch(undefined),
    price: z
      .object({
        currency: z.string().optional().catch(undefined),
        amount: z.number().optional().catch(undefined),
        providerToken: z.unknown().optional(),
      })
      .catch({}),
    periodSeconds: z.number().nullish().catch(undefined),
    recurring: z.boolean().catch(false),
  })
  .catch({ price: {}, recurring: false });
type LoosePlan = z.output<typeof LoosePlan>;

const LooseProduct = z
  .object({ code: z.string().optional().catch(undefined), channels: z.array(z.coerce.string()).catch([]) })
  .catch({ channels: [] });

const LooseFile = z
  .object({ products: z.array(LooseProduct).catch([]), plans: z.array(LoosePlan).catch([]) })
  .catch({ products: [], plans: [] });

const problem = (path: readonly PropertyKey[], reason: string): PlansProblem => ({ path, reason });

function priceProblems({ price, recurring }: LoosePlan): PlansProblem[] {
  const { currency, amount, providerToken } = price;
  if (currency === undefined || !CURRENCY.test(currency)) return [];
  if (currency !== "XTR") {
    return [
      ...(providerToken === undefined
        ? [problem(["price", "providerToken"], "required for currencies other than XTR")]
        : []),
      ...(recurring
        ? [problem(["recurring"], "only Stars (XTR) renew by themselves; others are paid by hand: recurring: false")]
        : []),
    ];
  }
  return [
    ...(providerToken === undefined ? [] : [problem(["price", "providerToken"], "Stars (XTR) need none: remove it")]),
    ...(recurring && amount !== undefined && amount > MAX_RECURRING_STARS
      ? [problem(["price", "amount"], `a renewing plan costs at most ${MAX_RECURRING_STARS} Stars`)]
      : []),
  ];
}

function periodProblems({ periodSeconds, recurring, price }: LoosePlan, isOwnTelegramApi: boolean): PlansProblem[] {
  if (!recurring || periodSeconds === undefined) return [];
  if (periodSeconds === null)
    return [problem(["recurring"], "a plan for life (periodSeconds: null) has nothing to renew: recurring: false")];
  if (price.currency !== "XTR") return [];
  if (isOwnTelegramApi && periodSeconds !== TELEGRAM_PERIOD_S) {
    return [
      problem(
        ["periodSeconds"],
        `Telegram renews Stars every ${TELEGRAM_PERIOD_S} seconds (30 days) and takes no other period`,
      ),
    ];
  }
  return periodSeconds < SHORTEST_PERIOD_S
    ? [problem(["periodSeconds"], `a renewing plan lasts at least ${SHORTEST_PERIOD_S} seconds`)]
    : [];
}

const duplicates = (list: string, codes: readonly (string | undefined)[]): PlansProblem[] =>
  repeated(codes).map((at) => problem([list, at, "code"], "this code is taken by an entry above"));

/** Positions of values that occurred before. */
const repeated = (values: readonly (string | undefined)[]): number[] =>
  values.flatMap((value, at) => (value !== undefined && values.indexOf(value) < at ? [at] : []));

function toCatalog(file: PlansFile, hasBackend: boolean): Catalog {
  const policies = file.policies ?? {};
  const products = new Map(
    file.products.map(({ channels, ...product }): [string, Product] => [
      product.code,
      { ...product, onboarding: hasBackend ? product.onboarding : "none", chats: channels },
    ]),
  );
  const plans = new Map(
    file.plans.map((entry): [string, Plan] => {
      const product = products.get(entry.product) as Product; // cross-checked
      const plan = {
        code: entry.code,
        product,
        title: entry.title,
        price: { currency: entry.price.currency, amountMinor: entry.price.amount },
        providerToken: entry.price.providerToken,
        periodMs: entry.periodSeconds === null ? null : entry.periodSeconds * 1_000,
        recurring: entry.recurring,
        trialMs: entry.trialSeconds * 1_000,
        sla: entry.sla ?? {},
        spreadsheets: entry.spreadsheets,
        policy: resolvePlanPolicy(policies, entry.policies ?? {}),
      };
      return [entry.code, { ...plan, version: hash(agreementOf(plan)) }];
    }),
  );
  const limits = resolveServiceLimits(policies);
  return {
    products,
    plans,
    limits,
    rollout: file.rollout ?? null,
    unconnected: hasBackend
      ? []
      : file.products.filter(({ onboarding }) => onboarding === "product").map(({ code }) => code),
    version: hash([
      [...products.values()],
      [...plans.values()].map(({ version, title }) => ({ version, title })),
      limits,
      ...(file.rollout ? [file.rollout] : []),
    ]),
  };
}

/** Titles and the provider's token may change without changing what was bought. */
const agreementOf = ({ product, title: _, providerToken: __, ...bought }: Omit<Plan, "version">) => ({
  ...bought,
  ...{ product: product.code, chats: product.chats, access: product.access, onboarding: product.onboarding },
});

/** 64 bits: enough to tell versions of one plan apart, short enough to read aloud. */
const hash = (value: unknown): string => createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 16);

/** Keys in one order: rearranging the file makes no new version. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

const msOf = (length: number | undefined, unitMs: number): number | null =>
  length === undefined ? null : Math.max(1, Math.round(length * unitMs));

/** What a log line must never hold. */
export const providerTokensOf = ({ plans }: Catalog): string[] => [
  ...new Set([...plans.values()].map(({ providerToken }) => providerToken).filter((token) => token !== undefined)),
];

/**
 * A plan as a subscriber buys it, frozen.
 * @param utcOffsetMinutes of the display zone at the moment of the purchase: `utcOffsetMinutes()` in time-zone.ts.
 */
export const termsOf = (plan: Plan, utcOffsetMinutes: number): Terms => ({
  planCode: plan.code,
  planVersion: plan.version,
  product: plan.product.code,
  chats: [...plan.product.chats],
  access: plan.product.access,
  price: plan.price,
  periodMs: plan.periodMs,
  recurring: plan.recurring,
  trialMs: plan.trialMs,
  connect:
    plan.product.onboarding === "none"
      ? null
      : {
          readyMs: msOf(plan.sla.readyMinutes, 60_000),
          refreshMs: msOf(plan.sla.dataRefreshHours, 3_600_000),
          ...(plan.sla.availabilityPercent === undefined ? {} : { availabilityPercent: plan.sla.availabilityPercent }),
          sheets: plan.spreadsheets,
        },
  policy: { ...plan.policy, reminderHours: { ...plan.policy.reminderHours, utcOffsetMinutes } },
});
