import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { Overview } from "../../src/support/answers/operations.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const CHAT = "-1001";
let office: Office;
beforeEach(() => {
  office = openOffice();
});
afterEach(() => office.server.close());

const overview = async () => Overview.parse((await office.get("/api/v1/overview", { role: "viewer" })).json());
const needs = async () => (await overview()).needs.map(({ kind, count }) => [kind, count]);
const sees = async (rights: object, chatId = CHAT) => {
  const address = addressOf.channel(chatId);
  const breaker = { perHour: 1, percent: 1 };
  await office.actors.send(address, { type: "channel.registered", breaker }, { cause: CAUSE });
  const seen = { ...{ present: true, canInvite: true, canRestrict: true, title: "Club", members: 40 }, ...rights };
  await office.actors.send(address, { type: "rights.seen", rights: seen }, { cause: CAUSE });
};

describe("the overview", () => {
  it("names what needs a person, the most urgent first", async () => {
    await sees({ canRestrict: false }, "-1002");
    await sees({ present: false }, "-1003");
    const ticket = {
      type: "ticket.opened",
      userId: null,
      subject: "channel",
      about: null,
      detail: null,
      messageRef: null,
    };
    await office.actors.send(addressOf.ticket("t1"), ticket, { cause: CAUSE });
    expect(await needs()).toEqual([
      ["channelLost", 1],
      ["channelDegraded", 1],
      ["failedEffect", 1],
      ["ticket", 1],
    ]);
    const [lost, degraded] = (await overview()).needs;
    expect(lost).toMatchObject({ address: addressOf.channel("-1003"), since: office.clock.time });
    expect(degraded).toMatchObject({ text: "Club: canRestrict", href: "/console/actors/channel/-1002" });
  });

  it("says since when the oldest ticket is open, and whose it is where it is one", async () => {
    const about = { subject: "question", about: null, detail: null, messageRef: null };
    const opened = { type: "ticket.opened", userId: 7, ...about };
    await office.actors.send(addressOf.ticket("t1"), opened, { cause: CAUSE });
    const since = office.clock.time;
    const line = async () => (await overview()).needs.find(({ kind }) => kind === "ticket");
    expect(await line()).toMatchObject({ count: 1, since, customer: 7 });
    office.clock.time += 60_000;
    await office.actors.send(addressOf.ticket("t2"), { ...opened, userId: 8 }, { cause: CAUSE });
    expect(await line()).toMatchObject({ count: 2, since, customer: null });
  });

  it("says how many removals a tripped breaker holds", async () => {
    await sees({});
    for (let userId = 1; userId <= 4; userId += 1)
      await office.actors.send(
        addressOf.channel(CHAT),
        { type: "removal.asked", userId, members: 40 },
        { cause: CAUSE },
      );
    expect((await overview()).needs[0]).toMatchObject({ kind: "breakerTripped", held: 3, text: "Club" });
  });

  it("counts a timer as late when it has waited for a minute", async () => {
    await sees({ canInvite: false });
    expect((await needs()).map(([kind]) => kind)).not.toContain("lateTimers");
    office.clock.time += 10 * 60_000;
    expect((await overview()).needs).toContainEqual(expect.objectContaining({ kind: "lateTimers", count: 1 }));
  });

  it("counts an actor with several regions once", async () => {
    await sees({});
    await sees({}, "-1002");
    const channel = (await overview()).machines.find(({ machine }) => machine === "channel");
    expect(channel).toMatchObject({ total: 2, states: { "removals.flowing": 2 } });
    expect((await overview()).machines).toHaveLength(9);
  });

  it("has a twin beside its page", async () => {
    expect((await office.get("/console/api/overview")).json()).toEqual((await office.get("/api/v1/overview")).json());
  });
});
