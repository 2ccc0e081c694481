import { onTestFinished } from "vitest";
import type { BackendOptions, CallReport, UnauthorizedAlert } from "../../../src/backend/ask.ts";
import { makeBackendClient } from "../../../src/backend/client.ts";
import { type BackendGate, makeBackendGate } from "../../../src/backend/gate.ts";
import type { BackendClient } from "../../../src/backend/ports.ts";
import { AppError } from "../../../src/errors.ts";
import { freshPrefix, testRedis } from "../../support/redis.ts";

export const SPREADSHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd";
export const OTHER_SPREADSHEET = "1ZyXwVuTsRqPoNmLkJiHgFeDcBa9876543210_-zyxw";
export const SELLER = "8f14e45f-ceea-467f-a8d2-0b5b2a1e9c11";
export const ADMIN_KEY = "admin-key-3f9a1c7e5d";
export const CLIENT_KEY = "client-key-8b2d4f6a0c";
/** Three base64url parts, as the contract wants them. */
export const TOKEN = `eyJhbGciOiJFUzI1NiJ9.${"c2VjcmV0LXBheWxvYWQ".repeat(3)}.c2lnbmF0dXJl`;

/** Time limits for servers that hang. Unit: milliseconds. */
export const SHORT = { connectMs: 150, answerMs: 30 };

export const META = { requestId: "req-12345678" };
export const KEYED = { ...META, idempotencyKey: "onb:o-1:register" };

export interface TestClient {
  readonly client: BackendClient;
  readonly gate: BackendGate;
  readonly alerts: UnauthorizedAlert[];
  readonly reports: CallReport[];
}

/** @param prefix of keys; the same for clients that are to know of each other. */
export function makeTestClient(
  url: string,
  options: Partial<BackendOptions> = {},
  prefix: string = freshPrefix(),
): TestClient {
  const alerts: UnauthorizedAlert[] = [];
  const reports: CallReport[] = [];
  const gate = makeBackendGate(testRedis(), `${prefix}:{backend}`);
  const client = makeBackendClient({
    url,
    adminKey: ADMIN_KEY,
    gate,
    now: () => 0,
    random: () => 0,
    onUnauthorized: (alert) => {
      alerts.push(alert);
    },
    observe: (report) => reports.push(report),
    ...options,
  });
  onTestFinished(() => client.close());
  return { client, gate, alerts, reports };
}

/** What a call was rejected with. */
export async function rejection(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error("the call succeeded");
}

/** The AppError a call was rejected with; anything else fails the test. */
export async function appErrorOf(call: Promise<unknown>): Promise<AppError> {
  const error = await rejection(call);
  if (error instanceof AppError) return error;
  throw error;
}

/** One attempt at each call, with valid input. */
export const EACH_CALL: Readonly<Record<string, (client: BackendClient) => Promise<unknown>>> = {
  registerSpreadsheet: (client) => client.registerSpreadsheet({ spreadsheetId: SPREADSHEET }, KEYED),
  addWbToken: (client) => client.addWbToken({ spreadsheetId: SPREADSHEET, token: TOKEN }, KEYED),
  getWbTokens: (client) => client.getWbTokens({ spreadsheetId: SPREADSHEET }, META),
  updateDatasets: (client) => client.updateDatasets({ spreadsheetId: SPREADSHEET }, KEYED),
  runCollector: (client) => client.runCollector({ spreadsheetId: SPREADSHEET, dateFrom: "2026-02-17" }, KEYED),
  readDataset: (client) =>
    client.readDataset(
      {
        spreadsheetId: SPREADSHEET,
        dataset: "checklist",
        source: "local",
        dateFrom: "2026-02-17",
        dateTo: "2026-02-17",
      },
      META,
    ),
  setDatasetSource: (client) =>
    client.setDatasetSource(
      { spreadsheetId: SPREADSHEET, dataset: "checklist", source: "local", decisionId: "decision-1", decidedAt: 0 },
      KEYED,
    ),
  getJob: (client) => client.getJob({ jobId: "job_1" }, META),
  getHealth: (client) => client.getHealth(META),
};

export const eachCall = (name: string): ((client: BackendClient) => Promise<unknown>) => {
  const call = EACH_CALL[name];
  if (call === undefined) throw new Error(`no such call: ${name}`);
  return call;
};
