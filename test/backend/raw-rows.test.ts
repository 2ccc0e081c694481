import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSide, type SideQuestion } from "../../src/collection/read-side.ts";
import { appErrorOf, META, makeTestClient, SPREADSHEET } from "./support/client.ts";

const DAY = "2026-02-17";
const QUESTION = {
  spreadsheetId: SPREADSHEET,
  dataset: "checklist",
  source: "local",
  dateFrom: DAY,
  dateTo: DAY,
} as const;

/** A backend of which every answer is this. */
async function answering(body: string | Buffer, headers: Record<string, string> = {}) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return makeTestClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).client;
}

const question = (side: "local" | "upstream"): SideQuestion => ({
  scope: { spreadsheetId: SPREADSHEET, dataset: "checklist" },
  ...{ day: DAY, keys: ["adv_sum", "stocks_total"], isPartial: false, startedAt: 5 },
  ...{ side, origin: "collection" },
});
const sideOf = async (body: unknown, isOneSided = false, side: "local" | "upstream" = "local") =>
  readSide({ client: await answering(JSON.stringify(body)), isOneSided }, question(side), META, () => 7);

const page = (rows: readonly unknown[], more: object = {}) => ({
  ...{
    success: true,
    spreadsheet_id: SPREADSHEET,
    dataset: "checklist",
    source_tag: "local",
    requested_source: "local",
  },
  ...{ degraded: false, captured_at: null, rows },
  ...more,
});

describe("rows as they come", () => {
  it("are bytes that nobody has touched", async () => {
    const bytes = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      Buffer.from(`${JSON.stringify(page([{ date: " x" }]))}\r\n`),
    ]);
    const got = await (await answering(bytes)).readRawDataset(QUESTION, META);
    expect(Buffer.from(got.bytes).equals(bytes)).toBe(true);
    expect(got.rows).toEqual([{ date: " x" }]);
    expect(JSON.parse(got.request)).toMatchObject({ spreadsheet_id: SPREADSHEET, dataset: { source: "local" } });
  });

  it("are read by the rules of data quality, which take what the contract's form does not (2)", async () => {
    const slice = await sideOf(
      page([
        {
          date: `${DAY}T00:30:00+03:00`,
          nm_id: "12",
          adv_sum: "1 234,50",
          stocks_total: "—",
          category: " shoes ",
          brand: "",
        },
        { date: DAY, nm_id: 11, adv_sum: "12%", stocks_total: 3 },
        { date: "2026-02-30", nm_id: 1 },
        { date: "2026-02-18", nm_id: 1 },
        { date: DAY, nm_id: 11, adv_sum: 1, stocks_total: null },
        null,
      ]),
    );
    expect(slice?.rows).toEqual([
      { date: DAY, nmId: 11, values: [1, null] },
      { date: DAY, nmId: 12, values: [1234.5, null] },
    ]);
    expect(slice?.counts).toEqual({ rows: 2, invalidRows: 2, outOfWindowRows: 1, invalidValues: 1, duplicateRows: 1 });
    expect(slice?.goods).toEqual(
      new Map([
        [12, { category: "shoes", brand: "unknown" }],
        [11, { category: "unknown", brand: "unknown" }],
      ]),
    );
    expect(slice).toMatchObject({ receivedAt: 7, startedAt: 5, capturedAt: null });
  });
});

describe("an answer that does not say whose rows they are", () => {
  it.each([
    ["a bare list", [{ date: DAY, nm_id: 1 }]],
    ["rows without a tag", { rows: [{ date: DAY, nm_id: 1 }] }],
  ])("is refused: %s (section 8)", async (_, body) => {
    expect((await appErrorOf(sideOf(body))).code).toBe("backend.unsupported");
  });

  it("is upstream's at an address of upstream's own", async () => {
    const slice = await sideOf([{ date: DAY, nm_id: 1, adv_sum: 0 }], true, "upstream");
    expect(slice).toMatchObject({ side: "upstream", rows: [{ nmId: 1, values: [0, null] }] });
  });
});
