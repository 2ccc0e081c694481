import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeCatalogSource, parsePlans, readPlansFile, SAMPLE_PLANS_FILE } from "../src/catalog-source.ts";

const dir = mkdtempSync(join(tmpdir(), "plans-"));
afterAll(() => rmSync(dir, { recursive: true }));

const plans = (amount: number | string) => `
products:
  - code: p
    title: { ru: "П", en: "P" }
    channels: ["-100200300400"]
plans:
  - code: m
    product: p
    title: { ru: "М", en: "M" }
    price: { currency: XTR, amount: ${amount} }
    periodSeconds: 60
`;

describe("the built-in sample", () => {
  it("is valid with Telegram's own rules", async () => {
    expect(await readPlansFile(SAMPLE_PLANS_FILE)).toMatchObject({ ok: true });
  });
});

describe("a plans file with problems", () => {
  it("names the line of each", () => {
    expect(parsePlans(plans(0).replace("product: p", "product: q").replace("channels:", "chanels:"))).toEqual({
      ok: false,
      problems: [
        expect.stringMatching(/^products\[0\]\.channels \(line 3\): /), // missing: where it should be
        expect.stringMatching(/^products\[0\]\.chanels \(line 5\): no such key$/),
        expect.stringMatching(/^plans\[0\]\.price\.amount \(line 10\): /),
        expect.stringMatching(/^plans\[0\]\.product \(line 8\): /),
      ],
    });
  });
  it("may be JSON, and is located as well", () => {
    const json = '{\n  "products": [],\n  "plans": []\n}';
    expect(parsePlans(json)).toMatchObject({
      ok: false,
      problems: [expect.stringContaining("(line 2)"), expect.stringContaining("(line 3)")],
    });
  });
  it("that is no YAML says where it breaks, without quoting it", () => {
    const result = parsePlans('plans:\n  - price: { providerToken: "284685063:TEST:secret" "x" }\n');
    expect(result).toMatchObject({ ok: false, problems: [expect.stringMatching(/^line 2: /)] });
    expect(JSON.stringify(result)).not.toContain("secret");
  });
  it("that has a key twice is refused rather than read by half", () => {
    expect(parsePlans(`${plans(1)}\nplans: []\n`)).toMatchObject({ ok: false });
  });
  it("that is missing says so", async () => {
    expect(await readPlansFile(join(dir, "none.yaml"))).toEqual({
      ok: false,
      problems: [expect.stringContaining("ENOENT")],
    });
  });
});

describe("a catalog in use", () => {
  it("is replaced by a valid file and kept when the file is broken", async () => {
    const path = join(dir, "plans.yaml");
    writeFileSync(path, plans(100));
    const source = await makeCatalogSource(path);
    const first = source.current();
    expect(await source.reload()).toMatchObject({ ok: true, changed: false });

    writeFileSync(path, plans(-1));
    expect(await source.reload()).toMatchObject({ ok: false, problems: [expect.stringContaining("price.amount")] });
    expect(source.current().plans.get("m")?.price.amountMinor).toBe(100);

    writeFileSync(path, plans(200));
    expect(await source.reload()).toMatchObject({ ok: true, changed: true });
    expect(source.current().plans.get("m")?.price.amountMinor).toBe(200);
    expect(first.plans.get("m")?.price.amountMinor).toBe(100); // who still holds the old one is not disturbed
  });
  it("does not come into being from a broken file", async () => {
    const path = join(dir, "broken.yaml");
    writeFileSync(path, plans("none"));
    await expect(makeCatalogSource(path)).rejects.toMatchObject({
      code: "plans.invalid",
      details: { problems: [expect.stringContaining("price.amount")] },
    });
  });
});
