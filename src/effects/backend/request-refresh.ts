import type { InvocationExecutor } from "../executor.ts";
import { askBackend, keyedMetaOf } from "./calls.ts";
import type { BackendDeps } from "./deps.ts";

/** Twice is harmless: the key is the same, and refreshes that follow each other at once are one. */
export const makeRequestRefresh =
  (deps: BackendDeps): InvocationExecutor<"requestRefresh"> =>
  ({ key, spreadsheetId }, run) =>
    askBackend<"requestRefresh">(
      deps,
      async (backend) => {
        await backend.updateDatasets({ spreadsheetId }, keyedMetaOf(run, key));
        return { result: "accepted" };
      },
      { "backend.spreadsheetInactive": () => ({ result: "inactive" }) },
    );
