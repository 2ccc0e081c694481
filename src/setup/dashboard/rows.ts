// What the dashboard shows: rows of panels, each a few queries. Names of metrics: telemetry/metric-table.ts; recorded ones: docs/monitoring/rules.yaml.

/** Units as Grafana names them. */
type Unit = "short" | "s" | "percentunit" | "bytes" | "reqps" | "h";

export interface Query {
  readonly expr: string;
  /** Grafana's template of a series' name. */
  readonly name: string;
}

export interface Panel {
  readonly title: string;
  /** One sentence under the (i). */
  readonly about: string;
  readonly kind: "line" | "number";
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** From here on it is red. */
  readonly limit?: number;
  /** Red below the limit instead of above it. */
  readonly isFloor?: true;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const quantile = (q: number, metric: string, by = ""): string =>
  `histogram_quantile(${q}, sum by (${by === "" ? "le" : `le, ${by}`}) (rate(${metric}_bucket[$__rate_interval])))`;
const perHour = (metric: string, by: string): string => `sum by (${by}) (increase(${metric}[1h]))`;

export const ROWS: readonly Row[] = [
  {
    title: "Promises",
    panels: [
      {
        ...{ title: "Paid → link, p95 of an hour", kind: "number", unit: "s", limit: 60 },
        about: "Promise: 60 s. From Telegram's date of the payment to a link that works.",
        queries: [{ expr: "tg:paid_to_access:p95_1h", name: "p95" }],
      },
      {
        ...{ title: "Payments that succeed, 1 h", kind: "number", unit: "percentunit", limit: 0.97, isFloor: true },
        about: "Promise: 97 %. Charges that bought time, of all that were tried; renewals without Stars aside.",
        queries: [{ expr: "tg:payment_success:ratio1h", name: "success" }],
      },
      {
        ...{ title: "Checkouts over 10 s, 24 h", kind: "number", unit: "short", limit: 1 },
        about: "Promise: 0. Telegram has cancelled those payments.",
        queries: [{ expr: "sum(increase(tg_pre_checkout_timeouts_total[24h]))", name: "timeouts" }],
      },
      {
        ...{ title: "Double activations, 24 h", kind: "number", unit: "short", limit: 1 },
        about: "Promise: 0.",
        queries: [{ expr: "sum(increase(tg_double_activation_total[24h]))", name: "double" }],
      },
      {
        ...{ title: "Wrongful removals, 24 h", kind: "number", unit: "short", limit: 1 },
        about: "Promise: 0.",
        queries: [{ expr: "sum(increase(tg_wrongful_removals_total[24h]))", name: "removals" }],
      },
      {
        ...{ title: "Access without a right, hours in 24 h", kind: "number", unit: "h", limit: 10 },
        about: "Sum over all people, until they were out.",
        queries: [{ expr: "sum(increase(tg_access_without_right_seconds_total[24h])) / 3600", name: "hours" }],
      },
      {
        ...{ title: "Open drift", kind: "line", unit: "short" },
        about: "Differences between payments, actors and memberships, by kind.",
        queries: [{ expr: "max by (kind) (tg_drift)", name: "{{kind}}" }],
      },
      {
        ...{ title: "Drift found and healed, per hour", kind: "line", unit: "short" },
        about: "What is found and not healed is for people.",
        queries: [
          { expr: perHour("tg_drift_found_total", "kind"), name: "found {{kind}}" },
          { expr: perHour("tg_drift_healed_total", "kind"), name: "healed {{kind}}" },
        ],
      },
      {
        ...{ title: "Parity", kind: "line", unit: "percentunit" },
        about: "Share of cells in which our own data and the reference agree, per key, on the last frozen day.",
        queries: [{ expr: "max by (key) (parity_exact_ratio_daily)", name: "{{key}}" }],
      },
    ],
  },
  {
    title: "Money",
    panels: [
      {
        ...{ title: "Invoices and payments, per hour", kind: "line", unit: "short" },
        about: "Opened, paid (first charges) and renewed.",
        queries: [
          { expr: perHour("tg_payments_created_total", "kind"), name: "opened {{kind}}" },
          { expr: perHour("tg_payments_success_total", "kind"), name: "paid {{kind}}" },
        ],
      },
      {
        ...{ title: "Conversion, 1 h", kind: "line", unit: "percentunit" },
        about: "Invoices that were paid.",
        queries: [{ expr: "tg:payment_conversion:ratio1h", name: "conversion" }],
      },
      {
        ...{ title: "Failed, per hour", kind: "line", unit: "short" },
        about: "By reason.",
        queries: [{ expr: perHour("tg_payments_failed_total", "reason"), name: "{{reason}}" }],
      },
      {
        ...{ title: "Income, 24 h", kind: "number", unit: "short" },
        about: "In the smallest unit of each currency, whole Stars for XTR. The books are exact, this is not.",
        queries: [{ expr: "sum by (currency) (increase(tg_payments_amount_total[24h]))", name: "{{currency}}" }],
      },
      {
        ...{ title: "Taken back, 24 h", kind: "number", unit: "short" },
        about: "Refunds and chargebacks.",
        queries: [{ expr: "sum by (how) (increase(tg_payments_returned_total[24h]))", name: "{{how}}" }],
      },
      {
        ...{ title: "Checkout answered in", kind: "line", unit: "s", limit: 10 },
        about: "Telegram waits 10 s.",
        queries: [
          { expr: quantile(0.5, "tg_pre_checkout_seconds"), name: "p50" },
          { expr: "tg:pre_checkout:p95_5m", name: "p95" },
        ],
      },
    ],
  },
  {
    title: "Access",
    panels: [
      {
        ...{ title: "Subscriptions now", kind: "line", unit: "short" },
        about: "By state of billing.",
        queries: [
          { expr: 'max by (state) (tg_actors{machine="subscription",state=~"billing[.].*"})', name: "{{state}}" },
        ],
      },
      {
        ...{ title: "Begun and ended, per hour", kind: "line", unit: "short" },
        about: "Became active or expired, by the state before.",
        queries: [
          { expr: perHour("tg_subscription_active_total", "from"), name: "active from {{from}}" },
          { expr: perHour("tg_subscription_expired_total", "from"), name: "expired from {{from}}" },
        ],
      },
      {
        ...{ title: "In and out of channels, per hour", kind: "line", unit: "short" },
        about: "People who came in by right, and who are out.",
        queries: [
          { expr: perHour("tg_channel_access_granted_total", "by"), name: "in: {{by}}" },
          { expr: perHour("tg_channel_access_revoked_total", "reason"), name: "out: {{reason}}" },
        ],
      },
      {
        ...{ title: "Paid → access", kind: "line", unit: "s", limit: 60 },
        about: "To a link that works, and to being inside, which waits for the person.",
        queries: [
          { expr: quantile(0.5, "tg_paid_to_access_seconds", "to"), name: "p50 {{to}}" },
          { expr: quantile(0.95, "tg_paid_to_access_seconds", "to"), name: "p95 {{to}}" },
        ],
      },
      {
        ...{ title: "Channels", kind: "line", unit: "short" },
        about: "By whether the bot can manage them.",
        queries: [{ expr: 'max by (state) (tg_actors{machine="channel",state=~"health[.].*"})', name: "{{state}}" }],
      },
      {
        ...{ title: "Looks of the membership sweep", kind: "line", unit: "reqps" },
        about: "By whether our record was right.",
        queries: [{ expr: "sum by (result) (rate(tg_membership_looks_total[$__rate_interval]))", name: "{{result}}" }],
      },
    ],
  },
  {
    title: "Set-up of the product",
    panels: [
      {
        ...{ title: "Set-ups, per hour", kind: "line", unit: "short" },
        about: "Products that work for the first time, and set-ups that stopped, by reason.",
        queries: [
          { expr: "sum(increase(onboarding_success_total[1h]))", name: "works" },
          { expr: perHour("onboarding_failed_total", "reason"), name: "{{reason}}" },
        ],
      },
      {
        ...{ title: "Set-ups now", kind: "line", unit: "short" },
        about: "By step.",
        queries: [{ expr: 'max by (state) (tg_actors{machine="onboarding",state=~"step[.].*"})', name: "{{state}}" }],
      },
      {
        ...{ title: "Calls to the backend, p95", kind: "line", unit: "s" },
        about: "By call.",
        queries: [{ expr: quantile(0.95, "tg_backend_seconds", "call"), name: "{{call}}" }],
      },
    ],
  },
  {
    title: "Engine",
    panels: [
      {
        ...{ title: "Webhook", kind: "line", unit: "reqps" },
        about: "Answers by status code.",
        queries: [{ expr: "sum by (code) (rate(tg_webhook_requests_total[$__rate_interval]))", name: "{{code}}" }],
      },
      {
        ...{ title: "Updates", kind: "line", unit: "reqps" },
        about: "Taken in, by kind.",
        queries: [
          { expr: "sum by (kind, result) (rate(tg_updates_total[$__rate_interval]))", name: "{{kind}} {{result}}" },
        ],
      },
      {
        ...{ title: "Lag, p95", kind: "line", unit: "s" },
        about: "From coming in to being done; how late timers fire.",
        queries: [
          { expr: "tg:event_lag:p95_5m", name: "{{source}}" },
          { expr: "tg:timer_lateness:p95_5m", name: "timers" },
        ],
      },
      {
        ...{ title: "Queues", kind: "line", unit: "short" },
        about: "Jobs that wait, run or are delayed.",
        queries: [{ expr: "max by (queue, state) (tg_queue_depth)", name: "{{queue}} {{state}}" }],
      },
      {
        ...{ title: "Oldest", kind: "line", unit: "s", limit: 300 },
        about: "The oldest job of each queue, the oldest due timer or update, the oldest effect.",
        queries: [
          { expr: "max by (queue) (tg_queue_oldest_seconds)", name: "job: {{queue}}" },
          { expr: "max(tg_oldest_wait_seconds)", name: "timer or update" },
          { expr: "max(tg_outbox_oldest_seconds)", name: "effect" },
        ],
      },
      {
        ...{ title: "Waits for people", kind: "number", unit: "short", limit: 1 },
        about: "Actors that could not be read, effects that were given up, updates that were set aside within a day.",
        queries: [
          { expr: "max(tg_quarantined_actors)", name: "actors" },
          { expr: "max(tg_failed_effects)", name: "effects" },
          { expr: "sum(increase(tg_updates_set_aside_total[24h]))", name: "updates" },
        ],
      },
      {
        ...{ title: "Effects tried again", kind: "line", unit: "reqps" },
        about: "By error code.",
        queries: [{ expr: "sum by (code) (rate(tg_effect_retries_total[$__rate_interval]))", name: "{{code}}" }],
      },
      {
        ...{ title: "Errors in the background", kind: "line", unit: "reqps" },
        about: "By place.",
        queries: [{ expr: "sum by (where) (rate(tg_background_errors_total[$__rate_interval]))", name: "{{where}}" }],
      },
      {
        ...{ title: "Processes", kind: "line", unit: "bytes" },
        about: "Memory of each process.",
        queries: [{ expr: "process_resident_memory_bytes", name: "{{instance}}" }],
      },
    ],
  },
  {
    title: "Redis",
    panels: [
      {
        ...{ title: "Keeps what it is given", kind: "number", unit: "short", limit: 1, isFloor: true },
        about: "1: file and snapshot are written.",
        queries: [{ expr: "min by (node) (tg_redis_persistence_ok)", name: "{{node}}" }],
      },
      {
        ...{ title: "Memory", kind: "line", unit: "bytes" },
        about: "Used, and the limit after which writes are refused.",
        queries: [
          { expr: "max by (node) (tg_redis_used_memory_bytes)", name: "used {{node}}" },
          { expr: "max by (node) (tg_redis_max_memory_bytes) > 0", name: "limit {{node}}" },
        ],
      },
      {
        ...{ title: "Outbox", kind: "line", unit: "short" },
        about: "Effects that were asked for and have not ended.",
        queries: [{ expr: "max(tg_outbox_pending)", name: "effects" }],
      },
      {
        ...{ title: "Connection errors", kind: "line", unit: "reqps" },
        about: "By client.",
        queries: [{ expr: "sum by (client) (rate(tg_redis_errors_total[$__rate_interval]))", name: "{{client}}" }],
      },
    ],
  },
];
