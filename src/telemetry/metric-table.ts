// Every metric of this service, as data: what /metrics shows is built from it, and docs/metrics.md is printed from it.

export interface MetricSpec {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** One line: what it says, in which unit. */
  readonly help: string;
  /** Where a number comes from: which step of which machine, which call, which read. */
  readonly source: string;
  readonly labels: readonly string[];
  /** The values of a label, where there are only so many: such series begin at 0, so that the first one counts as a rise. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}

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
  parityAgreement: {
    name: "tg_parity_agreement_ratio",
    type: "gauge",
    help: "Part of a dataset in which two sources say the same, from 0 to 1. No series while nothing is compared",
    source: "comparison of datasets",
    labels: ["dataset"],
  },
} as const satisfies Record<string, MetricSpec>;

const engine = {
  webhookRequests: {
    name: "tg_webhook_requests_total",
    type: "counter",
    help: "Answers of the webhook, by status code: 5xx is repeated by Telegram, 401 is no update of Telegram's",
    source: "HTTP server",
    labels: ["code"],
    values: { code: ["200", "401", "503"] },
  },
  updates: {
    name: "tg_updates_total",
    type: "counter",
    help: "Updates taken in, by kind and what became of them",
    source: "intake of updates",
    labels: ["kind", "result"],
  },
  updatesSetAside: {
    name: "tg_updates_set_aside_total",
    type: "counter",
    help: "Updates that could not be handled and are kept for people to look at, by kind and problem",
    source: "intake and worker of updates",
    labels: ["kind", "problem"],
  },
  moneySetAside: {
    name: "tg_money_updates_set_aside_total",
    type: "counter",
    help: "Of those, updates that tell of a payment or a refund. Each opens a ticket. Should be 0",
    source: "intake and worker of updates",
    labels: [],
  },
  eventLagSeconds: {
    name: "tg_event_lag_seconds",
    type: "histogram",
    help: "From coming in to being done: an update from its receipt, an effect (`actors`: events between actors, `outside`: calls) from its job, retries included",
    source: "workers, when all of it is committed",
    labels: ["source"],
    values: { source: ["update", "actors", "outside"] },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600],
  },
  timerLatenessSeconds: {
    name: "tg_timer_lateness_seconds",
    type: "histogram",
    help: "How late a timer of an actor fired",
    source: "clock worker",
    labels: ["outcome"],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 3_600],
  },
  queueDepth: {
    name: "tg_queue_depth",
    type: "gauge",
    help: "Jobs per queue and state",
    source: "BullMQ's counts, read at most every 5 s",
    labels: ["queue", "state"],
  },
  queueOldestSeconds: {
    name: "tg_queue_oldest_seconds",
    type: "gauge",
    help: "Age of the oldest job that waits or runs. One that is tried again counts from its first try, so a single high value says little",
    source: "BullMQ's lists, read at most every 5 s",
    labels: ["queue"],
  },
  outboxPending: {
    name: "tg_outbox_pending",
    type: "gauge",
    help: "Effects that were asked for and have not ended",
    source: "lengths of the outboxes, read at most every 5 s",
    labels: [],
  },
  outboxOldestSeconds: {
    name: "tg_outbox_oldest_seconds",
    type: "gauge",
    help: "For how long this process has been seeing the oldest effect that has not ended. Take the largest of all processes",
    source: "sweep of the outboxes",
    labels: [],
  },
  oldestWaitSeconds: {
    name: "tg_oldest_wait_seconds",
    type: "gauge",
    help: "How long the oldest due timer and the oldest update have waited for work on them to begin or succeed",
    source: "timers and inboxes",
    labels: [],
  },
  quarantinedActors: {
    name: "tg_quarantined_actors",
    type: "gauge",
    help: "Actors whose stored form was refused, until staff release them",
    source: "list in Redis",
    labels: [],
  },
  failedEffects: {
    name: "tg_failed_effects",
    type: "gauge",
    help: "Effects that were given up, until staff decide",
    source: "list in Redis",
    labels: [],
  },
  effectRetries: {
    name: "tg_effect_retries_total",
    type: "counter",
    help: "Attempts of effects that failed in passing, by error code",
    source: "workers of effects",
    labels: ["code"],
  },
  bot: {
    name: "tg_bot_events_total",
    type: "counter",
    help: "What the bot counts: notices sent, stale presses, malformed updates, refusals",
    source: "bot",
    labels: ["what", "detail"],
  },
  backgroundErrors: {
    name: "tg_background_errors_total",
    type: "counter",
    help: "Errors outside any request, by place",
    source: "all parts",
    labels: ["where"],
  },
} as const satisfies Record<string, MetricSpec>;

const redis = {
  redisPersistenceOk: {
    name: "tg_redis_persistence_ok",
    type: "gauge",
    help: "1: the last write and the last rewrite of the append-only file and the last snapshot succeeded; 0: one failed, or Redis does not answer (`unreachable`)",
    source: "INFO of each primary, read at most every 5 s",
    labels: ["node"],
  },
  redisUsedMemoryBytes: {
    name: "tg_redis_used_memory_bytes",
    type: "gauge",
    help: "Memory that Redis uses",
    source: "INFO of each primary",
    labels: ["node"],
  },
  redisMaxMemoryBytes: {
    name: "tg_redis_max_memory_bytes",
    type: "gauge",
    help: "Memory after which Redis refuses writes; 0: no limit of its own",
    source: "INFO of each primary",
    labels: ["node"],
  },
  redisErrors: {
    name: "tg_redis_errors_total",
    type: "counter",
    help: "Connection errors of Redis clients",
    source: "Redis clients",
    labels: ["client"],
  },
} as const satisfies Record<string, MetricSpec>;

/** In the order in which they are shown to people. */
export const METRIC_GROUPS = { money, access, onboarding, promises, engine, redis } as const;
export const METRICS = { ...money, ...access, ...onboarding, ...promises, ...engine, ...redis } as const;
export type MetricKey = keyof typeof METRICS;
