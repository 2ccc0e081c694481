import type { InvocationExecutor } from "../executor.ts";
import { askBackend, metaOf } from "./calls.ts";
import type { BackendDeps } from "./deps.ts";

/** Reads only. */
export const makeVerifyToken =
  (deps: BackendDeps): InvocationExecutor<"verifyToken"> =>
  ({ spreadsheetId, sid }, run) =>
    askBackend<"verifyToken">(
      deps,
      async (backend) => {
        const tokens = await backend.getWbTokens({ spreadsheetId }, metaOf(run));
        return { result: tokens.some((token) => token.sid === sid) ? "active" : "notActive" };
      },
      { "backend.spreadsheetInactive": () => ({ result: "inactive" }) },
    );
