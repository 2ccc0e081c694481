// The admin API, every operation of its document, by anybody: no answer breaks, tells of the inside, or changes what only looking may not.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { ADMIN_ROUTES } from "../../src/http/admin.ts";
import { makeAdminOpenApi } from "../../src/http/openapi.ts";
import { type Office, openOffice } from "../http/support/office.ts";
import { CAUSE } from "../support/actors.ts";
import { dumpKeys } from "../support/dump-keys.ts";
import { judge, watchProcess } from "./support/judge.ts";
import { type Document, type Fuzzed, type Pool, requests } from "./support/requests.ts";
import { BATCH, FUZZ_SEED, fuzzSize, fuzzTimeoutMs } from "./support/size.ts";

const [READS, WRITES] = [0.35, 0.4];
const SEALING_KEY = Buffer.alloc(32, 1).toString("base64");
const SECRETS = ["token-of-viewer", "token-of-support", "token-of-finance", "token-of-owner", SEALING_KEY];
const PEOPLE = [7_012_345_671, 7_012_345_672];
const document = makeAdminOpenApi(ADMIN_ROUTES) as unknown as Document;
let office: Office;
let pool: Pool;
const watch = watchProcess();

beforeAll(async () => {
  office = openOffice();
  await office.server.ready();
  for (const id of PEOPLE) {
    const seen = { type: "contact.seen", username: `p${id}`, firstName: "P", language: "en", ref: null };
    await office.actors.send(addressOf.customer(id), seen, { cause: CAUSE });
  }
  const addresses = PEOPLE.map((id) => addressOf.customer(id));
  const { entries } = (await office.get("/api/v1/audit")).json();
  const { cursor } = (await office.get("/api/v1/customers?limit=1")).json();
  pool = {
    "*": [...addresses, ...PEOPLE.map(String), "customer", "contact.reachable", "a good reason", "key-12345678"],
    telegramId: PEOPLE.map(String),
    userId: PEOPLE.map(String),
    machine: ["customer", "subscription", "payment", "ticket", "channel", "nothing"],
    id: [...PEOPLE.map(String), `${PEOPLE[0]}:club`, "payment/c|3|0"],
    name: ["clock", "effects", "updates"],
    state: ["contact.reachable", "waiting", "delayed", "open"],
    address: addresses,
    addresses: [addresses],
    product: ["club", "suite"],
    planCode: ["club-month"],
    plan: ["club-month"],
    chatId: ["-1001"],
    chargeId: ["c1"],
    reason: ["a good reason"],
    idempotencyKey: Array.from({ length: 50 }, (_, at) => `key-number-${at}`),
    before: [entries[0]?.entryId ?? "0-1"],
    cursor: [cursor ?? "x"],
    expectedSeq: [0, 1, 2],
    seq: ["1", "2"],
    language: ["en", "ru"],
    event: [
      { type: "risk.blocked" },
      { type: "risk.cleared" },
      { type: "access.revoked" },
      { type: "contact.seen", username: null, firstName: "X", language: "en", ref: null },
      { type: "__proto__" },
    ],
  };
});
afterAll(async () => {
  watch.stop();
  await office.server.close();
});

async function ask({ method, url, headers, payload, remoteAddress, declared }: Fuzzed): Promise<void> {
  const response = await office.server.inject({
    ...{ method, url, remoteAddress, headers: { host: "127.0.0.1", ...headers } },
    ...(payload === undefined ? {} : { payload }),
  });
  const type = String(response.headers["content-type"] ?? "");
  judge({ status: response.statusCode, type, body: method === "HEAD" ? "" : response.body }, SECRETS);
  // Reached or not, an operation answers what its document says; 404 is what another path gets, 414 one that is too long for the router.
  const isAsDocumented = [...declared, 404, 414].includes(response.statusCode) || method === "OPTIONS";
  expect(isAsDocumented, `${method} ${url}: ${response.statusCode} ${response.body.slice(0, 300)}`).toBe(true);
  if (headers.authorization === undefined || headers.authorization === "Bearer nobody")
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
}

describe(`the admin API, seed ${FUZZ_SEED}`, () => {
  const property = (methods: readonly string[]) =>
    fc.asyncProperty(
      fc.array(requests(document, pool, methods), { minLength: BATCH, maxLength: BATCH }),
      async (batch) => {
        await Promise.all(batch.map(ask));
        expect(watch.seen()).toEqual([]);
        expect({}).not.toHaveProperty("polluted");
      },
    );

  it(
    "answers any GET, and changes nothing by it",
    async () => {
      const before = await dumpKeys(office.client, office.keys.prefix);
      await fc.assert(property(["GET"]), fuzzSize(READS));
      expect(await dumpKeys(office.client, office.keys.prefix)).toEqual(before);
    },
    fuzzTimeoutMs(READS),
  );

  it(
    "answers any command, and leaves every actor whole",
    async () => {
      await fc.assert(property(["POST", "GET"]), fuzzSize(WRITES));
      const addresses = (await Promise.all(PEOPLE.map((id) => office.actors.find(`telegramId=${id}`)))).flat();
      for (const address of addresses) expect(await office.actors.verify(address)).toMatchObject({ ok: true });
    },
    fuzzTimeoutMs(WRITES),
  );

  it("writes no failure into its log", () => {
    expect(office.log.filter((line) => line.startsWith("request failed"))).toEqual([]);
  });
});
