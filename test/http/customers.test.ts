import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { Customers, Hits } from "../../src/support/answers/people.ts";
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
