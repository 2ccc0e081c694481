import { describe, expect, it } from "vitest";
import { isAppError } from "../../../src/errors.ts";
import { evaluateCase } from "../../../src/quality/case/evaluate-case.ts";
import { CALIBRATION, CONFIG, GATE, inCase, KEY, RELEASE, ROWS } from "./support/case-directory.ts";

type Written = Readonly<Record<string, unknown>>;
const result = (files: Parameters<typeof inCase>[0], format?: "csv" | "json") =>
  inCase(files, (directory) => evaluateCase(directory, { format })) as Promise<Written>;

async function refusal(files: Parameters<typeof inCase>[0], format?: "csv" | "json"): Promise<string> {
  try {
    await result(files, format);
  } catch (error) {
    if (isAppError(error, "parity.caseInvalid")) return String(error.details.problem);
    throw error;
  }
  throw new Error("it was evaluated");
}

const config = (changes: object) => ({ "config.json": { ...CONFIG, ...changes } });
const everything = { ...CONFIG, gate: GATE, calibration: CALIBRATION, release: RELEASE };

describe("12 a case", () => {
  it("has the members of what was asked for, sorted by date, then key", async () => {
    const plain = await result({});
    expect(Object.keys(plain)).toEqual(
      "normalisation metrics dataset_days pooled dataset_pooled completeness".split(" "),
    );
    expect((plain.metrics as { date: string; key: string }[]).map(({ date, key }) => `${date} ${key}`)).toEqual([
      ...["2026-03-01 adv_sum", "2026-03-01 stocks_total", "2026-03-02 adv_sum", "2026-03-02 stocks_total"],
    ]);
    const all = await result({ "config.json": everything, "candidate.csv": ROWS });
    expect(Object.keys(all).slice(6)).toEqual(["gate", "calibration", "release"]);
    expect(all.normalisation).toHaveProperty("candidate.rows", 2);
    expect(all.release).toMatchObject({ verdict: "allow", status: { adv_sum: "flat", stocks_total: "flat" } });
  });

  it("is the same from CSV and from JSON, with a byte order mark, CRLF, quotes and columns nobody asked for", async () => {
    const rows = [
      { date: "2026-03-01", nm_id: 1, adv_sum: "5", stocks_total: 10, seller: "a,b" },
      { date: "2026-03-02", nm_id: "1", stocks_total: "10,0" },
    ];
    const csv =
      '\ufeffnm_id,"date",stocks_total,adv_sum,seller\r\n1,2026-03-01,10,5,"a,b\r\nc"\r\n1,2026-03-02,"10,0",,';
    const plain = await result({});
    expect(await result({ "upstream.csv": csv })).toEqual(plain);
    const json = { "upstream.csv": null, "local.csv": null, "upstream.json": { rows }, "local.json": { rows } };
    expect(await result(json)).toEqual(plain);
    expect(await result({ "upstream.json": { rows: [] }, "local.json": { rows: [] } })).toEqual(plain);
    const empty = await result({ "upstream.json": { rows: [] }, "local.json": { rows: [] } }, "json");
    expect(empty.dataset_pooled).toEqual({ n_cells: 0, n_exact: 0, numeric_exact_ratio: null });
  });

  it("does not need a catalogue, and takes it as CSV or JSON", async () => {
    const entry = { nm_id: 2, category: null, brand: "x", first_seen: "2026-03-02", retired_at: "" };
    const expected = { nm_total: 2, expected_cells: 3, holes: 1 };
    const csv = await result({ "catalog.csv": "nm_id,category,brand,first_seen,retired_at\n2,,x,2026-03-02,\n" });
    expect(csv.completeness).toMatchObject(expected);
    expect((await result({ "catalog.json": { rows: [entry] } })).completeness).toMatchObject(expected);
    expect((await result({})).completeness).toMatchObject({ nm_total: 1, holes: 0 });
  });

  it("says which names of the config are none of its keys, and goes on", async () => {
    const said: string[] = [];
    const warn = (sentence: string) => said.push(sentence);
    await inCase(config({ calibration: CALIBRATION }), (directory) => evaluateCase(directory, { warn }));
    expect(said).toEqual([
      "config.json: calibration.guard_keys: profit_with_adv is none of keys, so it is not looked at",
    ]);
  });
});

describe("12 bad input", () => {
  it.each([
    ["config.json: the file cannot be read (ENOENT)", { "config.json": null }],
    ["config.json, line 2: it is not JSON", { "config.json": '{\n"dataset": x}' }],
    ["config.json: expected object", { "config.json": "5" }],
    ["config.json: window: from lies after to", config({ window: { from: "2026-03-02", to: "2026-03-01" } })],
    [
      "config.json: window.to: expected a date of the calendar, YYYY-MM-DD",
      config({ window: { from: "2026-02-01", to: "2026-02-30" } }),
    ],
    ["config.json: keys: expected at least one key", config({ keys: {} })],
    ["config.json: keys: date and nm_id are no keys", config({ keys: { date: KEY } })],
    ["config.json: keys.k.abs_tol: expected number", config({ keys: { k: { ...KEY, abs_tol: "0.01" } } })],
    [
      "config.json: keys.k: a limit of green is looser than that of yellow",
      config({ keys: { k: { ...KEY, yellow: { wape_max: 0.01 } } } }),
    ],
    [
      "config.json: gate.enter_days: is missing (parameters are given in full)",
      config({ gate: { ...GATE, enter_days: undefined } }),
    ],
    ["config.json: gate.hold_days: expected a whole number, 1 or more", config({ gate: { ...GATE, hold_days: 0 } })],
    [
      "config.json: calibration.overlap_days: expected more than holdout_days: nothing is left to fit to",
      config({ calibration: { ...CALIBRATION, overlap_days: 7 } }),
    ],
    ["candidate.csv: there is no such file", config({ release: RELEASE })],
    ["upstream.csv: there is no such file", { "upstream.csv": null }],
    ["upstream.csv, line 1: the header is missing", { "upstream.csv": "" }],
    ["upstream.csv, line 1: the header has no column nm_id", { "upstream.csv": "date,adv_sum\n" }],
    ["local.csv, line 1: the header has the column adv_sum twice", { "local.csv": "date,nm_id,adv_sum,adv_sum\n" }],
    [
      "local.csv, line 3: it has 5 fields and the header 4 (RFC 4180)",
      { "local.csv": `${ROWS.split("\n").slice(0, 2).join("\n")}\n2026-03-02,1,1 234,50,10\n` },
    ],
    [
      "local.csv, line 2: a quote is opened and never closed (RFC 4180)",
      { "local.csv": 'date,nm_id\n"2026-03-01,1\n' },
    ],
    [
      "local.csv, line 2: it is not UTF-8 text",
      { "local.csv": Buffer.concat([Buffer.from("date,nm_id\n"), Buffer.from([0xff, 0xfe])]) },
    ],
    ["upstream.json: expected an object with the list rows", { "upstream.csv": null, "upstream.json": [] }],
    ["catalog.csv, line 2: nm_id is no whole number from 1 to 2^53", { "catalog.csv": "nm_id\nx\n" }],
    ["catalog.csv, line 2: first_seen is no date YYYY-MM-DD", { "catalog.csv": "nm_id,first_seen\n1,soon\n" }],
    ["catalog.json, row 1: brand is no text", { "catalog.json": { rows: [{ nm_id: 1, brand: {} }] } }],
  ])("%s", async (sentence, files) => expect(await refusal(files)).toBe(sentence));

  it("says so of JSON with a string of many megabytes, too", async () => {
    const text = `{"a": "${"x".repeat(24_000_000)}",\n}`;
    expect(await refusal({ "config.json": text })).toMatch(/^config\.json(, line 2)?: it is not JSON$/);
  });

  it("reads the format alone that was asked for", async () =>
    expect(await refusal({}, "json")).toBe("upstream.json: there is no such file"));
});
