import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const ANNA = 7_012_345_678;
const CUSTOMER = addressOf.customer(ANNA);
const URL = `/api/v1/actors/${CUSTOMER}`;
let office: Office;
beforeEach(async () => {
  office = openOffice();
  const event = { type: "contact.seen", username: "anna", firstName: "Anna", language: "en", ref: null };
  await office.actors.send(CUSTOMER, event, { cause: CAUSE });
});
afterEach(() => office.server.close());

const command = (event: object, overrides: object = {}) => ({
  event,
  reason: "asked by phone",
  idempotencyKey: "command-1",
  ...overrides,
});
const block = { type: "risk.blocked" };

describe("a caller without a valid token", () => {
  it.each([null, "nobody"] as const)("gets 401 everywhere, before the body is read (%s)", async (role) => {
    for (const url of [
      URL,
      `${URL}/history`,
      `${URL}/verify`,
      "/api/v1/ledger",
      "/api/v1/ledger.csv",
      "/api/v1/tickets",
      "/api/v1/quarantine",
      "/api/v1/updates-set-aside",
    ]) {
      expect((await office.get(url, { role, remoteAddress: `192.0.2.${url.length}` })).statusCode, url).toBe(401);
    }
    for (const url of [
      `${URL}/events`,
      "/api/v1/tickets/t/answer",
      "/api/v1/failed-effects/x/retry",
      "/api/v1/updates-set-aside/x/forget",
      "/api/v1/clock/advance",
    ]) {
      expect(
        (await office.post(url, "{ not json", { role, remoteAddress: `192.0.3.${url.length}` })).statusCode,
        url,
      ).toBe(401);
    }
    expect((await office.actors.read(CUSTOMER))?.rev).toBe(1);
  });
  it.each([
    ["with a page of another site before it, that posts here", { origin: "https://evil.example" }],
    ["with a page of no site before it", { origin: "null" }],
    ["through a proxy on this machine", { "x-forwarded-for": "203.0.113.7" }],
    ["through a proxy that says so in the standard's way", { forwarded: "for=203.0.113.7" }],
  ])("is not let into the sandbox from this machine %s", async (_name, headers) => {
    const open = openOffice({ openToLoopback: true });
    const answer = await open.get("/api/v1/quarantine", { role: null, remoteAddress: "127.0.0.1", headers });
    expect(answer.statusCode).toBe(401);
    await open.server.close();
  });
  it.each([
    ["127.0.0.1", { host: "127.0.0.1:8080" }],
    ["127.0.0.1", { host: "localhost:8080", origin: "http://localhost:8080" }],
    ["::1", { host: "[::1]:8080" }],
    ["::ffff:127.0.0.1", { host: "localhost" }],
  ])("is let into the sandbox from this machine by its own names: %s %j", async (remoteAddress, headers) => {
    const open = openOffice({ openToLoopback: true });
    expect((await open.get("/api/v1/quarantine", { role: null, remoteAddress, headers })).statusCode).toBe(200);
    await open.server.close();
  });
  it("is let in from this machine only where the sandbox says so", async () => {
    expect((await office.get(URL, { role: null, remoteAddress: "127.0.0.1" })).statusCode).toBe(401);
    await office.server.close();
    const open = openOffice({ openToLoopback: true, advanceClock: async (ms) => ms });
    expect(
      (await open.post("/api/v1/clock/advance", { ms: 1 }, { role: null, remoteAddress: "127.0.0.1" })).statusCode,
    ).toBe(200);
    expect(
      (await open.post("/api/v1/clock/advance", { ms: 1 }, { role: null, remoteAddress: "192.0.2.7" })).statusCode,
    ).toBe(401);
    await open.server.close();
  });
});

describe("a token", () => {
  it.each(["Bearer", "bearer", "BEARER"])("is taken whatever the case of the scheme's name: %s", async (scheme) => {
    const headers = { authorization: `${scheme} token-of-owner` };
    expect((await office.get(URL, { role: null, headers })).statusCode).toBe(200);
  });
  it.each(["", "Basic token-of-owner", "Bearer", "token-of-owner", "Bearer token-of-owner x"])(
    "is not found in %j",
    async (authorization) => {
      expect((await office.get(URL, { role: null, headers: { authorization } })).statusCode).toBe(401);
    },
  );
});

describe("somebody who guesses tokens", () => {
  const guess = (remoteAddress = "192.0.2.9") => office.get(URL, { role: "nobody", remoteAddress });
  it("is locked out for a minute after ten wrong ones, with the right one as well", async () => {
    for (let tries = 0; tries < 10; tries += 1) expect((await guess()).statusCode).toBe(401);
    const refused = await office.get(URL, { remoteAddress: "192.0.2.9" });
    expect(refused.statusCode).toBe(429);
    expect(refused.headers["retry-after"]).toBe("60");
    expect(refused.json()).toMatchObject({ code: "http.lockedOut" });
    office.wall.time += 60_000;
    expect((await office.get(URL, { remoteAddress: "192.0.2.9" })).statusCode).toBe(200);
  });
  it("locks nobody else out", async () => {
    for (let tries = 0; tries < 12; tries += 1) await guess();
    expect((await office.get(URL, { remoteAddress: "192.0.2.10" })).statusCode).toBe(200);
  });
  it("is no typist who errs now and then", async () => {
    for (let tries = 0; tries < 30; tries += 1) {
      expect((await guess()).statusCode).toBe(401);
      office.wall.time += 7_000;
    }
  });
});

describe("somebody who guesses tokens from behind a reverse proxy", () => {
  const PROXY = "10.0.0.7";
  const guessFrom = (behind: Office, client: string, role: "nobody" | "owner" = "nobody", remoteAddress = PROXY) =>
    behind.get(URL, { role, remoteAddress, headers: { "x-forwarded-for": client } });
  const tenFrom = async (behind: Office, client: (tries: number) => string, remoteAddress = PROXY) => {
    for (let tries = 0; tries < 10; tries += 1) await guessFrom(behind, client(tries), "nobody", remoteAddress);
  };
  let behind: Office;
  beforeEach(() => {
    behind = openOffice({ trustedProxies: [PROXY, "fd00::/8"] });
  });
  afterEach(() => behind.server.close());

  it("locks out all staff where no proxy is trusted", async () => {
    await tenFrom(office, () => "203.0.113.7");
    expect((await guessFrom(office, "203.0.113.8", "owner")).statusCode).toBe(429);
  });
  it("locks out nobody else where the proxy is trusted", async () => {
    await tenFrom(behind, () => "203.0.113.7");
    expect((await guessFrom(behind, "203.0.113.7", "owner")).statusCode).toBe(429);
    expect((await guessFrom(behind, "203.0.113.8", "owner")).statusCode).toBe(404);
  });
  it("is told by what the proxy added, not by what came in", async () => {
    await tenFrom(behind, (tries) => `198.51.100.${tries}, 203.0.113.7`);
    expect((await guessFrom(behind, "203.0.113.7", "owner")).statusCode).toBe(429);
  });
  it("cannot choose an address without the proxy", async () => {
    await tenFrom(behind, (tries) => `198.51.100.${tries}`, "203.0.113.9");
    expect((await guessFrom(behind, "198.51.100.99", "owner", "203.0.113.9")).statusCode).toBe(429);
  });
  it("is counted at the proxy's own address where the proxy names no address", async () => {
    await tenFrom(behind, (tries) => `203.0.113.7:${50_000 + tries}`);
    expect((await guessFrom(behind, "203.0.113.7:60000", "owner")).statusCode).toBe(429);
  });
  it("is told apart behind a proxy of a trusted network too", async () => {
    await tenFrom(behind, () => "203.0.113.7", "fd00::5");
    expect((await guessFrom(behind, "203.0.113.7", "owner", "fd00::5")).statusCode).toBe(429);
    expect((await guessFrom(behind, "203.0.113.8", "owner", "fd00::5")).statusCode).toBe(404);
  });
});

describe("a role", () => {
  it("may do what it is for, and no more", async () => {
    expect((await office.get(URL, { role: "viewer" })).statusCode).toBe(200);
    expect((await office.post(`${URL}/events`, command(block), { role: "viewer" })).statusCode).toBe(403);
    expect((await office.post(`${URL}/events`, command(block), { role: "support" })).statusCode).toBe(200);
    expect((await office.get("/api/v1/ledger.csv", { role: "support" })).statusCode).toBe(403);
    expect((await office.get("/api/v1/ledger.csv", { role: "finance" })).statusCode).toBe(200);
    expect((await office.get("/api/v1/tickets", { role: "viewer" })).statusCode).toBe(403);
  });
});

describe("an event sent by staff", () => {
  it("is on record with the person and the reason, and counts once", async () => {
    expect((await office.post(`${URL}/events`, command(block), { role: "support" })).json()).toMatchObject({
      outcome: "applied",
    });
    expect((await office.post(`${URL}/events`, command(block), { role: "support" })).json()).toMatchObject({
      outcome: "duplicate",
    });
    const [entry] = await office.actors.history(CUSTOMER);
    expect(entry).toMatchObject({
      event: { type: "risk.blocked", by: "support-1", reason: "asked by phone" },
      cause: { kind: "staff", by: "support-1", reason: "asked by phone" },
    });
  });
  it("carries the caller's own name, whatever name was written into it", async () => {
    const forged = { ...block, by: "owner-1", reason: "the owner said so" };
    await office.post(`${URL}/events`, command(forged), { role: "support" });
    expect((await office.actors.history(CUSTOMER))[0]?.event).toMatchObject({
      by: "support-1",
      reason: "asked by phone",
    });
  });
  it("is refused when the actor moved on since it was looked at", async () => {
    expect((await office.post(`${URL}/events`, command(block, { expectedSeq: 7 }))).statusCode).toBe(409);
  });
  it.each([
    ["no reason", { reason: "" }],
    ["no key", { idempotencyKey: undefined }],
    ["a field too many", { force: true }],
  ])("is refused with the wrong field: %s", async (_name, overrides) => {
    expect((await office.post(`${URL}/events`, command(block, overrides))).statusCode).toBe(400);
  });
  it("is refused when it has a field that its machine does not know", async () => {
    const answer = await office.post(`${URL}/events`, command({ ...block, force: true }));
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: "actor.invalidEvent" });
  });
  it("reaches an actor whose id is as long as Telegram's charge ids", async () => {
    const answer = await office.get(`/api/v1/actors/payment/${encodeURIComponent(`stx/${"ж".repeat(200)}`)}`);
    expect(answer.json()).toMatchObject({ code: "actor.noActor" });
  });
  it("to nobody is 404", async () => {
    for (const path of ["customer/1", "nothing/p", "customer/1/verify", "constructor/1"]) {
      expect((await office.get(`/api/v1/actors/${path}`)).statusCode, path).toBe(404);
    }
  });
});

describe("a history", () => {
  it("is verified", async () => {
    expect((await office.get(`${URL}/verify`)).json()).toMatchObject({ ok: true, entries: 1 });
  });
  it("whose actor is gone is reported, not called clean", async () => {
    await office.client.del(office.keys.actor(CUSTOMER));
    expect((await office.get(`${URL}/verify`)).json()).toMatchObject({ ok: false, problem: "missingActor" });
  });
  it("is not read from a place that is no entry", async () => {
    expect((await office.get(`${URL}/history?before=%2B`)).statusCode).toBe(400);
  });
});

describe("the clock", () => {
  it("is moved by owners in test mode only", async () => {
    expect((await office.post("/api/v1/clock/advance", { ms: 1_000 })).statusCode).toBe(409);
    const advanced: number[] = [];
    const test = openOffice({ advanceClock: async (ms) => advanced.push(ms) });
    expect((await test.post("/api/v1/clock/advance", { ms: 1_000 })).json()).toEqual({ now: 1 });
    expect((await test.post("/api/v1/clock/advance", { ms: 1_000 }, { role: "support" })).statusCode).toBe(403);
    expect((await test.post("/api/v1/clock/advance", { ms: -1 })).statusCode).toBe(400);
    expect(advanced).toEqual([1_000]);
    await test.server.close();
  });
});
