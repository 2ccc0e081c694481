import type { InvocationExecutor } from "../executor.ts";
import { askBackend, metaOf } from "./calls.ts";
import type { BackendDeps } from "./deps.ts";

/** The dataset whose rows prove that the product works. */
const SMOKE_DATASET = "checklist";

/** Reads only: one row of the local side is proof enough. */
export const makeReadRows =
  (deps: BackendDeps): InvocationExecutor<"readRows"> =>
  ({ spreadsheetId, day }, run) =>
    askBackend<"readRows">(
      deps,
      async (backend) => {
        const dataset = { spreadsheetId, dataset: SMOKE_DATASET, source: "local", limit: 1 } as const;
        const { rows } = await backend.readDataset({ ...dataset, dateFrom: day, dateTo: day }, metaOf(run));
        return { result: "rows", rows: rows.length };
      },
      {
        "backend.datasetNotFound": () => ({ result: "rows", rows: 0 }),
        "backend.unsupported": () => ({ result: "unsupported" }),
        "backend.unsupportedDataset": () => ({ result: "unsupported" }),
        "backend.notFound": () => ({ result: "unsupported" }),
        "backend.spreadsheetInactive": () => ({ result: "inactive" }),
      },
    );
