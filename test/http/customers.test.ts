import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { AppError } from "../../src/errors.ts";
import { CustomerPage, Customers, Hits } from "../../src/support/answers/people.ts";
import { PersonExport } from "../../src/support/answers/person-export.ts";
import { makeCustomerPage } from "../../src/support/customer-page.ts";
import { readSought } from "../../src/support/find.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const ANNA = 7_012_345_678;
const CHARGE = "stx/AbC_1-2+3==";
const ORDER = "o_7f3a";
let office: Office;
beforeEach(async () => {
  office = openOffice();
  const seen = { type: "contact.seen", username: "Anna_K", firstName: "Anna", language: "en", ref: null };
  await office.actors.send(addressOf.customer(ANNA), seen, { cause: CAUSE });
  const received = {
    ...{ type: "payment.received", userId: ANNA, amountMinor: 500, currency: "XTR", orderId: ORDER },
    ...{ chargeId: CHARGE, recurring: false, firstRecurring: false, expiresAt: null, providerChargeId: null },
    source: "update",
  };
  const { chargeId: _id, ...event } = received;
  await office.actors.send(addressOf.payment(CHARGE), event, { cause: CAUSE });
  const knocked = { type: "join.requested", linkOwner: null, userChatId: ANNA };
  await office.actors.send(addressOf.invite(ANNA, "-1001"), knocked, { cause: CAUSE });
});
afterEach(() => office.server.close());

const search = async (q: string) =>
  Hits.parse((await office.get(`/api/v1/search?q=${encodeURIComponent(q)}`, { role: "viewer" })).json()).hits;

describe("the search box", () => {
  it.each([
    ["a Telegram id", `${ANNA}`, "telegramId"],
    ["one with spaces around and in it", " 7 012 345 678 ", "telegramId"],
    ["a username", "@anna_k", "username"],
    ["one in other case and without its sign", "ANNA_K", "username"],
    ["a link to the person", "https://t.me/Anna_K", "username"],
    ["one without its scheme, with a query", "t.me/anna_k?start=x", "username"],
    ["the link of a client", `tg://user?id=${ANNA}`, "telegramId"],
    ["a charge id", CHARGE, "chargeId"],
    ["an order id", ORDER, "orderId"],
    ["an actor", `invite/${ANNA}:-1001`, "actorId"],
    ["the id of an actor", `${ANNA}:-1001`, "actorId"],
  ])("finds the customer by %s", async (_what, q, by) => {
    expect((await search(q))[0]).toMatchObject({
      kind: "customer",
      address: addressOf.customer(ANNA),
      by,
      customer: { userId: ANNA, name: "Anna", username: "Anna_K" },
    });
  });

  it("shows the payment beside its payer, and the actor beside its owner", async () => {
    expect((await search(CHARGE)).map(({ address }) => address)).toEqual([
      addressOf.customer(ANNA),
      addressOf.payment(CHARGE),
    ]);
    expect((await search(`${ANNA}:-1001`))[1]).toMatchObject({ address: `invite/${ANNA}:-1001`, states: ["none"] });
  });

  it("finds a person of whom there is only an invite", async () => {
    const stranger = 5_000_000_001;
    const knocked = { type: "join.requested", linkOwner: null, userChatId: stranger };
    await office.actors.send(addressOf.invite(stranger, "-1001"), knocked, { cause: CAUSE });
    expect((await search(`${stranger}`)).map(({ address }) => address)).toContain(addressOf.invite(stranger, "-1001"));
  });

  it.each(["nobody-here", "@nobody", "999", "a|b", "channel/", "invite/x", "%", "\u0007"])(
    "finds nothing by %j, and does not fail",
    async (q) => {
      expect(await search(q)).toEqual([]);
    },
  );

  it("finds one that cannot be read", async () => {
    const key = office.keys.actor(addressOf.invite(ANNA, "-1001"));
    await office.client.hset(key, { s: "{", r: "9" });
    expect((await search(`invite/${ANNA}:-1001`)).at(-1)).toMatchObject({
      address: `invite/${ANNA}:-1001`,
      states: [],
    });
  });

  it("has a twin beside its page, and tells no stranger anything", async () => {
    expect((await office.get("/console/api/search?q=anna_k")).json()).toEqual(
      (await office.get("/api/v1/search?q=anna_k")).json(),
    );
    expect((await office.get("/api/v1/search?q=anna_k", { role: "nobody" })).statusCode).toBe(401);
    expect(office.log.join()).not.toContain("Anna");
  });

  it("wants a text", async () => {
    expect((await office.get("/api/v1/search")).statusCode).toBe(400);
  });
});

describe("the list of customers", () => {
  const list = async (query = "") => Customers.parse((await office.get(`/api/v1/customers${query}`)).json());

  it("holds everybody once, with since when and what comes next", async () => {
    const { customers, cursor } = await list();
    expect(cursor).toBeNull();
    expect(customers).toMatchObject([
      { address: addressOf.customer(ANNA), since: office.clock.time, customer: { name: "Anna" } },
    ]);
  });

  it("narrows to those whom a text identifies", async () => {
    expect((await list(`?q=${encodeURIComponent(CHARGE)}`)).customers).toHaveLength(1);
    expect((await list("?q=nobody")).customers).toEqual([]);
  });
});

describe("the page of a customer", () => {
  const page = async (userId = ANNA) => office.get(`/api/v1/customers/${userId}`, { role: "viewer" });

  it("says who they are, and what is theirs", async () => {
    const renamed = { type: "contact.seen", username: "anna_new", firstName: "Anna", language: "en", ref: null };
    await office.actors.send(addressOf.customer(ANNA), renamed, { cause: CAUSE });
    expect(CustomerPage.parse((await page()).json())).toMatchObject({
      customer: { userId: ANNA, name: "Anna", username: "anna_new" },
      formerUsernames: ["Anna_K"],
      language: "en",
      reachable: true,
      consent: null,
      risk: { blocked: false, reason: null, chargebacks: 0 },
      payments: [{ chargeId: CHARGE, amountMinor: 500, currency: "XTR", orderId: ORDER }],
      screen: { text: "Hello" },
      secrets: [],
    });
    const { actors } = CustomerPage.parse((await page()).json());
    expect(actors[0]?.address).toBe(addressOf.customer(ANNA));
    expect(actors.map(({ machine }) => machine)).toEqual(expect.arrayContaining(["payment", "invite"]));
  });

  it("shows of a token only that it lies sealed, and since when", async () => {
    const address = addressOf.onboarding(ANNA, "club");
    const hours = { from: 10, to: 20, utcOffsetMinutes: 180 };
    const access = { type: "access.changed", entitled: true, version: 1, since: office.clock.time, readyMs: null };
    const given = {
      type: "token.given",
      answer: "a3",
      ref: "sealed-ref",
      sid: "seller-1",
      expiresAt: 2_000_000_000_000,
    };
    for (const event of [
      { ...access, sheets: 1, reminderHours: hours },
      { type: "email.given", answer: "a1", email: "anna@example.com" },
      { type: "spreadsheet.given", answer: "a2", spreadsheetId: "s".repeat(44) },
      { ...given, isMessageLeft: false, warning: null },
    ])
      await office.actors.send(address, event, { cause: CAUSE });
    const answer = await page();
    expect(CustomerPage.parse(answer.json()).secrets).toEqual([{ what: "club: token", setAt: office.clock.time }]);
    expect(answer.body).not.toMatch(/sealed-ref|seller-1/);
  });

  it("lists their tickets without what was written", async () => {
    const event = {
      type: "ticket.opened",
      userId: ANNA,
      subject: "question",
      about: null,
      detail: null,
      messageRef: "u1",
    };
    await office.actors.send(addressOf.ticket("t1"), event, { cause: CAUSE });
    expect((await page()).json().tickets).toMatchObject([
      { id: "t1", subject: "question", customer: { name: "Anna" } },
    ]);
  });

  it("exists for somebody of whom only others have spoken, and for nobody else", async () => {
    const stranger = 5_000_000_002;
    const knocked = { type: "join.requested", linkOwner: null, userChatId: stranger };
    await office.actors.send(addressOf.invite(stranger, "-1001"), knocked, { cause: CAUSE });
    expect(CustomerPage.parse((await page(stranger)).json())).toMatchObject({ firstSeenAt: null, reachable: false });
    expect((await page(4_242)).json()).toMatchObject({ code: "actor.noActor" });
    expect((await office.get("/api/v1/customers/anna")).statusCode).toBe(400);
  });

  it("is answered although the customer cannot be read, then without a screen", async () => {
    await office.client.hset(office.keys.actor(addressOf.customer(ANNA)), { s: "{", r: "9" });
    expect((await page()).statusCode).toBe(200);
    const { actors } = office;
    const screenNow = () => Promise.reject(new AppError("actor.quarantined"));
    expect(
      (await makeCustomerPage({ actors, screenNow, freshness: async () => null, now: () => 1 })(ANNA)).screen,
    ).toBeNull();
  });
});

describe("a text in the search box", () => {
  it("is no username where Telegram would not take it for one", () => {
    expect(readSought("анна").username).toBeNull();
    expect(readSought("https://example.com/anna").username).toBeNull();
  });
  it("is a number only where nothing else stands in it", () => {
    expect(readSought("70 12").userId).toBe(7_012);
    expect(readSought("7012:club").userId).toBeNull();
    expect(readSought("9".repeat(40)).userId).toBeNull();
  });
});

describe("the export of a person", () => {
  const path = (userId = ANNA) => `/api/v1/customers/${userId}/export`;

  it("has all that is kept of them, in clear names, and of a secret only that it is there", async () => {
    const at = office.clock.time;
    office.rows.push(
      ...[ANNA, ANNA + 1].map((userId) => ({
        ...{ row: `charge:${userId}`, entry: "charge" as const, chargeId: CHARGE, orderId: ORDER },
        ...{ userId, currency: "XTR", amountMinor: 500, at },
      })),
    );
    await office.actors.send(
      addressOf.customer(ANNA),
      { type: "terms.accepted", version: "1", language: "en" },
      { cause: CAUSE },
    );
    const onboarding = addressOf.onboarding(ANNA, "club");
    const hours = { from: 10, to: 20, utcOffsetMinutes: 180 };
    for (const event of [
      {
        ...{ type: "access.changed", entitled: true, version: 1, since: at, readyMs: null, sheets: 1 },
        reminderHours: hours,
      },
      { type: "email.given", answer: "a1", email: "anna@example.com" },
      { type: "spreadsheet.given", answer: "a2", spreadsheetId: "s".repeat(44) },
      {
        ...{ type: "token.given", answer: "a3", ref: "sealed-ref", sid: "seller-1", expiresAt: 2_000_000_000_000 },
        ...{ isMessageLeft: false, warning: null },
      },
    ])
      await office.actors.send(onboarding, event, { cause: CAUSE });
    const response = await office.get(path(), { role: "finance" });
    const all = PersonExport.parse(response.json());
    expect(all).toMatchObject({
      telegramId: ANNA,
      person: { firstName: "Anna", username: "Anna_K", language: "en" },
      consents: [{ version: "1", language: "en" }],
      payments: [{ chargeId: CHARGE, amountMinor: 500 }],
      ...{ pseudonym: null, conversations: [], secrets: [{ what: `${onboarding}: token`, setAt: at }] },
    });
    const records = new Map(all.records.map((record) => [record.address, record]));
    expect([...records.keys()]).toEqual(
      expect.arrayContaining([addressOf.payment(CHARGE), addressOf.invite(ANNA, "-1001"), onboarding]),
    );
    expect(records.get(addressOf.customer(ANNA))?.events.map(({ type }) => type)).toEqual([
      "terms.accepted",
      "contact.seen",
    ]);
    expect(records.get(onboarding)?.holds).toMatchObject({ email: "anna@example.com" });
    expect(response.body).not.toContain("sealed-ref");
    expect(response.headers["content-disposition"]).toBe(`attachment; filename="person-${ANNA}.json"`);
  });
  it("is for those who may see money, is on record, and the record has no name", async () => {
    expect((await office.get(path(), { role: "support" })).statusCode).toBe(403);
    expect(office.log.join()).not.toContain("person.exported");
    await office.get(path(), { role: "finance" });
    expect(office.log.join()).toContain(`"event":"person.exported","userId":${ANNA},"by":"finance-1"`);
    expect(office.log.join()).not.toContain("Anna");
  });
  it("of somebody of whom nothing is known is none", async () => {
    expect((await office.get(path(5), { role: "owner" })).json().code).toBe("actor.noActor");
  });
});
