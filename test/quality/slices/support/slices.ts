// A store in a folder of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { SliceStore } from "../../../../src/quality/ports.ts";
import { type Duck, openDuck } from "../../../../src/quality/slices/duck.ts";
import { makeSliceStore } from "../../../../src/quality/slices/store.ts";
import { FREEZE } from "./new-slice.ts";

export interface Told {
  readonly sealed: string[];
  readonly restated: string[];
  readonly refused: string[];
  readonly setAside: string[];
}

/** One DuckDB for a test file, and a folder for each store. Called at the top of the file. */
export function useSlices() {
  const home = mkdtempSync(join(tmpdir(), "slices-"));
  let duck: Promise<Duck> | null = null;
  let stores = 0;
  const opened = () => {
    duck ??= openDuck({ spillDirectory: join(home, "spill"), memoryLimit: "256MB", threads: 1 });
    return duck;
  };
  afterAll(async () => {
    if (duck !== null) (await duck).close();
    rmSync(home, { recursive: true, force: true });
  });
  return {
    duck: opened,
    /** @param name of its folder. */
    async open(name?: string): Promise<{ store: SliceStore; root: string; told: Told; duck: Duck }> {
      stores += 1;
      const root = join(home, name ?? `s${stores}`);
      const told: Told = { sealed: [], restated: [], refused: [], setAside: [] };
      const store = makeSliceStore({
        ...{ root, duck: await opened(), now: () => FREEZE },
        onSealed: ({ day, side }) => told.sealed.push(`${side} ${day}`),
        onRestated: ({ day, side, version }) => told.restated.push(`${side} ${day} v${version}`),
        onRefused: ({ day, side }) => told.refused.push(`${side} ${day}`),
        onSetAside: (_, path) => told.setAside.push(path),
      });
      return { store, root, told, duck: await opened() };
    },
  };
}
