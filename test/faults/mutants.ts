// A mechanism taken out, and the test of its promise that must notice. Each replaces one place of the source.

export interface Mutant {
  readonly promise: string;
  /** What the service no longer does. */
  readonly without: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: string;
  /** Of the test, or of what it belongs to. */
  readonly name: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    promise: "I1",
    without: "a charge is remembered for ever",
    file: "src/redis/scripts/commit-step.lua",
    from: "if first then return { -2, first } end",
    to: "",
    test: "test/runtime/actor-system.test.ts",
    name: "counts once for ever when the key is kept for ever",
  },
  {
    promise: "I2",
    without: "effects without a job are found by a sweep",
    file: "src/queues/sweep-outbox.ts",
    from: "if (source.success) relay.add(",
    to: "if (source.success && entry.sweeps < 0) relay.add(",
    test: "test/queues/sweep-outbox.test.ts",
    name: "is dispatched by the second sweep that sees it, in its own lane",
  },
  {
    promise: "I3",
    without: "a timer is kept in the commit",
    file: "src/redis/scripts/commit-step.lua",
    from: 'redis.call("ZADD", timers, unpack(scored))',
    to: "",
    test: "test/crash/points.test.ts",
    name: "no charge lost or doubled",
  },
  {
    promise: "I4",
    without: "entitlement is read again before a removal",
    file: "src/effects/telegram/remove-member.ts",
    from: 'if (await deps.isEntitled(userId, chatId)) return { result: "entitled" };',
    to: "",
    test: "test/journeys/access.test.ts",
    name: "loses the race against a renewal",
  },
  {
    promise: "I5",
    without: "the books have each charge once",
    file: "src/redis/scripts/append-ledger.lua",
    from: 'if redis.call("HEXISTS", KEYS[2], ARGV[1]) == 1 then return 0 end',
    to: "",
    test: "test/crash/points.test.ts",
    name: "no charge lost or doubled",
  },
  {
    promise: "I6",
    without: "a checkout asks whether the invoice was paid",
    file: "src/bot/pre-checkout.ts",
    from: 'refuse("alreadyPaid", { date: plainDate(settledAt, reader) })',
    to: "{ approved: true, isRenewal: false }",
    test: "test/journeys/purchase.test.ts",
    name: "is declined when this invoice was paid before",
  },
  {
    promise: "I7",
    without: "a refund that Telegram has made already counts as made",
    file: "src/effects/telegram/refund-charge.ts",
    from: 'if (refunded.refusal.kind === "alreadyDone") return { result: "alreadyRefunded" };',
    to: "",
    test: "test/effects/telegram/money.test.ts",
    name: "counts CHARGE_ALREADY_REFUNDED as done: the first answer may have been lost",
  },
  {
    promise: "I9",
    without: "each entry of the record is chained to the one before",
    file: "src/runtime/audit.ts",
    from: "`${previousHash}\\n${body}`",
    to: "body",
    test: "test/runtime/audit.test.ts",
    name: "show an entry that was changed together with its own hash",
  },
  {
    promise: "I11",
    without: "a commit compares the revision",
    file: "src/redis/scripts/commit-step.lua",
    from: "if revision ~= tonumber(ARGV[1]) then return { -1 } end",
    to: "",
    test: "test/crash/race.test.ts",
    name: "bring their events into one order, and lose none",
  },
  {
    promise: "I12",
    without: "Telegram is answered after the update is durable",
    file: "src/http/webhook.ts",
    from: "await accept(body);",
    to: "void accept(body).then(undefined, () => {});",
    test: "test/http/webhook.test.ts",
    name: "is answered 503, so that Telegram repeats it",
  },
  {
    promise: "I13",
    without: "who calls the webhook is asked for the secret",
    file: "src/http/webhook.ts",
    from: 'if (typeof given !== "string" || !isSame(given, secret))',
    to: "if (given === secret && given !== secret)",
    test: "test/http/webhook.test.ts",
    name: "is refused before its body is read",
  },
  {
    promise: "I17",
    without: "an older store is compared with Telegram's list from the first row",
    file: "src/sweeps/payments.ts",
    from: "  if (isWhole) return {",
    to: "  if (isWhole && now < 0) return {",
    test: "test/sweeps/payments.test.ts",
    name: "begins at the first row: the server is another process than the one that was compared",
  },
];
