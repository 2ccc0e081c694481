// What the onboarding hears of each end of a call; the calls themselves are in test/backend, whole runs in test/journeys.
import { describe, expect, it } from "vitest";
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import type { InvocationInput } from "../../machines/invocations.ts";
import type { BackendClient } from "../../src/backend/ports.ts";
import { BackendWait, type WaitReason } from "../../src/backend/wait.ts";
import { makeBackendExecutors } from "../../src/effects/backend/table.ts";
import { RetryAfter, RetryLater } from "../../src/effects/executor.ts";
import { retryPolicies } from "../../src/effects/policies.ts";
import { AppError, type ErrorCode } from "../../src/errors.ts";
import { Secret } from "../../src/sealing/secret.ts";

const OWNER = addressOf.onboarding(7_012_345_678, "suite");
const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE";
const run = (attempt = 1) => ({ effectId: `${OWNER}|5|0`, attempt, signal: AbortSignal.timeout(5_000) });

const INPUTS = {
  registerSpreadsheet: { key: "onb:1:suite:1:register", spreadsheetId: SHEET, email: "anna@gmail.com" },
  addToken: { key: "onb:1:suite:1:token", spreadsheetId: SHEET, email: "anna@gmail.com", owner: OWNER, ref: "u1" },
  verifyToken: { spreadsheetId: SHEET, sid: "seller" },
  requestRefresh: { key: "onb:1:suite:1:refresh", spreadsheetId: SHEET },
  startCollection: {
    key: "onb:1:suite:1:collect",
    spreadsheetId: SHEET,
    dateFrom: "2026-11-22",
    dateTo: "2026-11-23",
  },
  readJob: { jobId: "job_1" },
  readRows: { spreadsheetId: SHEET, day: "2026-11-22" },
  setDatasetSource: {
    ...{ dataset: "checklist", spreadsheetId: SHEET, side: "local", reason: "entered", decidedAt: 1_795_000_000_000 },
    decisionId: "checklist:sheet:2026-11-22:1",
  },
} satisfies { [K in keyof ReturnType<typeof makeBackendExecutors>]: InvocationInput<K> };
type Name = keyof typeof INPUTS;

const METHODS = {
  registerSpreadsheet: "registerSpreadsheet",
  addToken: "addWbToken",
  verifyToken: "getWbTokens",
  requestRefresh: "updateDatasets",
  startCollection: "runCollector",
  readJob: "getJob",
  readRows: "readDataset",
  setDatasetSource: "setDatasetSource",
} as const satisfies Record<Name, keyof BackendClient>;

interface Called {
  readonly input: Record<string, unknown>;
  readonly meta: Record<string, unknown>;
}

/** A backend whose every call ends like this. */
async function carryOut(
  name: Name,
  end: unknown,
  { attempt = 1, secret = new Secret("the token") }: { attempt?: number; secret?: Secret | null } = {},
) {
  const called: Called[] = [];
  const opened: (readonly [ActorAddress, string])[] = [];
  const method = async (input: Called["input"], meta: Called["meta"]) => {
    called.push({ input, meta });
    if (end instanceof Error) throw end;
    return end;
  };
  const backend = { [METHODS[name]]: method } as unknown as BackendClient;
  const executors = makeBackendExecutors({
    backend,
    openSecret: async (owner, ref) => {
      opened.push([owner, ref]);
      return secret;
    },
  });
  const output = await executors[name](INPUTS[name] as never, run(attempt));
  return { output, called, opened };
}
const outputOf = async (...args: Parameters<typeof carryOut>) => (await carryOut(...args)).output;
const failure = (code: ErrorCode, details: Record<string, unknown> = {}) => new AppError(code, { details });

describe("a call that succeeds", () => {
  it.each<[Name, unknown, unknown]>([
    ["registerSpreadsheet", { isCreated: false, isActive: true }, { result: "registered" }],
    [
      "addToken",
      { sid: "seller", tokenSuffix: "abc", expiresAt: 9, isCreated: false },
      { result: "added", sid: "seller", expiresAt: 9 },
    ],
    ["verifyToken", [{ sid: "other" }, { sid: "seller" }], { result: "active" }],
    ["verifyToken", [{ sid: "other" }], { result: "notActive" }],
    ["verifyToken", [], { result: "notActive" }],
    ["requestRefresh", { jobId: null }, { result: "accepted" }],
    ["startCollection", { state: "started", jobId: "job_1", pollInMs: 5_000 }, { result: "queued", jobId: "job_1" }],
    [
      "startCollection",
      { state: "done", stored: { prices: 40, stocks: 2 }, failedParts: [{ part: "adv", isRetryable: true }] },
      { result: "stored", rows: 42 },
    ],
    ["startCollection", { state: "done", stored: {}, failedParts: [] }, { result: "stored", rows: 0 }],
    ["readJob", { state: "queued" }, { state: "running" }],
    ["readJob", { state: "running" }, { state: "running" }],
    ["readJob", { state: "done" }, { state: "done" }],
    ["readJob", { state: "failed" }, { state: "failed" }],
    ["readRows", { rows: [{}] }, { result: "rows", rows: 1 }],
    ["readRows", { rows: [] }, { result: "rows", rows: 0 }],
    ["setDatasetSource", { isChanged: true }, { result: "applied" }],
    ["setDatasetSource", { isChanged: false }, { result: "applied" }],
  ])("%s says so in the onboarding's words", async (name, end, output) => {
    expect(await outputOf(name, end)).toEqual(output);
  });

  it.each(["registerSpreadsheet", "addToken", "requestRefresh", "startCollection"] as const)(
    "%s has the key of what is meant, and of every attempt the same request id",
    async (name) => {
      const ends = { state: "done", stored: {}, failedParts: [], sid: "s", expiresAt: 1 };
      const [first, second] = [await carryOut(name, ends), await carryOut(name, ends, { attempt: 2 })];
      expect(first.called[0]?.meta).toMatchObject({ idempotencyKey: INPUTS[name].key });
      expect(second.called[0]?.meta.requestId).toBe(first.called[0]?.meta.requestId);
    },
  );

  it("setDatasetSource has the key of its decision", async () => {
    const { called } = await carryOut("setDatasetSource", { isChanged: true });
    expect(called).toMatchObject([
      {
        input: {
          ...{ spreadsheetId: SHEET, dataset: "checklist", source: "local", reason: "entered" },
          ...{ decisionId: INPUTS.setDatasetSource.decisionId, decidedAt: 1_795_000_000_000 },
        },
        meta: { idempotencyKey: `gate:${INPUTS.setDatasetSource.decisionId}` },
      },
    ]);
  });

  it("asks for yesterday's rows of the local side, and for one of them", async () => {
    const { called } = await carryOut("readRows", { rows: [] });
    expect(called[0]?.input).toEqual({
      ...{ spreadsheetId: SHEET, dataset: "checklist", source: "local", limit: 1 },
      ...{ dateFrom: "2026-11-22", dateTo: "2026-11-22" },
    });
  });
});

describe("the token", () => {
  it("is opened for its owner, and goes with the call alone", async () => {
    const { called, opened, output } = await carryOut("addToken", { sid: "s", expiresAt: null });
    expect(opened).toEqual([[OWNER, "u1"]]);
    expect(called[0]?.input).toMatchObject({ token: "the token" });
    expect(JSON.stringify([output, called[0]?.meta])).not.toContain("the token");
  });

  it("that is gone is asked for again, without a call", async () => {
    const { called, output } = await carryOut("addToken", {}, { secret: null });
    expect(output).toEqual({ result: "lost" });
    expect(called).toEqual([]);
  });

  it("is judged by the last attempt: older backends fail over a token that they cannot read", async () => {
    const { attempts } = retryPolicies.addToken;
    const isLast = async (attempt: number) =>
      (await carryOut("addToken", { sid: "s" }, { attempt })).called[0]?.meta.isLastAttempt;
    expect(await isLast(attempts - 1)).toBe(false);
    expect(await isLast(attempts)).toBe(true);
  });

  it.each([
    [{ reason: "expired" }, "expired"],
    [{ reason: "x".repeat(200) }, "x".repeat(64)],
    [{ reason: null }, "refused"],
    [{ reason: { deep: 1 } }, "refused"],
  ])("that is refused comes with a short reason: %j", async (details, reason) => {
    expect(await outputOf("addToken", failure("backend.invalidToken", details))).toEqual({ result: "refused", reason });
  });
});

describe("a refusal that the onboarding understands", () => {
  it.each<[Name, ErrorCode, unknown]>([
    ["registerSpreadsheet", "backend.spreadsheetInvalid", { result: "unknown" }],
    ["registerSpreadsheet", "backend.spreadsheetNotFound", { result: "unknown" }],
    ["registerSpreadsheet", "backend.forbidden", { result: "closed" }],
    ["registerSpreadsheet", "backend.ownerConflict", { result: "taken" }],
    ...(["addToken", "verifyToken", "requestRefresh", "startCollection", "readRows"] as const).map(
      (name) => [name, "backend.spreadsheetInactive", { result: "inactive" }] as [Name, ErrorCode, unknown],
    ),
    ["startCollection", "backend.sliceSealed", { result: "stored", rows: 0 }],
    ["readJob", "backend.jobNotFound", { state: "gone" }],
    ["readJob", "backend.notFound", { state: "gone" }],
    ["readRows", "backend.datasetNotFound", { result: "rows", rows: 0 }],
    ["readRows", "backend.unsupported", { result: "unsupported" }],
    ["readRows", "backend.unsupportedDataset", { result: "unsupported" }],
    ["readRows", "backend.notFound", { result: "unsupported" }],
    ["setDatasetSource", "backend.staleDecision", { result: "stale" }],
    ["setDatasetSource", "backend.notFound", { result: "unsupported" }],
    ["setDatasetSource", "backend.unsupported", { result: "unsupported" }],
    ["setDatasetSource", "backend.spreadsheetInactive", { result: "inactive" }],
    ["setDatasetSource", "backend.spreadsheetNotFound", { result: "inactive" }],
  ])("%s: %s is an outcome", async (name, code, output) => {
    expect(await outputOf(name, failure(code))).toEqual(output);
  });

  it.each<[Name, ErrorCode]>([
    ["registerSpreadsheet", "backend.rejected"],
    ["verifyToken", "backend.forbidden"],
    ["requestRefresh", "backend.unsupportedDataset"],
    ["readJob", "backend.forbidden"],
  ])("%s: %s is not, and stays the error that it is", async (name, code) => {
    await expect(outputOf(name, failure(code))).rejects.toMatchObject({ name: "AppError", code });
  });
});

describe("a wait for something on our side", () => {
  it("addToken, sealed with a key that this process lacks: waits without using up an attempt", async () => {
    const backend = {
      addWbToken: async () => expect.unreachable("the backend was called without a token"),
    } as unknown as BackendClient;
    const { addToken } = makeBackendExecutors({
      backend,
      openSecret: async () => {
        throw new AppError("sealing.unknownKey");
      },
    });
    await expect(addToken(INPUTS.addToken, run())).rejects.toEqual(
      expect.objectContaining({ name: RetryLater.name, retryInMs: 60_000 }),
    );
  });

  it("startCollection, of days that the backend's clock has not reached: asks again in a minute", async () => {
    await expect(
      outputOf("startCollection", failure("backend.rejected", { code: "invalid_date_range" })),
    ).rejects.toEqual(expect.objectContaining({ name: RetryAfter.name, code: "backend.rejected", retryInMs: 60_000 }));
    await expect(
      outputOf("startCollection", failure("backend.rejected", { code: "invalid_request" })),
    ).rejects.toMatchObject({ name: "AppError", code: "backend.rejected" });
  });
});

describe.each(Object.keys(INPUTS) as Name[])("%s", (name) => {
  const said: readonly WaitReason[] = ["rateLimited", "busy", "inProgress", "maintenance", "noSource"];
  const known: readonly WaitReason[] = ["slowedDown", "pace", "breakerOpen", "unauthorized", "collectorUnanswered"];

  it("counts as an attempt when the backend was called and asks for patience", async () => {
    for (const reason of said)
      await expect(outputOf(name, new BackendWait(reason, 7_000))).rejects.toEqual(
        expect.objectContaining({ name: RetryAfter.name, code: "backend.unavailable", retryInMs: 7_000 }),
      );
  });

  it("does not when nobody was called, or the wait is longer than an attempt may be kept open", async () => {
    for (const reason of known)
      await expect(outputOf(name, new BackendWait(reason, 7_000))).rejects.toEqual(
        expect.objectContaining({ name: RetryLater.name, retryInMs: 7_000 }),
      );
    await expect(outputOf(name, new BackendWait("maintenance", 16 * 60_000))).rejects.toBeInstanceOf(RetryLater);
  });

  it("is tried again after the time that came with a failure in passing", async () => {
    await expect(outputOf(name, failure("backend.unavailable", { retryAfterMs: 9_000 }))).rejects.toEqual(
      expect.objectContaining({ name: RetryAfter.name, code: "backend.unavailable", retryInMs: 9_000 }),
    );
    await expect(outputOf(name, failure("backend.unavailable"))).rejects.toMatchObject({ name: "AppError" });
  });

  it("waits for people to correct our credential", async () => {
    await expect(outputOf(name, failure("backend.unauthorized"))).rejects.toBeInstanceOf(RetryLater);
  });

  it("lets defects through as they are", async () => {
    const defect = new TypeError("x is not a function");
    await expect(outputOf(name, defect)).rejects.toBe(defect);
  });

  it("without a backend is refused for good", async () => {
    const executors = makeBackendExecutors({ backend: null, openSecret: async () => new Secret("t") });
    await expect(executors[name](INPUTS[name] as never, run())).rejects.toMatchObject({
      code: "backend.notConfigured",
      retry: false,
    });
  });
});
