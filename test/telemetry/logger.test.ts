import { GrammyError } from "grammy";
import { describe, expect, it } from "vitest";
import { faultFields } from "../../src/bot/faults.ts";
import { AppError } from "../../src/errors.ts";
import { describeError, makeLogger } from "../../src/telemetry/logger.ts";

const BOT_TOKEN = `7012345678:${"AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0".slice(0, 35)}`;

function capture(secrets: readonly string[] = []) {
  const lines: string[] = [];
  const logger = makeLogger({ level: "info", secrets, destination: { write: (line) => lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? "null") as Record<string, unknown> };
}

describe("a log line", () => {
  it("is JSON with a level in words and a time", () => {
    const { logger, last } = capture();
    logger.warn({ orderId: "o1" }, "Payment is late.");
    expect(last()).toEqual({ level: "warn", time: expect.any(Number), orderId: "o1", msg: "Payment is late." });
  });
  it("holds no bot token, wherever it stood", () => {
    const { logger, lines } = capture();
    const url = `https://api.telegram.org/bot${BOT_TOKEN}/getMe`;
    logger.error({ err: new Error(`request to ${url} failed`), call: { url }, [BOT_TOKEN]: 1 }, `Failed: ${url}`);
    expect(lines.join()).not.toContain("AAHdqTcv");
    expect(lines.join()).toContain("[secret]");
  });
  it("holds no part of a secret either, where a long message is cut in the middle of it", () => {
    for (const cut of [8, 25, 40]) {
      const { logger, lines } = capture(["backend-key-0123456789-0123456789"]);
      const before = "x".repeat(500 - cut);
      logger.error({ err: new Error(`${before}${BOT_TOKEN} was refused`) }, "failed");
      logger.error({ err: new Error(`${before}backend-key-0123456789-0123456789 was refused`) }, "failed");
      expect(lines.join(), String(cut)).not.toMatch(/70123456|AAHdq|backend-/);
    }
  });
  it("holds no JSON web token: product credentials are such", () => {
    const { logger, lines } = capture();
    logger.info(`Authorization was eyJhbGciOiJFUzI1NiJ9aaaa.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r`);
    expect(lines.join()).not.toMatch(/eyJ/);
  });
  it("holds no secret that became known after the logger was made", () => {
    const lines: string[] = [];
    let secrets: readonly string[] = [];
    const logger = makeLogger({
      level: "info",
      secrets: () => secrets,
      destination: { write: (line) => lines.push(line) },
    });
    logger.info("provider-token-1 is still an ordinary word");
    secrets = ["provider-token-1"];
    logger.error({ err: new Error("provider-token-1 was refused") }, "and provider-token-1 again");
    expect(lines[0]).toContain("provider-token-1");
    expect(lines[1]).not.toContain("provider-token-1");
  });
  it("holds none of the installation's own secrets, and stays JSON", () => {
    const awkward = 'pass"word\\with\nall';
    const { logger, lines, last } = capture([awkward, "backend-key-1", "backend-key-1-longer", "short"]);
    logger.info({ a: awkward, b: "x backend-key-1-longer y" }, "short words stay");
    expect(last()).toMatchObject({ a: "[secret]", b: "x [secret] y", msg: "short words stay" });
    expect(lines.join()).not.toMatch(/pass|backend-key/);
  });
  it("keeps the name that stands for an error, and nothing of what else was thrown", () => {
    const { logger, last } = capture();
    logger.error({
      event: "update.failed",
      ...faultFields(new AppError("redis.refused", { details: { keys: ["k"] } })),
    });
    expect(last()).toMatchObject({ error: "AppError", code: "redis.refused", details: { keys: ["k"] } });
    logger.error({ error: "text of a message" });
    expect(last()).toMatchObject({ error: { name: "string" } });
  });
  it("of a request names method and path, no header and no query", () => {
    const { logger, last } = capture();
    logger.info({
      req: { method: "GET", url: "/api/v1/people?name=Anna", headers: { authorization: "Bearer x" } },
      res: { statusCode: 200, x: 1 },
    });
    expect(last()).toMatchObject({ req: { method: "GET", path: "/api/v1/people" }, res: { statusCode: 200 } });
    expect(JSON.stringify(last())).not.toMatch(/Anna|Bearer/);
  });
});

describe("the description of an error", () => {
  it("has the code, and the details that were meant for it", () => {
    expect(describeError(new AppError("actor.noActor", { details: { id: "customer/1" } }))).toEqual({
      name: "AppError",
      code: "actor.noActor",
      message: expect.stringMatching(/^actor\.noActor: /),
      details: { id: "customer/1" },
    });
  });
  it("names causes by name and code, without their texts and fields", () => {
    const socket = Object.assign(new Error("connect ECONNREFUSED to anna@example.com"), {
      code: "ECONNREFUSED",
      body: "private",
    });
    const error = new AppError("redis.unreachable", { cause: new TypeError("fetch failed", { cause: socket }) });
    expect(describeError(error).causes).toEqual(["TypeError", "Error ECONNREFUSED"]);
    expect(JSON.stringify(describeError(error))).not.toMatch(/anna|private/);
  });
  it("of a Telegram call leaves out what was sent", () => {
    const answer = { ok: false as const, error_code: 400, description: "Bad Request: chat not found", parameters: {} };
    const error = new GrammyError("Call to 'sendMessage' failed!", answer, "sendMessage", {
      chat_id: 1,
      text: "private",
    });
    expect(describeError(error)).toMatchObject({ name: "GrammyError", code: 400 });
    expect(JSON.stringify(describeError(error))).not.toContain("private");
  });
  it("says where an unplanned one came from, and cuts a long message", () => {
    const { message, at } = describeError(new RangeError("x".repeat(5_000)));
    expect(message).toHaveLength(500);
    expect(at?.[0]).toContain("logger.test.ts");
  });
  it("of something that is no error repeats nothing of it", () => {
    expect(JSON.stringify(describeError("secret text"))).not.toContain("secret");
    expect(describeError(null)).toMatchObject({ name: "object" });
  });
});
