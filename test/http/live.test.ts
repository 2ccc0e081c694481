// Pages that show what happens: over a real connection, because a stream has no end to wait for.
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { closeServer } from "../../src/http/server.ts";
import { LiveEntry } from "../../src/support/answers/operations.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const seen = { type: "contact.seen", username: "anna", firstName: "Anna", language: "en", ref: null };
let office: Office;
let base: string;
const ends: (() => void)[] = [];
const open = async (overrides: Parameters<typeof openOffice>[0] = {}) => {
  office = openOffice(overrides);
  await office.server.listen({ host: "127.0.0.1", port: 0 });
  base = `http://127.0.0.1:${(office.server.server.address() as AddressInfo).port}`;
};
beforeEach(() => open());
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await closeServer(office.server, 50);
});
const meet = (id: number) => office.actors.send(addressOf.customer(id), seen, { cause: CAUSE });

interface Heard {
  readonly status: number;
  readonly events: { readonly event: string; readonly id: string | null; readonly data: unknown }[];
  readonly comments: () => number;
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

async function listen(query = "", headers: Record<string, string> = {}): Promise<Heard> {
  const abort = new AbortController();
  ends.push(() => abort.abort());
  const response = await fetch(`${base}/api/v1/live${query}`, {
    headers: { authorization: "Bearer token-of-viewer", ...headers },
    signal: abort.signal,
  });
  const events: Heard["events"] = [];
  let comments = 0;
  const read = async () => {
    let text = "";
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece).toString();
      const parts = text.split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) {
        const field = (name: string) => part.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1] ?? null;
        const event = field("event");
        if (part.startsWith(":")) comments += 1;
        if (event) events.push({ event, id: field("id"), data: JSON.parse(field("data") ?? "null") });
      }
    }
  };
  const ended = read().catch(() => {});
  return { status: response.status, events, comments: () => comments, ended, stop: () => abort.abort() };
}
const hears = (heard: Heard, expected: number) =>
  vi.waitFor(() => expect(heard.events).toHaveLength(expected), { timeout: 5_000, interval: 5 });

describe("a live page", () => {
  it("hears of every event, in the form that it knows", async () => {
    const heard = await listen();
    await meet(7);
    await meet(8);
    await hears(heard, 2);
    expect(heard.events.map(({ event }) => event)).toEqual(["entry", "entry"]);
    const entries = heard.events.map(({ data }) => LiveEntry.parse(data));
    expect(entries.map(({ address }) => address).sort()).toEqual(["customer/7", "customer/8"]);
    expect(heard.events[0]?.id).toBe(entries[0]?.entryId);
  });
  it.each([
    ["one actor", "?address=customer/7", ["customer/7"]],
    ["one person, also of actors that are new", "?person=7", ["customer/7", "payment/c"]],
    ["one machine", "?machine=payment", ["payment/c"]],
  ])("hears of %s only", async (_name, query, expected) => {
    const heard = await listen(query);
    await meet(8);
    await meet(7);
    const event = {
      ...{ type: "payment.received", userId: 7, amountMinor: 5, currency: "XTR", orderId: "o", providerChargeId: null },
      ...{ recurring: false, firstRecurring: false, expiresAt: null, source: "update" },
    };
    await office.actors.send("payment/c", event, { cause: CAUSE });
    await hears(heard, expected.length);
    expect(heard.events.map(({ data }) => LiveEntry.parse(data).address).sort()).toEqual(expected);
  });
  it("of one actor goes on from the number that it had, without a gap and without a repetition", async () => {
    for (let times = 0; times < 3; times += 1) await meet(7);
    const heard = await listen("?address=customer/7", { "last-event-id": "1" });
    await meet(7);
    await hears(heard, 3);
    expect(heard.events.map(({ id }) => id)).toEqual(["2", "3", "4"]);
    heard.stop();
    await meet(7);
    const again = await listen("?address=customer/7", { "last-event-id": "4" });
    await hears(again, 1);
    expect(again.events[0]?.id).toBe("5");
  });
  it("of everything goes on from the entry that it had", async () => {
    const heard = await listen();
    await meet(7);
    await hears(heard, 1);
    heard.stop();
    await meet(8);
    await meet(9);
    const again = await listen("", { "last-event-id": heard.events[0]?.id ?? "" });
    await vi.waitFor(() => expect(again.events.length).toBeGreaterThanOrEqual(2), { timeout: 5_000 });
    const addresses = again.events.map(({ data }) => LiveEntry.parse(data).address);
    expect(addresses).toEqual(expect.arrayContaining(["customer/8", "customer/9"]));
  });
  it("is for staff", async () => {
    expect((await listen("", { authorization: "Bearer nobody" })).status).toBe(401);
    expect((await listen("?address=x")).status).toBe(400);
  });
  it("is kept awake, and ends when the server closes", async () => {
    await closeServer(office.server, 50);
    await open({ streams: { heartbeatMs: 10 } });
    const heard = await listen();
    await vi.waitFor(() => expect(heard.comments()).toBeGreaterThan(1), { timeout: 5_000 });
    const began = performance.now();
    await closeServer(office.server, 10_000);
    await heard.ended;
    expect(performance.now() - began).toBeLessThan(5_000);
  });
  it("is refused where too many are open, and let in when one has gone", async () => {
    await closeServer(office.server, 50);
    await open({ streams: { most: 1 } });
    const heard = await listen();
    expect((await listen()).status).toBe(503);
    heard.stop();
    await vi.waitFor(async () => expect((await listen()).status).toBe(200), { timeout: 5_000 });
  });
});

describe("the record of everything over HTTP", () => {
  it("is listed by person, and is a file as well", async () => {
    await meet(7);
    await meet(8);
    const { entries, cursor } = (await office.get("/api/v1/audit?person=7")).json();
    expect(entries).toMatchObject([{ address: "customer/7", seq: 1, event: { type: "contact.seen" } }]);
    expect(cursor).toBeNull();
    const file = await office.get("/console/api/audit?format=csv");
    expect(file.payload.trim().split("\r\n")).toHaveLength(3);
    expect(file.payload).not.toContain("Anna");
  });
});
