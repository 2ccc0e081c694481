import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LedgerRow } from "../../src/effects/ports.ts";
import { AppError } from "../../src/errors.ts";
import { type Office, openOffice } from "./support/office.ts";

const row = (overrides: Partial<LedgerRow> = {}): LedgerRow => ({
  ...{ row: "r", entry: "charge", userId: 7, orderId: "o", chargeId: "c", currency: "XTR", amountMinor: 500, at: 0 },
  ...overrides,
});
const HEAD = "at,entry,currency,amount_minor,charge_id,user_id,order_id\r\n";

describe("the ledger as CSV", () => {
  let office: Office;
  beforeEach(() => {
    office = openOffice();
  });
  afterEach(() => office.server.close());

  it("has one line a row, and no cell that a spreadsheet would run", async () => {
    office.rows.push(row({ orderId: '=cmd|"x"', amountMinor: -500, chargeId: "stx,1" }));
    const response = await office.get("/api/v1/ledger.csv", { role: "finance" });
    expect(response.headers["content-type"]).toContain("text/csv");
    expect(response.body).toBe(`${HEAD}1970-01-01T00:00:00.000Z,charge,XTR,-500,"stx,1",7,"'=cmd|""x"""\r\n`);
  });
  it("calls who was erased by a pseudonym, and nobody else", async () => {
    office.rows.push(
      row({ userId: 666 }),
      row({ userId: 7 }),
      row({ userId: 666, entry: "refund", amountMinor: -500 }),
    );
    const { body } = await office.get("/api/v1/ledger.csv");
    const people = body
      .trim()
      .split("\r\n")
      .map((line) => line.split(",")[5]);
    expect(people).toEqual(["user_id", "erased-0a", "7", "erased-0a"]);
  });
  it("without rows is its head", async () => {
    expect((await office.get("/api/v1/ledger.csv")).body).toBe(HEAD);
  });
  it("of many rows is complete, and is sent while it is read", async () => {
    let read = 0;
    const many = openOffice({
      ledger: {
        sums: async () => [],
        rows: async function* () {
          for (; read < 20_000; read += 1) yield row({ chargeId: `c${read}` });
        },
      },
    });
    const response = await many.server.inject({
      method: "GET",
      url: "/api/v1/ledger.csv",
      headers: { authorization: "Bearer token-of-finance" },
      payloadAsStream: true,
    });
    const stream = response.stream();
    let lines = 0;
    let readAtFirstPiece = 0;
    for await (const piece of stream) {
      readAtFirstPiece ||= read;
      lines += String(piece).split("\r\n").length - 1;
    }
    expect(readAtFirstPiece).toBeLessThan(15_000);
    expect(lines).toBe(20_001);
    await many.server.close();
  });
  it("that cannot be read is an error, not half a file", async () => {
    const away = openOffice({
      ledger: {
        sums: async () => [],
        // biome-ignore lint/correctness/useYield: fails before the first row
        rows: async function* () {
          throw new AppError("redis.unreachable");
        },
      },
    });
    const response = await away.get("/api/v1/ledger.csv");
    expect([response.statusCode, response.json().code]).toEqual([503, "redis.unreachable"]);
    await away.server.close();
  });
});
