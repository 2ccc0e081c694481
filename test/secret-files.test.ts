import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { plansSourceOf, readConfig, secretsOf } from "../src/config.ts";
import { Env } from "../src/environment.ts";
import { SECRET_NAMES } from "../src/secret-files.ts";

const directory = mkdtempSync(join(tmpdir(), "tgs-secrets-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;
function fileOf(content: string | Buffer): string {
  files += 1;
  const path = join(directory, `secret-${files}`);
  writeFileSync(path, content);
  return path;
}

const TOKEN = `123456:${"a".repeat(35)}`;
const KEYS = `k1:${Buffer.alloc(32, 7).toString("base64")}`;
const problemsOf = (env: Record<string, string>) => {
  const read = readConfig(env);
  return read.ok ? [] : read.problems;
};

describe("a secret in a file", () => {
  it("counts like the variable itself, for every secret there is", () => {
    const values: Record<string, string> = {
      BOT_TOKEN: TOKEN,
      SEALING_KEYS: KEYS,
      WEBHOOK_SECRET: "w".repeat(32),
      REDIS_URL: "redis://localhost/3",
      REDIS_PASSWORD: "p@ss:w/rd",
      BACKEND_ADMIN_KEY: "admin-key",
      BACKEND_CLIENT_KEY: "client-key",
      ADMIN_TOKENS: `anna:owner:${"ab".repeat(32)}`,
    };
    expect(Object.keys(values).sort()).toEqual([...SECRET_NAMES].sort());
    const others = { WEBHOOK_URL: "https://bot.example.org/x", BACKEND_URL: "http://backend:9000" };
    const inFiles = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`${name}_FILE`, fileOf(`${value}\n`)]),
    );
    const read = readConfig({ ...others, ...inFiles });
    expect(read).toMatchObject({ ok: true });
    expect(read).toEqual(readConfig({ ...others, ...values }));
    expect(read.ok && secretsOf(read.config)).toContain("p@ss:w/rd");
  });

  it("may end with a line break of any system; an empty file counts as unset", () => {
    expect(readConfig({ BOT_TOKEN_FILE: fileOf(` ${TOKEN}\r\n`), SEALING_KEYS: KEYS })).toMatchObject({
      ok: true,
      config: { telegram: { botToken: TOKEN } },
    });
    expect(readConfig({ BOT_TOKEN_FILE: fileOf("\n"), WEBHOOK_SECRET_FILE: " " })).toMatchObject({
      ok: true,
      config: { mode: "sandbox" },
    });
  });

  it("beside the variable is refused: nobody could say which of the two holds", () => {
    expect(problemsOf({ BOT_TOKEN: TOKEN, SEALING_KEYS: KEYS, BOT_TOKEN_FILE: fileOf(TOKEN) })).toEqual([
      "BOT_TOKEN_FILE: BOT_TOKEN is set as well; keep one of the two",
    ]);
  });

  it("that is not there stops the start with its name, beside whatever else is wrong", () => {
    expect(problemsOf({ ADMIN_TOKENS_FILE: join(directory, "missing"), PORT: "many" })).toEqual([
      expect.stringMatching(/^ADMIN_TOKENS_FILE: the file cannot be read \(ENOENT\)/),
      expect.stringMatching(/^PORT: /),
    ]);
  });

  it("that holds something else is refused under the variable's name, without a word of it", () => {
    const [problem = "", ...others] = problemsOf({ BOT_TOKEN_FILE: fileOf("not-a-token"), SEALING_KEYS: KEYS });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^BOT_TOKEN: /);
    expect(problem).not.toContain("not-a-token");
    expect(problemsOf({ ADMIN_TOKENS_FILE: fileOf(Buffer.alloc(65_537, "x")) })).toEqual([
      expect.stringMatching(/^ADMIN_TOKENS_FILE: the file is larger than 64 kB/),
    ]);
  });

  it("is for secrets only: other variables have no such form", () => {
    expect(SECRET_NAMES).not.toContain("PORT");
    expect(readConfig({ PORT_FILE: fileOf("1") })).toEqual(readConfig({}));
    // A variable of that form would be taken for the file of another.
    const names = Object.keys(Env.shape);
    expect(SECRET_NAMES.filter((name) => names.includes(`${name}_FILE`))).toEqual([]);
  });

  it("tells whose rules the plans follow, as the token itself does", () => {
    expect(plansSourceOf({ BOT_TOKEN_FILE: fileOf(TOKEN) }).isOwnTelegramApi).toBe(true);
  });
});

describe("the password of Redis", () => {
  it("may stand apart from the address", () => {
    expect(readConfig({ REDIS_URL: "redis-sentinel://s1/main", REDIS_PASSWORD: "pw" })).toMatchObject({
      ok: true,
      config: { redis: { kind: "sentinel", masterName: "main", password: "pw" } },
    });
  });
  it("is refused where it would be the second, or the only thing known", () => {
    expect(problemsOf({ REDIS_URL: "redis://:one@localhost", REDIS_PASSWORD: "two" })).toEqual([
      "REDIS_PASSWORD: REDIS_URL has a password as well; keep one of the two",
    ]);
    expect(problemsOf({ REDIS_PASSWORD: "two" })).toEqual(["REDIS_URL: required with REDIS_PASSWORD"]);
  });
});
