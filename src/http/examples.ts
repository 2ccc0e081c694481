// One call per kind of task, as data: printed as curl, and made by a test.

export interface Example {
  readonly task: string;
  readonly method: "GET" | "POST";
  /** With its query, percent-encoded. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Where the answer goes, if not on the screen. */
  readonly saveAs?: string;
}

const USER = 7_012_345_678;

export const EXAMPLES: readonly Example[] = [
  { task: "Find a customer by whatever they sent you", method: "GET", path: "/api/v1/search?q=t.me%2Fanna" },
  { task: "See why they are in a chat or not", method: "GET", path: `/api/v1/customers/${USER}/why` },
  { task: "See all that is theirs, and what the bot shows them", method: "GET", path: `/api/v1/customers/${USER}` },
  { task: "See what needs a person", method: "GET", path: "/api/v1/overview" },
  { task: "Find all actors of a customer", method: "GET", path: `/api/v1/actors?telegramId=${USER}` },
  { task: "Or by username, or by the payment that they show you", method: "GET", path: "/api/v1/actors?username=anna" },
  { task: "See how a subscription stands", method: "GET", path: `/api/v1/actors/subscription/${USER}:wb-analytics` },
  {
    task: "Read how it came so",
    method: "GET",
    path: `/api/v1/actors/subscription/${USER}:wb-analytics/history?limit=20`,
  },
  { task: "See which tickets are open", method: "GET", path: "/api/v1/tickets?state=open" },
  {
    task: "Answer one, by its id from that list",
    method: "POST",
    path: "/api/v1/tickets/0d1f9c6a5b2e4f7a8c3d1e0f9a8b7c6d/answer",
    body: { text: "The link is in the bot: /status", idempotencyKey: "answer-2026-11-23-1" },
  },
  {
    task: "Refund a payment, and take the access that it bought",
    method: "POST",
    path: "/api/v1/actors/payment/stxExampleChargeId/events",
    body: {
      event: { type: "refund.requested", access: "revoke" },
      reason: "bought by mistake",
      idempotencyKey: "refund-2026-11-23-1",
    },
  },
  {
    task: "Revoke access, provided that nothing has changed since you looked",
    method: "POST",
    path: `/api/v1/actors/subscription/${USER}:wb-analytics/events`,
    body: {
      event: { type: "access.revoked" },
      reason: "resells the materials",
      idempotencyKey: "revoke-2026-11-23-1",
      expectedSeq: 12,
    },
  },
  { task: "See the plans on sale, with the terms that a grant takes", method: "GET", path: "/api/v1/plans" },
  {
    task: "Give two weeks (1 209 600 000 ms) on top",
    method: "POST",
    path: `/api/v1/actors/subscription/${USER}:wb-analytics/events`,
    body: {
      event: { type: "term.extended", ms: 1_209_600_000 },
      reason: "made up for an outage",
      idempotencyKey: "extend-2026-11-23-1",
    },
  },
  { task: "See what is quarantined", method: "GET", path: "/api/v1/quarantine" },
  {
    task: "Release an actor that was mended",
    method: "POST",
    path: `/api/v1/quarantine/customer/${USER}/release`,
    body: { reason: "restored from the backup", idempotencyKey: "release-2026-11-23-1" },
  },
  { task: "See which effects were given up", method: "GET", path: "/api/v1/failed-effects" },
  {
    task: "Try one again (`payment/c|3|0`, percent-encoded)",
    method: "POST",
    path: "/api/v1/failed-effects/payment%2Fc%7C3%7C0/retry",
    body: { reason: "Telegram is back", idempotencyKey: "retry-2026-11-23-1" },
  },
  { task: "Download the books", method: "GET", path: "/api/v1/ledger.csv", saveAs: "ledger.csv" },
  {
    task: "Advance the test clock by a day (`CLOCK=test` or the sandbox only)",
    method: "POST",
    path: "/api/v1/clock/advance",
    body: { ms: 86_400_000 },
  },
];
