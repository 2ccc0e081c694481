import { describe, expect, it } from "vitest";
import { entitled } from "../../machines/entitlement.ts";
import { subscriptionDefinition } from "../../machines/subscription/definition.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import { type Edge, type Sample, type Walked, walk } from "./support/paths.ts";
import { PERIOD_MS, paid, renewed, STAFF, subscribed } from "./support/subscriber.ts";
import { aPolicy, DAY_MS, NOON, someTerms } from "./support/terms.ts";

/** Two chats, so that one can be back while the other is not; one reminder of a kind keeps the number of situations small. */
const terms = someTerms({
  chats: ["-1001", "-1002"],
  policy: aPolicy({ remindersMs: [DAY_MS], winBackMs: [7 * DAY_MS] }),
});
const forLife = { ...terms, periodMs: null };
const renewing = { ...terms, recurring: true };

const opened: Sample = { type: "checkout.opened", orderId: "o1", terms };
const trial: Sample = { type: "trial.granted", terms };
const first: Sample = paid("c1", { terms });
const firstRenewing: Sample = subscribed("c1", null, { terms: renewing });
const revoke: Sample = { type: "access.revoked", ...STAFF };
const reinstate: Sample = { type: "access.reinstated", ...STAFF };
const cancel: Sample = { type: "cancel.requested" };
const undo: Sample = { type: "cancel.undone" };
const pause: Sample = { type: "pause.requested" };
const resume: Sample = { type: "resume.requested" };
const extend: Sample = { type: "term.extended", ...STAFF, ms: DAY_MS };
const credit: Sample = {
  ...{ type: "outage.credited", ...STAFF, outage: "o", product: null },
  ...{ from: NOON, to: NOON + PERIOD_MS, ms: DAY_MS },
};
const refund = (chargeId: string, access = "policy"): Sample => ({ type: "payment.refunded", chargeId, access });
const reversed: Sample = { type: "charge.reversed", chargeId: "c1" };
const renewalIs = (type: string): Sample => ({ type, orderId: "o1" });

const billingOf = (states: readonly string[]) =>
  (states.find((path) => path.startsWith("billing.")) ?? "").slice("billing.".length);
const endTimers: Readonly<Record<string, string>> = {
  checkout: "checkoutEnd",
  trialing: "trialEnd",
  "active.term": "periodEnd",
  renewalSlack: "slackEnd",
  "pastDue.grace": "graceEnd",
  "pastDue.hold": "holdEnd",
  paused: "pauseEnd",
};

/** What holds on every edge, whatever happens in whatever order. */
function checkEdge({ before, event, after, step }: Edge<SubscriptionContext>): void {
  const { context, states } = after;
  const billing = billingOf(states);
  const tells = step.effects.flatMap((stored) =>
    stored.kind === "effect" && stored.effect.kind === "tell" ? [stored.effect.event] : [],
  );

  // The region `access` and the rule of entitlement never differ.
  expect(states.includes("access.open")).toBe(entitled({ billing, ...context }, event.at));
  // Nobody who is blocked, or has access for life, is left to a renewal.
  if (context.riskBlocked || billing === "revoked" || billing === "active.lifetime")
    expect(states).not.toContain("intent.autoRenew");
  // Rule 1.
  if (event.type.startsWith("xstate.")) expect(context.paidUntil).toBe(before?.context.paidUntil);
  // Each charge is answered, each time it is asked about.
  expect(tells.filter(({ type }) => type === "payment.applied")).toHaveLength(
    event.type === "payment.succeeded" ? 1 : 0,
  );
  // An invite can tell a later announcement from an earlier one.
  const versions = tells.filter(({ type }) => type === "entitlement.changed").map(({ version }) => version as number);
  for (const version of versions) expect(version).toBeGreaterThan(before?.context.accessVersion ?? 0);
  // Deaf: only staff's word leads out.
  if (before && billingOf(before.states) === "revoked" && event.type !== "access.reinstated")
    expect(billing).toBe("revoked");
  // Rule 12, as it runs: while no clock stands still, the end is armed.
  const [state, timer] =
    Object.entries(endTimers).find(([name]) => billing === name || billing.startsWith(`${name}.`)) ?? [];
  if (state !== undefined && timer !== undefined && context.stoppedFor.length === 0) {
    expect(Object.keys(step.next.envelope.timers).some((id) => id.startsWith(`${timer}.`))).toBe(true);
  }
  // No time without a charge or staff.
  if (event.type.startsWith("channel.") && before?.context.paidUntil == null) expect(context.paidUntil).toBeNull();
}

const facets = (context: SubscriptionContext, now: number) => [
  context.paidUntil === null ? "none" : context.paidUntil > now,
  context.periodFrom === null,
  context.trialUntil !== null,
  context.creditMs > 0,
  context.remindersMuted,
  context.riskBlocked,
  context.stoppedFor.length,
  context.firstChargeId,
  context.renewingOrderId,
  context.stoppedOrderId,
  context.unwantedOrderId ?? null,
  context.periods.map(({ chargeId }) => chargeId).join(),
  context.creditedOutages?.length,
];
const run = (samples: readonly Sample[]): Walked =>
  walk<SubscriptionContext>({
    definition: subscriptionDefinition,
    id: "7:channel",
    startAt: NOON,
    samples,
    outputs: { editStarSubscription: [{ result: "done" }, { result: "unknownCharge" }] },
    facets,
    check: checkEdge,
  });

const walks: Readonly<Record<string, () => Walked>> = {
  "money and time": () =>
    run([
      opened,
      trial,
      first,
      paid("c2", { terms }),
      extend,
      refund("c1"),
      refund("c2"),
      refund("c1", "revoke"),
      reversed,
      revoke,
      reinstate,
    ]),
  "life, gifts and pauses": () =>
    run([
      paid("c1", { terms: forLife }),
      paid("c2", { terms }),
      refund("c1"),
      { type: "term.granted", ...STAFF, terms, ms: DAY_MS },
      pause,
      resume,
      extend,
      reversed,
      revoke,
      reinstate,
    ]),
  "time given back for an outage": () => run([trial, first, credit, pause]),
  "the same in a renewal": () => run([firstRenewing, cancel, undo, credit]),
  "access told again": () =>
    run([
      first,
      { type: "access.announced", ...STAFF },
      { type: "override.set", ...STAFF, until: NOON + PERIOD_MS },
      revoke,
      reinstate,
      { type: "risk.changed", blocked: true },
    ]),
  "leaving a renewal": () =>
    run([
      firstRenewing,
      renewed("c2", null, { terms: renewing }),
      cancel,
      undo,
      renewalIs("renewal.canceled"),
      renewalIs("renewal.enabled"),
      renewalIs("renewal.failed"),
      revoke,
    ]),
  "pausing a renewal": () =>
    run([
      firstRenewing,
      renewed("c2", null, { terms: renewing }),
      cancel,
      undo,
      pause,
      resume,
      renewalIs("renewal.canceled"),
      renewalIs("renewal.enabled"),
    ]),
  "pausing, then money back or a revocation": () =>
    run([firstRenewing, renewed("c2", null, { terms: renewing }), pause, refund("c1", "revoke"), revoke]),
  "one purchase after another": () =>
    run([firstRenewing, subscribed("c2", null, { terms: renewing, orderId: "o2" }), paid("c3", { terms }), cancel]),
  "money taken back from a renewal": () => run([firstRenewing, refund("c1", "revoke"), reversed, extend, pause]),
  "coming back by a single term": () =>
    run([firstRenewing, cancel, undo, paid("c3", { terms }), renewalIs("renewal.enabled")]),
  "a renewal that charges although a single term replaced it": () =>
    run([firstRenewing, renewed("c2", null, { terms: renewing }), paid("c3", { terms }), cancel, pause]),
  "leaving what does not renew, then another purchase": () =>
    run([first, paid("c3", { terms }), subscribed("c2", null, { terms: renewing, orderId: "o2" }), cancel, pause]),
  "a renewal switched off before its purchase was heard of": () =>
    run([opened, firstRenewing, cancel, renewalIs("renewal.canceled"), renewalIs("renewal.enabled"), revoke]),
  "a renewal whose first charge is unknown": () =>
    run([renewed("c1", null, { terms: renewing }), paid("c3", { terms }), cancel, undo, pause, resume, revoke]),
  "a blocked person who renews": () =>
    run([
      firstRenewing,
      renewed("c2", null, { terms: renewing }),
      cancel,
      undo,
      renewalIs("renewal.enabled"),
      { type: "risk.changed", blocked: true },
      { type: "risk.changed", blocked: false },
    ]),
  "a blocked person who pauses": () =>
    run([firstRenewing, renewed("c2", null, { terms: renewing }), pause, { type: "risk.changed", blocked: true }]),
  "a pause, then another purchase": () => run([firstRenewing, paid("c3", { terms }), pause, revoke]),
  "a renewal of somebody who gets access for life": () =>
    run([
      firstRenewing,
      renewed("c2", null, { terms: renewing }),
      { type: "term.granted", ...STAFF, terms, ms: null },
      cancel,
      undo,
      renewalIs("renewal.canceled"),
      renewalIs("renewal.enabled"),
      { type: "charge.reversed", chargeId: "c2" },
    ]),
  "a pause of somebody who gets access for life": () =>
    run([firstRenewing, pause, { type: "term.granted", ...STAFF, terms, ms: null }, renewalIs("renewal.canceled")]),
  "a renewal that a purchase for life replaces": () =>
    run([firstRenewing, paid("c3", { terms: forLife }), cancel, undo, refund("c3")]),
  outages: () =>
    run([
      trial,
      first,
      firstRenewing,
      ...["-1001", "-1002"].map((chatId) => ({ type: "channel.unavailable", chatId, since: NOON })),
      ...["-1001", "-1002"].map((chatId) => ({ type: "channel.recovered", chatId, since: NOON })),
      pause,
    ]),
  "risk, reminders and override": () =>
    run([
      opened,
      trial,
      first,
      firstRenewing,
      { type: "risk.changed", blocked: true },
      { type: "risk.changed", blocked: false },
      { type: "reminders.muted" },
      { type: "reminders.unmuted" },
      // So late that a grace which begins now has no day left for a reminder.
      { type: "reminders.muted", afterMs: PERIOD_MS + 2 * DAY_MS },
      { type: "override.set", ...STAFF, until: NOON + 2 * PERIOD_MS },
      { type: "override.set", ...STAFF, until: null },
      { type: "term.granted", ...STAFF, terms, ms: DAY_MS },
    ]),
};

describe("generated paths", () => {
  const untaken: string[][] = [];
  const states = new Set<string>();
  it.each(Object.entries(walks))(
    "%s: every edge keeps the rules",
    (_name, go) => {
      const walked = go();
      untaken.push([...walked.untaken]);
      for (const state of walked.states) states.add(state);
      expect(walked.situations).toBeGreaterThan(20);
    },
    60_000,
  );
  it("take every transition of the chart between them", () => {
    const [head = [], ...rest] = untaken;
    expect(untaken).toHaveLength(Object.keys(walks).length);
    expect(head.filter((name) => rest.every((other) => other.includes(name)))).toEqual([]);
  });
});
