import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError, ERRORS } from "../../src/errors.ts";
import { problemOf } from "../../src/http/problem.ts";
import { makeServer } from "../../src/http/server.ts";
import { registerWebhook, WEBHOOK_PATH } from "../../src/http/webhook.ts";

const SECRET = "right-secret_0123456789";
let server: FastifyInstance;
let accepted: unknown[];
let logged: string[];
let failure: Error | null;
let answers: number[];

beforeEach(() => {
  accepted = [];
  logged = [];
  failure = null;
  answers = [];
  server = makeServer({
    warn: () => {},
    error: (fields, message) => logged.push(`${message} ${JSON.stringify(fields)}`),
  });
  registerWebhook(server, {
    secret: SECRET,
    accept: async (update) => {
      if (failure) throw failure;
      accepted.push(update);
    },
    onAnswer: (code) => answers.push(code),
  });
});
afterEach(() => server.close());

const idOf = (response: { readonly headers: Readonly<Record<string, unknown>> }) =>
  String(response.headers["x-request-id"]);

const call = (options: { secret?: string | undefined; payload?: string; type?: string } = {}) => {
  const { secret = SECRET, payload = '{"update_id":1,"message":{}}', type = "application/json" } = options;
  const headers = {
    "content-type": type,
    ...("secret" in options && options.secret === undefined ? {} : { "x-telegram-bot-api-secret-token": secret }),
  };
  return server.inject({ method: "POST", url: WEBHOOK_PATH, headers, payload });
};

it("each answer is counted by its status code", async () => {
  await call();
  await call({ secret: "wrong-secret_0123456789" });
  await call({ payload: "[]" });
  failure = new AppError("redis.unreachable");
  await call();
  expect(answers).toEqual([200, 401, 400, 503]);
});

describe("a call with the right secret", () => {
  it("is acknowledged after the update was accepted", async () => {
    const response = await call();
    expect(response.statusCode).toBe(200);
    expect(accepted).toEqual([{ update_id: 1, message: {} }]);
  });
  it("never answers with a method that Telegram would run", async () => {
    expect((await call()).json()).not.toHaveProperty("method");
  });
});

describe("a call with a wrong secret", () => {
  it.each([
    ["none", undefined],
    ["another", "wrong-secret_0123456789"],
    ["a beginning of the right one", SECRET.slice(0, 5)],
    ["more than the right one", `${SECRET}x`],
    ["nothing", ""],
  ])("is refused before its body is read: %s", async (_name, secret) => {
    const response = await call({ secret, payload: "{ not even json" });
    expect(response.statusCode).toBe(401);
    expect(response.json()).toEqual(problemOf("http.unauthorized", idOf(response)));
    expect(accepted).toEqual([]);
  });
});

describe("a call whose body is no update", () => {
  it.each([
    ["broken JSON", { payload: '{"update_id":' }, 400],
    ["no body", { payload: "" }, 400],
    ["a list", { payload: "[]" }, 400],
    ["a text", { payload: '"x"' }, 400],
    ["another content type", { payload: "<x/>", type: "text/xml" }, 415],
    ["more than a megabyte", { payload: JSON.stringify({ text: "x".repeat(1_100_000) }) }, 413],
    ["a prototype in disguise", { payload: '{"__proto__":{"polluted":true}}' }, 400],
  ])("gets a short 4xx and no detail: %s", async (_name, options, status) => {
    const response = await call(options);
    expect(response.statusCode).toBe(status);
    const { code } = response.json();
    expect(Object.keys(ERRORS)).toContain(code);
    expect(response.json()).toEqual(problemOf(code, idOf(response), { status }));
    expect(response.body).not.toMatch(/update_id|polluted|xxx|FST_/);
    expect(accepted).toEqual([]);
  });
  it("lets the process live: the next call is taken", async () => {
    await call({ payload: "{" });
    expect((await call()).statusCode).toBe(200);
  });
});

describe("an update that cannot be made durable", () => {
  it("is answered 503, so that Telegram repeats it", async () => {
    failure = new AppError("redis.unreachable");
    const response = await call();
    expect(response.statusCode).toBe(503);
    expect(response.json().code).toBe("redis.unreachable");
  });
  it("comes again in two seconds, not when Telegram's own patience is over", async () => {
    failure = new AppError("redis.unreachable");
    expect((await call()).headers["retry-after"]).toBe("2");
    failure = new AppError("redis.refused");
    expect((await call()).headers["retry-after"]).toBeUndefined();
  });
  it("is answered 500 without a word about the inside when nobody planned for the failure", async () => {
    failure = new Error("ECONNREFUSED 10.0.0.7 password=hunter2");
    const response = await call();
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual(problemOf("http.internal", idOf(response)));
    expect(response.body).not.toContain("hunter2");
    expect(logged).toHaveLength(1);
  });
});

describe("any other address", () => {
  it("is not found, whatever the method", async () => {
    for (const method of ["GET", "PUT", "DELETE"] as const) {
      const response = await server.inject({ method, url: WEBHOOK_PATH });
      expect(response.statusCode).toBe(404);
    }
    const { code, detail } = (await server.inject({ method: "GET", url: "/.env" })).json();
    expect([code, detail]).toEqual(["http.notFound", ERRORS["http.notFound"].text]);
  });
  it.each(["/%zz-secret", "/api/v1/actors/customer/%zz-secret"])(
    "that is none is refused and not repeated: %s",
    async (url) => {
      const response = await server.inject({ method: "GET", url });
      expect([response.statusCode, response.json()]).toEqual([400, problemOf("http.badRequest", idOf(response))]);
    },
  );
});
