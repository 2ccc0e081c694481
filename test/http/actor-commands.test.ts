// A command that is only looked at, and one that does what was looked at or nothing.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { Plan } from "../../src/support/answers/actors.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const ANNA = 7_012_345_678;
const CUSTOMER = addressOf.customer(ANNA);
const URL = `/api/v1/actors/${CUSTOMER}`;
const seen = { type: "contact.seen", username: "anna", firstName: "Anna", language: "en", ref: null };
let office: Office;
beforeEach(async () => {
  office = openOffice();
  await office.actors.send(CUSTOMER, seen, { cause: CAUSE });
});
afterEach(() => office.server.close());

const preview = async (overrides: object = {}) =>
  Plan.parse(
    (await office.post(`${URL}/events`, { event: { type: "risk.blocked" }, dryRun: true, ...overrides })).json(),
  );
const send = (overrides: object = {}) =>
  office.post(`${URL}/events`, {
    ...{ event: { type: "risk.blocked" }, reason: "asked by phone", idempotencyKey: "command-1" },
    ...overrides,
  });

describe("a command that is only looked at", () => {
  it("needs neither reason nor key, and does nothing", async () => {
    const plan = await preview();
    expect(plan).toMatchObject({
      expectedSeq: 1,
      step: { outcome: "applied", event: "risk.blocked" },
      approval: false,
    });
    expect(plan.after).toContain("risk.blocked");
    expect(await office.actors.read(CUSTOMER)).toMatchObject({ rev: 1 });
  });
  it("is for those who may send it", async () => {
    const answer = await office.post(
      `${URL}/events`,
      { event: { type: "erasure.requested" }, dryRun: true },
      { role: "support" },
    );
    expect(answer.statusCode).toBe(403);
  });
  it("says what is wrong with the event", async () => {
    const answer = await office.post(`${URL}/events`, { event: { type: "risk.blocked", more: 1 }, dryRun: true });
    expect(answer.json()).toMatchObject({ code: "actor.invalidEvent" });
  });
  it("works for an actor that the event brings into being, and says when it would reach nobody", async () => {
    const terms = { planCode: "x" };
    const url = `/api/v1/actors/subscription/${ANNA}:club/events`;
    const refused = await office.post(url, { event: { type: "term.granted", terms, ms: null }, dryRun: true });
    expect(refused.json()).toMatchObject({ code: "actor.invalidEvent" });
    const nobody = await office.post(url, { event: { type: "access.revoked" }, dryRun: true });
    expect(nobody.json()).toMatchObject({ status: 404, code: "actor.noActor", fields: [expect.any(String)] });
  });
});

describe("a command that is meant", () => {
  it("wants a reason and a key", async () => {
    const answer = await office.post(`${URL}/events`, { event: { type: "risk.blocked" } });
    expect(answer.json()).toMatchObject({
      code: "http.badRequest",
      fields: [expect.stringMatching(/^reason/), expect.stringMatching(/^idempotencyKey/)],
    });
  });
  it("does what the plan said, whoever asks and whatever the reason, and once", async () => {
    const { planHash, after } = await preview();
    const done = await send({ planHash });
    expect(done.json()).toMatchObject({ outcome: "applied", view: { states: after } });
    // By now the plan is another; the key says that this was done already.
    expect((await send({ planHash })).json()).toMatchObject({ outcome: "duplicate", first: "applied" });
  });
  it("does nothing when the actor has moved on since the plan", async () => {
    const { planHash } = await preview();
    await office.actors.send(CUSTOMER, { type: "contact.blocked" }, { cause: CAUSE });
    expect((await send({ planHash })).json()).toMatchObject({ status: 409, code: "actor.planChanged" });
    expect((await office.actors.read(CUSTOMER))?.states).not.toContain("risk.blocked");
  });
  it("does nothing when it is another event than the plan's", async () => {
    const { planHash } = await preview();
    const answer = await send({ planHash, event: { type: "erasure.requested" } });
    expect(answer.json()).toMatchObject({ code: "actor.planChanged" });
  });
});

describe("a forced state", () => {
  const force = (overrides: object = {}, role: "support" | "viewer" = "support") =>
    office.post(
      `${URL}/force`,
      {
        targets: ["risk.blocked"],
        reason: "asked by phone",
        idempotencyKey: "command-2",
        expectedSeq: 1,
        ...overrides,
      },
      { role },
    );

  it("is previewed, and then done in the caller's name", async () => {
    const plan = Plan.parse((await force({ dryRun: true })).json());
    expect(plan).toMatchObject({ entryEffects: [], follows: [], step: { effects: [], to: ["risk.blocked"] } });
    const done = await force({ planHash: plan.planHash });
    expect(done.json()).toMatchObject({ outcome: "applied", view: { states: plan.after } });
    const { entries } = (await office.get(`${URL}/history`)).json();
    expect(entries[0]).toMatchObject({ event: { type: "staff.forced", by: "support-1" }, cause: { by: "support-1" } });
    expect((await force({ planHash: plan.planHash })).json()).toMatchObject({ outcome: "duplicate" });
  });
  it("is refused under the key of another command", async () => {
    await force();
    expect((await force()).json()).toMatchObject({ outcome: "duplicate" });
    expect((await force({ targets: ["risk.watched"] })).json()).toMatchObject({ code: "command.keyReused" });
    const event = { event: { type: "risk.blocked" }, reason: "asked by phone", idempotencyKey: "command-2" };
    const sent = await office.post(`${URL}/events`, event, { role: "support" });
    expect(sent.json()).toMatchObject({ code: "command.keyReused" });
  });
  it("wants the number of the actor's newest event", async () => {
    expect((await force({ expectedSeq: undefined })).json()).toMatchObject({
      fields: ["expectedSeq: required unless dryRun"],
    });
    expect((await force({ expectedSeq: 9 })).json()).toMatchObject({ code: "actor.staleRevision" });
  });
  it("is refused by name where it does not exist", async () => {
    expect((await force({ targets: ["risk.nowhere"] })).json()).toMatchObject({
      ...{
        status: 422,
        code: "actor.invalidForce",
        fields: ["targets: a customer has no state risk.nowhere that can be forced"],
      },
    });
  });
  it("that is worth money needs the role of the event that leads there", async () => {
    const url = `/api/v1/actors/subscription/${ANNA}:club`;
    const try_ = async (target: string, role: "support" | "finance") =>
      (await office.post(`${url}/force`, { targets: [target], dryRun: true }, { role })).json();
    const gift = { plan: "club-month", days: 10, reason: "a gift of ours", idempotencyKey: "a-gift-of-ours" };
    await office.post(`/api/v1/customers/${ANNA}/grant`, gift);
    for (const target of ["billing.active.lifetime", "billing.active", "override.set"]) {
      expect(await try_(target, "support")).toMatchObject({
        ...{ status: 403, fields: [`targets: ${target}: needs the role finance`] },
      });
      expect(await try_(target, "finance")).toHaveProperty("planHash");
    }
    expect(await try_("billing.revoked", "support")).toHaveProperty("planHash");
    const page = (await office.get(`${url}/page`, { role: "support" })).json().force;
    expect(page).toMatchObject({ role: "support", mayYou: true, roles: { "override.set": "finance" } });
    expect(page.notYours).toContain("billing.active.lifetime");
    expect(page.notYours).not.toContain("billing.revoked");
  });
  it("of a payment is the owner's, and nobody else's", async () => {
    const body = { targets: ["applied"], dryRun: true };
    for (const role of ["viewer", "support", "finance"] as const)
      expect((await office.post("/api/v1/actors/payment/c/force", body, { role })).statusCode).toBe(403);
    const nobody = await office.post("/api/v1/actors/payment/c/force", body);
    expect(nobody.json()).toMatchObject({ status: 404, code: "actor.noActor", fields: [expect.any(String)] });
  });
  it("is offered on the actor's page to those who may", async () => {
    const page = async (role: "viewer" | "support") => (await office.get(`${URL}/page`, { role })).json().force;
    expect(await page("support")).toMatchObject({ role: "support", mayYou: true });
    expect(await page("viewer")).toMatchObject({ mayYou: false });
    expect((await page("viewer")).targets).toContain("risk.blocked");
  });
});

describe("the table of actors", () => {
  const table = async (query: string) => (await office.get(`/api/v1/actors-table?${query}`, { role: "viewer" })).json();
  const addresses = async (query: string) =>
    (await table(query)).actors.map(({ address }: { address: string }) => address);

  it("lists each actor once, also one with several regions, page by page", async () => {
    for (const id of [1, 2, 3]) await office.actors.send(addressOf.customer(id), seen, { cause: CAUSE });
    expect((await addresses("machine=customer")).sort()).toEqual(
      [1, 2, 3, ANNA].map((id) => addressOf.customer(id)).sort(),
    );
    const found: string[] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null && pages < 20; pages += 1) {
      const page: { actors: { address: string }[]; cursor: string | null } = await table(
        `limit=1${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      found.push(...page.actors.map(({ address }) => address));
      cursor = page.cursor;
    }
    expect(found.sort()).toEqual([1, 2, 3, ANNA].map((id) => addressOf.customer(id)).sort());
  });
  it.each([`q=${ANNA}`, "q=@Anna", `q=customer/${ANNA}`, "machine=customer&state=risk", `q=${ANNA}&machine=customer`])(
    "finds a person by what is at hand: %s",
    async (query) => {
      expect(await addresses(query)).toEqual([CUSTOMER]);
    },
  );
  it.each(["q=nobody", "q=customer/abc", "machine=order", `q=${ANNA}&machine=order`, `q=${ANNA}&state=risk.blocked`])(
    "finds nothing where there is nothing: %s",
    async (query) => {
      expect(await addresses(query)).toEqual([]);
    },
  );
  it("says whose an actor is and since when it is so", async () => {
    const [line] = (await table("machine=customer")).actors;
    expect(line).toMatchObject({
      customer: { userId: ANNA, name: "Anna", username: "anna" },
      since: office.clock.now(),
      nextTimer: null,
    });
  });
  it("is a file for a spreadsheet as well", async () => {
    const answer = await office.get("/api/v1/actors-table?machine=customer&format=csv");
    expect(answer.headers["content-disposition"]).toContain("actors.csv");
    const [head, line] = answer.payload.split("\r\n");
    expect(head).toMatch(/^address,machine,states,/);
    expect(line).toContain(`${CUSTOMER},customer,`);
  });
});
