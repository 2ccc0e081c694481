// Every refusal has one form, and one id by which its line in the log is found.
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError, ERRORS, type ErrorCode } from "../../src/errors.ts";
import { problemOf } from "../../src/http/problem.ts";
import { makeServer } from "../../src/http/server.ts";
import { renderErrors } from "../../src/setup/docs/errors.ts";
import { Problem } from "../../src/support/answers/operations.ts";

const PROXY = "10.0.0.7";
let server: FastifyInstance;
let logged: Readonly<Record<string, unknown>>[];
beforeEach(() => {
  logged = [];
  const write = (fields: Readonly<Record<string, unknown>>) => void logged.push(fields);
  server = makeServer({ warn: write, error: write }, { trustedProxies: [PROXY, "fd00::/8"] });
  server.get("/ok", async () => ({ ok: true }));
  server.get("/planned", async () => {
    throw new AppError("redis.unreachable", { details: { fields: ["a: must be b"], retryAfterSeconds: 7 } });
  });
  server.get("/unplanned", async () => {
    throw new Error("password=hunter2");
  });
});
afterEach(() => server.close());

const call = (url: string, given?: string, remoteAddress = "192.0.2.1") =>
  server.inject({ url, remoteAddress, headers: given === undefined ? {} : { "x-request-id": given } });

describe("an answer that is no", () => {
  it.each(["/planned", "/unplanned", "/nowhere", "/%zz"])("is problem+json with its id: %s", async (url) => {
    const response = await call(url);
    expect(response.headers["content-type"]).toMatch(/^application\/problem\+json\b/);
    const problem = Problem.strict().parse(response.json());
    expect([problem.status, problem.requestId]).toEqual([response.statusCode, response.headers["x-request-id"]]);
    expect(response.body).not.toContain("hunter2");
  });
  it("says what to correct and when to come again", async () => {
    const response = await call("/planned");
    expect(response.json()).toMatchObject({ code: "redis.unreachable", status: 503, fields: ["a: must be b"] });
    expect(response.headers["retry-after"]).toBe("7");
  });
  it.each(["/planned", "/unplanned"])("is found in the log by its id: %s", async (url) => {
    const { requestId } = (await call(url)).json();
    expect(logged).toEqual([expect.objectContaining({ event: "http.failed", requestId })]);
  });
  it.each(Object.keys(ERRORS) as ErrorCode[])("leads to its line in the documentation: %s", (code) => {
    const { type, title, detail } = problemOf(code, "id");
    const [page, anchor] = type.split("#");
    expect([page, renderErrors().includes(`<a id="${anchor}"></a>`)]).toEqual(["/docs/errors.md", true]);
    expect(detail.startsWith(title) && title.length > 5).toBe(true);
  });
});

describe("the id of a request", () => {
  it("is another one for each, on every answer", async () => {
    const ids = [await call("/ok"), await call("/ok"), await call("/nowhere")].map(
      ({ headers }) => headers["x-request-id"],
    );
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain(undefined);
  });
  it.each([PROXY, `::ffff:${PROXY}`, "fd00::17"])("is the one of a proxy that is trusted: %s", async (proxy) => {
    expect((await call("/ok", "proxys-id-0001", proxy)).headers["x-request-id"]).toBe("proxys-id-0001");
  });
  it.each([
    ["that is not", "proxys-id-0001", "10.0.0.8"],
    ["that is trusted, when it is too short", "short", PROXY],
    ["that is trusted, when it is too long", "x".repeat(65), PROXY],
    ["that is trusted, when it says more than an id", 'a"} {"level":"info', PROXY],
  ])("is not taken from a caller %s", async (_name, given, from) => {
    const id = (await call("/ok", given, from)).headers["x-request-id"];
    expect(id).toMatch(/^[\da-f-]{36}$/);
  });
});
