import { describe, expect, it } from "vitest";
import { Terms } from "../machines/terms.ts";
import { makeCatalog, type PlansOptions, providerTokensOf, termsOf } from "../src/plans.ts";
import { resolveParity } from "../src/quality/settings.ts";

interface Overrides {
  readonly product?: Record<string, unknown>;
  readonly plan?: Record<string, unknown>;
  readonly file?: Record<string, unknown>;
}

/** The example of the contract, with changes. */
const file = ({ product = {}, plan = {}, file: rest = {} }: Overrides = {}) => ({
  products: [
    {
      code: "wb-analytics",
      title: { ru: "Аналитика WB", en: "WB analytics" },
      channels: ["-1002123456789"],
      onboarding: "product",
      access: "joinRequest",
      ...product,
    },
  ],
  plans: [
    {
      code: "pro-month",
      product: "wb-analytics",
      title: { ru: "Pro, месяц", en: "Pro, month" },
      price: { currency: "XTR", amount: 500 },
      periodSeconds: 2_592_000,
      recurring: true,
      trialSeconds: 0,
      sla: { dataRefreshHours: 6, readyMinutes: 60, availabilityPercent: 99.5 },
      ...plan,
    },
  ],
  policies: {
    graceSeconds: { prepaid: 259_200, autoRenew: 604_800 },
    holdSeconds: 1_987_200,
    renewalSlackSeconds: 86_400,
    reminders: [259_200, 86_400],
    inviteTtlSeconds: 3_600,
    invitesPerDay: 5,
    removalBreaker: { perHour: 50, percent: 10 },
    sweepSeconds: 300,
    refund: { mode: "manual" },
  },
  ...rest,
});

const withPlan = (plan: Record<string, unknown>) => file({ plan });

function catalog(data: unknown, options?: PlansOptions) {
  const result = makeCatalog(data, options);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.catalog;
}

function plan(data: unknown, options?: PlansOptions) {
  const [first] = catalog(data, options).plans.values();
  if (!first) throw new Error("no plan");
  return first;
}

function refusals(data: unknown, options?: PlansOptions): string[] {
  const result = makeCatalog(data, options);
  return result.ok ? [] : result.problems.map(({ path }) => path.join("."));
}

describe("a complete plans file", () => {
  it("becomes a catalog in milliseconds and minor units", () => {
    expect(plan(file())).toMatchObject({
      code: "pro-month",
      product: { code: "wb-analytics", chats: ["-1002123456789"], onboarding: "product", access: "joinRequest" },
      price: { currency: "XTR", amountMinor: 500 },
      periodMs: 2_592_000_000,
      recurring: true,
      trialMs: 0,
      policy: { graceMs: { prepaid: 259_200_000, autoRenew: 604_800_000 }, remindersMs: [259_200_000, 86_400_000] },
    });
  });
  it("gives terms that the machines accept", () => {
    expect(Terms.parse(termsOf(plan(file()), 180))).toMatchObject({
      planCode: "pro-month",
      chats: ["-1002123456789"],
      policy: { reminderHours: { from: 10, to: 20, utcOffsetMinutes: 180 } },
    });
  });
  it("may leave out whatever has a default, and then means the contract's lengths", () => {
    const bare = {
      products: [{ code: "p", title: { ru: "П", en: "P" }, channels: ["-100200300400"] }],
      plans: [
        {
          code: "m",
          product: "p",
          title: { ru: "М", en: "M" },
          price: { currency: "XTR", amount: 1 },
          periodSeconds: 60,
        },
      ],
    };
    const { policy, recurring, trialMs, product } = plan(bare);
    expect({ recurring, trialMs, onboarding: product.onboarding, access: product.access }).toEqual({
      recurring: false,
      trialMs: 0,
      onboarding: "none",
      access: "joinRequest",
    });
    expect(policy).toEqual(plan(file()).policy);
    expect(catalog(bare).limits).toEqual({
      removalBreaker: { perHour: 50, percent: 10 },
      sweepMs: 300_000,
      maxInvoicesPerHour: 10,
      approval: { refundAbove: { XTR: 5_000 }, bulkAbove: 25 },
      parity: resolveParity({}),
      collection: { freezeAfterMs: 6 * 3_600_000, backfillDays: 14 },
    });
  });
  it("may give chat ids unquoted, as YAML numbers", () => {
    expect(plan(file({ product: { channels: [-1002123456789] } })).product.chats).toEqual(["-1002123456789"]);
  });
});

describe("policies", () => {
  it("say when collected days are frozen and how much history is asked for, within bounds", () => {
    const limits = (collection: object) => catalog(file({ file: { policies: { collection } } })).limits.collection;
    expect(limits({ freezeSeconds: 7 * 3_600 })).toEqual({ freezeAfterMs: 7 * 3_600_000, backfillDays: 14 });
    expect(limits({ backfillDays: 0 })).toEqual({ freezeAfterMs: 6 * 3_600_000, backfillDays: 0 });
    expect(() => limits({ freezeSeconds: 60 })).toThrow();
  });
  it("of a plan win over those of the file, key by key and half by half", () => {
    const { policy } = plan(
      file({
        plan: { policies: { graceSeconds: { prepaid: 60 }, invitesPerDay: 9 } },
        file: { policies: { graceSeconds: { autoRenew: 120 }, holdSeconds: 30 } },
      }),
    );
    expect(policy).toMatchObject({
      graceMs: { prepaid: 60_000, autoRenew: 120_000 },
      holdMs: 30_000,
      invitesPerDay: 9,
      inviteTtlMs: 3_600_000,
    });
  });
  it("order reminders by how early they come, once each, and invitations to return by how late", () => {
    const { policy } = plan(file({ file: { policies: { reminders: [60, 600, 60], winBackSeconds: [20, 10] } } }));
    expect(policy).toMatchObject({ remindersMs: [600_000, 60_000], winBackMs: [10_000, 20_000] });
  });
  it.each([
    [{ mode: "manual" }, { mode: "manual" }],
    [
      { mode: "automatic", automaticWithin: 60 },
      { mode: "automatic", withinMs: 60_000 },
    ],
    [{ automaticWithin: 60 }, { mode: "automatic", withinMs: 60_000 }],
    [{ mode: { automaticWithin: 60 } }, { mode: "automatic", withinMs: 60_000 }],
    [
      { mode: "hybrid", automaticWithin: 60 },
      { mode: "hybrid", withinMs: 60_000 },
    ],
    [{ mode: "hybrid" }, { mode: "hybrid", withinMs: 86_400_000 }],
  ])("of refunds may be written %j", (refund, expected) => {
    expect(plan(file({ file: { policies: { refund } } })).policy.refund).toEqual(expected);
  });
  it.each([
    [{ refund: { mode: "manual", automaticWithin: 60 } }, "policies.refund.automaticWithin"],
    [{ refund: { mode: "never" } }, "policies.refund.mode"],
    [{ reminderHours: { from: 20, to: 10 } }, "policies.reminderHours"],
    [{ removalBreaker: { percent: 101 } }, "policies.removalBreaker.percent"],
    [{ graceSeconds: { prepaid: -1 } }, "policies.graceSeconds.prepaid"],
    [{ approval: { bulkAbove: -1 } }, "policies.approval.bulkAbove"],
    [{ approval: { refundAbove: { XTR: 1.5 } } }, "policies.approval.refundAbove.XTR"],
    [{ approval: { refundAbove: { stars: 5 } } }, "policies.approval.refundAbove.stars"],
    [{ sweepSeconds: 0 }, "policies.sweepSeconds"],
    [{ holdSeconds: 1.5 }, "policies.holdSeconds"],
    [{ holdDays: 3 }, "policies.holdDays"],
    [{ parity: { gate: { enterRatio: 2 } } }, "policies.parity.gate.enterRatio"],
    [{ parity: { keys: { adv_sum: { green: { wapeMax: 0.5 } } } } }, "policies.parity.keys.adv_sum.green.wapeMax"],
  ])("like %j are refused at %s", (policies, path) => {
    expect(refusals(file({ file: { policies } }))).toEqual([path]);
  });
  it("of approvals hold currency by currency", () => {
    const { approval } = catalog(file({ file: { policies: { approval: { refundAbove: { EUR: 10_000 } } } } })).limits;
    expect(approval).toEqual({ refundAbove: { XTR: 5_000, EUR: 10_000 }, bulkAbove: 25 });
  });
  it("of the whole service have no place inside a plan", () => {
    expect(refusals(withPlan({ policies: { sweepSeconds: 60 } }))).toEqual(["plans.0.policies.sweepSeconds"]);
  });
});

describe("a wrong entry", () => {
  it.each<[string, Overrides, string]>([
    ["a plan's code", { plan: { code: "Pro" } }, "plans.0.code"],
    ["a title in one language", { product: { title: { ru: "x" } } }, "products.0.title.en"],
    ["an empty title", { product: { title: { ru: "x", en: " " } } }, "products.0.title.en"],
    ["a channel's name", { product: { channels: ["@channel"] } }, "products.0.channels.0"],
    ["a person's id", { product: { channels: [123] } }, "products.0.channels.0"],
    ["an id of zero", { product: { channels: ["0"] } }, "products.0.channels.0"],
    ["no channel", { product: { channels: [] } }, "products.0.channels"],
    ["a channel listed twice", { product: { channels: ["-1001", "-1001"] } }, "products.0.channels.1"],
    ["an unknown kind of access", { product: { access: "open" } }, "products.0.access"],
    ["an unknown key", { product: { chanels: [] } }, "products.0.chanels"],
    ["an invoice title of 33 characters", { plan: { title: { ru: "x", en: "x".repeat(33) } } }, "plans.0.title.en"],
    ["a product that is not there", { plan: { product: "wb" } }, "plans.0.product"],
    ["a free plan", { plan: { price: { currency: "XTR", amount: 0 } } }, "plans.0.price.amount"],
    ["half a Star", { plan: { price: { currency: "XTR", amount: 1.5 } } }, "plans.0.price.amount"],
    [
      "a currency in small letters",
      { plan: { price: { currency: "xtr", amount: 1 }, recurring: false } },
      "plans.0.price.currency",
    ],
    [
      "a renewing plan dearer than Telegram allows",
      { plan: { price: { currency: "XTR", amount: 10_001 } } },
      "plans.0.price.amount",
    ],
    ["a renewing plan of 31 days", { plan: { periodSeconds: 2_678_400 } }, "plans.0.periodSeconds"],
    ["a renewing plan for life", { plan: { periodSeconds: null } }, "plans.0.recurring"],
    ["a plan without a period", { plan: { periodSeconds: undefined } }, "plans.0.periodSeconds"],
    ["a negative trial", { plan: { trialSeconds: -1 } }, "plans.0.trialSeconds"],
    [
      "Stars with a provider's token",
      { plan: { price: { currency: "XTR", amount: 1, providerToken: "284685063:TEST:x" } } },
      "plans.0.price.providerToken",
    ],
    [
      "euros without one",
      { plan: { price: { currency: "EUR", amount: 990 }, recurring: false } },
      "plans.0.price.providerToken",
    ],
    [
      "euros that renew",
      { plan: { price: { currency: "EUR", amount: 990, providerToken: "284685063:TEST:x" } } },
      "plans.0.recurring",
    ],
  ])("is refused at its place: %s", (_what, overrides, path) => {
    expect(refusals(file(overrides))).toEqual([path]);
  });
  it("does not hide the others", () => {
    const data = file({ product: { code: "WB" }, plan: { product: "nope", periodSeconds: 60, title: {} } });
    data.plans.push(data.plans[0] as (typeof data.plans)[0]);
    expect(refusals(data).sort()).toEqual(
      [
        "products.0.code",
        ...["product", "periodSeconds", "title.ru", "title.en"].map((path) => `plans.0.${path}`),
        ...["code", "product", "periodSeconds", "title.ru", "title.en"].map((path) => `plans.1.${path}`),
      ].sort(),
    );
  });
  it("of a wholly different shape is refused, too", () => {
    for (const data of [null, 42, "x", [], { products: 1 }, { products: [null], plans: [7] }]) {
      expect(refusals(data).length).toBeGreaterThan(0);
    }
  });
});

describe("other currencies", () => {
  it("are sold period by period with the provider's token, which is no part of the terms", () => {
    const euro = plan(
      withPlan({
        price: { currency: "EUR", amount: 990, providerToken: "284685063:TEST:x" },
        recurring: false,
        periodSeconds: 86_400,
      }),
    );
    expect(euro.providerToken).toBe("284685063:TEST:x");
    expect(JSON.stringify(termsOf(euro, 0))).not.toContain("284685063");
  });
});

describe("periods away from Telegram's own API", () => {
  const options = { isOwnTelegramApi: false };
  it("may be as short as five seconds", () => {
    expect(plan(withPlan({ periodSeconds: 5 }), options).periodMs).toBe(5_000);
  });
  it("may not be shorter", () => {
    expect(refusals(withPlan({ periodSeconds: 4 }), options)).toEqual(["plans.0.periodSeconds"]);
  });
});

describe("the version of a plan", () => {
  const version = (overrides: Overrides) => plan(file(overrides)).version;
  it("changes with anything the subscriber agrees to", () => {
    const changes: Overrides[] = [
      {},
      { plan: { price: { currency: "XTR", amount: 600 } } },
      { plan: { trialSeconds: 60 } },
      { plan: { policies: { graceSeconds: { autoRenew: 60 } } } },
      { plan: { sla: {} } },
      { product: { channels: ["-100999"] } },
      { product: { access: "oneUseLink" } },
    ];
    expect(new Set(changes.map(version)).size).toBe(changes.length);
  });
  it("stays with a new title, a spelt-out default or another order of keys", () => {
    const same: Overrides[] = [
      {},
      { plan: { title: { ru: "Новое", en: "New" } } },
      { plan: { policies: { checkoutSeconds: 86_400 } } },
      { plan: { price: { amount: 500, currency: "XTR" } } },
    ];
    expect(new Set(same.map(version)).size).toBe(1);
  });
});

describe("the secrets of a catalog", () => {
  it("are the tokens of its payment providers, each once", () => {
    const price = { currency: "EUR", amount: 990, providerToken: "284685063:TEST:x" };
    const first = file({ plan: { price, recurring: false } });
    const [entry] = first.plans;
    const both = { ...first, plans: [entry, { ...entry, code: "pro-year" }] };
    expect(providerTokensOf(catalog(both))).toEqual(["284685063:TEST:x"]);
    expect(providerTokensOf(catalog(file()))).toEqual([]);
  });
});

describe("a channel's id that is none", () => {
  it.each([123, "123", 0, "-0"])("is refused in a sentence: %j", (id) => {
    const result = makeCatalog(file({ product: { channels: [id] } }));
    expect(result.ok ? [] : result.problems.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/negative.*-100/),
    ]);
  });
});
