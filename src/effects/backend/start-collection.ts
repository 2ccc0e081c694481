import { type InvocationExecutor, RetryAfter } from "../executor.ts";
import { askBackend, keyedMetaOf } from "./calls.ts";
import type { BackendDeps } from "./deps.ts";

/** Unit: milliseconds. */
const MIDNIGHT_WAIT_MS = 60_000;

/** Twice is harmless: the key is the same, and a collection replaces what the same days held. Parts that failed are asked for by the slots. */
export const makeStartCollection =
  (deps: BackendDeps): InvocationExecutor<"startCollection"> =>
  ({ key, spreadsheetId, dateFrom, dateTo }, run) =>
    askBackend<"startCollection">(
      deps,
      async (backend) => {
        const collected = await backend.runCollector({ spreadsheetId, dateFrom, dateTo }, keyedMetaOf(run, key));
        if (collected.state === "started") return { result: "queued", jobId: collected.jobId };
        return { result: "stored", rows: Object.values(collected.stored).reduce((sum, rows) => sum + rows, 0) };
      },
      {
        "backend.spreadsheetInactive": () => ({ result: "inactive" }),
        // Around midnight its clock may be behind ours, and today still lie in its future.
        "backend.rejected": (error) => {
          if (error.details.code === "invalid_date_range") throw new RetryAfter(error.code, MIDNIGHT_WAIT_MS);
          throw error;
        },
        // The days are closed: what is there is there, and the look for rows tells.
        "backend.sliceSealed": () => ({ result: "stored", rows: 0 }),
      },
    );
