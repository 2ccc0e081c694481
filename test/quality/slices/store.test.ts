import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isAppError } from "../../../src/errors.ts";
import { isAsOfSkewed } from "../../../src/quality/ports.ts";
import { canonicalText } from "../../../src/quality/slices/canonical.ts";
import { address, DAY, FREEZE, KEYS, SHEET, slice } from "./support/new-slice.ts";
import { runOtherProcess } from "./support/run-other-process.ts";
import { useSlices } from "./support/slices.ts";

const slices = useSlices();
const HOUR_MS = 3_600_000;
const LOCAL = address();
const folderOf = (root: string) => join(root, "checklist", "local", SHEET, DAY);

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  return "nothing was thrown";
};

describe("an open slice", () => {
  it("is replaced by a run that began later, and by no other (1.2)", async () => {
    const { store } = await slices.open();
    expect(await store.putOpen(slice([[1, 5, null]], { startedAt: FREEZE - 2 * HOUR_MS }), FREEZE)).toBe("stored");
    expect(await store.putOpen(slice([[1, 7, 0.5]], { startedAt: FREEZE - HOUR_MS }), FREEZE)).toBe("stored");
    expect(await store.putOpen(slice([[1, 6, 0]], { startedAt: FREEZE - 2 * HOUR_MS }), FREEZE)).toBe("older");
    const read = await store.read(LOCAL, "open");
    expect(read?.rows).toEqual([{ date: DAY, nmId: 1, values: [7, 0.5] }]);
    expect(read?.head).toMatchObject({
      version: null,
      seal: null,
      origin: "collection",
      receivedAt: FREEZE - HOUR_MS + 1_000,
    });
    expect(read?.goods.get(1)).toEqual({ category: "shoes", brand: "brand 1" });
  });

  it("is not one of a run that began at the freeze or later", async () => {
    const { store } = await slices.open();
    expect(await store.putOpen(slice([[1, 5, null]], { startedAt: FREEZE }), FREEZE)).toBe("afterFreeze");
    expect(await store.read(LOCAL, "open")).toBeNull();
    expect(await store.seal(LOCAL, FREEZE)).toBeNull();
  });

  it("of two processes that put theirs at once is the later one", async () => {
    const { store } = await slices.open();
    const starts = [3, 1, 4, 2].map((hours) => FREEZE - hours * HOUR_MS);
    await Promise.all(starts.map((startedAt) => store.putOpen(slice([[1, startedAt, 0]], { startedAt }), FREEZE)));
    expect((await store.read(LOCAL, "open"))?.rows[0]?.values[0]).toBe(FREEZE - HOUR_MS);
  });

  it("keeps the bytes as they came, with request and time (1.1)", async () => {
    const { store } = await slices.open();
    const body = new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x0a, 0xff, 0x7d]);
    const raw = [
      { request: '{"page":1}', body, receivedAt: 1 },
      { request: '{"page":2}', body: new Uint8Array(0), receivedAt: 2 },
    ];
    await store.putOpen(slice([[1, 5, null]], { raw }), FREEZE);
    const read = async (version: "open" | "v1") =>
      (await store.raw(LOCAL, version))?.map((page) => ({ ...page, body: new Uint8Array(page.body) }));
    expect(await read("open")).toEqual(raw);
    await store.seal(LOCAL, FREEZE);
    expect(await read("v1")).toEqual(raw);
  });
});

describe("the freeze", () => {
  it("seals the open slice as version 1: SHA-256 of the canonical bytes (1.3, 1.5)", async () => {
    const { store, told } = await slices.open();
    await store.putOpen(
      slice([
        [20, 0.1, null],
        [3, 1e21, 12],
      ]),
      FREEZE,
    );
    const sealed = await store.seal(LOCAL, FREEZE);
    const bytes = '{"nm_id":3,"adv_sum":12,"stocks_total":1e+21}\n{"nm_id":20,"adv_sum":null,"stocks_total":0.1}\n';
    expect(sealed).toMatchObject({ isNew: true, head: { version: 1, sealedAt: FREEZE } });
    expect(sealed?.head.seal).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(await store.read(LOCAL, "open")).toBeNull();
    expect((await store.read(LOCAL, "v1"))?.rows).toEqual([
      { date: DAY, nmId: 3, values: [1e21, 12] },
      { date: DAY, nmId: 20, values: [0.1, null] },
    ]);
    expect(await store.seal(LOCAL, FREEZE + 1)).toMatchObject({ isNew: false, head: { sealedAt: FREEZE } });
    expect(told.sealed).toEqual([`local ${DAY}`]);
  });

  it("seals a slice without rows: nothing was there, and that is known", async () => {
    const { store } = await slices.open();
    await store.putOpen(slice([]), FREEZE);
    expect(await store.seal(LOCAL, FREEZE)).toMatchObject({ head: { counts: { rows: 0 }, version: 1 } });
    expect((await store.read(LOCAL, "v1"))?.rows).toEqual([]);
  });

  it("is done once, however many processes do it", async () => {
    const { store, told } = await slices.open();
    await store.putOpen(slice([[1, 5, null]]), FREEZE);
    const all = await Promise.all([1, 2, 3, 4].map((at) => store.seal(LOCAL, FREEZE + at)));
    expect(new Set(all.map((sealed) => sealed?.head.seal)).size).toBe(1);
    expect(told.sealed).toHaveLength(1);
  });

  it("that broke off after the seal is ended by the next one", async () => {
    const { store, root } = await slices.open();
    await store.putOpen(slice([[1, 5, null]]), FREEZE);
    const [open] = readdirSync(folderOf(root));
    const left = readFileSync(join(folderOf(root), String(open)));
    await store.seal(LOCAL, FREEZE);
    writeFileSync(join(folderOf(root), String(open)), left);
    writeFileSync(join(folderOf(root), "v2.parquet.1-ab.part"), "half");
    expect(await store.read(LOCAL, "open")).toBeNull();
    expect(await store.seal(LOCAL, FREEZE)).toMatchObject({ isNew: false });
    expect(readdirSync(folderOf(root)).filter((name) => name.startsWith("open"))).toEqual([]);
    expect(await store.read(LOCAL, "latest")).toMatchObject({ head: { version: 1 } });
  });
});

describe("processes at the same slice", () => {
  it("that die on the way leave nothing that the next one cannot end (raw, version and open slice are three files)", async () => {
    for (const mode of ["dies-before", "dies-after"] as const) {
      const { store, root } = await slices.open();
      await store.putOpen(slice([[1, 5, null]]), FREEZE);
      expect(await runOtherProcess(mode, root, LOCAL)).toBe("SIGKILL");
      expect((await store.read(LOCAL, mode === "dies-before" ? "open" : "v1"))?.rows).toHaveLength(1);
      expect(await store.seal(LOCAL, FREEZE)).toMatchObject({ isNew: mode === "dies-before", head: { version: 1 } });
      expect(readdirSync(folderOf(root)).filter((name) => !name.startsWith("raw-"))).toEqual(["v1.parquet"]);
      expect(await store.raw(LOCAL, "v1")).toHaveLength(1);
    }
  });

  it("that write other data are told, and change nothing", async () => {
    const { store, root } = await slices.open();
    const first = await store.putSealed(slice([[1, 5, null]]), 1, FREEZE);
    expect(await runOtherProcess("rival", root, LOCAL)).toBe("slice.sealed");
    expect((await store.head(LOCAL, "latest"))?.seal).toBe(first.head.seal);
  });
});

describe("a sealed version", () => {
  it("refuses other content, and takes the same again without effect (1.3)", async () => {
    const { store, told } = await slices.open();
    const first = slice([
      [1, 5, null],
      [2, 6, 1],
    ]);
    expect(await store.putSealed(first, 1, FREEZE)).toMatchObject({ isNew: true });
    const again = slice(
      [
        [2, 6, 1],
        [1, 5, null],
      ],
      { startedAt: FREEZE + 9 },
    );
    expect(await store.putSealed(again, 1, FREEZE + 9)).toMatchObject({ isNew: false, head: { sealedAt: FREEZE } });
    expect(
      await codeOf(
        store.putSealed(
          slice([
            [1, 5, 0],
            [2, 6, 1],
          ]),
          1,
          FREEZE,
        ),
      ),
    ).toBe("slice.sealed");
    expect(await store.putOpen(first, FREEZE)).toBe("sealed");
    expect(told).toMatchObject({ sealed: [`local ${DAY}`], refused: [`local ${DAY}`] });
    expect((await store.read(LOCAL, 1))?.rows[0]?.values).toEqual([5, null]);
  });

  it("stays as it is when later data come: those are versions 2, 3, and so on (1.4)", async () => {
    const { store, told } = await slices.open();
    const later = (stocks: number) => slice([[1, stocks, null]], { origin: "rereading" });
    await store.putSealed(slice([[1, 5, null]]), 1, FREEZE);
    expect(await store.restate(later(5), FREEZE)).toMatchObject({ isNew: false, head: { version: 1 } });
    expect(await store.restate(later(6), FREEZE)).toMatchObject({
      isNew: true,
      head: { version: 2, origin: "rereading" },
    });
    expect(await store.restate(later(6), FREEZE)).toMatchObject({ isNew: false, head: { version: 2 } });
    expect(await store.restate(later(5), FREEZE)).toMatchObject({ isNew: true, head: { version: 3 } });
    const stocksOf = async (version: "v1" | "latest" | number) =>
      (await store.read(LOCAL, version))?.rows[0]?.values[0];
    expect([await stocksOf("v1"), await stocksOf(2), await stocksOf("latest"), await stocksOf(4)]).toEqual([
      5,
      6,
      5,
      undefined,
    ]);
    expect(told.restated).toEqual([`local ${DAY} v2`, `local ${DAY} v3`]);
  });

  it("is what a backfill makes of a day that was never collected", async () => {
    const { store } = await slices.open();
    const done = await store.restate(slice([[1, 5, null]], { origin: "backfill", startedAt: FREEZE + 9 }), FREEZE + 9);
    expect(done).toMatchObject({ isNew: true, head: { version: 1, origin: "backfill" } });
  });
});

describe("what is listed", () => {
  it("are heads by day, side and version, the open one last", async () => {
    const { store } = await slices.open();
    await store.putSealed(slice([[1, 5, null]]), 1, FREEZE);
    await store.restate(slice([[1, 6, null]]), FREEZE);
    await store.putSealed(slice([[1, 5, null]], { side: "upstream" }), 1, FREEZE);
    await store.putOpen(slice([[1, 5, null]], { day: "2026-02-18" }), FREEZE + 86_400_000);
    await store.putSealed(slice([[1, 5, null]], { day: "2026-02-19" }), 1, FREEZE);
    const scope = { spreadsheetId: SHEET, dataset: "checklist" };
    const heads = await store.list(scope, "2026-02-01", "2026-02-18");
    expect(heads.map(({ day, side, version }) => `${day} ${side} ${version}`)).toEqual([
      `${DAY} upstream 1`,
      `${DAY} local 1`,
      `${DAY} local 2`,
      "2026-02-18 local null",
    ]);
    expect(await store.list({ ...scope, dataset: "other" }, "2026-02-01", "2026-02-28")).toEqual([]);
  });
});

describe("a file that is not what was written", () => {
  const damaged = async (change: (bytes: Buffer) => Buffer) => {
    const opened = await slices.open();
    await opened.store.putSealed(
      slice([
        [1, 5, null],
        [2, 7, 3],
      ]),
      1,
      FREEZE,
    );
    const path = join(folderOf(opened.root), "v1.parquet");
    writeFileSync(path, change(readFileSync(path)));
    return opened;
  };

  it.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["empty", () => Buffer.alloc(0)],
    [
      "overwritten in the middle",
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(bytes.length - 16, 7), bytes.subarray(-8)]),
    ],
  ])("%s, is named, set aside and never served", async (_, change) => {
    const { store, root, told } = await damaged(change);
    expect(await codeOf(store.read(LOCAL, "v1"))).toBe("slice.corrupt");
    expect(told.setAside).toEqual([join(folderOf(root), `v1.corrupt-${FREEZE}.parquet`)]);
    expect(await codeOf(store.read(LOCAL, "v1"))).toBe("slice.corrupt");
    expect(await codeOf(store.read(LOCAL, "latest"))).toBe("slice.corrupt");
    // Its place stays taken: nobody can put other data where sealed ones were.
    expect(await codeOf(store.putSealed(slice([[1, 6, null]]), 1, FREEZE))).toBe("slice.corrupt");
    expect(await store.putOpen(slice([[1, 6, null]]), FREEZE)).toBe("sealed");
  });

  it("shows by its seal, even as a good Parquet file", async () => {
    const { store, root } = await slices.open();
    await store.putSealed(slice([[1, 5, null]]), 1, FREEZE);
    await store.putSealed(slice([[1, 5, null]], { side: "upstream" }), 1, FREEZE);
    const other = join(root, "checklist", "upstream", SHEET, DAY, "v1.parquet");
    writeFileSync(join(folderOf(root), "v1.parquet"), readFileSync(other));
    expect(await codeOf(store.read(LOCAL, "v1"))).toBe("slice.corrupt");
  });

  it("hides none of the others from the list", async () => {
    const { store } = await damaged((bytes) => bytes.subarray(0, 20));
    await store.putSealed(slice([[1, 5, null]], { side: "upstream" }), 1, FREEZE);
    const heads = await store.list({ spreadsheetId: SHEET, dataset: "checklist" }, DAY, DAY);
    expect(heads.map(({ side }) => side)).toEqual(["upstream"]);
  });

  it("is found among the raw bytes too", async () => {
    const { store, root } = await slices.open();
    await store.putSealed(slice([[1, 5, null]]), 1, FREEZE);
    const raw = readdirSync(folderOf(root)).find((name) => name.startsWith("raw-"));
    writeFileSync(join(folderOf(root), String(raw)), "gone");
    expect(await codeOf(store.raw(LOCAL, "v1"))).toBe("slice.corrupt");
    expect(await store.read(LOCAL, "v1")).not.toBeNull();
  });
});

describe("names that become paths", () => {
  it.each([
    ["spreadsheetId", { spreadsheetId: "../../../../../../etc/passwd0" }],
    ["spreadsheetId", { spreadsheetId: "2PACX-1vQabcdefghijklmnop" }],
    ["dataset", { dataset: ".." }],
    ["side", { side: "../local" as "local" }],
    ["day", { day: "2026-02-30" }],
    ["day", { day: "../2026-02-17" }],
  ])("are checked first: %s", async (part, changes) => {
    const { store } = await slices.open();
    const failure = await store.read(address(changes), "v1").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "slice.invalidAddress", details: { part } });
    expect(await codeOf(store.putOpen(slice([], changes), FREEZE))).toBe("slice.invalidAddress");
  });

  it("of columns as well", async () => {
    const { store } = await slices.open();
    for (const keys of [['a" DOUBLE); --'], ["nm_id"], ["a", "a"], []])
      expect(await codeOf(store.putOpen(slice([], { keys }), FREEZE))).toBe("slice.invalidAddress");
  });
});

describe("canonical bytes", () => {
  it("do not depend on the order of rows and keys", () => {
    const rows = [
      { date: DAY, nmId: 2, values: [1, null] },
      { date: DAY, nmId: 1, values: [0.30000000000000004, -5] },
    ];
    const turned = rows.map((row) => ({ ...row, values: [...row.values].reverse() })).reverse();
    expect(canonicalText(rows, KEYS)).toBe(canonicalText(turned, [...KEYS].reverse()));
    expect(canonicalText(rows, KEYS)).toContain('"stocks_total":0.30000000000000004}\n');
    expect(canonicalText([], KEYS)).toBe("");
  });
});

describe("two sides of a day", () => {
  it("received more than six hours apart are skewed (1.6)", () => {
    const at = (receivedAt: number) => ({ receivedAt });
    expect(isAsOfSkewed(at(0), at(6 * HOUR_MS))).toBe(false);
    expect(isAsOfSkewed(at(6 * HOUR_MS + 1), at(0))).toBe(true);
  });
});
