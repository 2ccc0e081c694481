import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeRedisDriftBook } from "../../src/redis/drift-book.ts";
import { type Drift, DriftCheck, DriftList } from "../../src/support/answers/drift.ts";
import { type Office, openOffice } from "./support/office.ts";

let office: Office;
beforeEach(() => {
  office = openOffice();
});
afterEach(() => office.server.close());

const drift = (id: string, over: Partial<Drift> = {}): Drift => ({
  ...{ id, kind: "paidNoActor", state: "healing", since: 5, foundAt: 6, healedAt: null, healing: null },
  about: { chargeId: id, userId: 7, chatId: null },
  evidence: { from: "transaction", chargeId: id, at: 5 },
  ...over,
});
const list = async (query = "") =>
  DriftList.parse((await office.get(`/api/v1/drift${query}`, { role: "viewer" })).json());

describe("the list of differences", () => {
  beforeEach(async () => {
    const book = makeRedisDriftBook(office.client, office.keys);
    await book.put(drift("a"));
    await book.put(drift("b", { kind: "unknownMember", state: "open", since: 1 }));
    await book.put(drift("c"));
    await book.heal(drift("c"), 9);
    await book.writeDay({ day: "2026-11-23", at: 8, ledger: 500, telegram: 450 });
  });

  it("has those that are not healed, oldest first, with counts by kind and the totals of the two books", async () => {
    const { drifts, counts, days, now } = await list();
    expect(drifts.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(counts).toMatchObject({ paidNoActor: 1, unknownMember: 1, chargedBack: 0 });
    expect(days).toEqual([{ day: "2026-11-23", at: 8, ledger: 500, telegram: 450 }]);
    expect(now).toBe(office.clock.time);
  });
  it("is of one kind where one is named, or of those that are healed", async () => {
    expect((await list("?kind=unknownMember")).drifts.map(({ id }) => id)).toEqual(["b"]);
    expect((await list("?healed=true")).drifts).toMatchObject([{ id: "c", state: "healed", healedAt: 9 }]);
    expect((await office.get("/api/v1/drift?kind=other")).statusCode).toBe(400);
  });
  it("has a twin beside its page, and its counts are on the overview", async () => {
    expect((await office.get("/console/api/drift")).json()).toEqual((await office.get("/api/v1/drift")).json());
    expect((await office.get("/api/v1/overview")).json().drift).toMatchObject({ paidNoActor: 1, unknownMember: 1 });
  });
});

describe("a check", () => {
  it("as a dry run says what a round would do, and begins none", async () => {
    const answer = await office.post("/api/v1/drift/check", { dryRun: true }, { role: "support" });
    expect(DriftCheck.parse(answer.json())).toMatchObject({ dryRun: true, compared: { rows: 1, actors: 2, looks: 3 } });
    expect(office.begun).toEqual([]);
  });
  it("otherwise begins a round", async () => {
    const answer = await office.post("/api/v1/drift/check", {}, { role: "support" });
    expect(DriftCheck.parse(answer.json())).toMatchObject({ dryRun: false, drifts: [] });
    expect(office.begun).toEqual([office.clock.time]);
    expect((await office.post("/api/v1/drift/check", {}, { role: "viewer" })).statusCode).toBe(403);
  });
  it("is of everything where that is asked for", async () => {
    await office.post("/api/v1/drift/check", { whole: true }, { role: "support" });
    expect(office.begun).toEqual(["whole"]);
    const answer = await office.post("/api/v1/drift/check", { dryRun: true, whole: true }, { role: "support" });
    expect(DriftCheck.parse(answer.json())).toMatchObject({ compared: { rows: 100 } });
  });
});
