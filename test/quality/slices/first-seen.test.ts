import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Day } from "../../../machines/dataset/gate.ts";
import { SHEET, slice } from "./support/new-slice.ts";
import { useSlices } from "./support/slices.ts";

const slices = useSlices();
const SCOPE_OF_SLICES = { dataset: "checklist", spreadsheetId: SHEET };
const DAYS: readonly Day[] = ["2026-11-19", "2026-11-20", "2026-11-21"];

async function threeDays() {
  const opened = await slices.open();
  const rows: readonly (readonly number[])[] = [[1], [1, 2], [2, 3]];
  for (const [place, day] of DAYS.entries())
    await opened.store.putSealed(
      slice(
        (rows[place] ?? []).map((nmId) => [nmId, 5, null]),
        { day },
      ),
      1,
      0,
    );
  return opened;
}

it("an article is in our own data since the first day of the window on which it has a row", async () => {
  const { store } = await threeDays();
  expect(await store.firstSeen(SCOPE_OF_SLICES, "2026-11-01", "2026-11-30")).toEqual(
    new Map([
      [1, DAYS[0]],
      [2, DAYS[1]],
      [3, DAYS[2]],
    ]),
  );
  expect(await store.firstSeen(SCOPE_OF_SLICES, "2026-11-20", "2026-11-20")).toEqual(
    new Map([
      [1, DAYS[1]],
      [2, DAYS[1]],
    ]),
  );
  expect(await store.firstSeen(SCOPE_OF_SLICES, "2027-01-01", "2027-01-02")).toEqual(new Map());
});

it("a damaged file is set aside and told of, and its day counts as one without rows", async () => {
  const { store, root, told } = await threeDays();
  const folder = join(root, SCOPE_OF_SLICES.dataset, "local", SCOPE_OF_SLICES.spreadsheetId);
  expect(readdirSync(folder)).toEqual(DAYS);
  writeFileSync(join(folder, "2026-11-19", "v1.parquet"), "no parquet");
  expect(await store.firstSeen(SCOPE_OF_SLICES, "2026-11-01", "2026-11-30")).toEqual(
    new Map([
      [1, DAYS[1]],
      [2, DAYS[1]],
      [3, DAYS[2]],
    ]),
  );
  expect(told.setAside).toHaveLength(1);
});
