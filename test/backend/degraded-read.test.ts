// The client at the simulated backend: an automatic read that had to use the other side says so, and decides nothing.
import { describe, expect, it, onTestFinished } from "vitest";
import { SimulatedBackend } from "../../src/sandbox/backend/backend.ts";
import { mintWbToken } from "../../src/sandbox/backend/wb-token/mint.ts";
import { KEYED, META, makeTestClient, SELLER, SPREADSHEET } from "./support/client.ts";

/** Noon in Moscow. */
const NOW = Date.UTC(2026, 1, 18, 9);
const NEVER_COLLECTED = "2026-02-10";
const COLLECTED = "2026-02-17";

describe("an automatic read while local is in force (check 7)", () => {
  it("answers upstream, degraded, where local data are missing, and leaves the decision as it is", async () => {
    const clock = { now: () => NOW };
    const backend = new SimulatedBackend({ clock });
    await backend.start();
    onTestFinished(() => backend.stop());
    const { client } = makeTestClient(backend.url, { adminKey: backend.adminKey });
    const key = (step: string) => ({ ...KEYED, idempotencyKey: `onb:o-1:${step}` });
    const spreadsheetId = SPREADSHEET;
    await client.registerSpreadsheet({ spreadsheetId }, key("register"));
    await client.addWbToken({ spreadsheetId, token: mintWbToken({ now: NOW, sid: SELLER }) }, key("token"));
    await client.runCollector({ spreadsheetId, dateFrom: COLLECTED }, key("collect"));
    await client.setDatasetSource(
      { spreadsheetId, dataset: "checklist", source: "local", decisionId: "decision-1", decidedAt: NOW },
      key("gate"),
    );
    const read = (day: string) =>
      client.readDataset(
        { spreadsheetId, dataset: "checklist", source: "auto", dateFrom: day, dateTo: day, limit: 1 },
        META,
      );

    expect(await read(COLLECTED)).toMatchObject({ source: "local", isSourceNamed: true, isDegraded: false });
    expect(await read(NEVER_COLLECTED)).toMatchObject({ source: "upstream", isSourceNamed: true, isDegraded: true });

    expect(await read(COLLECTED)).toMatchObject({ source: "local", isDegraded: false });
    const [sheet] = backend.overview().spreadsheets.filter(({ spreadsheet_id }) => spreadsheet_id === SPREADSHEET);
    expect(sheet?.source).toBe("local");
  });
});
