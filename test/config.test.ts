import { describe, expect, it } from "vitest";
import { type Config, plansSourceOf, readConfig, secretsOf, warningsOf } from "../src/config.ts";

const TOKEN = `123456:${"a".repeat(35)}`;
const KEY = Buffer.alloc(32, 7).toString("base64");
const DIGEST = "ab".repeat(32);
/** The least a real bot needs. */
const BOT = { BOT_TOKEN: TOKEN, SEALING_KEYS: `k1:${KEY}` };

function accepted(env: Record<string, string | undefined>): Config {
  const result = readConfig(env);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result.config;
}

function problems(env: Record<string, string | undefined>): readonly string[] {
  const result = readConfig(env);
  return result.ok ? [] : result.problems;
}

describe("an empty environment", () => {
  it("is the sandbox on loopback, with a test clock and an embedded Redis", () => {
    expect(accepted({})).toMatchObject({
      mode: "sandbox",
      telegram: undefined,
      http: { host: "127.0.0.1", port: 8080 },
      redis: undefined,
      dataDir: "./data",
      plansFile: undefined,
      backend: undefined,
      adminTokens: [],
      staffAliases: [],
      paymentsSince: null,
      role: "all",
      clock: "test",
      timeZone: "Europe/Moscow",
      logLevel: "info",
      shutdownGraceMs: 10_000,
    });
  });
  it("has a sealing key, so that sandbox data can be read after a restart", () => {
    const [key] = accepted({}).sealingKeys;
    expect(key).toEqual(accepted({}).sealingKeys[0]);
    expect(key?.key).toHaveLength(32);
  });
  it("is the same in any mode but production, which needs a bot", () => {
    expect(accepted({ NODE_ENV: "development" })).toEqual(accepted({}));
    expect(accepted({ ...BOT, NODE_ENV: "production" })).toEqual(accepted(BOT));
  });
  it("is the same as one of empty variables, as compose files produce them", () => {
    expect(accepted({ BOT_TOKEN: "", REDIS_URL: "  ", PORT: "" })).toEqual(accepted({}));
  });
});

describe("the time since which payments are ours", () => {
  it("is a time with its zone, or everything", () => {
    expect(accepted({ PAYMENTS_SINCE: "all" }).paymentsSince).toBe(0);
    expect(accepted({ PAYMENTS_SINCE: "2026-03-01T03:00:00+03:00" }).paymentsSince).toBe(1_772_323_200_000);
  });
});

describe("a bot token", () => {
  it("means Telegram's own API, real time and long polling", () => {
    expect(accepted(BOT)).toMatchObject({
      mode: "telegram",
      clock: "real",
      telegram: { botToken: TOKEN, apiRoot: "https://api.telegram.org", isOwnApi: true, updates: { kind: "polling" } },
    });
  });
  it("with a webhook is called there", () => {
    const url = "https://bot.example.com/telegram/webhook";
    expect(accepted({ ...BOT, WEBHOOK_URL: url, WEBHOOK_SECRET: "s-3_T" }).telegram?.updates).toEqual({
      kind: "webhook",
      url,
      secret: "s-3_T",
    });
  });
  it("at another API root may use a test clock and a plain http webhook on any port", () => {
    const config = accepted({
      ...BOT,
      TELEGRAM_API_ROOT: "http://127.0.0.1:9000",
      CLOCK: "test",
      WEBHOOK_URL: "http://127.0.0.1:8080/telegram/webhook",
      WEBHOOK_SECRET: "s",
    });
    expect(config).toMatchObject({ clock: "test", telegram: { isOwnApi: false, apiRoot: "http://127.0.0.1:9000" } });
  });
  it("takes Telegram's own root written out for what it is", () => {
    const env = { ...BOT, TELEGRAM_API_ROOT: "https://api.telegram.org" };
    expect(accepted(env).telegram?.isOwnApi).toBe(true);
    expect(problems({ ...env, CLOCK: "test" })).toEqual([expect.stringMatching(/^CLOCK: /)]);
  });
});

describe("lists", () => {
  it("of sealing keys keep their order: the first seals", () => {
    const config = accepted({ ...BOT, SEALING_KEYS: `new:${KEY}, old:${Buffer.alloc(32, 1).toString("base64")}` });
    expect(config.sealingKeys.map(({ id, key }) => [id, key[0]])).toEqual([
      ["new", 7],
      ["old", 1],
    ]);
  });
  it("of admin tokens are read into name, role and digest", () => {
    const config = accepted({ ADMIN_TOKENS: `anna:owner:${DIGEST.toUpperCase()},bob.k:viewer:${"cd".repeat(32)}` });
    expect(config.adminTokens).toEqual([
      { name: "anna", role: "owner", sha256: DIGEST },
      { name: "bob.k", role: "viewer", sha256: "cd".repeat(32) },
    ]);
  });
  it("reads the names of the console as a browser shows them", () => {
    expect(accepted({}).http.consoleHosts).toEqual([]);
    expect(accepted({ CONSOLE_HOSTS: "Console.example.org, 10.0.0.5:8080,[fd00::1]:8443" }).http.consoleHosts).toEqual([
      "console.example.org",
      "10.0.0.5:8080",
      "[fd00::1]:8443",
    ]);
  });
  it.each(["https://console.example.org", "console.example.org/console", "*", "a b", "a@b", ","])(
    "takes no name of the console that no browser would show: %s",
    (given) => {
      const result = readConfig({ CONSOLE_HOSTS: given });
      expect(result.ok ? [] : result.problems).toEqual([expect.stringMatching(/^CONSOLE_HOSTS: each entry must be/)]);
    },
  );

  it("of trusted proxies are addresses and networks, and none unless somebody says so", () => {
    expect(accepted({}).http.trustedProxies).toEqual([]);
    const given = "10.0.0.7, 172.16.0.0/12,fd00::/8,::1, 10.1.2.3/32";
    expect(accepted({ TRUSTED_PROXIES: given }).http.trustedProxies).toEqual([
      "10.0.0.7",
      "172.16.0.0/12",
      "fd00::/8",
      "::1",
      "10.1.2.3/32",
    ]);
  });
});

describe("a wrong value", () => {
  it.each([
    ["BOT_TOKEN", "123456:short"],
    ["BOT_TOKEN", `abc:${"a".repeat(35)}`],
    ["TELEGRAM_API_ROOT", "http://127.0.0.1:9000/"],
    ["TELEGRAM_API_ROOT", "ftp://127.0.0.1"],
    ["WEBHOOK_URL", "bot.example.com"],
    ["WEBHOOK_URL", "https://user:pw@bot.example.com/x"],
    ["WEBHOOK_SECRET", "with space"],
    ["WEBHOOK_SECRET", "x".repeat(257)],
    ["HOST", "a b"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "80.5"],
    ["PORT", "0x50"],
    ["REDIS_URL", "http://localhost:6379"],
    ["BACKEND_URL", "backend:9000"],
    ["BACKEND_ADMIN_KEY", "two words"],
    ["UPSTREAM_URL", "nowhere"],
    ["SEALING_KEYS", `k1:${Buffer.alloc(31).toString("base64")}`],
    ["SEALING_KEYS", `k1:${KEY},k1:${KEY}`],
    ["SEALING_KEYS", `k1:${KEY},`],
    ["ADMIN_TOKENS", `anna:root:${DIGEST}`],
    ["ADMIN_TOKENS", `anna:owner:${DIGEST.slice(1)}`],
    ["ADMIN_TOKENS", `anna:owner:${DIGEST},anna:viewer:${"cd".repeat(32)}`],
    ["ADMIN_TOKENS", `anna:owner:${DIGEST},bob:viewer:${DIGEST.toUpperCase()}`],
    ["TRUSTED_PROXIES", "proxy.example.org"],
    ["TRUSTED_PROXIES", "loopback"],
    ["TRUSTED_PROXIES", "10.0.0.7,"],
    ["TRUSTED_PROXIES", "10.0.0.256"],
    ["TRUSTED_PROXIES", "10.0.0.0/33"],
    ["TRUSTED_PROXIES", "0.0.0.0/0"],
    ["TRUSTED_PROXIES", "::/0"],
    ["TRUSTED_PROXIES", "fd00::/129"],
    ["TRUSTED_PROXIES", "10.0.0.0/255.0.0.0"],
    ["TRUSTED_PROXIES", "10.0.0.0/8/8"],
    ["TRUSTED_PROXIES", "fe80::1%eth0"],
    ["ROLE", "both"],
    ["CLOCK", "fast"],
    ["TZ_DISPLAY", "Europe/Mosc0w"],
    ["LOG_LEVEL", "verbose"],
    ["PAYMENTS_SINCE", "everything"],
    ["PAYMENTS_SINCE", "2026-02-30T00:00:00Z"],
    ["SHUTDOWN_GRACE_MS", "ten"],
    ["SHUTDOWN_GRACE_MS", "600001"],
  ])("of %s is refused by name and reason, without the value: %s", (name, value) => {
    const found = problems({ [name]: value }).filter((text) => text.startsWith(`${name}: `));
    expect(found).toHaveLength(1);
    expect(found[0]).not.toContain(value);
  });

  it("does not hide the others: all are listed at once, rules between variables included", () => {
    const found = problems({
      BOT_TOKEN: "nonsense",
      PORT: "many",
      CLOCK: "test",
      WEBHOOK_URL: "http://bot.example.com",
      BACKEND_URL: "http://backend:9000",
      ROLE: "web",
    });
    expect(found.map((text) => text.split(":")[0]).sort()).toEqual(
      [
        "BOT_TOKEN",
        "PORT",
        "CLOCK",
        "WEBHOOK_URL",
        "WEBHOOK_SECRET",
        "BACKEND_ADMIN_KEY",
        "SEALING_KEYS",
        "ROLE",
      ].sort(),
    );
  });
});

describe("variables that need each other", () => {
  it.each([
    ["a webhook needs its secret", { ...BOT, WEBHOOK_URL: "https://a.example/x" }, "WEBHOOK_SECRET"],
    ["a bot needs sealing keys", { BOT_TOKEN: TOKEN }, "SEALING_KEYS"],
    ["a backend needs its admin key", { BACKEND_URL: "http://b" }, "BACKEND_ADMIN_KEY"],
    ["an admin key needs its backend", { BACKEND_ADMIN_KEY: "k" }, "BACKEND_URL"],
    ["a client key needs its backend", { BACKEND_CLIENT_KEY: "k" }, "BACKEND_URL"],
    ["a webhook needs a bot", { WEBHOOK_URL: "https://a.example/x", WEBHOOK_SECRET: "s" }, "BOT_TOKEN"],
    ["there is no sandbox in production", { NODE_ENV: "production" }, "BOT_TOKEN"],
    ["an API root needs a bot", { TELEGRAM_API_ROOT: "http://127.0.0.1:9000" }, "BOT_TOKEN"],
    ["real people get real time", { ...BOT, CLOCK: "test" }, "CLOCK"],
    ["Telegram calls https only", { ...BOT, WEBHOOK_URL: "http://a.example/x", WEBHOOK_SECRET: "s" }, "WEBHOOK_URL"],
    [
      "Telegram calls few ports",
      { ...BOT, WEBHOOK_URL: "https://a.example:444/x", WEBHOOK_SECRET: "s" },
      "WEBHOOK_URL",
    ],
    ["a lone worker needs a shared Redis", { ROLE: "worker" }, "ROLE"],
  ])("are refused apart: %s", (_rule, env, name) => {
    expect(problems(env)).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });
});

describe("the secrets of a configuration", () => {
  it("are all that must stay out of the log", () => {
    const secrets = secretsOf(
      accepted({
        ...BOT,
        WEBHOOK_URL: "https://bot.example.com/x",
        WEBHOOK_SECRET: "webhook-secret",
        REDIS_URL: "redis-sentinel://:redis-pw@s1/main?sentinelPassword=sentinel-pw",
        BACKEND_URL: "http://b",
        BACKEND_ADMIN_KEY: "admin-key",
        BACKEND_CLIENT_KEY: "client-key",
      }),
    );
    expect(secrets.sort()).toEqual(
      [TOKEN, KEY, "webhook-secret", "redis-pw", "sentinel-pw", "admin-key", "client-key"].sort(),
    );
  });
});

describe("a Redis URL", () => {
  it("is a target in the configuration", () => {
    expect(accepted({ REDIS_URL: "redis://localhost/3", ROLE: "web" }).redis).toEqual({
      kind: "single",
      address: { host: "localhost", port: 6379 },
      db: 3,
      tls: false,
    });
  });
});

describe("the chat of the staff", () => {
  it("is a chat id, and nobody when it is not set", () => {
    expect(accepted({ STAFF_CHAT_ID: "-1002123456789" }).staffChatId).toBe("-1002123456789");
    expect(accepted({}).staffChatId).toBeUndefined();
  });
  it.each(["@staff", "-", "0", "12.5"])("is not %s", (id) => {
    expect(problems({ STAFF_CHAT_ID: id })).toEqual([
      expect.stringMatching(/^STAFF_CHAT_ID: expected a Telegram chat id/),
    ]);
  });
});

describe("a secret that can be guessed", () => {
  const warnings = (secret: string) =>
    warningsOf(accepted({ ...BOT, WEBHOOK_URL: "https://bot.example.com/x", WEBHOOK_SECRET: secret }));
  it("is taken with a warning that names it and does not show it", () => {
    const [warning, ...others] = warnings("fifteen-letters");
    expect(warning).toMatch(/^WEBHOOK_SECRET: .*openssl rand/);
    expect(warning).not.toContain("fifteen");
    expect(others).toEqual([]);
  });
  it("is none when it is long enough", () => {
    expect(warnings("sixteen-letters-")).toEqual([]);
    expect(warningsOf(accepted({}))).toEqual([]);
  });
});

describe("where the plans are", () => {
  it("is known of a refused environment as well, so that both can be checked in one go", () => {
    const broken = { PORT: "many", PLANS_FILE: "./plans.yaml" };
    expect(readConfig(broken).ok).toBe(false);
    expect(plansSourceOf(broken)).toEqual({ file: "./plans.yaml", isOwnTelegramApi: false });
  });
  it.each([
    ["the sandbox", {}, false],
    ["Telegram's own API", BOT, true],
    ["another API", { ...BOT, TELEGRAM_API_ROOT: "http://127.0.0.1:9000" }, false],
  ])("comes with whose rules hold for periods: those of %s", (_name, env, isOwnTelegramApi) => {
    expect(plansSourceOf({ PLANS_FILE: " ", ...env })).toEqual({ file: undefined, isOwnTelegramApi });
  });
});
