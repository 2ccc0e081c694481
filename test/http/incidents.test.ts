import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
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
    expect((await release()).json()).toMatchObject({ error: "actor.quarantined" });
    expect((await office.get("/api/v1/quarantine")).json().actors).toHaveLength(1);
  });
  it("lets a mended actor go, on an owner's word", async () => {
    await office.client.hset(key(), "s", envelope);
    expect((await release("finance")).statusCode).toBe(403);
    expect((await release()).json()).toEqual({ released: true });
    expect((await office.get("/api/v1/quarantine")).json()).toEqual({ actors: [] });
    expect(office.log.join()).toContain('"by":"owner-1"');
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
