// A request that is not understood is told what to correct, and where that stands.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { ADMIN_ROUTES } from "../../src/http/admin.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const PEOPLE = [7_012_345_671, 7_012_345_672, 7_012_345_673];
const [ANNA = 0, BORIS = 0] = PEOPLE;
const TO_DO = "query: cursor: not one of this list; leave it out to begin with the first page";
let office: Office;
beforeAll(async () => {
  office = openOffice();
  for (const [index, id] of PEOPLE.entries()) {
    const event = { type: "contact.seen", username: `p${index}`, firstName: "P", language: "en", ref: null };
    await office.actors.send(addressOf.customer(id), event, { cause: CAUSE });
    await office.actors.send(addressOf.customer(id), { ...event, firstName: "Q" }, { cause: CAUSE });
  }
});
afterAll(() => office.server.close());

const refusal = async (url: string) => {
  const response = await office.get(url);
  expect([url, response.statusCode]).toEqual([url, 400]);
  return response.json().fields as string[];
};
const page = async (path: string) => (await office.get(path)).json();
const given = (cursor: unknown) => `cursor=${encodeURIComponent(String(cursor))}`;

describe("a body", () => {
  it("that says it is no JSON is refused for that, whatever it holds", async () => {
    const headers = { "content-type": "text/plain", authorization: "Bearer token-of-owner" };
    const response = await office.server.inject({ method: "POST", url: "/api/v1/bulk", headers, payload: "x" });
    expect([response.statusCode, response.json().code]).toEqual([415, "http.unsupportedMediaType"]);
  });
});

describe("a query", () => {
  const withQuery = ADMIN_ROUTES.filter(({ query }) => query).map(({ path }) =>
    path
      .replace(":machine", "customer")
      .replace(":id", String(ANNA))
      .replace(":name", "clock")
      .replace(":spreadsheetId/:dataset", `${"1".repeat(44)}/checklist`),
  );
  it.each(withQuery.map((path) => path.replace(":telegramId", String(ANNA))))(
    "with a field that there is not is told which, and which there are: %s",
    async (path) => {
      const fields = await refusal(`${path}?whatever=1`);
      expect(fields).toContainEqual(expect.stringMatching(/^query: whatever: unknown; there (?:is|are) \w/));
      for (const field of fields) expect(field).toMatch(/^query: /);
    },
  );
  it("with a wrong value is told of which field", async () => {
    expect(await refusal("/api/v1/audit?limit=0&kind=none")).toEqual([
      expect.stringMatching(/^query: kind: /),
      expect.stringMatching(/^query: limit: /),
    ]);
    expect(await refusal("/api/v1/actors")).toEqual([expect.stringMatching(/^query: must name exactly one of/)]);
  });
});

describe("a cursor that is not of this list", () => {
  const wrong = [
    "x",
    "|x",
    "-1|",
    "99|s:customer:",
    "0|s:invite:linkIssued|1",
    "customer~x",
    "nothing~",
    "5~x",
    "1-1~05 ",
  ];
  it.each([
    ...["/api/v1/actors-table", "/api/v1/actors-table?machine=customer", "/api/v1/customers", "/api/v1/timers"],
    ...["/api/v1/audit", "/api/v1/tickets", "/api/v1/machines/customer/actors"],
  ])("is refused, with what to do: %s", async (path) => {
    for (const cursor of wrong)
      expect(await refusal(`${path}${path.includes("?") ? "&" : "?"}${given(cursor)}`)).toEqual([TO_DO]);
  });
  it("is refused when it was of the same list by other filters", async () => {
    const ofTable = (await page("/api/v1/actors-table?machine=customer&limit=1")).cursor;
    expect(await refusal(`/api/v1/actors-table?machine=invite&${given(ofTable)}`)).toEqual([TO_DO]);
    expect(await refusal(`/api/v1/actors-table?machine=customer&state=risk.flagged&${given(ofTable)}`)).toEqual([
      TO_DO,
    ]);
    const ofStates = (await page("/api/v1/machines/customer/actors?limit=1")).cursor;
    expect(await refusal(`/api/v1/machines/customer/actors?state=risk.flagged&${given(ofStates)}`)).toEqual([TO_DO]);
    const ofAll = (await page("/api/v1/audit?limit=1")).cursor;
    expect(await refusal(`/api/v1/audit?person=${ANNA}&${given(ofAll)}`)).toEqual([TO_DO]);
    const ofOne = (await page(`/api/v1/audit?person=${ANNA}&limit=1`)).cursor;
    expect(await refusal(`/api/v1/audit?${given(ofOne)}`)).toEqual([TO_DO]);
  });
  it("is refused where the filters of the audit are others by now", async () => {
    const { cursor } = await page("/api/v1/audit?limit=1&machine=customer");
    expect(await refusal(`/api/v1/audit?limit=1&${given(cursor)}`)).toEqual([TO_DO]);
    expect(await refusal(`/api/v1/audit?limit=1&machine=invite&${given(cursor)}`)).toEqual([TO_DO]);
    const next = await page(`/api/v1/audit?limit=2&machine=customer&${given(cursor)}`);
    expect(next).toMatchObject({ entries: expect.any(Array) });
  });
  it("is refused where what was looked for is one page", async () => {
    const { cursor } = await page("/api/v1/actors-table?limit=1");
    expect(await refusal(`/api/v1/actors-table?q=${ANNA}&${given(cursor)}`)).toEqual([TO_DO]);
    const customers = await page("/api/v1/customers?limit=1");
    expect(await refusal(`/api/v1/customers?q=${ANNA}&${given(customers.cursor)}`)).toEqual([TO_DO]);
  });
  it("is not the one that an answer gave: it goes on, and each actor comes once", async () => {
    for (const [path, list] of [
      ["/api/v1/actors-table?machine=customer&limit=1", "actors"],
      ["/api/v1/actors-table?limit=1", "actors"],
      ["/api/v1/customers?limit=1", "customers"],
      ["/api/v1/machines/customer/actors?state=contact&limit=1", "actors"],
      ["/api/v1/audit?limit=2", "entries"],
    ]) {
      let found = await page(String(path));
      let rows = found[String(list)].length;
      for (let pages = 0; found.cursor !== null && pages < 9; pages += 1) {
        found = await page(`${path}&${given(found.cursor)}`);
        rows += found[String(list)].length;
      }
      expect([path, rows]).toEqual([path, list === "entries" ? 6 : 3]);
    }
  });
});

describe("`before` of a history", () => {
  const history = (id: number) => `/api/v1/actors/customer/${id}/history`;
  it("goes on from an entry of the same actor", async () => {
    const [newest] = (await page(`${history(ANNA)}?limit=1`)).entries;
    const { entries } = await page(`${history(ANNA)}?before=${newest.previous}`);
    expect(entries.map(({ seq }: { seq: number }) => seq)).toEqual([1]);
  });
  it("is refused when it is no entry of this actor", async () => {
    const todo = ["query: before: no entry of this history; leave it out to begin with the newest"];
    const [ofAnother] = (await page(`${history(BORIS)}?limit=1`)).entries;
    expect(await refusal(`${history(ANNA)}?before=${ofAnother.entryId}`)).toEqual(todo);
    expect(await refusal(`${history(ANNA)}?before=1-1`)).toEqual(todo);
  });
});

describe("a body that is no JSON", () => {
  const url = `/api/v1/actors/customer/${ANNA}/events`;
  it.each([
    ['{"event": }', "body: not valid JSON at line 1 column 11"],
    ['{\n  "event": {},\n  reason: "x"\n}', "body: not valid JSON at line 3 column 3"],
    ['{"event": {}', "body: not valid JSON at line 1 column 13"],
    ['{"reason": "secret-of-anna\n"}', "body: not valid JSON at line 1 column 12"],
    ["secret-of-anna", "body: not valid JSON at line 1 column 1"],
    ['{"dryRun": true} x', "body: not valid JSON at line 1 column 18"],
    ["", "body: empty; send JSON"],
    ['{"__proto__": {"secret-of-anna": 1}}', "body: __proto__ and constructor.prototype are no names of fields"],
  ])("is told where it breaks, and nothing of the inside: %j", async (payload, field) => {
    const response = await office.post(url, payload);
    expect([response.statusCode, response.json().fields]).toEqual([400, [field]]);
    expect(response.json().code).toBe("http.badRequest");
    expect(response.body).not.toMatch(/secret-of-anna|SyntaxError|node_modules/);
  });
});
