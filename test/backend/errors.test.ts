import { describe, expect, it } from "vitest";
import { BACKEND_ERROR_CODES, type BackendErrorCode, rowOf } from "../../src/backend/contract/errors.ts";
import { BackendWait } from "../../src/backend/wait.ts";
import {
  appErrorOf,
  EACH_CALL,
  eachCall,
  KEYED,
  META,
  makeTestClient,
  rejection,
  SHORT,
  SPREADSHEET,
  TOKEN,
} from "./support/client.ts";
import { startScriptedBackend } from "./support/scripted-backend.ts";

/** Code → what the client makes of it: an error and whether it is worth a retry, or a wait and its default. */
const MEANINGS: Readonly<Record<BackendErrorCode, readonly [string, boolean | number]>> = {
  invalid_request: ["backend.rejected", false],
  invalid_spreadsheet_id: ["backend.spreadsheetInvalid", false],
  invalid_date_range: ["backend.rejected", false],
  unauthorized: ["backend.unauthorized", false],
  forbidden: ["backend.forbidden", false],
  spreadsheet_inactive: ["backend.spreadsheetInactive", false],
  not_found: ["backend.notFound", false],
  spreadsheet_not_found: ["backend.spreadsheetNotFound", false],
  dataset_not_found: ["backend.datasetNotFound", false],
  job_not_found: ["backend.jobNotFound", false],
  collector_busy: ["busy", 60_000],
  idempotency_in_progress: ["inProgress", 2_000],
  idempotency_conflict: ["backend.rejected", false],
  owner_conflict: ["backend.ownerConflict", false],
  stale_decision: ["backend.staleDecision", false],
  slice_sealed: ["backend.sliceSealed", false],
  invalid_wb_token: ["backend.invalidToken", false],
  unsupported_dataset: ["backend.unsupportedDataset", false],
  rate_limited: ["rateLimited", 30_000],
  internal: ["backend.unavailable", true],
  upstream_error: ["backend.unavailable", true],
  wb_error: ["backend.unavailable", true],
  no_source_available: ["noSource", 30_000],
  maintenance: ["maintenance", 30_000],
  upstream_timeout: ["backend.unavailable", true],
};

const rows = BACKEND_ERROR_CODES.flatMap((code) =>
  [rowOf(code).status, ...(rowOf(code).alsoStatus ?? [])].map((status) => [status, code, ...MEANINGS[code]] as const),
);

describe("a refusal", () => {
  it.each(rows)("%i %s is %s (%s)", async (status, code, meaning, retryOrDefault) => {
    const backend = await startScriptedBackend({
      status,
      body: { success: false, code, message: "for people", request_id: "req-of-backend", retryable: true, details: {} },
    });
    const { client, reports } = makeTestClient(backend.url);
    const error = await rejection(client.registerSpreadsheet({ spreadsheetId: SPREADSHEET }, KEYED));
    if (typeof retryOrDefault === "number")
      expect(error).toMatchObject({ name: "BackendWait", reason: meaning, retryInMs: retryOrDefault, wasCalled: true });
    else
      expect(error).toMatchObject({
        name: "AppError",
        code: meaning,
        retry: retryOrDefault,
        details: {
          call: "registerSpreadsheet",
          path: "/admin/spreadsheets/register",
          status,
          code,
          requestId: "req-of-backend",
        },
      });
    expect(reports).toMatchObject([{ status, problem: code }]);
  });

  it.each(rows.filter(([, , , retryOrDefault]) => typeof retryOrDefault === "number"))(
    "%i %s with Retry-After is believed",
    async (status, code) => {
      const backend = await startScriptedBackend({
        status,
        body: { success: false, code, message: "" },
        headers: { "retry-after": "7" },
      });
      const { client } = makeTestClient(backend.url);
      expect(await rejection(eachCall("runCollector")(client))).toMatchObject({
        retryInMs: 7_000,
        isReschedule: false,
      });
    },
  );

  it("that asks for more than fifteen minutes is a matter of scheduling anew", async () => {
    const backend = await startScriptedBackend({
      status: 503,
      body: { success: false, code: "maintenance", message: "" },
      headers: { "retry-after": "3600" },
    });
    const { client } = makeTestClient(backend.url);
    expect(await rejection(eachCall("getWbTokens")(client))).toMatchObject({
      retryInMs: 3_600_000,
      isReschedule: true,
    });
  });

  it("with a date in Retry-After is measured against our clock", async () => {
    const now = Date.UTC(2026, 1, 18, 3, 0, 0);
    const backend = await startScriptedBackend({
      status: 503,
      body: { success: false, code: "maintenance", message: "" },
      headers: { "retry-after": "Wed, 18 Feb 2026 03:02:00 GMT" },
    });
    const { client } = makeTestClient(backend.url, { now: () => now });
    expect(await rejection(eachCall("getWbTokens")(client))).toMatchObject({ retryInMs: 120_000 });
  });

  it("worth a retry keeps what Retry-After says for whoever plans it", async () => {
    const backend = await startScriptedBackend({
      status: 502,
      body: { success: false, code: "wb_error", message: "" },
      headers: { "retry-after": "40" },
    });
    const { client } = makeTestClient(backend.url);
    expect((await appErrorOf(eachCall("updateDatasets")(client))).details.retryAfterMs).toBe(40_000);
  });

  it("with a code that nobody knows is understood by its status", async () => {
    const backend = await startScriptedBackend({
      status: 502,
      body: { success: false, code: "moon_phase", message: "" },
    });
    const { client } = makeTestClient(backend.url);
    const { code, details } = await appErrorOf(eachCall("readDataset")(client));
    expect([code, details.code]).toEqual(["backend.unavailable", "upstream_error"]);
  });

  it("without an id of its own keeps the one we sent", async () => {
    const backend = await startScriptedBackend({
      status: 404,
      body: { success: false, code: "job_not_found", message: "" },
    });
    const { client } = makeTestClient(backend.url);
    expect((await appErrorOf(eachCall("getJob")(client))).details.requestId).toBe(META.requestId);
  });

  it.each([
    ["expired", "expired"],
    ["missing_scope:analytics", "missing_scope:analytics"],
    ["revoked", "revoked"],
    [`token ${TOKEN} is bad`, null],
    [42, null],
    [undefined, null],
  ])("of a token for the reason %j says %j", async (reason, said) => {
    const backend = await startScriptedBackend({
      status: 422,
      body: { success: false, code: "invalid_wb_token", message: `bad ${TOKEN}`, details: { reason } },
    });
    const { client } = makeTestClient(backend.url);
    const error = await appErrorOf(eachCall("addWbToken")(client));
    expect(error.code).toBe("backend.invalidToken");
    expect(error.details.reason).toBe(said);
  });
});

describe("no answer", () => {
  it.each(Object.keys(EACH_CALL))("to %s in time is worth a retry", async (name) => {
    const backend = await startScriptedBackend("hang");
    const { client, reports } = makeTestClient(backend.url, { timeouts: SHORT });
    const error = await appErrorOf(eachCall(name)(client));
    expect([error.code, error.retry, error.details.failure]).toEqual(["backend.unavailable", true, "timeout"]);
    expect(reports).toMatchObject([{ status: null, problem: "timeout" }]);
  });

  it("that trickles without end is cut off", async () => {
    const backend = await startScriptedBackend("trickle");
    const { client } = makeTestClient(backend.url, { timeouts: { connectMs: 50, answerMs: 50 } });
    const error = await appErrorOf(eachCall("getHealth")(client));
    expect([error.code, error.details.failure]).toEqual(["backend.unavailable", "timeout"]);
  });

  it.each(["reset", "half"] as const)("because the connection breaks (%s) is worth a retry", async (fault) => {
    const backend = await startScriptedBackend(fault);
    const { client } = makeTestClient(backend.url);
    const error = await appErrorOf(eachCall("registerSpreadsheet")(client));
    expect([error.code, error.retry, error.details.failure]).toEqual(["backend.unavailable", true, "connection"]);
  });

  it("because nobody listens is worth a retry", async () => {
    const { client } = makeTestClient("http://127.0.0.1:9");
    const error = await appErrorOf(eachCall("registerSpreadsheet")(client));
    expect([error.code, error.details.failure]).toEqual(["backend.unavailable", "connect"]);
  });

  it("because the connection is not made in time is worth a retry", async () => {
    // A server without TLS never ends the handshake, which belongs to connecting.
    const backend = await startScriptedBackend("hang");
    const { client } = makeTestClient(backend.url.replace("http:", "https:"), { timeouts: { connectMs: 30 } });
    const error = await appErrorOf(eachCall("registerSpreadsheet")(client));
    expect([error.code, error.retry]).toEqual(["backend.unavailable", true]);
    expect(backend.calls).toEqual([]);
  });

  it("because the caller gave up is worth a retry", async () => {
    const backend = await startScriptedBackend("hang");
    const { client } = makeTestClient(backend.url);
    const error = await appErrorOf(client.getHealth({ ...META, signal: AbortSignal.timeout(20) }));
    expect([error.code, error.details.failure]).toEqual(["backend.unavailable", "aborted"]);
  });
});

describe("an answer that is none", () => {
  it.each([
    ["HTML", { body: "<html>welcome</html>" }],
    ["nothing", { body: "" }],
    ["a number", { body: 42 }],
    ["null", { body: "null" }],
    ["without the result", { body: { success: true } }],
    ["with a result of another kind", { body: { success: true, result: "none" } }],
    ["with an entry of another kind", { body: { success: true, result: [{ seller: 1 }] } }],
  ])("(%s) is worth a retry, and named by places only", async (_what, reply) => {
    const backend = await startScriptedBackend(reply);
    const { client, reports } = makeTestClient(backend.url);
    const error = await appErrorOf(eachCall("getWbTokens")(client));
    expect([error.code, error.retry, error.details.status]).toEqual(["backend.invalidAnswer", true, 200]);
    expect(JSON.stringify(error.details)).not.toMatch(/welcome|seller|none/);
    expect(reports).toMatchObject([{ status: 200, problem: "invalidAnswer" }]);
  });

  it("(over 10 MiB) is not read to its end", async () => {
    const backend = await startScriptedBackend({ body: { success: true, padding: "x".repeat(10 * 1024 * 1024) } });
    const { client } = makeTestClient(backend.url);
    expect((await appErrorOf(eachCall("getWbTokens")(client))).details.failure).toBe("tooLarge");
  });

  it("(a redirect) is not followed", async () => {
    const elsewhere = await startScriptedBackend({ body: { success: true, result: [] } });
    const backend = await startScriptedBackend({ status: 307, body: "", headers: { location: elsewhere.url } });
    const { client } = makeTestClient(backend.url);
    expect(await appErrorOf(eachCall("getWbTokens")(client))).toMatchObject({ code: "backend.unavailable" });
    expect(elsewhere.calls).toEqual([]);
  });
});

describe("a wait", () => {
  it("is not an AppError: nothing went wrong", () => {
    const wait = new BackendWait("pace", 0.2);
    expect([wait.retryInMs, wait.wasCalled, wait.isReschedule]).toEqual([1, false, false]);
    expect(wait).not.toHaveProperty("code");
  });
});
