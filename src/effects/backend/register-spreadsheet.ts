import type { InvocationExecutor } from "../executor.ts";
import { askBackend, keyedMetaOf } from "./calls.ts";
import type { BackendDeps } from "./deps.ts";

/** Twice is harmless: the key is the same, and where the backend knows no keys, a spreadsheet is registered once. */
export const makeRegisterSpreadsheet =
  (deps: BackendDeps): InvocationExecutor<"registerSpreadsheet"> =>
  ({ key, spreadsheetId, email }, run) =>
    askBackend<"registerSpreadsheet">(
      deps,
      async (backend) => {
        await backend.registerSpreadsheet({ spreadsheetId, ownerEmail: email }, keyedMetaOf(run, key));
        return { result: "registered" };
      },
      {
        "backend.spreadsheetInvalid": () => ({ result: "unknown" }),
        "backend.spreadsheetNotFound": () => ({ result: "unknown" }),
        // Our role may register any spreadsheet, so what is forbidden is this one: it is not shared.
        "backend.forbidden": () => ({ result: "closed" }),
        "backend.ownerConflict": () => ({ result: "taken" }),
      },
    );
