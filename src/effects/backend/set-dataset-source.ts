import type { InvocationExecutor } from "../executor.ts";
import { askBackend, keyedMetaOf } from "./calls.ts";
import type { BackendDeps } from "./deps.ts";

/** Twice is harmless: the decision's id is the key, and the backend takes a decision once. One that is in force already looks like success. */
export const makeSetDatasetSource =
  (deps: BackendDeps): InvocationExecutor<"setDatasetSource"> =>
  ({ dataset, spreadsheetId, side, reason, decisionId, decidedAt }, run) =>
    askBackend<"setDatasetSource">(
      deps,
      async (backend) => {
        await backend.setDatasetSource(
          { spreadsheetId, dataset, source: side, reason, decisionId, decidedAt },
          keyedMetaOf(run, `gate:${decisionId}`),
        );
        return { result: "applied" };
      },
      {
        "backend.staleDecision": () => ({ result: "stale" }),
        // Versions without the call answer that there is no such path.
        "backend.notFound": () => ({ result: "unsupported" }),
        "backend.unsupported": () => ({ result: "unsupported" }),
        "backend.spreadsheetInactive": () => ({ result: "inactive" }),
        "backend.spreadsheetNotFound": () => ({ result: "inactive" }),
      },
    );
