import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LedgerRow } from "../../src/effects/ports.ts";
import { registerAdmin } from "../../src/http/admin.ts";
import { makeServer } from "../../src/http/server.ts";
import type { Actors } from "../../src/runtime/ports.ts";
import { makeTestActors, manualClock } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { probe } from "../runtime/support/probe.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const TOKENS = (["viewer", "support", "finance", "owner"] as const).map((role) => ({ name: `${role}-1`, role, sha256: sha256(`token-of-${role}`) }));
const client = testRedis();
let server: FastifyInstance;
let actors: Actors;
let advanced: number[];
let rows: LedgerRow[];

const start = (options: { openToLoopback?: boolean; clock?: boolean } = {}) => {
  server = makeServer({ warn: () => {}, error: () => {} });
  registerAdmin(server, {
    actors,
    ledger: {
      rows: async function* () {
        yield* rows;
      },
      sums: async () => [],
    },
    tokens: TOKENS,
    openToLoopback: options.openToLoopback ?? false,
    advanceClock: options.clock
      ? async (ms) => {
          advanced.push(ms);
          return ms;
        }
      : null,
  });
};
beforeEach(async () => {
  advanced = [];
  rows = [];
  actors = makeTestActors(client, freshPrefix(), { definitions: [probe], clock: manualClock() }).actors;
  await actors.send("ticket/p", { type: "probe.opened", note: "" }, { cause: { kind: "system", id: "test" } });
  start();
});
afterEach(() => server.close());

const as = (role: string | null, method: "GET" | "POST", url: string, payload?: object) =>
  server.inject({ method, url, ...(role === null ? {} : { headers: { authorization: `Bearer token-of-${role}` } }), ...(payload ? { payload } : {}) });
const send = (role: string | null, event: object, overrides: object = {}) =>
  as(role, "POST", "/api/v1/actors/ticket/p/events", { event, reason: "asked by phone", idempotencyKey: "command-1", ...overrides });

describe("a caller without a valid token", () => {
  it.each([null, "nobody"])("gets 401 everywhere (%s)", async (role) => {
    for (const url of ["/api/v1/actors/ticket/p", "/api/v1/ledger.csv", "/api/v1/actors/ticket/p/history"]) {
      expect((await as(role, "GET", url)).statusCode).toBe(401);
    }
    expect((await send(role, { type: "probe.counted", by: 1 })).statusCode).toBe(401);
    expect((await actors.read("ticket/p"))?.rev).toBe(1);
  });
  it("is let in from this machine only where the sandbox says so", async () => {
    await server.close();
    start({ openToLoopback: true });
    expect((await as(null, "GET", "/api/v1/actors/ticket/p")).statusCode).toBe(200);
    const stranger = await server.inject({ method: "GET", url: "/api/v1/actors/ticket/p", remoteAddress: "192.0.2.7" });
    expect(stranger.statusCode).toBe(401);
  });
});

describe("a role", () => {
  it("may do what it is for, and no more", async () => {
    expect((await as("viewer", "GET", "/api/v1/actors/ticket/p")).statusCode).toBe(200);
    expect((await send("viewer", { type: "probe.counted", by: 1 })).statusCode).toBe(403);
    expect((await send("support", { type: "probe.counted", by: 1 })).statusCode).toBe(200);
    expect((await as("support", "GET", "/api/v1/ledger.csv")).statusCode).toBe(403);
    expect((await as("finance", "GET", "/api/v1/ledger.csv")).statusCode).toBe(200);
  });
  it("below finance may not ask for a refund", async () => {
    expect((await send("support", { type: "refund.requested", by: "x", reason: "xxxxx", access: "policy" })).statusCode).toBe(403);
  });
});

describe("an event sent by staff", () => {
  it("is on record with the person and the reason, and counts once", async () => {
    expect((await send("support", { type: "probe.counted", by: 2 })).json()).toMatchObject({ outcome: "applied", view: { context: { total: 2 } } });
    expect((await send("support", { type: "probe.counted", by: 2 })).json()).toMatchObject({ outcome: "duplicate" });
    expect((await actors.history("ticket/p"))[0]).toMatchObject({ cause: { kind: "staff", by: "support-1", reason: "asked by phone" } });
  });
  it("is refused when the actor moved on since it was looked at", async () => {
    expect((await send("support", { type: "probe.counted", by: 2 }, { expectedRev: 7 })).statusCode).toBe(409);
  });
  it.each([
    ["no reason", { reason: "" }],
    ["no key", { idempotencyKey: undefined }],
    ["a field too many", { force: true }],
  ])("is refused with the wrong field: %s", async (_name, overrides) => {
    expect((await send("support", { type: "probe.counted", by: 2 }, overrides)).statusCode).toBe(400);
  });
  it("is refused when the machine does not know it, an internal one above all", async () => {
    expect((await send("support", { type: "xstate.done.actor.check", output: {} })).statusCode).toBe(422);
    const answer = await send("support", { type: "probe.counted" }, { idempotencyKey: "command-2" });
    expect(answer.json()).toMatchObject({ error: "actor.invalidEvent", fields: [expect.stringContaining("by: ")] });
  });
  it("to nobody is 404", async () => {
    expect((await as("viewer", "GET", "/api/v1/actors/ticket/nobody")).statusCode).toBe(404);
    expect((await as("viewer", "GET", "/api/v1/actors/nothing/p")).statusCode).toBe(404);
  });
});

describe("the ledger as CSV", () => {
  it("has one line a row, and no cell that a spreadsheet would run", async () => {
    const row = { row: "r", entry: "charge", userId: 7, orderId: '=cmd|"x"', currency: "XTR", amountMinor: -500, at: 0 } as const;
    rows = [{ ...row, chargeId: "stx,1" }];
    const response = await as("finance", "GET", "/api/v1/ledger.csv");
    expect(response.headers["content-type"]).toContain("text/csv");
    expect(response.body).toBe('at,entry,currency,amount_minor,charge_id,user_id,order_id\r\n1970-01-01T00:00:00.000Z,charge,XTR,-500,"stx,1",7,"\'=cmd|""x"""\r\n');
  });
});

describe("the clock", () => {
  it("is moved by owners in test mode only", async () => {
    expect((await as("owner", "POST", "/api/v1/clock/advance", { ms: 1_000 })).statusCode).toBe(409);
    await server.close();
    start({ clock: true });
    expect((await as("owner", "POST", "/api/v1/clock/advance", { ms: 1_000 })).json()).toEqual({ now: 1_000 });
    expect((await as("support", "POST", "/api/v1/clock/advance", { ms: 1_000 })).statusCode).toBe(403);
    expect((await as("owner", "POST", "/api/v1/clock/advance", { ms: -1 })).statusCode).toBe(400);
    expect(advanced).toEqual([1_000]);
  });
});
