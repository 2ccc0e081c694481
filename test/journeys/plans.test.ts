// A plan goes on to the end: what it says of every actor and every message is what then happens, where the work that it begins succeeds.
import { describe, expect, it } from "vitest";
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import { type Plan, Plan as PlanSchema } from "../../src/support/answers/actors.ts";
import { itStaysWhole, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene();
let keys = 0;

interface Happening {
  readonly address: string;
  readonly event: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly effects: readonly string[];
}
/** What moved something or asked for something; in no order, because actors do not wait for each other. */
const sorted = (all: readonly Happening[]) =>
  all
    .filter(({ to, effects }) => to.length > 0 || effects.length > 0)
    .map(({ address, event, from, to, effects }) => JSON.stringify([address, event, from, to, effects]))
    .sort();

async function previewed(path: string, body: object): Promise<Plan> {
  const answer = await scene.current.stage.api("POST", path, { ...body, dryRun: true });
  expect(answer, answer.text).toMatchObject({ status: 200 });
  return PlanSchema.parse(answer.body);
}

/** Plans it, does it, and compares the record of everybody concerned with the plan. */
async function comesTrue(someone: Subscriber, path: string, body: object): Promise<Plan> {
  const { stage } = scene.current;
  const plan = await previewed(path, body);
  const steps = [plan.step, ...plan.follows];
  const before = new Map<string, number>();
  for (const address of await stage.actorsOf(someone.person))
    before.set(address, (await stage.read(address))?.rev ?? 0);

  keys += 1;
  const command = { ...body, reason: "asked for in a test", idempotencyKey: `plans-test-${keys}` };
  const answer = await stage.api("POST", path, { ...command, planHash: plan.planHash });
  expect(answer, answer.text).toMatchObject({ status: 200, body: { outcome: "applied" } });
  await stage.settle();

  const happened: Happening[] = [];
  for (const address of await stage.actorsOf(someone.person))
    for (const entry of await stage.app.core.actors.history(address, { limit: 200 })) {
      if (entry.rev <= (before.get(address) ?? 0) || entry.outcome !== "applied") continue;
      const { from = [], to = [], effects = [] } = entry;
      happened.push({ address, event: entry.event.type, from, to, effects });
    }
  expect(sorted(steps)).toEqual(sorted(happened));
  const noticesOf = (all: readonly Happening[]) =>
    all.flatMap(({ effects }) => effects.filter((effect) => effect.startsWith("notifyCustomer "))).sort();
  expect(plan.told.map(({ notice }) => `notifyCustomer ${notice}`).sort()).toEqual(noticesOf(happened));
  return plan;
}

const member = async (plan = "club-month") => {
  const anna = await scene.current.newcomer();
  const chargeId = await anna.buysAndJoins(plan);
  return { anna, chargeId, customer: `/api/v1/customers/${anna.id}` };
};
const eventOf = (plan: Plan, address: ActorAddress) => plan.follows.find((step) => step.address === address);

describe("the plan of a refund", () => {
  it.each(["revoke", "policy"])("goes on past the refund itself: %s", async (access) => {
    const { anna, chargeId } = await member();
    const plan = await comesTrue(anna, `/api/v1/payments/${encodeURIComponent(chargeId)}/refund`, { access });
    expect(plan).toMatchObject({ after: ["refunding"], final: true });
    expect(plan.step).not.toHaveProperty("assumes");
    const payment = eventOf(plan, addressOf.payment(chargeId));
    expect(payment).toMatchObject({
      ...{ event: "xstate.done.actor.refund", to: ["refunded"], assumes: "refundCharge succeeds" },
    });
    expect(eventOf(plan, anna.subscriptionAt())).toMatchObject({ to: expect.arrayContaining(["billing.refunded"]) });
    expect(plan.follows.find(({ event }) => event === "xstate.done.actor.removeMember")).toMatchObject({
      ...{ to: ["removed"], assumes: "refundCharge succeeds, removeMember succeeds" },
    });
    expect(plan.told).toContainEqual({
      ...{ notice: "payment.refunded", language: "en", text: expect.any(String), assumes: "refundCharge succeeds" },
    });
  });
  it("that leaves access is right too", async () => {
    const { anna, chargeId } = await member();
    const plan = await comesTrue(anna, `/api/v1/payments/${encodeURIComponent(chargeId)}/refund`, { access: "keep" });
    expect(plan.follows.map(({ event }) => event)).not.toContain("entitlement.changed");
  });
  it("of a plan that is paid once is right too", async () => {
    const { anna, chargeId } = await member("club-quarter");
    await comesTrue(anna, `/api/v1/payments/${encodeURIComponent(chargeId)}/refund`, { access: "policy" });
  });
});

describe("the plan of what staff do every day", () => {
  it("is right for a grant to somebody new, with the link that will come", async () => {
    const anna = await scene.current.newcomer();
    const plan = await comesTrue(anna, `/api/v1/customers/${anna.id}/grant`, { plan: "club-month", days: 30 });
    expect(eventOf(plan, anna.inviteAt())).toBeDefined();
    expect(plan.told.find(({ assumes }) => assumes === "createInvite succeeds")).toBeDefined();
  });
  it("is right for a grant to a member", async () => {
    const { anna, customer } = await member();
    await comesTrue(anna, `${customer}/grant`, { plan: "club-month", days: 30 });
  });
  it("is right for an extension", async () => {
    const { anna, customer } = await member();
    await comesTrue(anna, `${customer}/extend`, { product: "club", days: 3 });
  });
  it("is right for a revocation, and for taking it back", async () => {
    const { anna, customer } = await member();
    const plan = await comesTrue(anna, `${customer}/revoke`, { product: "club" });
    expect(plan.follows.some(({ assumes }) => assumes === "editStarSubscription succeeds")).toBe(true);
    await comesTrue(anna, `${customer}/reinstate`, { product: "club" });
  });
  it("shows the reason that the customer will read, and none where none is given", async () => {
    const { customer } = await member();
    const textOf = async (more: object) =>
      (await previewed(`${customer}/revoke`, { product: "club", ...more })).told.map(({ text }) => text).join();
    expect(await textOf({ reason: "shared the link" })).toContain("shared the link");
    expect(await textOf({})).toContain("[…the reason…]");
  });
  it("is right for a block", async () => {
    const { anna, customer } = await member();
    const plan = await comesTrue(anna, `${customer}/block`, {});
    expect(eventOf(plan, anna.inviteAt())).toBeDefined();
  });
});

describe("a plan whose consequences changed", () => {
  it("is refused, though its first step is the same", async () => {
    const { anna, chargeId } = await member();
    const path = `/api/v1/payments/${encodeURIComponent(chargeId)}/refund`;
    const plan = await previewed(path, { access: "revoke" });
    await anna.leaves();
    const command = { access: "revoke", reason: "asked for in a test", planHash: plan.planHash };
    const answer = await scene.current.stage.api("POST", path, { ...command, idempotencyKey: "plans-test-changed" });
    expect(answer).toMatchObject({ status: 409, body: { code: "actor.planChanged" } });
  });
});

itStaysWhole(scene);
