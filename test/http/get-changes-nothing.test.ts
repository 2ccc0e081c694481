// GET never changes anything: every address is asked, and Redis holds afterwards what it held before.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { CAUSE } from "../support/actors.ts";
import { dumpKeys } from "../support/dump-keys.ts";
import { type Office, openOffice } from "./support/office.ts";

const ANNA = 7_012_345_678;
let office: Office;
let addresses: string[];
beforeEach(async () => {
  addresses = [];
  office = openOffice({
    advanceClock: async (ms) => ms,
    watch: ({ method, url }) => {
      if ([method].flat().includes("GET")) addresses.push(url);
    },
  });
  await office.server.ready();
  const event = { type: "contact.seen", username: "anna", firstName: "Anna", language: "en", ref: null };
  await office.actors.send(addressOf.customer(ANNA), event, { cause: CAUSE });
});
afterEach(() => office.server.close());

describe("a GET", () => {
  it("changes nothing, whatever the address", async () => {
    const before = await dumpKeys(office.client, office.keys.prefix);
    expect(before).toContain(String(ANNA));
    expect(addresses.length).toBeGreaterThan(20);
    // The stream of events never ends: it has tests of its own.
    for (const address of addresses.filter((url) => !url.endsWith("/live"))) {
      const url = address.replace(":machine", "customer").replace(/:(?:id|telegramId)/, String(ANNA));
      const { statusCode } = await office.get(url.replaceAll(/:\w+/g, "1"));
      expect([url, statusCode < 500 || statusCode === 503]).toEqual([url, true]);
    }
    expect(await dumpKeys(office.client, office.keys.prefix)).toEqual(before);
    expect(office.retried).toEqual([]);
  });
});
