import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { makeRedisMessageStore } from "../../src/redis/message-store.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const ANNA = 7_012_345_678;
const QUESTION = "Where is my link? My card is 4111";
const ANSWER = "Here: it is in the club <b>chat</b>";
let office: Office;
beforeEach(() => {
  office = openOffice();
});
afterEach(() => office.server.close());

const opens = async (
  id: string,
  { userId = ANNA, text = QUESTION }: { userId?: number | null; text?: string } = {},
) => {
  await makeRedisMessageStore(office.client, office.keys).put(id, "u1", {
    from: "customer",
    text,
    at: office.clock.time,
  });
  const event = { type: "ticket.opened", userId, subject: "question", about: null, detail: null, messageRef: "u1" };
  await office.actors.send(addressOf.ticket(id), event, { cause: CAUSE });
};
const answer = (id: string, body: object = {}, role: "viewer" | "support" = "support") =>
  office.post(
    `/api/v1/tickets/${encodeURIComponent(id)}/answer`,
    { text: ANSWER, idempotencyKey: "answer-1", ...body },
    { role },
  );
const close = (id: string, body: object = {}, role: "viewer" | "support" = "support") =>
  office.post(`/api/v1/tickets/${encodeURIComponent(id)}/close`, { idempotencyKey: "closing-1", ...body }, { role });
const read = async (id: string) =>
  (await office.get(`/api/v1/tickets/${encodeURIComponent(id)}`, { role: "support" })).json();
const list = async (query = "") => (await office.get(`/api/v1/tickets${query}`, { role: "support" })).json();

describe("the list of tickets", () => {
  it("says what each is about, whose it is and since when", async () => {
    await opens("t1");
    office.clock.time += 60_000;
    await answer("t1");
    expect(await list("?state=answered")).toEqual({
      tickets: [
        {
          id: "t1",
          state: "answered",
          subject: "question",
          detail: null,
          about: null,
          userId: ANNA,
          customer: { userId: ANNA, name: null, username: null },
          since: office.clock.time,
          messages: 2,
          repeats: 0,
        },
      ],
      cursor: null,
    });
    expect((await list("?state=open")).tickets).toEqual([]);
    expect((await list()).tickets).toHaveLength(1);
  });
  it("comes in pages, and each ticket once", async () => {
    for (let n = 0; n < 7; n += 1) await opens(`t${n}`);
    const ids: string[] = [];
    let cursor = "";
    for (let pages = 0; pages < 9; pages += 1) {
      const page = await list(`?state=open&limit=2${cursor}`);
      ids.push(...page.tickets.map(({ id }: { id: string }) => id));
      if (page.cursor === null) break;
      cursor = `&cursor=${encodeURIComponent(page.cursor)}`;
    }
    expect(ids.sort()).toEqual(["t0", "t1", "t2", "t3", "t4", "t5", "t6"]);
  });
  it("shows the others beside one that cannot be read", async () => {
    await opens("t1");
    await opens("t2");
    await office.client.hset(office.keys.actor("ticket/t1"), { s: "{", r: "9" });
    const { tickets } = await list("?state=open");
    expect(tickets).toEqual(
      expect.arrayContaining([{ id: "t1", problem: "actor.quarantined" }, expect.objectContaining({ id: "t2" })]),
    );
  });
  it.each(["?state=lost", "?cursor=x", "?cursor=%7Cx", "?cursor=-1%7C", "?limit=0", "?what=else"])(
    "refuses %s",
    async (query) => {
      expect((await office.get(`/api/v1/tickets${query}`)).statusCode).toBe(400);
    },
  );
});

describe("a ticket", () => {
  it("is read with its texts, in order", async () => {
    await opens("t1");
    office.clock.time += 1;
    await answer("t1");
    expect(await read("t1")).toMatchObject({
      id: "t1",
      state: "answered",
      userId: ANNA,
      messages: [
        { from: "customer", text: QUESTION },
        { from: "staff", text: ANSWER, at: office.clock.time },
      ],
    });
  });
  it("is found under the id of its cause", async () => {
    await opens("inviteFailed:7012345678:-1002123456789");
    expect(await read("inviteFailed:7012345678:-1002123456789")).toMatchObject({ state: "open" });
  });
  it("that does not exist is 404, and nothing is kept for it", async () => {
    expect((await office.get("/api/v1/tickets/none")).statusCode).toBe(404);
    expect((await answer("none")).statusCode).toBe(404);
    expect((await close("none")).statusCode).toBe(404);
    expect(await office.client.exists(office.keys.ticketMessages("none"))).toBe(0);
  });
});

describe("an answer", () => {
  beforeEach(() => opens("t1"));

  it("reaches the customer as a notice that names where the text lies", async () => {
    expect((await answer("t1")).json()).toEqual({ outcome: "applied", state: "answered" });
    const [entry] = await office.actors.history("ticket/t1");
    expect(entry).toMatchObject({
      event: { type: "staff.answered", by: "support-1" },
      cause: { kind: "staff", id: "answer-1", by: "support-1" },
      effects: ["notifyCustomer ticket.answered"],
    });
  });
  it("sent twice counts once", async () => {
    await answer("t1");
    expect((await answer("t1")).json()).toEqual({ outcome: "duplicate", state: "answered" });
    expect((await read("t1")).messages).toHaveLength(2);
  });
  it("with the key of another one is refused, and changes nothing", async () => {
    await answer("t1");
    const other = await answer("t1", { text: "something else" });
    expect([other.statusCode, other.json().fields]).toEqual([400, [expect.stringContaining("idempotencyKey")]]);
    expect((await read("t1")).messages.at(-1)).toMatchObject({ text: ANSWER });
  });
  it("of two people with the same key is two answers", async () => {
    await answer("t1");
    const body = { text: "me too", idempotencyKey: "answer-1" };
    expect((await office.post("/api/v1/tickets/t1/answer", body, { role: "owner" })).json()).toMatchObject({
      outcome: "applied",
    });
    expect((await read("t1")).messages).toHaveLength(3);
  });
  it.each([
    ["nothing to say", { text: "  " }],
    ["more than a message holds", { text: "x".repeat(3_501) }],
    ["a NUL", { text: "a\u0000b" }],
    ["no key", { idempotencyKey: undefined }],
    ["a name of their own choice", { by: "owner-1" }],
  ])("is refused with %s", async (_name, body) => {
    expect((await answer("t1", body)).statusCode).toBe(400);
    expect((await read("t1")).messages).toHaveLength(1);
  });
  it("is refused where nobody would read it", async () => {
    await opens("channel:-100", { userId: null });
    expect((await answer("channel:-100")).json()).toMatchObject({ code: "http.badRequest" });
  });
  it("is refused to a viewer", async () => {
    expect((await answer("t1", {}, "viewer")).statusCode).toBe(403);
    expect((await close("t1", {}, "viewer")).statusCode).toBe(403);
    expect((await office.get("/api/v1/tickets/t1", { role: "viewer" })).statusCode).toBe(403);
  });
  it("leaves no text in events, audit, timers, outbox or log", async () => {
    await answer("t1");
    const keys = await office.client.keys(`${office.keys.prefix}*`);
    const texts: string[] = [];
    for (const key of keys.filter((name) => name !== office.keys.ticketMessages("t1"))) {
      const type = await office.client.type(key);
      if (type === "hash") texts.push(JSON.stringify(await office.client.hgetall(key)));
      if (type === "stream") texts.push(JSON.stringify(await office.client.xrange(key, "-", "+")));
      if (type === "zset") texts.push(JSON.stringify(await office.client.zrange(key, 0, "-1")));
    }
    expect(texts.join()).toContain("staff.answered");
    expect([...texts, ...office.log].join()).not.toMatch(/4111|it is in the club/);
  });
});

describe("closing a ticket", () => {
  it("is on record, and counts once", async () => {
    await opens("t1");
    expect((await close("t1", { reason: "settled by phone" })).json()).toEqual({ outcome: "applied", state: "closed" });
    expect((await close("t1", { reason: "settled by phone" })).json()).toMatchObject({ outcome: "duplicate" });
    expect((await office.actors.history("ticket/t1"))[0]).toMatchObject({
      event: { type: "ticket.closed", by: "support-1" },
      cause: { by: "support-1", reason: "settled by phone" },
    });
  });
  it("that is closed already changes nothing", async () => {
    await opens("t1");
    await close("t1");
    expect((await close("t1", { idempotencyKey: "closing-2" })).json()).toEqual({
      outcome: "ignored",
      state: "closed",
    });
  });
});
