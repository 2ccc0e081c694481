import { GrammyError } from "grammy";
import { describe, expect, it } from "vitest";
import { faultFields } from "../../src/bot/faults.ts";
import { AppError } from "../../src/errors.ts";
import { describeError, makeLogger } from "../../src/telemetry/logger.ts";

const BOT_TOKEN = `7012345678:${"AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0".slice(0, 35)}`;

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

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
    const spread = { call: { url }, [BOT_TOKEN]: 1 };
    const err = new AppError("effect.rejected", { details: { refusal: `request to ${url} failed` } });
    logger.error({ err, url, reason: url, ...spread }, `Failed: ${url}`);
    expect(lines.join()).not.toContain("AAHdqTcv");
    expect(lines.join()).toContain("[secret]");
  });
  it("holds no part of a secret either, where a long message is cut in the middle of it", () => {
    for (const cut of [8, 25, 40]) {
      const { logger, lines } = capture(["backend-key-0123456789-0123456789"]);
      const before = "x".repeat(500 - cut);
      logger.error(
        { err: new TypeError(`${before}${BOT_TOKEN} was refused`), reason: `${before}${BOT_TOKEN}` },
        "failed",
      );
      logger.error({ err: new TypeError(`${before}backend-key-0123456789-0123456789 was refused`) }, "failed");
      expect(lines.join(), String(cut)).not.toMatch(/70123456|AAHdq|backend-/);
    }
  });
  it("holds no JSON web token: product credentials are such", () => {
    const { logger, lines } = capture();
    logger.info(
      {},
      "Authorization was eyJhbGciOiJFUzI1NiJ9aaaa.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r",
    );
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
    logger.info({}, "provider-token-1 is still an ordinary word");
    secrets = ["provider-token-1"];
    logger.error({ err: new TypeError("provider-token-1 was refused") }, "and provider-token-1 again");
    expect(lines[0]).toContain("provider-token-1");
    expect(lines[1]).not.toContain("provider-token-1");
  });
  it("holds none of the installation's own secrets, and stays JSON", () => {
    const awkward = 'pass"word\\with\nall';
    const { logger, lines, last } = capture([awkward, "backend-key-1", "backend-key-1-longer", "short"]);
    logger.info({ reason: awkward, detail: "x backend-key-1-longer y" }, "short words stay");
    expect(last()).toMatchObject({ reason: "[secret]", detail: "x [secret] y", msg: "short words stay" });
    expect(lines.join()).not.toMatch(/pass|backend-key/);
  });
  it("keeps the name that stands for an error, and nothing of what else was thrown", () => {
    const { logger, last } = capture();
    logger.error(
      { event: "update.failed", ...faultFields(new AppError("redis.refused", { details: { keys: ["k"] } })) },
      "failed",
    );
    expect(last()).toMatchObject({ error: "AppError", code: "redis.refused", details: { keys: ["k"] } });
    logger.error({ error: "text of a message" }, "failed");
    expect(last()).toMatchObject({ error: { name: "string" } });
  });
});

describe("a field that is not on the list", () => {
  const CANARY = "canary-of-anna@example.com";
  // Fields come by spreads too, where no compiler sees their names.
  const given = (fields: object): Record<string, unknown> => ({ ...fields });

  it("is left out with all that it holds, and the line says how many were", () => {
    const dropped: number[] = [];
    const lines: string[] = [];
    const logger = makeLogger({
      level: "info",
      destination: { write: (line) => lines.push(line) },
      onDropped: (fields) => dropped.push(fields),
    });
    const update = { update_id: 1, message: { text: CANARY, from: { first_name: CANARY } } };
    logger.info(given({ userId: 7, update, text: CANARY, [CANARY]: true, toString: CANARY }), "seen");
    expect(JSON.parse(lines.join(""))).toEqual({
      ...{ level: "info", time: expect.any(Number), userId: 7, fieldsDropped: 4, msg: "seen" },
    });
    expect(dropped).toEqual([4]);
  });
  it("is left out as well where the name is listed and the form is another", () => {
    const { logger, last, lines } = capture();
    const wrong = {
      event: `e ${CANARY}`,
      userId: CANARY,
      code: { CANARY },
      status: CANARY,
      again: CANARY,
      missing: ["can_invite_users", CANARY],
      details: { address: "customer/7", text: CANARY, chatId: [CANARY] },
      money: { successful_payment: { currency: "XTR", order_info: { email: CANARY } } },
      stack: `at ${CANARY} (/srv/app.ts:1:2)`,
      url: `http://127.0.0.1:8080/?token=${CANARY}`,
      reason: { CANARY },
    };
    logger.warn(given(wrong), "odd");
    expect(lines.join()).not.toContain("canary");
    expect(last()).toEqual({
      ...{ level: "warn", time: expect.any(Number), msg: "odd", url: "http://127.0.0.1:8080", stack: "" },
      ...{ missing: ["can_invite_users"], details: { address: "customer/7" } },
      money: { successful_payment: { currency: "XTR" } },
      fieldsDropped: 10,
    });
  });
  it("is not let in by giving something whole: an error, an update, a text, further arguments", () => {
    const { logger, lines, last } = capture();
    const log = logger.error as (...args: unknown[]) => void;
    log(Object.assign(new Error(CANARY), { request: CANARY, code: "E_ODD" }));
    expect(last()).toMatchObject({ msg: "", err: { name: "Error", code: "E_ODD" } });
    log(CANARY);
    log([CANARY], "a list");
    log({ userId: 7 }, "seen %s and %o", CANARY, { CANARY });
    expect(last()).toMatchObject({ userId: 7, msg: "seen %s and %o" });
    expect(lines).toHaveLength(4);
    expect(lines.join()).not.toContain("canary");
  });
  it("is not let in by being deep, endless or slow to read", () => {
    const { logger, lines } = capture();
    const ring: Record<string, unknown> = { code: "x" };
    ring.details = ring;
    logger.info(given({ details: ring }), "a ring");
    logger.info(given({ fields: Array.from({ length: 10_000 }, () => "x".repeat(10_000)) }), "much");
    logger.info(given({ reason: `at ${"a ".repeat(500_000)}`, stack: `at ${"a ".repeat(500_000)}` }), "long");
    expect(lines.every((line) => line.length < 30_000)).toBe(true);
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
  it("has the code that an error of Redis begins with, and nothing else of its words", () => {
    const oom = Object.assign(new Error("OOM command not allowed when used memory > 'maxmemory'."), {
      name: "ReplyError",
    });
    expect(describeError(oom)).toMatchObject({ name: "ReplyError", code: "OOM" });
    expect(describeError(oom)).not.toHaveProperty("message");
    const odd = Object.assign(new Error("s3cret said no"), { name: "ReplyError" });
    expect(describeError(odd)).not.toHaveProperty("code");
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
    const { message, at } = describeError(new TypeError("x".repeat(5_000)));
    expect(message).toHaveLength(500);
    expect(at?.[0]).toContain("logger.test.ts");
  });
  it("keeps no message that may quote what was given, nor one that looks like a stack", () => {
    const quoting = () => JSON.parse('secret-of-anna {"a":1}');
    for (const error of [
      caught(quoting),
      new RangeError("secret-of-anna"),
      new Error("x\n    at secret-of-anna\n    at anna (secret-of-anna)"),
      Object.assign(new Error("secret-of-anna"), { name: "secret of anna", code: "secret of anna" }),
      Object.assign(new Error("getaddrinfo ENOTFOUND secret-of-anna"), { syscall: "getaddrinfo", code: "ENOTFOUND" }),
    ])
      expect(JSON.stringify(describeError(error))).not.toMatch(/secret.of.anna/);
  });
  it("of something that is no error repeats nothing of it", () => {
    expect(JSON.stringify(describeError("secret text"))).not.toContain("secret");
    expect(describeError(null)).toMatchObject({ name: "object" });
  });
});
