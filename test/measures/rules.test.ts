import { describe, expect, it } from "vitest";
import { definitions } from "../../machines/registry.ts";
import { makeStepObservers } from "../../src/measures/observe-steps.ts";
import { RULES } from "../../src/measures/rules.ts";
import type { CommittedStep } from "../../src/runtime/ports.ts";
import { statePaths } from "../../src/runtime/state-nodes.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";

describe("the table of what is counted", () => {
  it("names states that their machines have", () => {
    for (const [name, rules] of Object.entries(RULES)) {
      const definition = definitions.find((one) => one.name === name);
      const paths = definition ? statePaths(definition.machine.root) : [];
      for (const { enters } of rules) if (enters !== undefined) expect(paths, name).toContain(enters);
    }
  });
});

const NOON = 1_772_442_000_000;

function counting(isEntitled = async () => false) {
  const metrics = makeMetrics();
  const errors: string[] = [];
  const observers = makeStepObservers({ metrics, isEntitled, onError: (where) => errors.push(where) });
  return {
    errors,
    take: (step: Partial<CommittedStep> & Pick<CommittedStep, "machine">) =>
      observers.get(step.machine)?.({
        event: { type: "test" },
        at: NOON,
        before: {},
        after: {},
        from: [],
        to: [],
        ...step,
      }),
    async value(line: string): Promise<number> {
      const text = await metrics.text();
      const found = text.split("\n").find((candidate) => candidate.startsWith(`${line} `));
      return found === undefined ? Number.NaN : Number(found.slice(line.length));
    },
  };
}

const entitled = { sources: { "7:club": { entitled: true, version: 1 } } };
const removedByUs = {
  machine: "invite",
  event: { type: "xstate.done.actor.removeMember", output: { result: "removed" } },
  from: ["removing.attempting"],
  to: ["removed"],
  before: { withoutRightSince: NOON - 90_000 },
  after: { userId: 7, chatId: "-1", removalReason: "notEntitled", sources: {} },
} as const;

describe("a subscription", () => {
  it("that is renewed in time did not become active, one that comes back from grace did", async () => {
    const count = counting();
    count.take({
      machine: "subscription",
      from: ["billing.active.term.quiet"],
      to: ["billing.active.term.reminding"],
    });
    count.take({
      machine: "subscription",
      from: ["billing.pastDue.grace.reminding"],
      to: ["billing.active.term.reminding"],
    });
    expect(await count.value('tg_subscription_active_total{from="pastDue"}')).toBe(1);
    expect(await count.value('tg_subscription_active_total{from="active"}')).toBe(0);
  });
  it("that takes the same charge for time twice is a double activation; one that only answers again is none", async () => {
    const count = counting();
    const before = { charges: 1, paidUntil: NOON, periods: [{ chargeId: "c1", from: 0, until: NOON }] };
    const step = { machine: "subscription", event: { type: "payment.succeeded", chargeId: "c1" }, before } as const;
    count.take({ ...step, after: before });
    expect(await count.value("tg_double_activation_total")).toBe(0);
    count.take({ ...step, after: { ...before, charges: 2, paidUntil: NOON + 1 } });
    expect(await count.value("tg_double_activation_total")).toBe(1);
  });
});

describe("a payment", () => {
  const applied = { machine: "payment", from: ["received.applying"], to: ["applied"] } as const;
  it("that opens nothing is a failed one", async () => {
    const count = counting();
    count.take({ ...applied, event: { type: "payment.applied", from: 5, until: 5 } });
    expect(await count.value('tg_payments_failed_total{reason="withoutAccess"}')).toBe(1);
    expect(await count.value('tg_payments_success_total{kind="prepaid"}')).toBe(0);
  });
  it("whose refund failed is not applied or disputed once more", async () => {
    const count = counting();
    const event = { type: "xstate.error.actor.refund" };
    count.take({ ...applied, event, from: ["refunding"] });
    count.take({ ...applied, event, from: ["refunding"], to: ["quarantined"], after: { disputeReason: "underpaid" } });
    expect(await count.value('tg_payments_success_total{kind="prepaid"}')).toBe(0);
    expect(await count.value('tg_payments_failed_total{reason="underpaid"}')).toBe(0);
  });
});

describe("a removal", () => {
  it("adds up how long somebody stayed without a right", async () => {
    const count = counting();
    count.take(removedByUs);
    expect(await count.value("tg_access_without_right_seconds_total")).toBe(90);
    expect(await count.value('tg_channel_access_revoked_total{reason="notEntitled"}')).toBe(1);
    expect(await count.value("tg_wrongful_removals_total")).toBe(0);
  });
  it("of somebody who has the right after all is a wrongful one", async () => {
    const count = counting(async () => true);
    count.take(removedByUs);
    await Promise.resolve();
    expect(await count.value("tg_wrongful_removals_total")).toBe(1);
  });
  it("of somebody who had left by then is none", async () => {
    const count = counting(async () => true);
    count.take({ ...removedByUs, event: { ...removedByUs.event, output: { result: "notMember" } } });
    await Promise.resolve();
    expect(await count.value("tg_wrongful_removals_total")).toBe(0);
  });
  it("that cannot be looked at again is an error in the background, no failure of the removal", async () => {
    const count = counting(async () => Promise.reject(new Error("away")));
    count.take(removedByUs);
    await count.value("tg_wrongful_removals_total");
    expect(count.errors).toEqual(["measures"]);
  });
});

describe("access", () => {
  it("is granted once: whoever is found again by a look was inside all along", async () => {
    const count = counting();
    count.take({
      machine: "invite",
      event: { type: "member.joined" },
      from: ["linkIssued"],
      to: ["member"],
      after: entitled,
    });
    count.take({ machine: "invite", from: ["unknown.checking"], to: ["member"], after: entitled });
    count.take({ machine: "invite", from: ["removing.attempting"], to: ["member"], after: entitled });
    expect(await count.value('tg_channel_access_granted_total{by="joined"}')).toBe(1);
    expect(await count.value('tg_channel_access_granted_total{by="found"}')).toBe(0);
  });
  it("is late as seen from the payment, for the first link only", async () => {
    const count = counting();
    const paid = { ...entitled, paidAt: NOON - 42_000, grantReason: "entitled" };
    const link = { machine: "invite", from: ["granting.creating"], to: ["linkIssued"] } as const;
    count.take({ ...link, after: paid });
    count.take({ ...link, after: { ...paid, grantReason: "asked" } });
    count.take({ ...link, after: { ...paid, paidAt: null } });
    expect(await count.value('tg_paid_to_access_seconds_bucket{le="60",to="link"}')).toBe(1);
    expect(await count.value('tg_paid_to_access_seconds_sum{to="link"}')).toBe(42);
  });
});
