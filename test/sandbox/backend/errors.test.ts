import { request as httpRequest } from "node:http";
import { describe, expect, it } from "vitest";
import { rowOf } from "../../../src/backend/contract/errors.ts";
import { allCodes, PATHS, SHEET, startBackend } from "./support.ts";

const BODY = { spreadsheet_id: SHEET };

describe("credentials", () => {
  it("are needed for all but health", async () => {
    const { get, post } = await startBackend();
    for (const path of Object.values(PATHS).filter((path) => path !== PATHS.health))
      for (const key of [null, "wrong-key"])
        expect(await post(path, BODY, { key })).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    expect((await get("/api/jobs/some-job", { key: null })).status).toBe(401);
    expect(await get(PATHS.health, { key: null })).toMatchObject({ status: 200, body: { status: "ok" } });
  });

  it("may come in either header; the bearer token counts", async () => {
    const { post, backend } = await startBackend();
    const status = async (headers: Record<string, string>) =>
      (await post(PATHS.register, BODY, { key: null, headers })).status;
    const [good, bad] = [backend.adminKey, "wrong-key"];
    expect(await status({ "x-api-key": good })).toBe(200);
    expect(await status({ authorization: `bearer ${good}`, "x-api-key": bad })).toBe(200);
    expect(await status({ authorization: `Bearer ${bad}`, "x-api-key": good })).toBe(401);
  });

  it("of a client do for /ss/ only; of an admin for all", async () => {
    const { post, get, backend } = await startBackend({ credentials: [{ key: "the-admin-key", role: "admin" }] });
    const key = backend.clientKey;
    for (const path of [PATHS.register, PATHS.addToken, PATHS.actions, PATHS.collector, PATHS.source])
      expect(await post(path, BODY, { key })).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect((await get("/api/jobs/some-job", { key })).status).toBe(403);
    expect((await post(PATHS.register, BODY, { key: "the-admin-key" })).status).toBe(200);
    expect((await post(PATHS.getTokens, BODY, { key })).status).toBe(200);
    expect(backend.calls().map(({ role }) => role)).toContain("admin");
  });

  it("of a client can be left out altogether", async () => {
    const { backend } = await startBackend({ clientKey: null });
    expect(backend.clientKey).toBeNull();
  });
});

describe("an address", () => {
  it("that is unknown, of another method, or without the prefix is not found", async () => {
    const { get, post } = await startBackend();
    for (const answer of [
      await get("/api/nothing"),
      await post("/api/health", {}),
      await get(PATHS.register),
      await post("/admin/spreadsheets/register", BODY),
      await post(`${PATHS.register}/`, BODY),
      await get("/api/jobs/"),
      await get("/api/jobs/a%2Fb"),
      await get("/api/%E0%A4%A"),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await get("/api/jobs/never-was")).toMatchObject({ status: 404, body: { code: "job_not_found" } });
  });
});

describe("a body", () => {
  it("must be JSON in UTF-8, and an object", async () => {
    const { post } = await startBackend();
    const send = async (body: string, type?: string) => {
      const { status, body: answer } = await post(
        PATHS.register,
        body,
        type ? { headers: { "content-type": type } } : {},
      );
      return [status, answer.code];
    };
    const json = JSON.stringify(BODY);
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/json; charset=latin1",
      "application/jsonp",
    ])
      expect(await send(json, type)).toEqual([415, "invalid_request"]);
    for (const type of ["application/json", 'application/json;charset="UTF-8"', "Application/JSON; charset=utf-8"])
      expect(await send(json, type)).toEqual([200, undefined]);
    for (const body of ["", "{", "[]", "null", '"text"', "5"])
      expect(await send(body)).toEqual([400, "invalid_request"]);
  });

  it("that is not UTF-8 is refused", async () => {
    const { backend } = await startBackend();
    const response = await fetch(`${backend.origin}${PATHS.register}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": backend.adminKey },
      body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, "invalid_request"]);
  });

  it("has at most 10 MiB, however it is sent, and the refusal arrives", async () => {
    const { post, backend } = await startBackend();
    const filler = (bytes: number) => JSON.stringify({ ...BODY, filler: "x".repeat(bytes) });
    const room = 10 * 1024 * 1024 - filler(0).length;
    expect((await post(PATHS.register, filler(room))).status).toBe(200);
    expect(await post(PATHS.register, filler(room + 1))).toMatchObject({
      status: 413,
      body: { code: "invalid_request" },
    });
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${backend.origin}${PATHS.register}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": backend.adminKey, "transfer-encoding": "chunked" },
      });
      request.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
      for (let i = 0; i < 11; i += 1) request.write("x".repeat(1024 * 1024));
      request.end();
    });
    expect(status).toBe(413);
  });

  it("may have members that nobody knows", async () => {
    const { post } = await startBackend();
    expect((await post(PATHS.register, { ...BODY, colour: "red" })).status).toBe(200);
  });
});

describe("a request id", () => {
  it("comes back in header and error; without one there is a new one", async () => {
    const { post, get } = await startBackend();
    const mine = await post(PATHS.register, {}, { headers: { "x-request-id": "my-request-1" } });
    expect([mine.headers.get("x-request-id"), mine.body.request_id]).toEqual(["my-request-1", "my-request-1"]);
    const [first, second] = [await get("/api/nothing"), await get("/api/nothing")];
    expect(first.body.request_id).not.toBe(second.body.request_id);
  });

  it("of another form is refused and not repeated", async () => {
    const { post } = await startBackend();
    for (const id of ["short", "no spaces please", "x".repeat(129)]) {
      const answer = await post(PATHS.register, BODY, { headers: { "x-request-id": id } });
      expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
      expect(JSON.stringify(answer.body)).not.toContain(id);
    }
  });
});

describe("rate limits", () => {
  it("count per credential, class and minute, and say when to come back", async () => {
    const { post, backend, clock } = await startBackend({
      limits: { admin: 2, other: 3 },
      credentials: [{ key: "another-operator", role: "operator" }],
    });
    const register = (key = backend.adminKey) => post(PATHS.register, BODY, { key });
    expect((await register()).status).toBe(200);
    clock.ms += 20_000;
    expect((await register()).status).toBe(200);
    clock.ms += 500;
    const refused = await register();
    expect(refused).toMatchObject({ status: 429, body: { code: "rate_limited", retryable: true } });
    expect(refused.headers.get("retry-after")).toBe("40");
    // Other credentials and other classes have their own count.
    expect((await register("another-operator")).status).toBe(200);
    expect((await post(PATHS.getTokens, BODY)).status).toBe(200);
    clock.ms += 39_500;
    expect((await register()).status).toBe(200);
    expect((await register()).headers.get("retry-after")).toBe("20");
  });

  it("are those of the contract unless said otherwise", async () => {
    const { post, get, read } = await startBackend();
    const exhaust = async (call: () => Promise<{ status: number }>) => {
      let calls = 0;
      while ((await call()).status !== 429) calls += 1;
      return calls;
    };
    expect(await exhaust(() => post(PATHS.source, {}))).toBe(120);
    expect(await exhaust(() => post(PATHS.actions, {}))).toBe(240);
    expect((await read()).status).toBe(403);
    for (let i = 0; i < 3; i += 1) expect((await get(PATHS.health, { key: null })).status).toBe(200);
  });
});

describe("every error code of the contract", () => {
  it.each(allCodes)("%s can be made to come, with its status and retry", async (code) => {
    const { post, strike } = await startBackend();
    const { status, retry, defaultRetryAfterMs } = rowOf(code);
    await strike(PATHS.register, { status, code });
    const answer = await post(PATHS.register, BODY);
    expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([status, code, retry !== "no"]);
    const seconds = defaultRetryAfterMs === undefined ? null : String(defaultRetryAfterMs / 1000);
    expect(answer.headers.get("retry-after")).toBe(seconds);
    expect((await post(PATHS.register, BODY)).status).toBe(200);
  });
});
