import { describe, expect, it } from "vitest";
import { EXAMPLES } from "../../src/backend/contract/examples.ts";
import { freshPrefix } from "../support/redis.ts";
import {
  appErrorOf,
  eachCall,
  KEYED,
  META,
  makeTestClient,
  rejection,
  SELLER,
  SHORT,
  SPREADSHEET,
  TOKEN,
} from "./support/client.ts";
import { startScriptedBackend } from "./support/scripted-backend.ts";

const ROW = { date: "2026-02-17", nm_id: 187654321, adv_sum: null };
const READ = {
  spreadsheetId: SPREADSHEET,
  dataset: "checklist",
  dateFrom: "2026-02-17",
  dateTo: "2026-02-17",
} as const;

describe("a backend whose paths begin elsewhere", () => {
  it("is reached by its address", async () => {
    const backend = await startScriptedBackend({ body: { success: true, result: [] } });
    const { client } = makeTestClient(`${backend.url}/legacy`);
    await client.getWbTokens({ spreadsheetId: SPREADSHEET }, META);
    expect(backend.calls[0]?.path).toBe("/legacy/ss/wb/token/get");
  });
});

describe("an answer without `success`", () => {
  it.each([
    ["registerSpreadsheet", { result: { created: true } }, { isCreated: true, isActive: null }],
    ["registerSpreadsheet", {}, { isCreated: null, isActive: null }],
    ["addWbToken", { result: { sid: SELLER } }, { sid: SELLER, tokenSuffix: null, expiresAt: null, isCreated: null }],
    ["getWbTokens", { result: [{ sid: SELLER }] }, [{ sid: SELLER, tokenSuffix: null, expiresAt: null }]],
    ["updateDatasets", { message: "accepted" }, { jobId: null }],
    ["updateDatasets", {}, { jobId: null }],
    [
      "runCollector",
      { data: { stored: { daily_prices: 3 } } },
      { state: "done", stored: { daily_prices: 3 }, failedParts: [] },
    ],
    ["getJob", { state: "queued" }, { jobId: "job_1", state: "queued", stored: {}, failedParts: [], errorCode: null }],
  ])("to %s is a success when its status is 2xx", async (name, body, result) => {
    const backend = await startScriptedBackend({ body });
    const { client } = makeTestClient(backend.url);
    expect(await eachCall(name)(client)).toEqual(result);
  });

  it.each([
    ["a bare array", [ROW]],
    ["rows", { rows: [ROW] }],
    ["a result", { result: [ROW] }],
  ])("to readDataset (%s) is rows, tagged with the source asked for", async (_what, body) => {
    const backend = await startScriptedBackend({ body });
    const { client } = makeTestClient(backend.url);
    for (const source of ["local", "upstream"] as const)
      expect(await client.readDataset({ ...READ, source }, META)).toEqual({
        rows: [ROW],
        source,
        isSourceNamed: false,
        isDegraded: false,
        capturedAt: null,
        zeroFilledKeys: [],
        nextCursor: null,
      });
  });

  it("is a failure all the same when its status is not 2xx", async () => {
    const backend = await startScriptedBackend({ status: 500, body: { result: [] } });
    const { client } = makeTestClient(backend.url);
    expect((await appErrorOf(eachCall("getWbTokens")(client))).code).toBe("backend.unavailable");
  });
});

describe("an error with a message only", () => {
  it.each([
    ["registerSpreadsheet", 400, "backend.rejected", "invalid_request"],
    ["registerSpreadsheet", 401, "backend.unauthorized", "unauthorized"],
    ["registerSpreadsheet", 403, "backend.forbidden", "forbidden"],
    ["registerSpreadsheet", 404, "backend.notFound", "not_found"],
    ["registerSpreadsheet", 409, "backend.ownerConflict", "owner_conflict"],
    ["setDatasetSource", 409, "backend.staleDecision", "stale_decision"],
    ["updateDatasets", 409, "backend.rejected", "idempotency_conflict"],
    ["registerSpreadsheet", 413, "backend.rejected", "invalid_request"],
    ["registerSpreadsheet", 415, "backend.rejected", "invalid_request"],
    ["registerSpreadsheet", 422, "backend.rejected", "invalid_request"],
    ["addWbToken", 422, "backend.invalidToken", "invalid_wb_token"],
    ["updateDatasets", 422, "backend.unsupportedDataset", "unsupported_dataset"],
    ["readDataset", 422, "backend.unsupportedDataset", "unsupported_dataset"],
    ["registerSpreadsheet", 418, "backend.rejected", "invalid_request"],
    ["registerSpreadsheet", 500, "backend.unavailable", "internal"],
    ["registerSpreadsheet", 502, "backend.unavailable", "upstream_error"],
    ["registerSpreadsheet", 504, "backend.unavailable", "upstream_timeout"],
    ["registerSpreadsheet", 507, "backend.unavailable", "internal"],
  ])("to %s is understood by its status: %i is %s", async (name, status, meaning, code) => {
    const backend = await startScriptedBackend({ status, body: { message: "something for people" } });
    const { client } = makeTestClient(backend.url);
    expect(await appErrorOf(eachCall(name)(client))).toMatchObject({ code: meaning, details: { status, code } });
  });

  it.each([
    [429, "rateLimited", 30_000],
    [503, "maintenance", 30_000],
  ])("and status %i is a wait", async (status, reason, retryInMs) => {
    const backend = await startScriptedBackend({ status, body: { message: "later" } });
    const { client } = makeTestClient(backend.url);
    expect(await rejection(eachCall("registerSpreadsheet")(client))).toMatchObject({ reason, retryInMs });
  });

  it.each([400, 409, 500, 200])("that a collection is already running, with status %i, means busy", async (status) => {
    const backend = await startScriptedBackend({
      status,
      body: {
        ...(status === 200 ? { success: false } : {}),
        message: "Collector is ALREADY RUNNING for another sheet",
      },
    });
    const { client } = makeTestClient(backend.url);
    expect(await rejection(eachCall("runCollector")(client))).toMatchObject({ reason: "busy", retryInMs: 60_000 });
  });

  it("does not overrule a code, where there is one", async () => {
    const backend = await startScriptedBackend({
      status: 409,
      body: { success: false, code: "slice_sealed", message: "the seal job is already running" },
    });
    const { client } = makeTestClient(backend.url);
    expect((await appErrorOf(eachCall("runCollector")(client))).code).toBe("backend.sliceSealed");
  });

  it("may be no JSON at all", async () => {
    const backend = await startScriptedBackend({ status: 502, body: "<h1>Bad gateway</h1>" });
    const { client } = makeTestClient(backend.url);
    expect((await appErrorOf(eachCall("runCollector")(client))).details.code).toBe("upstream_error");
  });
});

describe("a 200 that says `success: false`", () => {
  it.each([
    [{ success: false, code: "owner_conflict", message: "" }, "backend.ownerConflict"],
    [{ success: false, message: "no idea" }, "backend.unavailable"],
    [{ success: false, result: { spreadsheet_id: SPREADSHEET, created: true } }, "backend.unavailable"],
  ])("is the failure it names: %j", async (body, meaning) => {
    const backend = await startScriptedBackend({ body });
    const { client } = makeTestClient(backend.url);
    expect((await appErrorOf(eachCall("registerSpreadsheet")(client))).code).toBe(meaning);
  });
});

describe("a 500 from addWbToken", () => {
  const add = async (meta: typeof KEYED & { readonly isLastAttempt?: boolean }, status = 500) => {
    const backend = await startScriptedBackend({ status, body: { message: "cannot decode" } });
    const { client } = makeTestClient(backend.url);
    return appErrorOf(client.addWbToken({ spreadsheetId: SPREADSHEET, token: TOKEN }, meta));
  };
  it("is tried again as usual", async () => {
    expect(await add({ ...KEYED, isLastAttempt: false })).toMatchObject({ code: "backend.unavailable", retry: true });
  });
  it("means the token after the last attempt", async () => {
    expect(await add({ ...KEYED, isLastAttempt: true })).toMatchObject({
      code: "backend.invalidToken",
      retry: false,
      details: { reason: null, status: 500, code: "internal" },
    });
  });
  it("that names its code keeps the meaning of the code, after the last attempt too", async () => {
    const body = { success: false, code: "internal", message: "the store is down" };
    const backend = await startScriptedBackend({ status: 500, body });
    const { client } = makeTestClient(backend.url);
    const meta = { ...KEYED, isLastAttempt: true };
    expect(await appErrorOf(client.addWbToken({ spreadsheetId: SPREADSHEET, token: TOKEN }, meta))).toMatchObject({
      code: "backend.unavailable",
      retry: true,
    });
  });
  it("says nothing about the token with another status", async () => {
    expect(await add({ ...KEYED, isLastAttempt: true }, 502)).toMatchObject({ code: "backend.unavailable" });
  });
});

describe("a backend without Idempotency-Key", () => {
  it("is asked the same again, and its second answer counts as much as a replayed one", async () => {
    const answer = (created: boolean) => ({
      body: { success: true, result: { spreadsheet_id: SPREADSHEET, created, active: true } },
    });
    const backend = await startScriptedBackend("reset", answer(false));
    const { client } = makeTestClient(backend.url);
    await appErrorOf(eachCall("registerSpreadsheet")(client));
    expect(await eachCall("registerSpreadsheet")(client)).toEqual({ isCreated: false, isActive: true });
    const [first, second] = backend.calls;
    expect(second).toEqual({ ...first, headers: expect.anything() });
    for (const header of ["idempotency-key", "x-request-id"])
      expect(second?.headers[header]).toBe(first?.headers[header]);
  });
});

describe("a collection that got no answer", () => {
  const health = (running: boolean | undefined) => ({ body: { success: true, status: "ok", collector: { running } } });
  const collect = eachCall("runCollector");
  const done = { body: EXAMPLES.runCollector.answers[200].complete };
  const pathsOf = (calls: readonly { readonly path: string }[]) => calls.map(({ path }) => path);

  it("is not started again while the backend says that one runs, by no process", async () => {
    const backend = await startScriptedBackend("hang", health(true), health(false), done);
    const prefix = freshPrefix();
    const here = makeTestClient(backend.url, { timeouts: SHORT }, prefix);
    const there = makeTestClient(backend.url, {}, prefix);
    expect((await appErrorOf(collect(here.client))).code).toBe("backend.unavailable");
    expect(await rejection(collect(there.client))).toMatchObject({ reason: "collectorUnanswered", retryInMs: 60_000 });
    expect(await collect(there.client)).toMatchObject({ state: "done" });
    expect(pathsOf(backend.calls)).toEqual(["/api/actions", "/api/health", "/api/health", "/api/actions"]);
    expect(await here.gate.isCollectorHeld()).toBe(false);
  });

  it.each([
    ["does not say", health(undefined)],
    ["has no such call", { status: 404, body: "" }],
    ["answers in another form", { body: { state: "fine" } }],
  ])("is asked for again when health %s: the backend itself refuses a second one", async (_what, answer) => {
    const backend = await startScriptedBackend("hang", answer, {
      status: 409,
      body: { message: "already running" },
    });
    const { client } = makeTestClient(backend.url, { timeouts: SHORT });
    await appErrorOf(collect(client));
    expect(await rejection(collect(client))).toMatchObject({ reason: "busy" });
  });

  it("waits while even health does not answer", async () => {
    const backend = await startScriptedBackend("hang");
    const { client } = makeTestClient(backend.url, { timeouts: SHORT });
    await appErrorOf(collect(client));
    await appErrorOf(collect(client));
    expect(pathsOf(backend.calls)).toEqual(["/api/actions", "/api/health"]);
  });

  it("may have been cut off by a gateway", async () => {
    const backend = await startScriptedBackend({ status: 504, body: "" });
    const { client, gate } = makeTestClient(backend.url);
    await appErrorOf(collect(client));
    expect(await gate.isCollectorHeld()).toBe(true);
  });

  it("never began where no connection was made", async () => {
    const { client, gate } = makeTestClient("http://127.0.0.1:9");
    await appErrorOf(collect(client));
    expect(await gate.isCollectorHeld()).toBe(false);
  });
});

describe("a backend that cannot choose a source", () => {
  it("is found out when the other side answers", async () => {
    const backend = await startScriptedBackend({ body: { rows: [ROW], source_tag: "upstream" } });
    const { client } = makeTestClient(backend.url);
    const error = await appErrorOf(client.readDataset({ ...READ, source: "local" }, META));
    expect([error.code, error.retry]).toEqual(["backend.unsupported", false]);
  });
  it("may be known by never naming its side, unless the header does", async () => {
    const backend = await startScriptedBackend({ body: [ROW] }, { body: [ROW], headers: { "x-source-tag": "local" } });
    const { client } = makeTestClient(backend.url);
    expect(await client.readDataset({ ...READ, source: "local" }, META)).toMatchObject({ isSourceNamed: false });
    expect(await client.readDataset({ ...READ, source: "local" }, META)).toMatchObject({ isSourceNamed: true });
  });
});

describe("a backend without datasets/source", () => {
  it.each([404, 405, 501])("says so with %i, for good: the operator switches by hand", async (status) => {
    const backend = await startScriptedBackend({ status, body: { message: "no route" } });
    const { client } = makeTestClient(backend.url);
    const error = await appErrorOf(eachCall("setDatasetSource")(client));
    expect([error.code, error.retry]).toEqual(["backend.notFound", false]);
  });
});

describe("a backend whose upstream is switched off", () => {
  it("answers auto from local, undegraded, and upstream not at all for now", async () => {
    const backend = await startScriptedBackend(
      { body: { rows: [ROW], source_tag: "local", requested_source: "auto", degraded: false } },
      { status: 502, body: { success: false, code: "upstream_error", message: "off" } },
    );
    const { client } = makeTestClient(backend.url);
    expect(await client.readDataset({ ...READ, source: "auto" }, META)).toMatchObject({
      source: "local",
      isDegraded: false,
    });
    expect(await appErrorOf(client.readDataset({ ...READ, source: "upstream" }, META))).toMatchObject({ retry: true });
  });
});
