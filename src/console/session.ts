// The session of the browser: its end, whoever notices it.
import { ApiError, send, sessionEnded } from "./api.ts";

/** Forgets the session, here and at the service. @throws ApiError */
export async function logOut(): Promise<void> {
  try {
    await send("/console/session/end", {});
  } catch (error) {
    // Whoever is not logged in any more has what they wanted.
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
  sessionEnded();
}
