// What is counted of the actors' life: the one place where a durable step becomes a number. Names and meanings: telemetry/metric-table.ts.

import { UNVERIFIED_DAYS } from "../../machines/dataset/policy.ts";
import type { DatasetContext } from "../../machines/dataset/types.ts";
import { isAnyEntitled } from "../../machines/invite/policy.ts";
import type { InviteContext } from "../../machines/invite/types.ts";
import type { OnboardingContext } from "../../machines/onboarding/types.ts";
import type { OrderContext } from "../../machines/order/types.ts";
import type { PaymentContext } from "../../machines/payment/types.ts";
import { periodOf } from "../../machines/subscription/policy.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import type { CommittedStep } from "../runtime/ports.ts";
import type { Metrics } from "../telemetry/metrics.ts";

/** A machine whose steps are counted, with its context. */
interface Contexts {
  readonly order: OrderContext;
  readonly payment: PaymentContext;
  readonly subscription: SubscriptionContext;
  readonly invite: InviteContext;
  readonly onboarding: OnboardingContext;
  readonly dataset: DatasetContext;
}
export type CountedMachine = keyof Contexts;

export interface StepOf<C> extends Pick<CommittedStep, "event" | "at" | "from" | "to"> {
  readonly before: C | null;
  readonly after: C;
}

/** Who can look again after a removal. */
export interface SecondLook {
  /** A person was put out of a chat just now. */
  removed(userId: number, chatId: string): void;
}

export interface Rule<C> {
  /** Only steps of these events; absent: of any. */
  readonly on?: readonly string[];
  /** Only steps that enter a state at or below this path from outside of it. */
  readonly enters?: string;
  readonly when?: (step: StepOf<C>) => boolean;
  readonly count: (metrics: Metrics, step: StepOf<C>, look: SecondLook) => void;
}

const isAt = (state: string, path: string): boolean => state === path || state.startsWith(`${path}.`);
const isAmong = (states: readonly string[], path: string): boolean => states.some((state) => isAt(state, path));
export const isEntered = ({ from, to }: Pick<CommittedStep, "from" | "to">, path: string): boolean =>
  isAmong(to, path) && !isAmong(from, path);

/** The state of a region before: its name below the region, such as `pastDue`; `none` for an actor that is new. */
function regionBefore({ from }: { readonly from: readonly string[] }, region: string): string {
  const state = from.find((path) => isAt(path, region));
  return state === undefined ? "none" : (state.slice(region.length + 1).split(".", 1)[0] ?? "none");
}

const order: readonly Rule<OrderContext>[] = [
  {
    on: ["order.opened"],
    enters: "open",
    count: (metrics, { after }) => metrics.paymentsCreated.inc({ kind: after.kind ?? "prepaid" }),
  },
  { on: ["checkout.refused"], count: (metrics) => metrics.paymentsFailed.inc({ reason: "checkoutRefused" }) },
];

/** It bought nothing, or the person is blocked: the money is there and people decide about it. */
const isWithoutAccess = ({ event }: StepOf<PaymentContext>): boolean =>
  event.until === event.from || event.withheld === true;

const payment: readonly Rule<PaymentContext>[] = [
  {
    on: ["payment.applied"],
    enters: "applied",
    when: (step) => !isWithoutAccess(step),
    count: (metrics, { after }) => {
      const kind = !after.recurring ? "prepaid" : after.firstRecurring ? "renewing" : "renewal";
      metrics.paymentsSuccess.inc({ kind });
      metrics.paymentsAmount.inc({ currency: after.currency }, after.amountMinor);
    },
  },
  {
    on: ["payment.applied"],
    enters: "applied",
    when: isWithoutAccess,
    count: (metrics) => metrics.paymentsFailed.inc({ reason: "withoutAccess" }),
  },
  {
    enters: "quarantined",
    // Not one whose refund failed: that it was disputed was counted before.
    when: ({ from }) => isAmong(from, "received"),
    count: (metrics, { after }) => metrics.paymentsFailed.inc({ reason: after.disputeReason ?? "unknownOrder" }),
  },
  { enters: "refunded", count: (metrics) => metrics.paymentsReturned.inc({ how: "refunded" }) },
  { enters: "chargedBack", count: (metrics) => metrics.paymentsReturned.inc({ how: "chargedBack" }) },
];

const subscription: readonly Rule<SubscriptionContext>[] = [
  {
    enters: "billing.active",
    count: (metrics, step) => metrics.subscriptionActive.inc({ from: regionBefore(step, "billing") }),
  },
  {
    enters: "billing.expired",
    count: (metrics, step) => metrics.subscriptionExpired.inc({ from: regionBefore(step, "billing") }),
  },
  {
    on: ["renewal.failed"],
    when: ({ before, after }) => before?.renewalFailedAt == null && after.renewalFailedAt != null,
    count: (metrics) => metrics.paymentsFailed.inc({ reason: "renewalFailed" }),
  },
  {
    on: ["payment.succeeded"],
    when: ({ event, before, after }) =>
      before !== null &&
      periodOf(before, String(event.chargeId)) !== undefined &&
      (after.paidUntil !== before.paidUntil || after.charges !== before.charges),
    count: (metrics) => metrics.doubleActivations.inc(),
  },
];

const REMOVED = "xstate.done.actor.removeMember";
const APPROVED = "xstate.done.actor.approveJoinRequest";
const resultOf = ({ event }: { readonly event: CommittedStep["event"] }): unknown =>
  (event.output as { readonly result?: unknown } | undefined)?.result;
/** Put out by this service; one who had left already was not. */
const isRemovedByUs = (step: StepOf<InviteContext>): boolean =>
  step.event.type === REMOVED && resultOf(step) === "removed";
const secondsSince = (at: number, since: number): number => Math.max(0, at - since) / 1_000;

const invite: readonly Rule<InviteContext>[] = [
  {
    enters: "linkIssued",
    when: ({ from, after }) => isAmong(from, "granting") && after.grantReason === "entitled" && after.paidAt != null,
    count: (metrics, { at, after }) =>
      metrics.paidToAccessSeconds.observe({ to: "link" }, secondsSince(at, after.paidAt ?? at)),
  },
  {
    enters: "member",
    when: ({ before }) => before?.paidAt != null && isAnyEntitled(before.sources),
    count: (metrics, { at, before }) =>
      metrics.paidToAccessSeconds.observe({ to: "member" }, secondsSince(at, before?.paidAt ?? at)),
  },
  {
    enters: "member",
    // Whoever is looked for from `unknown` or is spared by a removal was inside all along.
    when: ({ from, after }) => isAnyEntitled(after.sources) && !isAmong(from, "unknown") && !isAmong(from, "removing"),
    count: (metrics, { event }) => {
      const by = event.type === "member.joined" ? "joined" : event.type === APPROVED ? "approved" : "found";
      metrics.accessGranted.inc({ by });
    },
  },
  {
    when: (step) => isEntered(step, "removed") || isRemovedByUs(step),
    count: (metrics, { after, before }) =>
      metrics.accessRevoked.inc({ reason: after.removalReason ?? before?.removalReason ?? "notEntitled" }),
  },
  {
    on: [REMOVED],
    when: isRemovedByUs,
    count: (_metrics, { after }, look) => look.removed(after.userId, after.chatId),
  },
  {
    when: (step) =>
      isAmong(step.from, "removing") &&
      !isAmong(step.to, "removing") &&
      !isAmong(step.to, "member") &&
      !isAmong(step.to, "unknown"),
    count: (metrics, { at, before }) =>
      metrics.accessWithoutRightSeconds.inc(secondsSince(at, before?.withoutRightSince ?? at)),
  },
];

const STOPS = ["step.asking", "step.needsAttention", "step.waitingForData"] as const;

const onboarding: readonly Rule<OnboardingContext>[] = [
  {
    when: ({ before, after }) => after.readyAt !== null && (before?.readyAt ?? null) === null,
    count: (metrics) => metrics.onboardingSuccess.inc(),
  },
  {
    when: ({ from, to, after }) =>
      after.problem !== null && isAmong(from, "step.connecting") && STOPS.some((stop) => isAmong(to, stop)),
    count: (metrics, { after }) =>
      metrics.onboardingFailed.inc({ reason: after.problem?.split(":", 1)[0] ?? "unavailable" }),
  },
];

const dataset: readonly Rule<DatasetContext>[] = [
  {
    when: ({ before, after }) => after.decisions > (before?.decisions ?? 0),
    count: (metrics, { after: { dataset: name, decision } }) => {
      if (decision !== null)
        metrics.parityGateSwitches.inc({ dataset: name, to: decision.side, reason: decision.reason });
    },
  },
  {
    on: ["dataset.dayJudged"],
    when: ({ after }) => after.unverifiedDays === UNVERIFIED_DAYS,
    count: (metrics, { after }) => metrics.parityUnverifiedScopes.inc({ dataset: after.dataset }),
  },
];

export const RULES: { readonly [M in CountedMachine]: readonly Rule<Contexts[M]>[] } = {
  order,
  payment,
  subscription,
  invite,
  onboarding,
  dataset,
};
