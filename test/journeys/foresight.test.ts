// What a plan says is what happens, and a history played again leads to what is there.
import { describe, expect, it } from "vitest";
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import { definitions } from "../../machines/registry.ts";
import type { Plan } from "../../src/support/answers/actors.ts";
import { ActorPage, PastActor, Plan as PlanSchema } from "../../src/support/answers/actors.ts";
import { BulkPlan } from "../../src/support/answers/bulk.ts";
import { itStaysWhole, MONTH_MS, useScene } from "./support/scene.ts";

const scene = useScene();
const urlOf = (address: ActorAddress) => {
  const slash = address.indexOf("/");
  return `/api/v1/actors/${address.slice(0, slash)}/${encodeURIComponent(address.slice(slash + 1))}`;
};
const previewOf = async (address: ActorAddress, event: { type: string; [field: string]: unknown }): Promise<Plan> => {
  const answer = await scene.current.stage.api("POST", `${urlOf(address)}/events`, { event, dryRun: true });
  expect(answer, answer.text).toMatchObject({ status: 200 });
  return PlanSchema.parse(answer.body);
};

/** What an event of a person may never bring back: the audit does not hold it. */
const personalOf = new Map(definitions.map(({ name, personal }) => [name as string, Object.values(personal).flat()]));

describe("the preview of a refund", () => {
  it("says what it does here and at the others, what the customer is told, and is right", async () => {
    const { stage } = scene.current;
    const anna = await scene.current.newcomer();
    const chargeId = await anna.buysAndJoins("club-month");
    const payment = addressOf.payment(chargeId);
    const before = await stage.read(payment);

    const plan = await previewOf(payment, { type: "refund.requested", access: "revoke" });
    expect(plan).toMatchObject({ before: ["applied"], after: ["refunding"], expectedSeq: before?.rev, final: true });
    expect(plan.step.effects).toEqual(["invoke refundCharge"]);
    expect(await stage.read(payment)).toEqual(before);

    await scene.current.staff(payment, { type: "refund.requested", access: "revoke" });
    const { states } = (await stage.read(payment)) ?? { states: [] };
    expect(states).toEqual(["refunded"]);
  });
});

describe("the preview of a revocation", () => {
  it("names every actor that hears of it, and the words for the customer", async () => {
    const { stage } = scene.current;
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const plan = await previewOf(anna.subscriptionAt(), { type: "access.revoked" });
    expect(plan.after).toEqual(expect.arrayContaining(["billing.revoked"]));
    expect(plan.told).toEqual([{ notice: "subscription.revoked", language: "en", text: expect.any(String) }]);
    const told = plan.follows.map(({ address, event }) => `${address} ${event}`);
    expect(told).toContain(`${anna.inviteAt()} entitlement.changed`);

    await scene.current.staff(anna.subscriptionAt(), { type: "access.revoked" });
    const history = await stage.app.core.actors.history(anna.subscriptionAt());
    const done = history.find(({ event }) => event.type === "access.revoked");
    expect(done).toMatchObject({ from: plan.step.from, to: plan.step.to, effects: plan.step.effects });
    const invite = plan.follows.find(({ address }) => address === anna.inviteAt());
    const heard = (await stage.app.core.actors.history(anna.inviteAt())).find(
      ({ event }) => event.type === "entitlement.changed" && event.entitled === false,
    );
    expect(heard).toMatchObject({ from: invite?.from, to: invite?.to, effects: invite?.effects });
  });
});

describe("the preview of a revocation of many", () => {
  it("counts those alike together, with what others hear and what each language reads, and holds only while all that is so", async () => {
    const { stage } = scene.current;
    const anna = await scene.current.newcomer();
    const boris = await scene.current.newcomer({ languageCode: "ru" });
    const vera = await scene.current.newcomer();
    for (const one of [anna, boris, vera]) await one.buysAndJoins("club-month");
    const command = {
      event: { type: "access.revoked" },
      addresses: [anna, boris, vera].map((one) => one.subscriptionAt()),
    };
    const look = async () => {
      const answer = await stage.api("POST", "/api/v1/bulk", { ...command, dryRun: true });
      expect(answer, answer.text).toMatchObject({ status: 200 });
      return BulkPlan.parse(answer.body);
    };
    const plan = await look();
    expect(plan).toMatchObject({ count: 3, would: { applied: 3, final: 0 }, others: 0, groups: [{ count: 3 }] });
    const [group] = plan.groups;
    expect(group?.told.map(({ notice, language }) => `${notice} ${language}`).sort()).toEqual([
      "subscription.revoked en",
      "subscription.revoked ru",
    ]);
    expect(group?.example.follows.map(({ event }) => event)).toContain("entitlement.changed");
    const sampled = plan.sample.find(({ address }) => address === boris.subscriptionAt());
    expect(sampled).toMatchObject({ group: 0, told: [{ language: "ru", text: expect.stringMatching(/[а-я]/i) }] });
    expect(sampled?.follows.map(({ address }) => address)).toContain(boris.inviteAt());

    // Not the subscription moves, but somebody else who would hear of it.
    const before = await stage.read(vera.subscriptionAt());
    await vera.leaves();
    expect(await stage.read(vera.subscriptionAt())).toMatchObject({ rev: before?.rev });
    const send = async (planHash: string) =>
      stage.api("POST", "/api/v1/bulk", {
        ...command,
        ...{ planHash, count: 3, reason: "a wave of stolen cards", idempotencyKey: planHash },
      });
    expect(await send(plan.planHash)).toMatchObject({ status: 409, body: { code: "bulk.changed" } });
    const after = await look();
    expect(after.groups.map(({ count }) => count)).toEqual([2, 1]);
    expect(await send(after.planHash)).toMatchObject({ status: 200, body: { applied: 3 } });
  });
});

describe("a whole history, played again", () => {
  it("leads to what is there, for every actor of a person with a past", async () => {
    const { stage } = scene.current;
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await stage.advance(MONTH_MS + 5 * 86_400_000);
    await anna.says("/status");
    const addresses = await stage.actorsOf(anna.person);
    expect(addresses.length).toBeGreaterThan(4);
    for (const address of addresses) {
      const view = await stage.read(address);
      if (!view) throw new Error(`${address} is gone`);
      const past = await stage.app.core.foresight.asOf(address, view.rev);
      expect(past, address).toMatchObject({ exact: true, states: view.states, rev: view.rev });
      const personal = personalOf.get(view.machine) ?? [];
      for (const [field, value] of Object.entries(view.context))
        if (!personal.includes(field)) expect([address, field, past?.context[field]]).toEqual([address, field, value]);
      expect(Object.fromEntries(past?.timers.map(({ id, dueAt }) => [id, dueAt]) ?? []), address).toEqual(
        Object.fromEntries(Object.entries(view.timers).map(([id, { dueAt }]) => [id, dueAt])),
      );
    }
  });

  it("shows any moment of it over HTTP, with what that event changed", async () => {
    const { stage } = scene.current;
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const answer = await stage.api("GET", `${urlOf(anna.subscriptionAt())}/events/1`);
    const past = PastActor.parse(answer.body);
    expect(past).toMatchObject({ seq: 1, exact: true, address: anna.subscriptionAt() });
    expect(past.entry.seq).toBe(1);
    expect(past.difference.length).toBeGreaterThan(0);
    expect((await stage.api("GET", `${urlOf(anna.subscriptionAt())}/events/9999`)).status).toBe(404);
  });
});

describe("the page of an actor", () => {
  it("says whose it is, who else is concerned, and what may be done", async () => {
    const { stage } = scene.current;
    const anna = await scene.current.newcomer({ firstName: "Anna" });
    await anna.buysAndJoins("club-month");
    const { body } = await stage.api(
      "GET",
      `/console/api/actors/subscription/${encodeURIComponent(`${anna.id}:club`)}`,
    );
    const page = ActorPage.parse(body);
    expect(page.customer).toMatchObject({ userId: anna.id, name: "Anna" });
    expect(page.related.map(({ address }) => address)).toContain(anna.inviteAt());
    const choice = (type: string) => page.events.find((event) => event.type === type);
    expect(choice("access.revoked")).toMatchObject({ possible: true, mayYou: true, fields: [] });
    expect(choice("access.reinstated")).toMatchObject({ possible: false });
    expect(choice("term.extended")?.fields).toMatchObject([
      { name: "ms", required: true, schema: { type: "integer" } },
    ]);
    expect(page.since).not.toBeNull();
  });
});

itStaysWhole(scene);
