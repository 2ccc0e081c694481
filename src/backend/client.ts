import { AppError } from "../errors.ts";
import { type Answered, type BackendOptions, makeAsker } from "./ask.ts";
import { type AnswerOf, callRow } from "./contract/calls.ts";
import type { CollectorDone } from "./contract/collector.ts";
import { rowOf } from "./contract/errors.ts";
import { JOB_POLL_MS } from "./contract/limits.ts";
import type { ActiveToken } from "./contract/spreadsheet.ts";
import type { BackendClient, CallMeta, Collected, CollectionAnswer, DatasetQuestion, WbTokenSummary } from "./ports.ts";
import { BackendWait } from "./wait.ts";
import { epochOf, isoOf } from "./wire-time.ts";

/** @throws TypeError when `url` is not an address of a backend. */
export function makeBackendClient(options: BackendOptions): BackendClient {
  const { gate } = options;
  const { ask, close } = makeAsker(options);

  /** @throws BackendWait while a collection that was left without an answer still runs. */
  async function awaitUnansweredCollection(meta: CallMeta): Promise<void> {
    if (!(await gate.isCollectorHeld())) return;
    try {
      const { body } = await ask("getHealth", { body: null, asked: {}, meta: withoutKey(meta) });
      if (body.collector?.running !== true) return;
    } catch (error) {
      // A version that cannot tell: it refuses a second collection itself.
      if (error instanceof AppError && (!error.retry || error.code === "backend.invalidAnswer")) return;
      throw error;
    }
    throw new BackendWait("collectorUnanswered", rowOf("collector_busy").defaultRetryAfterMs ?? 0);
  }

  /** @throws AppError backend.unsupported when the other side answered */
  async function askForRows(question: DatasetQuestion, isLoose: boolean, meta: CallMeta) {
    const { spreadsheetId, dataset, source, dateFrom, dateTo, nmIds, limit, cursor } = question;
    const values = {
      date_from: dateFrom,
      date_to: dateTo,
      ...(nmIds === undefined ? {} : { nm_ids: nmIds }),
      ...(limit === undefined ? {} : { limit }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const request = { spreadsheet_id: spreadsheetId, dataset: { name: dataset, source, values } };
    const asked = { spreadsheetId, dataset, source, ...(isLoose ? { isLoose } : {}) };
    const answered = await ask("readDataset", { body: request, asked, meta });
    const { body, status, isSourceNamed } = answered;
    if (source !== "auto" && body.source_tag !== source)
      throw refusedLater("backend.unsupported", "readDataset", meta, status);
    const page = {
      source: body.source_tag,
      isSourceNamed,
      isDegraded: body.degraded,
      capturedAt: epochOrNull(body.captured_at),
      zeroFilledKeys: body.zero_filled_keys ?? [],
      nextCursor: body.next_cursor ?? null,
    };
    return { page, answered };
  }

  return {
    async registerSpreadsheet({ spreadsheetId, ownerEmail }, meta) {
      const request = {
        spreadsheet_id: spreadsheetId,
        ...(ownerEmail === undefined ? {} : { owner_email: ownerEmail }),
      };
      const { body } = await ask("registerSpreadsheet", { body: request, asked: { spreadsheetId }, meta });
      const { result } = body;
      return { isCreated: result.created ?? null, isActive: result.active ?? null };
    },

    async addWbToken({ spreadsheetId, token, ownerEmail }, meta) {
      const request = {
        spreadsheet_id: spreadsheetId,
        token,
        ...(ownerEmail === undefined ? {} : { owner_email: ownerEmail }),
      };
      const { body } = await ask("addWbToken", { body: request, asked: { spreadsheetId }, meta });
      const { result } = body;
      return { ...summaryOf(result), isCreated: result.created ?? null };
    },

    async getWbTokens({ spreadsheetId }, meta) {
      const request = { spreadsheet_id: spreadsheetId };
      const { body } = await ask("getWbTokens", { body: request, asked: { spreadsheetId }, meta });
      return body.result.map(summaryOf);
    },

    async updateDatasets({ spreadsheetId, dataset }, meta) {
      const request = { spreadsheet_id: spreadsheetId, ...(dataset === undefined ? {} : { dataset }) };
      const { body, status } = await ask("updateDatasets", { body: request, asked: { spreadsheetId }, meta });
      const { warning, job_id: jobId } = body;
      if (warning !== undefined) throw refusedLater("backend.unsupportedDataset", "updateDatasets", meta, status);
      return { jobId: jobId ?? null };
    },

    async runCollector({ spreadsheetId, dateFrom, dateTo, nmIds, noPositions, noFunnel }, meta) {
      await awaitUnansweredCollection(meta);
      const request = {
        action: "collector/run",
        ssId: spreadsheetId,
        dateFrom,
        ...(dateTo === undefined ? {} : { dateTo }),
        ...(nmIds === undefined ? {} : { nm_ids: nmIds }),
        ...(noPositions === undefined ? {} : { noPositions }),
        ...(noFunnel === undefined ? {} : { noFunnel }),
      };
      const answered = await ask("runCollector", { body: request, asked: { spreadsheetId }, meta });
      await gate.releaseCollector();
      return collectionOf(answered);
    },

    async readDataset(question, meta) {
      const { page, answered } = await askForRows(question, false, meta);
      return { ...page, rows: answered.body.rows };
    },

    async readRawDataset(question, meta) {
      const { page, answered } = await askForRows(question, true, meta);
      return { ...page, rows: answered.body.rows, bytes: answered.bytes, request: answered.sent ?? "" };
    },

    async setDatasetSource({ spreadsheetId, dataset, source, reason, decisionId, decidedAt }, meta) {
      const request = {
        spreadsheet_id: spreadsheetId,
        dataset,
        source,
        ...(reason === undefined ? {} : { reason }),
        decision_id: decisionId,
        decided_at: isoOf(decidedAt),
      };
      const { body } = await ask("setDatasetSource", { body: request, asked: { spreadsheetId }, meta });
      return { isChanged: body.result.changed ?? null };
    },

    async getJob({ jobId }, meta) {
      const { body } = await ask("getJob", { body: null, asked: { jobId }, meta });
      const { state, result, error } = body;
      return { jobId, state, ...collectedOf(result ?? null), errorCode: error?.code ?? null };
    },

    async getHealth(meta) {
      const { body } = await ask("getHealth", { body: null, asked: {}, meta });
      const { status, version, upstream, collector } = body;
      return {
        status,
        version: version ?? null,
        isUpstreamEnabled: upstream?.enabled ?? null,
        isUpstreamReachable: upstream?.reachable ?? null,
        isCollectorRunning: collector?.running ?? null,
        lastCollectedAt: epochOrNull(collector?.last_success_at),
      };
    },

    reopen: () => gate.reopen(),
    close,
  };
}

const epochOrNull = (text: string | null | undefined): number | null => (text ? epochOf(text) : null);

const summaryOf = (token: ActiveToken): WbTokenSummary => ({
  sid: token.sid,
  tokenSuffix: token.token_suffix ?? null,
  expiresAt: epochOrNull(token.expires_at),
});

function collectionOf({ body, retryAfterMs }: Answered<AnswerOf<"runCollector">>): CollectionAnswer {
  if (!("job_id" in body)) return { state: "done", ...collectedOf(body) };
  return { state: "started", jobId: body.job_id, pollInMs: Math.max(JOB_POLL_MS, retryAfterMs ?? 0) };
}

const collectedOf = (done: CollectorDone | null): Collected => ({
  stored: done?.data?.stored ?? {},
  failedParts: (done?.data?.errors ?? []).map(({ part, retryable }) => ({ part, isRetryable: retryable ?? true })),
});

const withoutKey = ({ requestId, signal }: CallMeta): CallMeta =>
  signal === undefined ? { requestId } : { requestId, signal };

/** A success that, read closely, is none. */
const refusedLater = (
  error: "backend.unsupported" | "backend.unsupportedDataset",
  call: "updateDatasets" | "readDataset",
  { requestId }: CallMeta,
  status: number,
) => new AppError(error, { details: { call, path: callRow(call).path, status, code: null, requestId } });
