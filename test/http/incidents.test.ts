import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import type { SetAsideUpdate } from "../../src/bot/ports.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const COMMAND = { reason: "mended by hand", idempotencyKey: "command-1" };
let office: Office;
beforeEach(() => {
  office = openOffice();
});
afterEach(() => office.server.close());

describe("the quarantine", () => {
  const CHANNEL = addressOf.channel("-1002123456789");
  const key = () => office.keys.actor(CHANNEL);
  const release = (role: "finance" | "owner" = "owner") =>
    office.post(`/api/v1/quarantine/${CHANNEL}/release`, COMMAND, { role });
  let envelope: string;
  beforeEach(async () => {
    await office.actors.send(
      CHANNEL,
      { type: "channel.registered", breaker: { perHour: 5, percent: 10 } },
      { cause: CAUSE },
    );
    envelope = (await office.client.hget(key(), "s")) ?? "";
    await office.client.hset(key(), { s: "{", r: "2" });
    expect((await office.get(`/api/v1/actors/${CHANNEL}`)).statusCode).toBe(409);
  });

  it("is listed with why", async () => {
    const answer = await office.get("/api/v1/quarantine", { role: "viewer" });
    expect(answer.json()).toEqual({
      actors: [{ address: CHANNEL, problem: expect.stringContaining("notJson"), at: office.clock.time }],
    });
  });
  it("lets nobody go who was not mended", async () => {
    expect((await release()).json()).toMatchObject({ code: "actor.quarantined" });
    expect((await office.get("/api/v1/quarantine")).json().actors).toHaveLength(1);
  });
  it("lets a mended actor go, on an owner's word", async () => {
    await office.client.hset(key(), "s", envelope);
    expect((await release("finance")).statusCode).toBe(403);
    expect((await release()).json()).toEqual({ released: true });
    expect((await office.get("/api/v1/quarantine")).json()).toEqual({ actors: [] });
    expect(office.log).toEqual([expect.stringContaining("left the quarantine")]);
    for (const part of [
      '"event":"actor.released"',
      `"address":"${CHANNEL}"`,
      '"by":"owner-1"',
      '"reason":"mended by hand"',
      '"commandId":"command-1"',
    ])
      expect(office.log[0]).toContain(part);
  });
  it("that did not hold the actor says so, and the log does not say that it left", async () => {
    await office.client.hset(key(), "s", envelope);
    await release();
    expect((await release()).json()).toEqual({ released: false });
    expect(office.log).toHaveLength(1);
  });
});

describe("an update that was set aside", () => {
  const setAside: SetAsideUpdate = {
    ...{ updateId: 7, kind: "message", problem: "malformed", fields: ["message.chat"], at: 5, chatId: null, userId: 9 },
    money: { successful_payment: { telegram_payment_charge_id: "stx1", total_amount: 500 } },
  };
  const other: SetAsideUpdate = { ...setAside, updateId: null, at: 4, money: {} };
  const list = async () => (await office.get("/api/v1/updates-set-aside", { role: "viewer" })).json().updates;
  const forget = (id: string, role: "support" | "finance" = "finance", body: object = COMMAND) =>
    office.post(`/api/v1/updates-set-aside/${id}/forget`, body, { role });
  beforeEach(async () => {
    await office.updatesSetAside.add(setAside);
    await office.updatesSetAside.add(other);
  });

  it("is listed with a name of its own, newest first", async () => {
    expect(await list()).toEqual([
      { ...setAside, id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      { ...other, id: expect.stringMatching(/^[0-9a-f]{32}$/) },
    ]);
    expect(new Set((await list()).map(({ id }: { id: string }) => id)).size).toBe(2);
  });
  it("is forgotten on somebody's word, and then the log is its record", async () => {
    const [{ id }] = await list();
    expect((await forget(id)).json()).toEqual({ forgotten: true });
    expect(await list()).toEqual([{ ...other, id: expect.any(String) }]);
    for (const part of [
      '"event":"update.forgotten"',
      '"by":"finance-1"',
      '"reason":"mended by hand"',
      '"updateId":7',
      "stx1",
    ])
      expect(office.log.join()).toContain(part);
  });
  it("is forgotten by nobody below finance, not without a reason, and not twice", async () => {
    const [{ id }] = await list();
    expect((await forget(id, "support")).statusCode).toBe(403);
    expect((await forget(id, "finance", { idempotencyKey: "command-1" })).statusCode).toBe(400);
    expect((await forget("nothing")).statusCode).toBe(404);
    expect(await list()).toHaveLength(2);
    await forget(id);
    expect((await forget(id)).statusCode).toBe(404);
  });
});

describe("an effect that failed for good", () => {
  const retry = (id: string, role: "support" | "finance" = "finance", body: object = COMMAND) =>
    office.post(`/api/v1/failed-effects/${encodeURIComponent(id)}/retry`, body, { role });

  it("is listed", async () => {
    const { effects } = (await office.get("/api/v1/failed-effects", { role: "viewer" })).json();
    expect(effects).toEqual([{ effectId: "payment/c|3|0", kind: "notifyCustomer", code: "effect.rejected", at: 5 }]);
  });
  it("is tried again with the person and the reason", async () => {
    expect((await retry("payment/c|3|0")).json()).toEqual({ retried: true });
    expect(office.retried).toEqual([
      {
        effectId: "payment/c|3|0",
        cause: { kind: "staff", id: "command-1", by: "finance-1", reason: "mended by hand" },
      },
    ]);
  });
  it("is tried again by nobody below finance, not without a reason, and not when there is none", async () => {
    expect((await retry("payment/c|3|0", "support")).statusCode).toBe(403);
    expect((await retry("payment/c|3|0", "finance", { idempotencyKey: "command-1" })).statusCode).toBe(400);
    expect((await retry("payment/d|3|0")).statusCode).toBe(404);
    expect(office.retried).toEqual([]);
  });
});
