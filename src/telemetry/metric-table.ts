// Every metric of this service, as data: what /metrics shows is built from it, and docs/metrics.md is printed from it.
import { collection, parity } from "./data-quality-metrics.ts";
import { engine, redis } from "./engine-metrics.ts";
import type { MetricSpec } from "./metric-spec.ts";

const FROM_BILLING = [
  "none",
  "lead",
  "checkout",
  "trialing",
  "active",
  "renewalSlack",
  "pastDue",
  "paused",
  "expired",
  "refunded",
  "revoked",
] as const;
const DRIFT_KINDS = [
  "paidNoActor",
  "paidNoAccess",
  "accessNoRight",
  "refundedStillIn",
  "chargedBack",
  "doubleCharge",
  "unknownMember",
  "notInBooks",
] as const;

const money = {
  paymentsCreated: {
    name: "tg_payments_created_total",
    type: "counter",
    help: "Orders that were opened: invoices that can be paid",
    source: "order: `order.opened` makes it",
    labels: ["kind"],
    values: { kind: ["prepaid", "renewing"] },
  },
  paymentsSuccess: {
    name: "tg_payments_success_total",
    type: "counter",
    help: "Charges that bought time, each once: single terms, first charges of a renewal, later ones",
    source: "payment: `payment.applied` leads to `applied`, with time that opens access",
    labels: ["kind"],
    values: { kind: ["prepaid", "renewing", "renewal"] },
  },
  paymentsFailed: {
    name: "tg_payments_failed_total",
    type: "counter",
    help: "Payments that came to nothing: refused at the checkout, charged but disputed or without access, renewals that could not be charged",
    source:
      "order: `checkout.refused`; payment: to `quarantined` (the reason of the dispute), to `applied` without access; subscription: `renewal.failed`",
    labels: ["reason"],
    values: {
      reason: [
        "checkoutRefused",
        "unknownOrder",
        "otherBuyer",
        "otherCurrency",
        "underpaid",
        "orderRefused",
        "orderUnanswered",
        "subscriptionUnanswered",
        "withoutAccess",
        "renewalFailed",
      ],
    },
  },
  paymentsAmount: {
    name: "tg_payments_amount_total",
    type: "counter",
    help: "Money of the charges that bought time, in the smallest unit of its currency (whole Stars for XTR)",
    source: "as `tg_payments_success_total`; the exact books are `GET /api/v1/ledger.csv`",
    labels: ["currency"],
  },
  paymentsReturned: {
    name: "tg_payments_returned_total",
    type: "counter",
    help: "Charges that were taken back",
    source: "payment: to `refunded`, to `chargedBack`",
    labels: ["how"],
    values: { how: ["refunded", "chargedBack"] },
  },
  preCheckoutSeconds: {
    name: "tg_pre_checkout_seconds",
    type: "histogram",
    help: "From receiving a pre-checkout query to having answered it",
    source: "intake of updates",
    labels: ["result"],
    values: { result: ["approved", "refused", "failed"] },
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
  },
  preCheckoutTimeouts: {
    name: "tg_pre_checkout_timeouts_total",
    type: "counter",
    help: "Pre-checkout queries whose answer took longer than the 10 s after which Telegram cancels the payment. Should be 0",
    source: "intake of updates",
    labels: [],
  },
  starTransactions: {
    name: "tg_star_transactions_total",
    type: "counter",
    help: "Rows of Telegram's list of Star transactions that were compared with our record, by what came of it",
    source: "payments sweep",
    labels: ["result"],
  },
} as const satisfies Record<string, MetricSpec>;

const access = {
  subscriptionActive: {
    name: "tg_subscription_active_total",
    type: "counter",
    help: "Subscriptions that became active, by the state before. A renewal in time stays active and is not counted; how many are active now: `tg_actors`",
    source: "subscription: enters `billing.active` from outside",
    labels: ["from"],
    values: { from: FROM_BILLING },
  },
  subscriptionExpired: {
    name: "tg_subscription_expired_total",
    type: "counter",
    help: "Subscriptions that expired, by the state before",
    source: "subscription: enters `billing.expired` from outside",
    labels: ["from"],
    values: { from: FROM_BILLING },
  },
  accessGranted: {
    name: "tg_channel_access_granted_total",
    type: "counter",
    help: "People who came into a channel by right: joined by a link, their request approved, or found inside when a link was due",
    source:
      "invite: enters `member` from outside; a look that finds again who was inside all along (from `unknown`) is none",
    labels: ["by"],
    values: { by: ["joined", "approved", "found"] },
  },
  accessRevoked: {
    name: "tg_channel_access_revoked_total",
    type: "counter",
    help: "People who are out of a channel because their access ended, because they had none, or because somebody else put them out",
    source: "invite: enters `removed`, or a removal of ours was done",
    labels: ["reason"],
    values: { reason: ["notEntitled", "intruder", "removedByOther"] },
  },
  paidToAccessSeconds: {
    name: "tg_paid_to_access_seconds",
    type: "histogram",
    help: "From the payment, by Telegram's date of it, to a link that works (`link`) and to being inside (`member`, which waits for the person)",
    source:
      "invite: `granting` to `linkIssued`; to `member`. Telegram's date has whole seconds, so up to one second too much",
    labels: ["to"],
    values: { to: ["link", "member"] },
    buckets: [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3_600, 86_400],
  },
  membershipLooks: {
    name: "tg_membership_looks_total",
    type: "counter",
    help: "Looks of the membership sweep, by whether our record was right",
    source: "membership sweep",
    labels: ["result"],
    values: { result: ["asExpected", "differs", "failed"] },
  },
  actors: {
    name: "tg_actors",
    type: "gauge",
    help: "Actors per machine and leaf state, now. Counted at most once a minute",
    source: "index of states in Redis",
    labels: ["machine", "state"],
  },
} as const satisfies Record<string, MetricSpec>;

const onboarding = {
  onboardingSuccess: {
    name: "onboarding_success_total",
    type: "counter",
    help: "Customers whose product works for the first time",
    source: "onboarding: `readyAt` is set for the first time",
    labels: [],
  },
  onboardingFailed: {
    name: "onboarding_failed_total",
    type: "counter",
    help: "Set-ups that stopped: the backend refused an answer of the customer, people are needed, or no data came. One customer may be counted several times",
    source: "onboarding: from `connecting` to `asking`, `needsAttention` or `waitingForData`",
    labels: ["reason"],
    values: {
      reason: [
        "spreadsheetUnknown",
        "spreadsheetClosed",
        "spreadsheetTaken",
        "spreadsheetConnected",
        "tokenNotActive",
        "tokenLost",
        "tokenRefused",
        "unavailable",
        "refused",
        "noData",
      ],
    },
  },
  backendSeconds: {
    name: "tg_backend_seconds",
    type: "histogram",
    help: "Calls to the product backend, by call and what came of them",
    source: "client of the product backend",
    labels: ["call", "result"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60, 300, 900],
  },
} as const satisfies Record<string, MetricSpec>;

const promises = {
  wrongfulRemovals: {
    name: "tg_wrongful_removals_total",
    type: "counter",
    help: "People who were put out of a channel although, read again at once, they have the right to be there. Should be 0",
    source: "invite: a removal was done; the entitlement is read from the subscriptions again",
    labels: [],
  },
  accessWithoutRightSeconds: {
    name: "tg_access_without_right_seconds_total",
    type: "counter",
    help: "Seconds that people stayed in a channel after their right had ended, or without one, until they were out",
    source: "invite: leaves `removing` for being out. How late the right itself ended: `tg_timer_lateness_seconds`",
    labels: [],
  },
  doubleActivations: {
    name: "tg_double_activation_total",
    type: "counter",
    help: "Charges that gave time a second time to a subscription that had it already. Should be 0",
    source: "subscription: `payment.succeeded` of a charge that it knows changed the paid time",
    labels: [],
  },
  drift: {
    name: "tg_drift",
    type: "gauge",
    help: "Differences between payments, actors and memberships that are open now, by kind",
    source: "reconciliation",
    labels: ["kind"],
    values: { kind: DRIFT_KINDS },
  },
  driftFound: {
    name: "tg_drift_found_total",
    type: "counter",
    help: "Differences that were found, by kind",
    source: "reconciliation",
    labels: ["kind"],
    values: { kind: DRIFT_KINDS },
  },
  driftHealed: {
    name: "tg_drift_healed_total",
    type: "counter",
    help: "Differences that were healed, by kind",
    source: "reconciliation",
    labels: ["kind"],
    values: { kind: DRIFT_KINDS },
  },
  reconciliationAgeSeconds: {
    name: "tg_reconciliation_age_seconds",
    type: "gauge",
    help: "How old the last complete comparison is: of Telegram's list with our payments and of our books with that list since it began, of people on record with the chats since it ended (the chat that was looked through longest ago)",
    source: "reconciliation; before the first round: since it, or this process, began",
    labels: ["round"],
    values: { round: ["payments", "books", "membership"] },
  },
} as const satisfies Record<string, MetricSpec>;

/** In the order in which they are shown to people. */
export const METRIC_GROUPS = { money, access, onboarding, promises, parity, collection, engine, redis } as const;
export const METRICS = {
  ...money,
  ...access,
  ...onboarding,
  ...promises,
  ...parity,
  ...collection,
  ...engine,
  ...redis,
} as const;
export type MetricKey = keyof typeof METRICS;
