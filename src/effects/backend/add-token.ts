import type { ActorAddress } from "../../../machines/address.ts";
import { isAppError } from "../../errors.ts";
import type { Secret } from "../../sealing/secret.ts";
import { type InvocationExecutor, RetryLater } from "../executor.ts";
import { retryPolicies } from "../policies.ts";
import { askBackend, keyedMetaOf } from "./calls.ts";
import type { BackendDeps } from "./deps.ts";

/** A key that this process does not have: another one may, or people put it back. Unit: milliseconds. */
const KEY_WAIT_MS = 60_000;

async function openWhenPossible({ openSecret }: BackendDeps, owner: ActorAddress, ref: string): Promise<Secret | null> {
  try {
    return await openSecret(owner, ref);
  } catch (error) {
    if (isAppError(error, "sealing.unknownKey")) throw new RetryLater(KEY_WAIT_MS);
    throw error;
  }
}

/**
 * The only place where a token is opened, and the only call that carries one. Twice is harmless: the key is the same, and a token is added
 * to a spreadsheet once. Already done looks like success.
 */
export const makeAddToken =
  (deps: BackendDeps): InvocationExecutor<"addToken"> =>
  async ({ key, spreadsheetId, email, owner, ref }, run) => {
    const token = await openWhenPossible(deps, owner, ref);
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
