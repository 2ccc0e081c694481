// The reference as the gateway reads it: through the product backend, all pages of one side.

import type { BackendClient } from "../backend/ports.ts";
import { requestIdOf } from "../backend/request-id.ts";
import { isAppError } from "../errors.ts";
import type { DataRow, Upstream } from "../gateway/ports.ts";

/** Pages of one answer: more than any spreadsheet has rows for in a month. */
const MOST_PAGES = 50;
const ROWS_PER_PAGE = 10_000;

/** @param newId names one reading, for the backend's log. */
export const makeUpstreamRows = (backend: BackendClient, newId: () => string): Upstream => ({
  async read({ spreadsheetId, dataset }, { from, to }, signal) {
    const rows: DataRow[] = [];
    let capturedAt: number | null = null;
    let cursor: string | null = null;
    const meta = { requestId: requestIdOf(`gateway ${newId()}`), signal };
    try {
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const asked = {
          spreadsheetId,
          dataset,
          source: "upstream",
          dateFrom: from,
          dateTo: to,
          limit: ROWS_PER_PAGE,
        } as const;
        const answer = await backend.readDataset(cursor === null ? asked : { ...asked, cursor }, meta);
        rows.push(...(answer.rows as readonly DataRow[]));
        capturedAt = answer.capturedAt;
        cursor = answer.nextCursor;
        if (cursor === null) return { kind: "rows", rows, capturedAt };
      }
      return { kind: "refused", code: "tooManyPages" };
    } catch (error) {
      // About this spreadsheet or this version of the backend; a credential that is refused concerns all.
      if (
        isAppError(error) &&
        !error.retry &&
        error.code !== "backend.unauthorized" &&
        error.code.startsWith("backend.")
      )
        return { kind: "refused", code: error.code };
      throw error;
    }
  },
});
