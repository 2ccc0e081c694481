import { describe, expect, it } from "vitest";
import { EXAMPLES } from "../../src/backend/contract/examples.ts";
import { requestIdOf } from "../../src/backend/request-id.ts";
import { isAppError } from "../../src/errors.ts";
import {
  ADMIN_KEY,
  appErrorOf,
  CLIENT_KEY,
  EACH_CALL,
  eachCall,
  KEYED,
  META,
  makeTestClient,
  OTHER_SPREADSHEET,
  rejection,
  SELLER,
  SPREADSHEET,
  TOKEN,
} from "./support/client.ts";
import { startScriptedBackend } from "./support/scripted-backend.ts";

/** An answer of the contract for each call, from its documented examples. */
const SUCCESS: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(EXAMPLES).map(([name, { answers }]) => [name, Object.values(answers[200])[0]]),
);

describe("each call", () => {
  it.each([
    ["registerSpreadsheet", "POST", "/api/admin/spreadsheets/register", { spreadsheet_id: SPREADSHEET }],
    ["addWbToken", "POST", "/api/admin/wb/tokens/add", { spreadsheet_id: SPREADSHEET, token: TOKEN }],
    ["getWbTokens", "POST", "/api/ss/wb/token/get", { spreadsheet_id: SPREADSHEET }],
    ["updateDatasets", "POST", "/api/ss/datasets/update", { spreadsheet_id: SPREADSHEET }],
    ["runCollector", "POST", "/api/actions", { action: "collector/run", ssId: SPREADSHEET, dateFrom: "2026-02-17" }],
    [
      "readDataset",
      "POST",
      "/api/ss/datasets/data",
      {
        spreadsheet_id: SPREADSHEET,
        dataset: {
          name: "checklist",
          source: "local",
          values: { date_from: "2026-02-17", date_to: "2026-02-17" },
        },
      },
    ],
    [
      "setDatasetSource",
      "POST",
      "/api/admin/datasets/source",
      {
        spreadsheet_id: SPREADSHEET,
        dataset: "checklist",
        source: "local",
        decision_id: "decision-1",
        decided_at: "1970-01-01T00:00:00.000Z",
      },
    ],
    ["getJob", "GET", "/api/jobs/job_1", null],
    ["getHealth", "GET", "/api/health", null],
  ])("%s asks as the contract says, once", async (name, method, path, body) => {
    const backend = await startScriptedBackend({ body: SUCCESS[name] });
    const { client } = makeTestClient(backend.url);
    await eachCall(name)(client);
    expect(backend.calls).toEqual([{ method, path, body, headers: expect.anything() }]);
    expect(backend.calls[0]?.headers["content-type"]).toBe(
      body === null ? undefined : "application/json; charset=utf-8",
    );
  });

  it.each(Object.keys(EACH_CALL))(
    "%s carries the caller's request id, and a key where the contract takes one",
    async (name) => {
      const backend = await startScriptedBackend({ body: SUCCESS[name] });
      const { client } = makeTestClient(backend.url);
      const [requestId, key] = [requestIdOf("subscription/7:a|4|0"), "onb:o-1:register"];
      await callWith(name, client, { requestId, idempotencyKey: key });
      const isKeyed = /register|addWb|update|Collector|setDataset/.test(name);
      expect(backend.calls[0]?.headers["x-request-id"]).toBe(requestId);
      expect(backend.calls[0]?.headers["idempotency-key"]).toBe(isKeyed ? key : undefined);
    },
  );

  it.each(Object.keys(EACH_CALL))("%s ignores members that it does not know", async (name) => {
    const known = SUCCESS[name] as Record<string, unknown>;
    const backend = await startScriptedBackend({ body: { ...known, unknown_member: { deep: [1, null] } } });
    const { client } = makeTestClient(backend.url);
    expect(JSON.stringify(await eachCall(name)(client))).not.toContain("unknown_member");
  });

  it.each(Object.keys(EACH_CALL))("%s is not repeated by the client when it fails", async (name) => {
    const backend = await startScriptedBackend({
      status: 500,
      body: { success: false, code: "internal", message: "" },
    });
    const { client } = makeTestClient(backend.url);
    await rejection(eachCall(name)(client));
    expect(backend.calls).toHaveLength(1);
  });
});

/** The same calls with other metadata. */
async function callWith(
  name: string,
  client: Parameters<NonNullable<(typeof EACH_CALL)[string]>>[0],
  meta: typeof KEYED,
): Promise<unknown> {
  const spy = new Proxy(client, {
    get: (target, method) => (input: unknown, own: unknown) => {
      const call = target[method as keyof typeof target] as (...args: unknown[]) => Promise<unknown>;
      return own === undefined ? call(meta) : call(input, meta);
    },
  });
  return eachCall(name)(spy);
}

describe("answers", () => {
  it("of registerSpreadsheet say whether it is new and active", async () => {
    const backend = await startScriptedBackend({ body: SUCCESS.registerSpreadsheet });
    const { client } = makeTestClient(backend.url);
    const input = { spreadsheetId: SPREADSHEET, ownerEmail: "owner@example.com" };
    expect(await client.registerSpreadsheet(input, KEYED)).toEqual({ isCreated: true, isActive: true });
    expect(backend.calls[0]?.body).toEqual({ spreadsheet_id: SPREADSHEET, owner_email: "owner@example.com" });
  });

  it("of addWbToken name the seller, the end and a suffix", async () => {
    const backend = await startScriptedBackend({ body: SUCCESS.addWbToken });
    const { client } = makeTestClient(backend.url);
    expect(await client.addWbToken({ spreadsheetId: SPREADSHEET, token: TOKEN }, KEYED)).toEqual({
      sid: SELLER,
      tokenSuffix: "...dXJl",
      expiresAt: Date.UTC(2026, 7, 17),
      isCreated: true,
    });
  });

  it("of getWbTokens may be an empty list", async () => {
    const backend = await startScriptedBackend({ body: { success: true, result: [] } }, { body: SUCCESS.getWbTokens });
    const { client } = makeTestClient(backend.url);
    expect(await client.getWbTokens({ spreadsheetId: SPREADSHEET }, META)).toEqual([]);
    expect(await client.getWbTokens({ spreadsheetId: SPREADSHEET }, META)).toEqual([
      { sid: SELLER, tokenSuffix: "...dXJl", expiresAt: Date.UTC(2026, 7, 17) },
    ]);
  });

  it("of updateDatasets name a job when there is one", async () => {
    const backend = await startScriptedBackend({ body: { success: true, message: "accepted", job_id: "job_7" } });
    const { client } = makeTestClient(backend.url);
    const dataset = { name: "checklist", values: { date_from: "2026-02-17" } };
    expect(await client.updateDatasets({ spreadsheetId: SPREADSHEET, dataset }, KEYED)).toEqual({ jobId: "job_7" });
    expect(backend.calls[0]?.body).toEqual({ spreadsheet_id: SPREADSHEET, dataset });
  });

  it("of updateDatasets with a warning mean that the dataset is not implemented", async () => {
    const backend = await startScriptedBackend({ body: EXAMPLES.updateDatasets.answers[200].notImplemented });
    const { client } = makeTestClient(backend.url);
    const error = await appErrorOf(client.updateDatasets({ spreadsheetId: SPREADSHEET }, KEYED));
    expect(error.code).toBe("backend.unsupportedDataset");
    expect(error.retry).toBe(false);
  });

  it("of runCollector list what was stored and which parts failed, without the backend's texts", async () => {
    const backend = await startScriptedBackend({ body: EXAMPLES.runCollector.answers[200].partial });
    const { client } = makeTestClient(backend.url);
    expect(
      await client.runCollector(
        {
          spreadsheetId: SPREADSHEET,
          dateFrom: "2026-02-17",
          dateTo: "2026-02-18",
          nmIds: [187654321],
          noPositions: true,
          noFunnel: false,
        },
        KEYED,
      ),
    ).toEqual({
      state: "done",
      stored: { daily_prices: 113, daily_stocks: 113 },
      failedParts: [{ part: "daily_adv", isRetryable: true }],
    });
    expect(backend.calls[0]?.body).toMatchObject({ nm_ids: [187654321], noPositions: true, noFunnel: false });
  });

  it.each([
    [undefined, 5_000],
    ["2", 5_000],
    ["30", 30_000],
  ])("of runCollector with 202 and Retry-After %s name a job to ask for after %d ms", async (retryAfter, pollInMs) => {
    const backend = await startScriptedBackend({
      status: 202,
      body: { success: true, job_id: "job_01HZX3" },
      headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
    });
    const { client } = makeTestClient(backend.url);
    expect(await client.runCollector({ spreadsheetId: SPREADSHEET, dateFrom: "2026-02-17" }, KEYED)).toEqual({
      state: "started",
      jobId: "job_01HZX3",
      pollInMs,
    });
  });

  it("of readDataset keep null and zero apart and name their side", async () => {
    const backend = await startScriptedBackend({ body: SUCCESS.readDataset });
    const { client } = makeTestClient(backend.url);
    const page = await client.readDataset(
      {
        spreadsheetId: SPREADSHEET,
        dataset: "checklist",
        source: "local",
        dateFrom: "2026-02-17",
        dateTo: "2026-02-17",
        nmIds: [187654321],
        limit: 10,
        cursor: "c1",
      },
      META,
    );
    expect(page).toMatchObject({
      source: "local",
      isSourceNamed: true,
      isDegraded: false,
      capturedAt: Date.parse("2026-02-18T05:12:40+03:00"),
      zeroFilledKeys: [],
      nextCursor: null,
    });
    expect(page.rows[0]).toMatchObject({ nm_id: 187654321, stocks_enough_for_with_buyout_perc: null, adv_sum: 378.49 });
    expect(backend.calls[0]?.body).toMatchObject({
      dataset: { values: { nm_ids: [187654321], limit: 10, cursor: "c1" } },
    });
  });

  it("of readDataset from auto say when the other side had to help", async () => {
    const backend = await startScriptedBackend({
      body: {
        ...(SUCCESS.readDataset as object),
        source_tag: "upstream",
        requested_source: "auto",
        degraded: true,
        next_cursor: "c2",
        zero_filled_keys: ["adv_sum"],
      },
    });
    const { client } = makeTestClient(backend.url);
    const asked = { dataset: "checklist", source: "auto", dateFrom: "2026-02-17", dateTo: "2026-02-17" } as const;
    expect(await client.readDataset({ spreadsheetId: SPREADSHEET, ...asked }, META)).toMatchObject({
      source: "upstream",
      isDegraded: true,
      nextCursor: "c2",
      zeroFilledKeys: ["adv_sum"],
    });
  });

  it("of setDatasetSource say whether anything changed", async () => {
    const backend = await startScriptedBackend({ body: SUCCESS.setDatasetSource });
    const { client } = makeTestClient(backend.url);
    expect(await eachCall("setDatasetSource")(client)).toEqual({ isChanged: true });
  });

  it.each([
    [
      "running",
      EXAMPLES.getJob.answers[200].running,
      { state: "running", stored: {}, failedParts: [], errorCode: null },
    ],
    [
      "failed",
      EXAMPLES.getJob.answers[200].failed,
      { state: "failed", stored: {}, failedParts: [], errorCode: "wb_error" },
    ],
    [
      "done",
      { success: true, job_id: "job_1", state: "done", result: EXAMPLES.runCollector.answers[200].complete },
      { state: "done", stored: { daily_prices: 113, daily_stocks: 113, daily_adv: 58, daily_funnel: 226 } },
    ],
  ])("of getJob: %s", async (_state, body, report) => {
    const backend = await startScriptedBackend({ body });
    const { client } = makeTestClient(backend.url);
    expect(await client.getJob({ jobId: "job_1" }, META)).toMatchObject({ jobId: "job_1", ...report });
  });

  it("of getHealth say what they can", async () => {
    const backend = await startScriptedBackend({ body: SUCCESS.getHealth }, { body: { status: "degraded" } });
    const { client } = makeTestClient(backend.url);
    expect(await client.getHealth(META)).toEqual({
      status: "ok",
      version: "1.0.0",
      isUpstreamEnabled: true,
      isUpstreamReachable: true,
      isCollectorRunning: false,
      lastCollectedAt: Date.parse("2026-02-18T05:12:40+03:00"),
    });
    expect(await client.getHealth(META)).toMatchObject({ status: "degraded", version: null, isCollectorRunning: null });
  });

  it("about another spreadsheet than the one asked for are not believed", async () => {
    const backend = await startScriptedBackend({
      body: { success: true, result: { spreadsheet_id: OTHER_SPREADSHEET, created: true, active: true } },
    });
    const { client } = makeTestClient(backend.url);
    const error = await appErrorOf(eachCall("registerSpreadsheet")(client));
    expect(error.code).toBe("backend.invalidAnswer");
  });

  it("with repeated results are reported as replayed", async () => {
    const backend = await startScriptedBackend(
      { body: SUCCESS.registerSpreadsheet },
      { body: SUCCESS.registerSpreadsheet, headers: { "idempotent-replayed": "true" } },
    );
    const { client, reports } = makeTestClient(backend.url);
    await eachCall("registerSpreadsheet")(client);
    await eachCall("registerSpreadsheet")(client);
    expect(reports).toMatchObject([
      { call: "registerSpreadsheet", status: 200, problem: null, isReplayed: false, requestId: META.requestId },
      { isReplayed: true },
    ]);
  });
});

describe("credentials", () => {
  const bearerOf = async (name: string, clientKey?: string) => {
    const backend = await startScriptedBackend({ body: SUCCESS[name] });
    const { client } = makeTestClient(backend.url, { clientKey });
    await eachCall(name)(client);
    return backend.calls[0]?.headers.authorization;
  };
  it.each(["getWbTokens", "updateDatasets", "readDataset"])(
    "%s uses the weaker one, where there is one",
    async (name) => {
      expect(await bearerOf(name, CLIENT_KEY)).toBe(`Bearer ${CLIENT_KEY}`);
      expect(await bearerOf(name)).toBe(`Bearer ${ADMIN_KEY}`);
    },
  );
  it.each(["registerSpreadsheet", "addWbToken", "runCollector", "setDatasetSource", "getJob"])(
    "%s needs the stronger one",
    async (name) => {
      expect(await bearerOf(name, CLIENT_KEY)).toBe(`Bearer ${ADMIN_KEY}`);
    },
  );
  it("are not sent with getHealth", async () => {
    expect(await bearerOf("getHealth", CLIENT_KEY)).toBeUndefined();
  });
});

describe("the address of the backend", () => {
  it.each([
    ["", "/api/health"],
    ["/", "/api/health"],
    ["/api", "/api/health"],
    ["/api/", "/api/health"],
    ["/product/v2", "/product/v2/health"],
  ])("ending in %j leads to %s", async (end, path) => {
    const backend = await startScriptedBackend({ body: { status: "ok" } });
    const { client } = makeTestClient(`${backend.url}${end}`);
    await client.getHealth(META);
    expect(backend.calls[0]?.path).toBe(path);
  });
  it.each(["", "backend:8080", "ftp://backend", "http://user:secret-word@backend"])("%j is refused", (url) => {
    expect(() => makeTestClient(url)).toThrow(TypeError);
    expect(() => makeTestClient(url)).toThrow(/^(?!.*secret-word)/);
  });
});

describe("input that the contract does not allow", () => {
  it.each([
    ["a spreadsheet id", (make: Make) => make().registerSpreadsheet({ spreadsheetId: "2PACX-abc" }, KEYED)],
    ["a token", (make: Make) => make().addWbToken({ spreadsheetId: SPREADSHEET, token: "short" }, KEYED)],
    ["a request id", (make: Make) => make().getHealth({ requestId: "has space" })],
    [
      "an idempotency key",
      (make: Make) => make().registerSpreadsheet({ spreadsheetId: SPREADSHEET }, { ...META, idempotencyKey: "short" }),
    ],
    ["a job id", (make: Make) => make().getJob({ jobId: ".." }, META)],
    ["a day", (make: Make) => make().runCollector({ spreadsheetId: SPREADSHEET, dateFrom: "2026-02-30" }, KEYED)],
    [
      "a body over 10 MiB",
      (make: Make) =>
        make().updateDatasets(
          {
            spreadsheetId: SPREADSHEET,
            dataset: { name: "checklist", values: { text: "x".repeat(10 * 1024 * 1024) } },
          },
          KEYED,
        ),
    ],
  ])("as %s is refused before anything is sent", async (_what, call) => {
    const backend = await startScriptedBackend({ body: {} });
    const error = await rejection(call(() => makeTestClient(backend.url).client));
    expect(isAppError(error, "effect.invalidInput")).toBe(true);
    expect(backend.calls).toEqual([]);
  });

  it("is described by place and kind, never by value", async () => {
    const { client } = makeTestClient("http://127.0.0.1:9");
    const token = "not.a token.but secret";
    const error = await appErrorOf(client.addWbToken({ spreadsheetId: SPREADSHEET, token }, KEYED));
    expect(error.details).toEqual({
      call: "addWbToken",
      problems: ["request.token: too_small", "request.token: invalid_format"],
    });
  });

  it("in a job id cannot lead to another address", async () => {
    const backend = await startScriptedBackend({ body: EXAMPLES.getJob.answers[200].running });
    const { client } = makeTestClient(backend.url);
    await client.getJob({ jobId: "../health?a=b#c" }, META);
    expect(backend.calls[0]?.path).toBe("/api/jobs/..%2Fhealth%3Fa%3Db%23c");
  });
});

type Make = () => ReturnType<typeof makeTestClient>["client"];
