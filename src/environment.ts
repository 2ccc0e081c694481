// The variables of the environment, each by itself; docs/configuration.md is printed from the descriptions here. Rules between them: config.ts.
import { z } from "zod";
import { adminTokens } from "./admin-tokens.ts";
import { httpRoot, httpUrl, isNetwork, isTimeZone, isUnique, listOf, wholeNumber } from "./config-forms.ts";
import { parseRedisUrl, type RedisTarget } from "./redis-target.ts";
import { staffAliases } from "./staff-aliases.ts";
import { staffMembers } from "./staff-members.ts";

export const TELEGRAM_API_ROOT = "https://api.telegram.org";

export const ADMIN_ROLES = ["viewer", "support", "finance", "owner"] as const;
export type AdminRole = (typeof ADMIN_ROLES)[number];

/** A shorter webhook secret could be guessed, and whoever guesses it can make up payments. */
export const SAFE_SECRET_LENGTH = 16;

const SealingKeys = listOf(
  z
    .string()
    .regex(/^[\w-]{1,32}:[A-Za-z0-9+/]{43}=$/, {
      error: "each key must be id:base64 of exactly 32 bytes, as `openssl rand -base64 32` prints",
      abort: true,
    })
    .transform((entry) => {
      const colon = entry.indexOf(":");
      return { id: entry.slice(0, colon), key: Buffer.from(entry.slice(colon + 1), "base64") };
    }),
).refine((keys) => isUnique(keys.map(({ id }) => id)), "two keys have the same id");

const TrustedProxies = listOf(
  z
    .string()
    .refine(
      isNetwork,
      "each entry must be an IP address or a network such as 10.0.0.0/8, which is not the whole internet",
    ),
);

const ConsoleHosts = listOf(
  z
    .string()
    .regex(
      /^(?:[\w.-]{1,253}|\[[\da-fA-F:.]{2,45}\])(?::\d{1,5})?$/,
      "each entry must be a host name as a browser's address bar shows it, with its port unless that is the usual one",
    )
    .transform((host) => host.toLowerCase()),
);

/** `all`, or a point in time. Epoch ms. */
const Since = z
  .union([z.literal("all"), z.iso.datetime({ offset: true })], "expected all, or a time such as 2026-03-01T00:00:00Z")
  // biome-ignore lint/style/noRestrictedGlobals: reads a given time, not a clock
  .transform((text) => (text === "all" ? 0 : Date.parse(text)));

const ChatId = z.string().regex(/^-?[1-9]\d{0,19}$/, "expected a Telegram chat id such as -1002123456789");

const Secret = z.string().regex(/^[\x21-\x7e]{1,512}$/, "expected printable characters without spaces, at most 512");

/**
 * `meta.unset`: what holds when the variable is not set, for people; the value itself where it is a plain default.
 * `meta.secret`: may be given as a file too (secret-files.ts).
 */
export const Env = z.object({
  BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{30,}$/, "expected <digits>:<secret>, as @BotFather prints it")
    .optional()
    .meta({
      description:
        "Telegram bot token. Without it the sandbox starts: a simulated Telegram and product backend inside the process.",
      unset: "sandbox",
      secret: true,
    }),
  NODE_ENV: z.string().optional().meta({
    description:
      "`production`: there is no sandbox, and a start without `BOT_TOKEN` is refused. Any other value changes nothing. The Docker image sets it.",
    unset: "the sandbox is allowed",
  }),
  TELEGRAM_API_ROOT: httpRoot().optional().meta({
    description: "Bot API root without a trailing slash: a local Bot API server, or an emulator.",
    unset: "Telegram's own",
  }),
  WEBHOOK_URL: httpUrl().optional().meta({
    description:
      "Public URL that Telegram calls, complete with path (normally `…/telegram/webhook`). Registered at start with an explicit list of update types and read back.",
    unset: "long polling",
  }),
  WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/, "expected 1-256 of A-Z, a-z, 0-9, _ and -")
    .optional()
    .meta({
      description: `Secret that Telegram sends with every call. Required with \`WEBHOOK_URL\`; below ${SAFE_SECRET_LENGTH} characters the start warns.`,
      unset: "—",
      secret: true,
    }),
  HOST: z
    .string()
    .regex(/^[\w.:-]{1,255}$/, "expected a host name or an IP address")
    .default("127.0.0.1")
    .meta({ description: "Address the HTTP server listens on. `0.0.0.0` in a container." }),
  PORT: wholeNumber(0, 65_535, "a port from 0 to 65535; 0 lets the system choose").default(8080).meta({
    description:
      "Port of the HTTP server: `POST /telegram/webhook`, `GET /healthz`, `GET /readyz`, `GET /metrics`, the admin API under `/api/v1` (docs/admin-api.md), the console under `/console`.",
  }),
  TRUSTED_PROXIES: TrustedProxies.optional().meta({
    description:
      "Reverse proxies before the admin API: IP addresses or networks, `10.0.0.7,172.18.0.0/16`. From them, and nobody else, `X-Forwarded-For` is believed, so that whoever guesses tokens locks out themselves and not all staff. Name only proxies that add the caller's address to that header.",
    unset: "none: a caller is the address of the connection",
  }),
  CONSOLE_HOSTS: ConsoleHosts.optional().meta({
    description:
      "Names by which people and programs call the console and the admin API besides this machine's own and `HOST`: `console.example.org,10.0.0.5:8080`. Calls by any other name are refused, or a page of somebody else's could call in your browser's name.",
    unset: "only this machine's own names and `HOST`",
  }),
  REDIS_URL: z
    .string()
    .transform((url, context): RedisTarget => {
      const parsed = parseRedisUrl(url);
      if (parsed.ok) return parsed.target;
      context.addIssue({ code: "custom", message: parsed.problem });
      return z.NEVER;
    })
    .optional()
    .meta({
      description:
        "`redis://`, `rediss://`, `redis-sentinel://h1:p1,h2:p2/master`, or `redis-cluster://h1:p1,h2:p2`. Without it a redis-server of our own runs on a private socket, with the repository's `redis.conf` and its data in `DATA_DIR`.",
      unset: "embedded",
      secret: true,
    }),
  REDIS_PASSWORD: Secret.optional().meta({
    description: "Password of `REDIS_URL`, for those who keep it apart from the address. Not both there and here.",
    unset: "that in `REDIS_URL`, or none",
    secret: true,
  }),
  DATA_DIR: z.string().min(1).default("./data").meta({
    description:
      "Data of the embedded Redis, and with `BACKEND_URL` the slices of collected data (`slices/`). Every process that works or answers needs the same slices: on several hosts a shared volume that knows hard links. Back it up.",
  }),
  PLANS_FILE: z.string().min(1).optional().meta({
    description: "YAML or JSON: products, plans, prices, channels, policies (below).",
    unset: "built-in sample",
  }),
  BACKEND_URL: httpRoot()
    .optional()
    .meta({ description: "Root of the product backend. In the sandbox: the simulated one.", unset: "—" }),
  BACKEND_ADMIN_KEY: Secret.optional().meta({
    description: "Admin credential of the product backend. Required with `BACKEND_URL`.",
    unset: "—",
    secret: true,
  }),
  BACKEND_CLIENT_KEY: Secret.optional().meta({
    description: "Weaker credential of the product backend (role client), used wherever it suffices.",
    unset: "the admin credential",
    secret: true,
  }),
  WB_SERVICE_ID: z
    .string()
    .regex(/^[\w-]{1,64}$/, "expected the id that the marketplace gave this service")
    .optional()
    .meta({
      description: "Our id as a service at the marketplace: service tokens issued for another one are refused.",
      unset: "all service tokens are refused",
    }),
  WB_PERSONAL_TOKENS: z.enum(["refuse", "warn"], "expected refuse or warn").default("refuse").meta({
    description:
      "Personal marketplace tokens may not be given to cloud services. Who runs this for themselves may take them: `warn`.",
  }),
  UPSTREAM_URL: httpRoot().optional().meta({
    description:
      "Upstream data source for proxy-first datasets. It is asked as the product backend is, with the same credential: only an address that you trust with it.",
    unset: "—",
  }),
  COLLECTION: z.enum(["on", "off"], "expected on or off").default("on").meta({
    description:
      "Whether the data of connected spreadsheets are collected at 05:00, 11:00, 17:00 and 23:30 Moscow time, frozen and compared, with `BACKEND_URL` or in the sandbox. Slices lie in `DATA_DIR`.",
  }),
  SEALING_KEYS: SealingKeys.optional().meta({
    description:
      "`id:base64(32 bytes)[,id:…]`. The first seals customers' secrets, all open them: rotate by putting a new one in front. Required outside the sandbox.",
    unset: "— (sandbox: a fixed key)",
    secret: true,
  }),
  ADMIN_TOKENS: adminTokens(ADMIN_ROLES)
    .optional()
    .meta({
      description: `\`name:role:sha256-of-token[,…]\`, roles ${ADMIN_ROLES.join(" · ")}. Without it the admin API refuses everybody but loopback in the sandbox.`,
      unset: "—",
      secret: true,
    }),
  STAFF_CHAT_ID: ChatId.optional().meta({
    description:
      "Telegram chat where staff are told what waits for them (new requests, lost channels, held removals): a group with the bot in it, or a person who has started the bot. Without it only the log says so.",
    unset: "—",
  }),
  STAFF_MEMBERS: staffMembers(ADMIN_ROLES)
    .optional()
    .meta({
      description: `Who may work in the staff chat: \`telegramId:name:role[,…]\`, roles ${ADMIN_ROLES.join(" · ")}. Somebody with a token too has the same name in both, or they would be two persons (or say so in \`STAFF_ALIASES\`). Without it the chat is only told things.`,
      unset: "—",
    }),
  STAFF_ALIASES: staffAliases().optional().meta({
    description:
      "Names of `ADMIN_TOKENS` and `STAFF_MEMBERS` that are one person: `name=name[=name…][,…]`. Nobody approves what they asked for under another of their names. The same name in both, capitals or not, is one person anyway.",
    unset: "—",
  }),
  ROLE: z
    .enum(["all", "web", "worker"], "expected all, web or worker")
    .default("all")
    .meta({ description: "What this process does: take requests (`web`), carry out work (`worker`), or both." }),
  CLOCK: z.enum(["real", "test"], "expected real or test").optional().meta({
    description:
      '`test` allows `POST /api/v1/clock/advance {"ms":…}`. Refused together with Telegram\'s own API: real people would lose real time.',
    unset: "`real` (sandbox: `test`)",
  }),
  PAYMENTS_SINCE: Since.optional().meta({
    description:
      "After the data were lost and there is no backup: payments in Telegram's list from this time on, or `all` of them, are taken in although their orders are unknown. Each waits for the staff with a ticket of its own. See [the runbook](runbooks/restore.md).",
    unset: "what was sold before this deployment first looked is nobody's",
  }),
  TZ_DISPLAY: z
    .string()
    .refine(isTimeZone, "expected a time zone such as Europe/Moscow")
    .default("Europe/Moscow")
    .meta({ description: "Time zone of texts and of the hours in which reminders may be sent." }),
  LOG_LEVEL: z
    .enum(
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      "expected trace, debug, info, warn, error, fatal or silent",
    )
    .default("info")
    .meta({ description: "Least important level that is logged. Logs are JSON lines on stdout." }),
  SHUTDOWN_GRACE_MS: wholeNumber(0, 600_000, "milliseconds from 0 to 600000")
    .default(10_000)
    .meta({ description: "How long running steps may take to finish after SIGTERM. Unit: milliseconds." }),
});
