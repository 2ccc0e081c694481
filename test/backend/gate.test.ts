import { describe, expect, it } from "vitest";
import { CALLS_PER_MINUTE, type RateClass } from "../../src/backend/contract/limits.ts";
import { type Bucket, callsPerWindow, makeBackendGate, type Permit, UNAUTHORIZED_MS } from "../../src/backend/gate.ts";
import { isAppError } from "../../src/errors.ts";
import { freshPrefix, startPrivateRedis, testRedis } from "../support/redis.ts";
import { CLIENT_KEY, eachCall, makeTestClient, rejection } from "./support/client.ts";
import { startScriptedBackend } from "./support/scripted-backend.ts";

const ADMIN: Bucket = { credential: "operator", rateClass: "admin" };
const gateOf = (prefix = freshPrefix()) => makeBackendGate(testRedis(), `${prefix}:{backend}`);

async function many(count: number, take: () => Promise<Permit>): Promise<readonly Permit[]> {
  const permits: Permit[] = [];
  for (let n = 0; n < count; n += 1) permits.push(await take());
  return permits;
}
const granted = (permits: readonly Permit[]) => permits.filter(({ ok }) => ok).length;
const waits = (permits: readonly Permit[]) => permits.flatMap((permit) => (permit.ok ? [] : [permit.retryInMs]));

describe("the pace of calls", () => {
  it.each([
    ["admin", 96],
    ["actions", 192],
    ["other", 960],
  ] as const)("of class %s stays within 80 %% of the limit, wherever a minute begins", (rateClass, share) => {
    // A window begins with its first call and lasts five seconds, so any minute touches at most thirteen of them.
    expect(callsPerWindow(rateClass) * 13).toBeLessThanOrEqual(share);
    expect(callsPerWindow(rateClass) * 12).toBeGreaterThan(share * 0.8);
    expect(share).toBe(CALLS_PER_MINUTE[rateClass] * 0.8);
  });

  it.each(["admin", "actions", "other"] as const)("of class %s is kept within a window", async (rateClass) => {
    const gate = gateOf();
    const points = callsPerWindow(rateClass);
    const permits = await many(points + 3, () => gate.take({ credential: "operator", rateClass }));
    // On a machine that is very busy the next window may have begun.
    expect(granted(permits)).toBeGreaterThanOrEqual(points);
    expect(granted(permits)).toBeLessThanOrEqual(points + 3);
    expect(permits.slice(0, points).every(({ ok }) => ok)).toBe(true);
  });

  it("sends those who wait one after the other", async () => {
    const gate = gateOf();
    const later = waits(await many(callsPerWindow("admin") * 4, () => gate.take(ADMIN)));
    expect(later.length).toBeGreaterThan(callsPerWindow("admin"));
    expect(Math.max(...later) - Math.min(...later)).toBeGreaterThan(4_000);
    expect(Math.max(...later)).toBeLessThanOrEqual(60_000);
  });

  it("is one for all processes, and another one per credential and class", async () => {
    const prefix = freshPrefix();
    const [here, there] = [gateOf(prefix), gateOf(prefix)];
    await many(callsPerWindow("admin"), () => here.take(ADMIN));
    expect(granted(await many(1, () => there.take(ADMIN)))).toBe(0);
    expect(await there.take({ credential: "client", rateClass: "admin" })).toEqual({ ok: true });
    expect(await there.take({ credential: "operator", rateClass: "actions" })).toEqual({ ok: true });
  });

  it("is not kept where time is not real", async () => {
    const gate = makeBackendGate(testRedis(), `${freshPrefix()}:{backend}`, { isPaced: false });
    expect(granted(await many(50, () => gate.take(ADMIN)))).toBe(50);
  });

  it("makes a call wait before it is made", async () => {
    const backend = await startScriptedBackend({ body: { success: true, result: { created: true } } });
    const { client, gate } = makeTestClient(backend.url);
    await many(callsPerWindow("admin"), () => gate.take(ADMIN));
    expect(await rejection(eachCall("registerSpreadsheet")(client))).toMatchObject({
      name: "BackendWait",
      reason: "pace",
      wasCalled: false,
    });
    expect(backend.calls).toEqual([]);
  });
});

describe("a 429 with Retry-After: 7", () => {
  const refused = {
    status: 429,
    body: { success: false, code: "rate_limited", message: "" },
    headers: { "retry-after": "7" },
  };
  const list = { body: { success: true, result: [] } };

  it("leads to no call of that credential's class for seven seconds, from no process", async () => {
    const backend = await startScriptedBackend(refused, list);
    const redis = testRedis();
    const prefix = freshPrefix();
    const [here, there] = [makeTestClient(backend.url, {}, prefix), makeTestClient(backend.url, {}, prefix)];
    expect(await rejection(eachCall("getWbTokens")(here.client))).toMatchObject({
      reason: "rateLimited",
      retryInMs: 7_000,
    });
    for (const { client } of [here, there])
      for (const name of ["getWbTokens", "updateDatasets", "readDataset", "getJob"]) {
        const wait = await rejection(eachCall(name)(client));
        expect(wait).toMatchObject({ name: "BackendWait", reason: "slowedDown" });
        expect((wait as { retryInMs: number }).retryInMs).toBeGreaterThan(5_000);
        expect((wait as { retryInMs: number }).retryInMs).toBeLessThanOrEqual(7_001);
      }
    expect(backend.calls).toHaveLength(1);

    // Seven seconds later: Redis itself forgets.
    const [key] = await redis.keys(`${prefix}:{backend}:slowed:*`);
    expect(await redis.pexpire(key ?? "", 0)).toBe(1);
    expect(await eachCall("getWbTokens")(there.client)).toEqual([]);
  });

  it("says nothing about other classes and credentials", async () => {
    const backend = await startScriptedBackend(refused, list);
    const { client } = makeTestClient(backend.url, { clientKey: CLIENT_KEY });
    await rejection(eachCall("getWbTokens")(client));
    backend.answers({ body: { success: true, job_id: "job_1", state: "running" } });
    await eachCall("getJob")(client); // the same class, the other credential
    backend.answers({ body: { success: true, result: { created: true } } });
    await eachCall("registerSpreadsheet")(client);
    expect(backend.calls).toHaveLength(3);
  });

  it("is never shortened by a later, milder one, but may be made longer", async () => {
    const gate = gateOf();
    await gate.slowDown(ADMIN, 30_000);
    await gate.slowDown(ADMIN, 1_000);
    expect((await gate.look(ADMIN)).slowedMs).toBeGreaterThan(20_000);
    await gate.slowDown(ADMIN, 60_000);
    expect((await gate.look(ADMIN)).slowedMs).toBeGreaterThan(50_000);
  });
});

describe("a 401", () => {
  const refused = { status: 401, body: { success: false, code: "unauthorized", message: "" } };
  const list = { body: { success: true, result: [] } };

  it("tells people once, and no process calls any more", async () => {
    const backend = await startScriptedBackend(refused);
    const prefix = freshPrefix();
    const [here, there] = [makeTestClient(backend.url, {}, prefix), makeTestClient(backend.url, {}, prefix)];
    expect(await rejection(eachCall("registerSpreadsheet")(here.client))).toMatchObject({
      code: "backend.unauthorized",
    });
    for (const { client } of [here, there])
      for (const name of ["registerSpreadsheet", "getWbTokens", "runCollector"]) {
        const wait = await rejection(eachCall(name)(client));
        expect(wait).toMatchObject({ reason: "unauthorized", wasCalled: false });
        expect((wait as { retryInMs: number }).retryInMs).toBeLessThanOrEqual(UNAUTHORIZED_MS + 1);
      }
    expect(backend.calls).toHaveLength(1);
    expect([...here.alerts, ...there.alerts]).toEqual([
      { credential: "operator", call: "registerSpreadsheet", requestId: "req-12345678" },
    ]);
  });

  it("leaves the question whether the backend lives open to everybody", async () => {
    const backend = await startScriptedBackend(refused);
    const { client } = makeTestClient(backend.url);
    await rejection(eachCall("registerSpreadsheet")(client));
    backend.answers({ body: { success: true, status: "ok" } });
    expect(await eachCall("getHealth")(client)).toMatchObject({ status: "ok" });
  });

  it("is looked at again after a while, quietly, until a call succeeds", async () => {
    const backend = await startScriptedBackend(refused);
    const redis = testRedis();
    const prefix = freshPrefix();
    const { client, alerts } = makeTestClient(backend.url, {}, prefix);
    const fifteenMinutesLater = () => redis.pexpire(`${prefix}:{backend}:unauthorized`, 0);
    await rejection(eachCall("getWbTokens")(client));
    await fifteenMinutesLater();
    await rejection(eachCall("getWbTokens")(client));
    expect([backend.calls.length, alerts.length]).toEqual([2, 1]);

    await fifteenMinutesLater();
    backend.answers(list);
    await eachCall("getWbTokens")(client);
    backend.answers(refused);
    await rejection(eachCall("getWbTokens")(client));
    expect([backend.calls.length, alerts.length]).toEqual([4, 2]);
  });

  it("of one credential is not forgotten because the other one works", async () => {
    const backend = await startScriptedBackend(refused);
    const redis = testRedis();
    const prefix = freshPrefix();
    const { client, alerts } = makeTestClient(backend.url, { clientKey: CLIENT_KEY }, prefix);
    const fifteenMinutesLater = () => redis.pexpire(`${prefix}:{backend}:unauthorized`, 0);
    await rejection(eachCall("registerSpreadsheet")(client));
    await fifteenMinutesLater();
    backend.answers(list);
    await eachCall("getWbTokens")(client);
    backend.answers(refused);
    await rejection(eachCall("registerSpreadsheet")(client));
    expect(alerts).toHaveLength(1);
    await fifteenMinutesLater();
    await rejection(eachCall("getWbTokens")(client));
    expect(alerts.map(({ credential }) => credential)).toEqual(["operator", "client"]);
  });

  it("is forgotten when the service starts anew", async () => {
    const backend = await startScriptedBackend(refused, list);
    const { client } = makeTestClient(backend.url);
    await rejection(eachCall("getWbTokens")(client));
    await client.reopen();
    expect(await eachCall("getWbTokens")(client)).toEqual([]);
  });

  it("is told by the next one when telling failed", async () => {
    const backend = await startScriptedBackend(refused);
    let failures = 1;
    const { client, gate } = makeTestClient(backend.url, {
      onUnauthorized: () => {
        if (failures-- > 0) throw new Error("nobody there");
      },
    });
    await expect(eachCall("getWbTokens")(client)).rejects.toThrow("nobody there");
    expect((await gate.look(ADMIN)).unauthorizedMs).toBe(0);
    expect(await rejection(eachCall("getWbTokens")(client))).toMatchObject({ code: "backend.unauthorized" });
    expect((await gate.look(ADMIN)).unauthorizedMs).toBeGreaterThan(0);
  });
});

describe("what the gate keeps", () => {
  it("expires by itself, and lies in one slot", async () => {
    const redis = testRedis();
    const prefix = freshPrefix();
    const gate = gateOf(prefix);
    await gate.take(ADMIN);
    await gate.slowDown(ADMIN, 5_000);
    await gate.claimAlert("operator");
    await gate.closeUnauthorized();
    await gate.holdCollector();
    const names = await redis.keys(`${prefix}*`);
    expect(names).toHaveLength(5);
    for (const name of names) {
      expect(await redis.pttl(name)).toBeGreaterThan(0);
      expect(name).toContain(`${prefix}:{backend}:`);
    }
  });
});

describe("without Redis", () => {
  it("nobody calls, and the error says why", async () => {
    const server = await startPrivateRedis();
    const redis = server.client({ maxRetriesPerRequest: 0 });
    const gate = makeBackendGate(redis, "p:{backend}");
    await gate.take(ADMIN);
    await server.kill();
    const backend = await startScriptedBackend({ body: { success: true, result: [] } });
    const { client } = makeTestClient(backend.url, { gate });
    expect(isAppError(await rejection(eachCall("getWbTokens")(client)), "redis.unreachable")).toBe(true);
    for (const rateClass of ["admin", "actions", "other"] satisfies RateClass[])
      expect(isAppError(await rejection(gate.take({ credential: "client", rateClass })), "redis.unreachable")).toBe(
        true,
      );
    expect(backend.calls).toEqual([]);
  });
});
