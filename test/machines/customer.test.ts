import { beforeEach, describe, expect, it } from "vitest";
import { customerDefinition } from "../../machines/customer/definition.ts";
import type { CustomerContext } from "../../machines/customer/types.ts";
import { ActedActor } from "./support/act.ts";
import { type Sample, walk } from "./support/paths.ts";
import { DAY_MS, NOON, someTerms } from "./support/terms.ts";

const seen = (fields: Record<string, unknown> = {}) => ({
  type: "contact.seen",
  username: "anna",
  firstName: "Anna",
  language: "ru",
  ref: null,
  ...fields,
});
const staff = { by: "vera", reason: "asked by phone" };
const trial = { type: "trial.requested", terms: someTerms() };

let customer: ActedActor;
const context = () => customer.context<CustomerContext>();
beforeEach(() => {
  customer = new ActedActor(customerDefinition, "7", NOON).send(seen({ ref: "c_blog" }));
});

describe("a person who starts the bot", () => {
  it("can be reached and is a guest without risk", () => {
    expect(customer.state).toBe("contact.reachable risk.clear standing.guest");
    expect(context()).toMatchObject({ userId: 7, username: "anna", language: "ru", ref: "c_blog", firstSeenAt: NOON });
  });
  it("keeps the first referral", () => {
    customer.send(seen({ ref: "c_other" }));
    expect(context().ref).toBe("c_blog");
  });
  it("changes nothing by being seen again as before", () => {
    expect(customer.send(seen()).outcome).toBe("ignored");
  });
  it("is found by number and by the present username in lower case", () => {
    customer.send(seen({ username: "AnnaNew" }));
    expect(customerDefinition.lookups(context() as never)).toEqual(["telegramId=7", "username=annanew"]);
  });
  it("keeps the five latest former usernames, each once", () => {
    for (const username of ["b", "c", "anna", "d", "e", "f", "g"]) customer.send(seen({ username }));
    expect(context().formerUsernames).toEqual(["f", "e", "d", "anna", "c"]);
  });
  it("keeps a chosen language against Telegram's", () => {
    customer.send({ type: "language.chosen", language: "en" }).send(seen({ language: "ru" }));
    expect(context().language).toBe("en");
  });
});

describe("a person who blocks the bot", () => {
  it("is not reachable until they unblock it or write", () => {
    expect(customer.send({ type: "contact.blocked" }).state).toContain("contact.botBlocked");
    expect(customer.send({ type: "contact.unblocked" }).state).toContain("contact.reachable");
    expect(customer.send({ type: "contact.blocked" }).send(seen()).state).toContain("contact.reachable");
  });
});

describe("a trial", () => {
  it("is granted by the subscription of its product", () => {
    customer.send(trial);
    expect(context().trialUsedAt).toBe(NOON);
    expect(customer.effects).toEqual([
      { kind: "tell", to: "subscription/7:channel", event: { type: "trial.granted", terms: someTerms() } },
    ]);
  });
  it("is granted once, over all products", () => {
    customer.send(trial).elapse(400 * DAY_MS);
    expect(customer.send({ type: "trial.requested", terms: someTerms({ product: "other" }) }).outcome).toBe("ignored");
    expect(context().trialUsedAt).toBe(NOON);
  });
  it("is granted to somebody who is only watched", () => {
    customer.send({ type: "risk.raised", reason: "linkMisused" });
    expect(customer.send(trial).tells).toHaveLength(1);
  });
  it("is not granted to a blocked person", () => {
    customer.send({ type: "risk.blocked", ...staff });
    expect(customer.send(trial).outcome).toBe("ignored");
  });
  it("stays used after an erasure", () => {
    customer
      .send(trial)
      .send({ type: "erasure.requested", ...staff })
      .send(seen());
    expect(customer.send(trial).outcome).toBe("ignored");
  });
});

describe("standing", () => {
  it("goes from guest to lead to customer", () => {
    expect(customer.send({ type: "subscription.opened", product: "channel" }).state).toContain("standing.lead");
    expect(customer.send({ type: "customer.paid", product: "channel" }).state).toContain("standing.customer");
    expect(context().products).toEqual(["channel"]);
  });
  it("is that of a customer when the payment is heard of before the opening", () => {
    customer.send({ type: "customer.paid", product: "channel" });
    expect(customer.state).toContain("standing.customer");
    expect(customer.send({ type: "subscription.opened", product: "channel" }).outcome).toBe("ignored");
  });
});

describe("rule 7: a chargeback sets risk watched, the second blocked", () => {
  const chargeback = (chargeId: string) => customer.send({ type: "chargeback.seen", chargeId });
  beforeEach(() => {
    customer.send({ type: "subscription.opened", product: "a" }).send({ type: "subscription.opened", product: "b" });
  });
  it("watches after the first and tells staff", () => {
    chargeback("c1");
    expect(customer.state).toContain("risk.watched");
    expect(customer.effectsOf("notifyStaff").map(({ notice }) => notice)).toEqual(["risk.raised"]);
    expect(customer.tells).toEqual([]);
  });
  it("blocks after the second and tells every subscription", () => {
    chargeback("c1");
    chargeback("c2");
    expect(customer.state).toContain("risk.blocked");
    expect(customer.tells.map(({ to }) => to)).toEqual(["subscription/7:a", "subscription/7:b"]);
  });
  it("counts the first one of somebody who was watched for another reason", () => {
    customer.send({ type: "risk.raised", reason: "linkMisused" });
    chargeback("c1");
    expect(customer.state).toContain("risk.watched");
    chargeback("c2");
    expect(customer.state).toContain("risk.blocked");
  });
  it("does not forget an earlier one when staff clear the person", () => {
    chargeback("c1");
    customer.send({ type: "risk.cleared", ...staff });
    expect(customer.state).toContain("risk.clear");
    chargeback("c2");
    expect(customer.state).toContain("risk.blocked");
  });
});

describe("rule 10: a manual fraud flag", () => {
  beforeEach(() => {
    customer.send({ type: "subscription.opened", product: "a" });
  });
  it("is known to every subscription when set and when lifted", () => {
    customer.send({ type: "risk.blocked", ...staff });
    expect(customer.effects).toEqual([
      { kind: "tell", to: "subscription/7:a", event: { type: "risk.changed", blocked: true, version: 1 } },
    ]);
    customer.send({ type: "risk.cleared", ...staff });
    expect(customer.effects).toEqual([
      { kind: "tell", to: "subscription/7:a", event: { type: "risk.changed", blocked: false, version: 2 } },
    ]);
    expect(context().riskReason).toBeNull();
  });
  it("reaches a subscription that begins afterwards", () => {
    customer.send({ type: "risk.blocked", ...staff }).send({ type: "subscription.opened", product: "b" });
    expect(customer.effects).toEqual([
      { kind: "tell", to: "subscription/7:b", event: { type: "risk.changed", blocked: true, version: 1 } },
    ]);
  });
  it("changes nothing when set twice", () => {
    customer.send({ type: "risk.blocked", ...staff });
    expect(customer.send({ type: "risk.blocked", ...staff }).outcome).toBe("ignored");
  });
});

describe("reminders", () => {
  it("are muted and unmuted in every subscription, each once", () => {
    customer.send({ type: "subscription.opened", product: "a" });
    expect(customer.send({ type: "reminders.muted" }).tells).toEqual([
      { to: "subscription/7:a", type: "reminders.muted" },
    ]);
    expect(customer.send({ type: "reminders.muted" }).outcome).toBe("ignored");
    expect(customer.send({ type: "subscription.opened", product: "b" }).tells).toEqual([
      { to: "subscription/7:b", type: "reminders.muted" },
    ]);
    expect(customer.send({ type: "reminders.unmuted" }).tells.map(({ type }) => type)).toEqual([
      "reminders.unmuted",
      "reminders.unmuted",
    ]);
  });
});

describe("news of the person", () => {
  it("are numbered over all kinds, so that one which was overtaken is known", () => {
    customer.send({ type: "subscription.opened", product: "a" });
    const versions = [
      { type: "risk.blocked", ...staff },
      { type: "risk.cleared", ...staff },
      { type: "reminders.muted" },
      { type: "reminders.unmuted" },
      { type: "erasure.requested", ...staff },
      seen(),
    ].map((event) => customer.send(event).effectsOf("tell")[0]?.event.version);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it("reach a new subscription with the number of the latest", () => {
    customer.send({ type: "reminders.muted" }).send({ type: "subscription.opened", product: "a" });
    expect(customer.effectsOf("tell").map(({ event }) => event)).toEqual([{ type: "reminders.muted", version: 1 }]);
  });
});

describe("rule 16: erasure removes the person, keeps the money", () => {
  beforeEach(() => {
    customer
      .send({ type: "subscription.opened", product: "channel" })
      .send({ type: "customer.paid", product: "channel" })
      .send({ type: "terms.accepted", version: "2026-01" })
      .send({ type: "risk.raised", reason: "linkMisused" })
      .send({ type: "language.chosen", language: "ru" })
      .send(seen({ username: "anna_k" }))
      .send({ type: "erasure.requested", ...staff });
  });
  it("leaves nothing that names or describes the person", () => {
    expect(JSON.stringify(context())).not.toMatch(/anna|Anna|blog|linkMisused|2026-01/);
    expect(customerDefinition.lookups(context() as never)).toEqual(["telegramId=7"]);
  });
  it("keeps the products and that they paid", () => {
    expect(context()).toMatchObject({ products: ["channel"], hasPaid: true });
  });
  it("switches renewals off and reminders too", () => {
    expect(customer.tells).toEqual([
      { to: "subscription/7:channel", type: "reminders.muted" },
      { to: "subscription/7:channel", type: "cancel.requested" },
    ]);
    expect(customer.state).toBe("contact.neverStarted risk.watched standing.erased");
  });
  it("erases what lies outside, and tells the person in the language they chose", () => {
    expect(customer.effectsOf("erasePerson")).toEqual([
      { kind: "erasePerson", userId: 7, language: "ru", upTo: customer.now },
    ]);
  });
  it("asked for again looks for leftovers only, and nobody is told twice", () => {
    const before = context();
    customer.elapse(DAY_MS).send({ type: "erasure.requested", ...staff });
    expect(customer.effects).toEqual([{ kind: "erasePerson", userId: 7, language: null, upTo: customer.now }]);
    expect(context()).toEqual(before);
  });
  it.each([
    ["a guest", () => new ActedActor(customerDefinition, "7", NOON).send(seen())],
    [
      "a lead",
      () =>
        new ActedActor(customerDefinition, "7", NOON).send(seen()).send({ type: "subscription.opened", product: "a" }),
    ],
  ])("of %s erases as much", (_, build) => {
    const person = build().send({ type: "erasure.requested", ...staff });
    expect(person.effectsOf("erasePerson")).toMatchObject([{ userId: 7, language: "ru" }]);
  });
  it("lets a person who writes again begin anew, known as somebody who paid", () => {
    customer.send(seen());
    expect(customer.state).toBe("contact.reachable risk.watched standing.customer");
    expect(context()).toMatchObject({ username: "anna", formerUsernames: [], remindersMuted: false });
  });
  it("keeps names out of the audit", () => {
    expect(customerDefinition.personal["contact.seen"]).toEqual(["username", "firstName"]);
  });
});

describe("input that no screen of ours sends", () => {
  it("changes nothing, and only a code of it goes on record", () => {
    const before = context();
    customer.send({ type: "input.refused", what: "forgedPress" });
    expect(customer.effects).toEqual([]);
    expect(context()).toEqual(before);
    expect(() => customer.send({ type: "input.refused", what: "drop table" })).toThrow();
    expect(() => customer.send({ type: "input.refused", what: "forgedPress", data: "x" })).toThrow();
  });
});

describe("generated paths", () => {
  const samples: Sample[] = [
    seen() as Sample,
    seen({ username: "other" }) as Sample,
    { type: "contact.blocked" },
    { type: "contact.unblocked" },
    { type: "language.chosen", language: "en" },
    { type: "terms.accepted", version: "1" },
    trial,
    { type: "subscription.opened", product: "a" },
    { type: "subscription.opened", product: "b" },
    { type: "customer.paid", product: "a" },
    { type: "risk.raised", reason: "linkMisused" },
    { type: "chargeback.seen", chargeId: "c" },
    { type: "risk.blocked", ...staff },
    { type: "risk.cleared", ...staff },
    { type: "reminders.muted" },
    { type: "reminders.unmuted" },
    { type: "input.refused", what: "forgedPress" },
    { type: "erasure.requested", ...staff },
  ];
  it("take every transition of the chart, and a blocked person never gets a trial", () => {
    const walked = walk<CustomerContext>({
      definition: customerDefinition,
      id: "7",
      startAt: NOON,
      samples,
      facets: ({ products, chargebacks, remindersMuted, trialUsedAt, hasPaid }) => [
        products.length > 0,
        Math.min(chargebacks, 2),
        remindersMuted,
        trialUsedAt !== null,
        hasPaid,
      ],
      check: ({ before, step }) => {
        const granted = step.effects.some(
          ({ kind, ...rest }) => kind === "effect" && JSON.stringify(rest).includes("trial.granted"),
        );
        if (granted) expect(before?.states).not.toContain("risk.blocked");
        if (granted) expect(before?.context.trialUsedAt).toBeNull();
      },
    });
    expect(walked.untaken).toEqual([]);
    expect(walked.situations).toBeGreaterThan(50);
    // Seconds of pure work; on a machine with other things to do they are many.
  }, 60_000);
});
