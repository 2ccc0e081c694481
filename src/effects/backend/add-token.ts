import type { InvocationExecutor } from "../executor.ts";
import { retryPolicies } from "../policies.ts";
import { askBackend, keyedMetaOf } from "./calls.ts";
import type { BackendDeps } from "./deps.ts";

/**
 * The only place where a token is opened, and the only call that carries one. Twice is harmless: the key is the same, and a token is added
 * to a spreadsheet once. Already done looks like success.
 */
export const makeAddToken =
  (deps: BackendDeps): InvocationExecutor<"addToken"> =>
  async ({ key, spreadsheetId, email, owner, ref }, run) => {
    const token = await deps.openSecret(owner, ref);
    if (token === null) return { result: "lost" };
    const isLastAttempt = run.attempt >= retryPolicies.addToken.attempts;
    return askBackend<"addToken">(
      deps,
      async (backend) => {
        const added = await backend.addWbToken(
          { spreadsheetId, token: token.reveal(), ownerEmail: email },
          { ...keyedMetaOf(run, key), isLastAttempt },
        );
        return { result: "added", sid: added.sid, expiresAt: added.expiresAt };
      },
      {
        "backend.invalidToken": ({ details }) => ({
          result: "refused",
          reason: typeof details.reason === "string" ? details.reason.slice(0, 64) : "refused",
        }),
        "backend.spreadsheetInactive": () => ({ result: "inactive" }),
      },
    );
  };
