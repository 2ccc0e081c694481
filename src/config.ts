// The environment as one typed value. Read once, by main.ts.
import type { z } from "zod";
import type { ListedToken } from "./admin-tokens.ts";
import { type AdminRole, Env, SAFE_SECRET_LENGTH, TELEGRAM_API_ROOT } from "./environment.ts";
import { parseRedisUrl, type RedisTarget, withPassword } from "./redis-target.ts";
import { withSecretFiles } from "./secret-files.ts";
import { aliasProblems, type StaffAliases } from "./staff-aliases.ts";
import type { ListedStaff } from "./staff-members.ts";

/** Ports that Telegram's own servers call (Bot API, setWebhook). */
const TELEGRAM_WEBHOOK_PORTS = ["", "443", "80", "88", "8443"];

export interface Config {
  /** `sandbox`: Telegram and the product backend are simulated inside the process. */
  readonly mode: "telegram" | "sandbox";
  readonly telegram:
    | {
        readonly botToken: string;
        readonly apiRoot: string;
        readonly isOwnApi: boolean;
        readonly updates: UpdateSource;
      }
    | undefined;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly trustedProxies: readonly string[];
    /** Names by which the console may be called, besides this machine's own and `host`; in lower case. */
    readonly consoleHosts: readonly string[];
  };
  /** `undefined`: embedded. */
  readonly redis: RedisTarget | undefined;
  readonly dataDir: string;
  /** `undefined`: the built-in sample. */
  readonly plansFile: string | undefined;
  readonly backend:
    | { readonly url: string; readonly adminKey: string; readonly clientKey: string | undefined }
    | undefined;
  /** Which marketplace tokens are taken, besides what their contents say. */
  readonly wbTokens: { readonly serviceId: string | null; readonly personalTokens: "refuse" | "warn" };
  readonly upstreamUrl: string | undefined;
  /** Whether data of connected spreadsheets are collected; only where there is a backend. */
  readonly collects: boolean;
  /** At least one; the first seals. */
  readonly sealingKeys: readonly { readonly id: string; readonly key: Buffer }[];
  readonly adminTokens: readonly ListedToken<AdminRole>[];
  readonly staffChatId: string | undefined;
  readonly staffMembers: readonly ListedStaff<AdminRole>[];
  readonly staffAliases: StaffAliases;
  /** Payments from then on are ours, whatever this deployment knows of them. Epoch ms; null: since it first looked. */
  readonly paymentsSince: number | null;
  readonly role: "all" | "web" | "worker";
  readonly clock: "real" | "test";
  readonly timeZone: string;
  readonly logLevel: z.output<typeof Env>["LOG_LEVEL"];
  /** Unit: milliseconds. */
  readonly shutdownGraceMs: number;
}

type UpdateSource =
  | { readonly kind: "webhook"; readonly url: string; readonly secret: string }
  | { readonly kind: "polling" };

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Seals nothing worth keeping: the sandbox's secrets are made up, and its data should survive a restart. */
const SANDBOX_SEALING_KEY = { id: "sandbox", key: Buffer.alloc(32, "sandbox ") };

/**
 * Every problem at once, as `NAME: reason`; no value appears in any of them. A variable set to nothing counts as unset. Reads the files
 * that secrets are in.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const files = withSecretFiles(env);
  const given = givenIn(files.env);
  const parsed = Env.safeParse(given);
  const problems = [
    ...files.problems,
    ...(parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    ...crossProblems(given),
    ...(parsed.success ? aliasProblems(parsed.data) : []),
  ];
  if (!parsed.success || problems.length > 0) return { ok: false, problems: [...new Set(problems)] };
  return { ok: true, config: toConfig(parsed.data) };
}

/** What is allowed and should be otherwise, as `NAME: what to do`; no value appears in any of them. */
export function warningsOf({ telegram }: Config): string[] {
  const updates = telegram?.updates;
  return updates?.kind === "webhook" && updates.secret.length < SAFE_SECRET_LENGTH
    ? [
        `WEBHOOK_SECRET: shorter than ${SAFE_SECRET_LENGTH} characters; whoever guesses it can make up payments. Make one with: openssl rand -hex 32`,
      ]
    : [];
}

/** Where the plans are and whose rules they follow. Known of a refused environment too, so that both can be checked in one go. */
export function plansSourceOf(env: Readonly<Record<string, string | undefined>>): {
  /** `undefined`: the built-in sample. */
  readonly file: string | undefined;
  readonly isOwnTelegramApi: boolean;
} {
  const { PLANS_FILE: file, BOT_TOKEN, TELEGRAM_API_ROOT } = givenIn(withSecretFiles(env).env);
  return { file, isOwnTelegramApi: BOT_TOKEN !== undefined && isOwnApi(TELEGRAM_API_ROOT) };
}

/** What a log line must never hold. */
export const secretsOf = ({ telegram, redis, backend, sealingKeys }: Config): string[] =>
  [
    telegram?.botToken,
    telegram?.updates.kind === "webhook" ? telegram.updates.secret : undefined,
    redis && "password" in redis ? redis.password : undefined,
    redis?.kind === "sentinel" ? redis.sentinelPassword : undefined,
    backend?.adminKey,
    backend?.clientKey,
    ...sealingKeys.map(({ key }) => key.toString("base64")),
  ].filter((secret) => secret !== undefined);

type Given = Partial<Record<keyof typeof Env.shape, string>>;

const givenIn = (env: Readonly<Record<string, string | undefined>>): Given =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""));

/** Rules between variables. On the raw text, so that they are reported together with the problems of single variables. */
function crossProblems(given: Given): string[] {
  const problems: string[] = [];
  const needs = (name: keyof Given, other: keyof Given) => {
    if (given[name] && !given[other]) problems.push(`${other}: required with ${name}`);
  };
  needs("WEBHOOK_URL", "WEBHOOK_SECRET");
  needs("REDIS_PASSWORD", "REDIS_URL");
  if (given.REDIS_PASSWORD && hasPassword(given.REDIS_URL))
    problems.push("REDIS_PASSWORD: REDIS_URL has a password as well; keep one of the two");
  needs("BACKEND_URL", "BACKEND_ADMIN_KEY");
  needs("BACKEND_ADMIN_KEY", "BACKEND_URL");
  needs("BACKEND_CLIENT_KEY", "BACKEND_URL");
  // Somebody who sets these means a real bot; a sandbox that takes their place would look like a running service.
  needs("WEBHOOK_URL", "BOT_TOKEN");
  needs("TELEGRAM_API_ROOT", "BOT_TOKEN");
  if (given.NODE_ENV === "production" && !given.BOT_TOKEN) {
    problems.push(
      "BOT_TOKEN: required with NODE_ENV=production, where there is no sandbox; take a token from @BotFather, or start without NODE_ENV=production to try the sandbox",
    );
  }

  if (given.BOT_TOKEN && !given.SEALING_KEYS) {
    problems.push('SEALING_KEYS: required outside the sandbox; make one with: echo "k1:$(openssl rand -base64 32)"');
  }
  if (given.BOT_TOKEN && isOwnApi(given.TELEGRAM_API_ROOT)) {
    if (given.CLOCK === "test")
      problems.push("CLOCK: test is refused with Telegram's own API; use the sandbox or another TELEGRAM_API_ROOT");
    if (given.WEBHOOK_URL) problems.push(...ownApiWebhookProblems(given.WEBHOOK_URL));
  }
  needs("STAFF_MEMBERS", "STAFF_CHAT_ID");
  if (!given.REDIS_URL && (given.ROLE === "web" || given.ROLE === "worker")) {
    problems.push(
      "ROLE: web and worker are processes that share one Redis; set REDIS_URL (the embedded one serves a single process)",
    );
  }
  return problems;
}

function hasPassword(url: string | undefined): boolean {
  const parsed = url === undefined ? null : parseRedisUrl(url);
  return parsed?.ok === true && "password" in parsed.target;
}

function ownApiWebhookProblems(url: string): string[] {
  if (!URL.canParse(url)) return []; // reported by the variable itself
  const { protocol, port } = new URL(url);
  if (protocol !== "https:") return ["WEBHOOK_URL: Telegram calls https addresses only"];
  return TELEGRAM_WEBHOOK_PORTS.includes(port)
    ? []
    : ["WEBHOOK_URL: Telegram calls the ports 443, 80, 88 and 8443 only"];
}

const isOwnApi = (apiRoot: string | undefined): boolean => apiRoot === undefined || apiRoot === TELEGRAM_API_ROOT;

function toConfig(env: z.output<typeof Env>): Config {
  const isSandbox = env.BOT_TOKEN === undefined;
  return {
    mode: isSandbox ? "sandbox" : "telegram",
    telegram:
      env.BOT_TOKEN === undefined
        ? undefined
        : {
            botToken: env.BOT_TOKEN,
            apiRoot: env.TELEGRAM_API_ROOT ?? TELEGRAM_API_ROOT,
            isOwnApi: isOwnApi(env.TELEGRAM_API_ROOT),
            updates:
              env.WEBHOOK_URL && env.WEBHOOK_SECRET
                ? { kind: "webhook", url: env.WEBHOOK_URL, secret: env.WEBHOOK_SECRET }
                : { kind: "polling" },
          },
    http: {
      host: env.HOST,
      port: env.PORT,
      trustedProxies: env.TRUSTED_PROXIES ?? [],
      consoleHosts: env.CONSOLE_HOSTS ?? [],
    },
    redis: withPassword(env.REDIS_URL, env.REDIS_PASSWORD),
    dataDir: env.DATA_DIR,
    plansFile: env.PLANS_FILE,
    backend:
      env.BACKEND_URL && env.BACKEND_ADMIN_KEY
        ? { url: env.BACKEND_URL, adminKey: env.BACKEND_ADMIN_KEY, clientKey: env.BACKEND_CLIENT_KEY }
        : undefined,
    wbTokens: { serviceId: env.WB_SERVICE_ID ?? null, personalTokens: env.WB_PERSONAL_TOKENS },
    upstreamUrl: env.UPSTREAM_URL,
    collects: env.COLLECTION === "on",
    sealingKeys: env.SEALING_KEYS ?? [SANDBOX_SEALING_KEY],
    adminTokens: env.ADMIN_TOKENS ?? [],
    staffChatId: env.STAFF_CHAT_ID,
    staffMembers: env.STAFF_MEMBERS ?? [],
    staffAliases: env.STAFF_ALIASES ?? [],
    paymentsSince: env.PAYMENTS_SINCE ?? null,
    role: env.ROLE,
    clock: env.CLOCK ?? (isSandbox ? "test" : "real"),
    timeZone: env.TZ_DISPLAY,
    logLevel: env.LOG_LEVEL,
    shutdownGraceMs: env.SHUTDOWN_GRACE_MS,
  };
}
