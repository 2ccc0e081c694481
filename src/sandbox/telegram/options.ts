// Everything that can be chosen about the emulated Telegram, with the default for each open question.
import { z } from "zod";
import type { Scheduler } from "./delivery/scheduler.ts";

/** Source of the emulator's time. Unit: epoch milliseconds. */
export interface Clock {
  now(): number;
}

const BotProfile = z.strictObject({
  id: z.int().positive().default(6_900_000_001),
  firstName: z.string().min(1).default("Club"),
  username: z
    .string()
    .regex(/^\w{2,29}bot$/i, "a bot's username ends in bot")
    .default("club_bot"),
});

/** Points that Telegram's documentation leaves open; each default is the documented or most likely answer. */
const Switches = z.strictObject({
  /** `editUserStarSubscription(is_canceled: true)` also sends `subscription: canceled`. */
  botCancelEmitsSubscription: z.boolean().default(false),
  /** Author of the `refunded_payment` service message. */
  refundedPaymentFrom: z.enum(["bot", "user"]).default("bot"),
  /** A renewal asks for a pre-checkout before it charges. */
  preCheckoutOnRenewal: z.boolean().default(false),
  /** Refunding any charge of a Stars subscription also ends its renewal. */
  refundStopsRenewal: z.boolean().default(false),
  /** `provider_payment_charge_id` of a Stars payment. */
  starsProviderChargeId: z.enum(["perUser", "empty"]).default("perUser"),
  /** The end of a timed ban sends `chat_member` kicked to left. */
  banExpiryEmitsUpdate: z.boolean().default(false),
  /** Revoking a link that is already revoked. */
  revokeTwice: z.enum(["error", "ok"]).default("error"),
  /** Queue key of `subscription` updates: one per user, or the one of the private chat's messages. */
  subscriptionQueue: z.enum(["own", "chat"]).default("own"),
});

const FloodLimit = z.strictObject({
  scope: z.enum(["bot", "chat"]),
  maxCalls: z.int().positive(),
  perMs: z.int().positive(),
  /** Only these methods count; all when absent. */
  methods: z.array(z.string()).optional(),
});

export const EmulatorOptionsSchema = z.strictObject({
  host: z.enum(["127.0.0.1", "::1", "localhost"]).default("127.0.0.1"),
  /** 0 = any free port. */
  port: z.int().min(0).max(65_535).default(0),
  token: z
    .string()
    .regex(/^\d+:[\w-]+$/, "expected <digits>:<secret>")
    .default("6900000001:sandbox-token-sandbox-token-sandbox"),
  bot: BotProfile.default(() => BotProfile.parse({})),
  /** Opens `/__telegram/...`, the controls of people and channels over HTTP. */
  control: z.boolean().default(false),
  /** Random ids are derived from it. Default: the clock at construction, so that a restarted world repeats no id. */
  seed: z.number().optional(),
  firstUpdateId: z.int().positive().optional(),
  /** Accepted `subscription_period` values. Unit: seconds. */
  subscriptionPeriods: z.array(z.int().positive()).default([2_592_000]),
  /** Accept any `subscription_period` of 5 s or more. */
  freePeriods: z.boolean().default(false),
  /** How long a failed renewal is tried again when the person tops up. */
  renewalRetryMs: z
    .int()
    .nonnegative()
    .default(3 * 86_400_000),
  preCheckoutTimeoutMs: z.int().positive().default(10_000),
  /** How long a callback query can be answered. */
  callbackTimeoutMs: z.int().positive().default(150_000),
  providerTokens: z.array(z.string().min(1)).default([]),
  /** Webhooks over http:// on any port, but only to this machine. `false` applies Telegram's own rules. */
  loopbackWebhooks: z.boolean().default(true),
  /** No answer within this time counts as a failed delivery. */
  webhookTimeoutMs: z.int().positive().default(60_000),
  /** The longest wait between two deliveries of one update; Telegram's own grows to a random one to two minutes. */
  longestRetryMs: z.int().positive().default(120_000),
  /** More than one `setWebhook` per second answers 429. */
  limitSetWebhook: z.boolean().default(false),
  flood: z.array(FloodLimit).default([]),
  /** Calls kept in the journal; older ones are dropped. */
  journalSize: z.int().positive().default(20_000),
  switches: Switches.default(() => Switches.parse({})),
});

export type ResolvedOptions = z.output<typeof EmulatorOptionsSchema>;
export type EmulatorSwitches = z.output<typeof Switches>;

/** Options of `new TelegramEmulator(...)`. Only the clock is required. */
export type EmulatorOptions = z.input<typeof EmulatorOptionsSchema> & {
  readonly clock: Clock;
  /** Waits of retries and timeouts. Default: real timers. */
  readonly scheduler?: Scheduler;
  /** A call that fails by a defect of the emulator itself. Default: a Node warning. */
  readonly onDefect?: (cause: unknown) => void;
};

/** @throws ZodError naming the wrong option. */
export const resolveOptions = (input: z.input<typeof EmulatorOptionsSchema>): ResolvedOptions =>
  EmulatorOptionsSchema.parse(input);
