// A small backend for its tests: a clock moved by hand, calls over HTTP, and every answer held against the contract.
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { CALLS, type CallName } from "../../../src/backend/contract/calls.ts";
import { BACKEND_ERROR_CODES, ErrorBody, rowOf } from "../../../src/backend/contract/errors.ts";
import { Row } from "../../../src/backend/contract/spreadsheet.ts";
import { SimulatedBackend, type SimulatedBackendInput } from "../../../src/sandbox/backend/backend.ts";
import type { Timer } from "../../../src/sandbox/backend/timers.ts";
import { type MintOptions, mintWbToken } from "../../../src/sandbox/backend/wb-token/mint.ts";

/** 2026-02-18 12:00 in Moscow: the 17th is sealed since 06:00, the 18th is open. */
export const T0 = Date.UTC(2026, 1, 18, 9);
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const TODAY = "2026-02-18";
export const YESTERDAY = "2026-02-17";

export const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd";
export const OTHER_SHEET = "2AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd";
export const SID = "8f14e45f-ceea-467f-a8d2-0b5b2a1e9c11";

export const PATHS = {
  register: "/api/admin/spreadsheets/register",
  addToken: "/api/admin/wb/tokens/add",
  getTokens: "/api/ss/wb/token/get",
  update: "/api/ss/datasets/update",
  actions: "/api/actions",
  collector: "/api/collector/run",
  data: "/api/ss/datasets/data",
  source: "/api/admin/datasets/source",
  health: "/api/health",
} as const;

const NAME_OF: Readonly<Record<string, CallName>> = {
  ...Object.fromEntries((Object.keys(CALLS) as CallName[]).map((name) => [CALLS[name].path, name])),
  "/collector/run": "runCollector",
};

export class HandClock {
  ms = T0;
  now(): number {
    return this.ms;
  }
}

/** Fires when it is told to. */
export class HandTimer implements Timer {
  #runs = new Set<() => void>();

  after(_delayMs: number, run: () => void): () => void {
    this.#runs.add(run);
    return () => this.#runs.delete(run);
  }

  get waiting(): number {
    return this.#runs.size;
  }

  fire(): void {
    const runs = [...this.#runs];
    this.#runs.clear();
    for (const run of runs) run();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are read member by member; each was held against the contract before
export type Body = any;

export interface Answer {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

export interface CallOptions {
  /** null: no credentials. Default: the operator's. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string;
}

export const onClose = (close: () => unknown): void => onTestFinished(async () => void (await close()));

/** Without sellers of its own and without drift, unless asked for. Stopped after the test; a defect of the simulator fails it. */
export async function startBackend(input: Omit<SimulatedBackendInput, "clock"> = {}) {
  const clock = new HandClock();
  const timer = new HandTimer();
  const defects: unknown[] = [];
  const backend = new SimulatedBackend({
    timer,
    control: true,
    setClock: (now) => {
      clock.ms = now;
    },
    onDefect: (cause) => defects.push(cause),
    ...input,
    clock,
    world: { sellers: 0, drift: "none", nm_ids: 12, days: 30, ...input.world },
  });
  await backend.start();
  onTestFinished(async () => {
    await backend.stop();
    expect(defects).toEqual([]);
  });
  const profile = backend.options.profile;

  const request = async (method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> => {
    const { key = backend.adminKey, idempotencyKey, headers = {} } = options;
    const response = await fetch(`${backend.origin}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const answer = { status: response.status, body: await response.json(), headers: response.headers };
    if (!path.startsWith("/__sim/")) (profile === "full" ? checkFull : checkLegacy)(path, answer);
    return answer;
  };
  const post = (path: string, body: unknown, options?: CallOptions) => request("POST", path, body, options);
  const get = (path: string, options?: CallOptions) => request("GET", path, undefined, options);

  const token = (options: Partial<MintOptions> = {}) => mintWbToken({ now: clock.ms, sid: SID, ...options });
  const read = (values: object = {}, source?: string, options?: CallOptions) =>
    post(
      PATHS.data,
      {
        spreadsheet_id: SHEET,
        dataset: {
          name: "checklist",
          ...(source === undefined ? {} : { source }),
          values: { date_from: YESTERDAY, date_to: YESTERDAY, ...values },
        },
      },
      options,
    );
  const collect = (input: object = {}, options?: CallOptions) =>
    post(
      PATHS.actions,
      { action: "collector/run", ssId: SHEET, dateFrom: YESTERDAY, dateTo: TODAY, ...input },
      options,
    );
  const control = async (name: string, body: object = {}): Promise<Body> => {
    const answer = await post(`/__sim/${name}`, body);
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    return answer.body.result;
  };
  const connect = async (sheet = SHEET) => {
    await post(PATHS.register, { spreadsheet_id: sheet, owner_email: `${sheet.slice(0, 4)}@example.com` });
    await post(PATHS.addToken, { spreadsheet_id: sheet, token: token() });
  };
  /** Moves the clock; what is due happens. Unit: milliseconds. */
  const advance = async (ms: number) => {
    clock.ms += ms;
    await backend.runDue(clock.ms);
  };
  const strike = (path: string, fault: object, times = 1) => control("faults", { path, times, fault });
  const effects = (kind?: string) =>
    backend.calls().flatMap((call) => call.effects.filter((effect) => kind === undefined || effect.kind === kind));
  return {
    backend,
    clock,
    timer,
    request,
    post,
    get,
    token,
    read,
    collect,
    control,
    connect,
    advance,
    strike,
    effects,
  };
}

/** Every member that the contract's error form has, and its status. */
const FullError = ErrorBody.required().strict();

function checkFull(path: string, { status, body, headers }: Answer): void {
  const name = nameOf(path, ["/api"]);
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(headers.get("x-request-id")).toMatch(/^[A-Za-z0-9_.-]{8,128}$/);
  if (status >= 400 || body.success === false) {
    const error = FullError.parse(body);
    expect(error.request_id).toMatch(/^[A-Za-z0-9_.-]{8,128}$/);
    if (status < 400) return;
    const row = rowOf(error.code);
    expect([row.status, ...(row.alsoStatus ?? [])]).toContain(status);
    expect(error.retryable).toBe(row.retry !== "no");
    if (row.retry === "after") expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(0);
    return;
  }
  const schema = name && (CALLS[name].answers as Record<number, z.ZodType>)[status];
  if (!schema) throw new Error(`${path} has no answer ${status} in the contract`);
  schema.parse(body);
}

const LegacyError = z.strictObject({ success: z.literal(false), message: z.string() });
const LEGACY_FORMS: Partial<Record<CallName, z.ZodType>> = {
  readDataset: z.array(Row),
  getWbTokens: z.strictObject({ result: z.array(z.looseObject({ sid: z.string() })) }),
};

function checkLegacy(path: string, { status, body, headers }: Answer): void {
  const name = nameOf(path, ["/api", ""]);
  expect(headers.get("x-source-tag")).toBeNull();
  expect(status).not.toBe(202);
  if (status >= 400 || body.success === false) LegacyError.parse(body);
  else if (!name) throw new Error(`nothing should answer ${path}`);
  else (LEGACY_FORMS[name] ?? CALLS[name].answers[200]).parse(body);
}

function nameOf(path: string, prefixes: readonly string[]): CallName | undefined {
  for (const prefix of prefixes) {
    if (!path.startsWith(prefix)) continue;
    const rest = path.slice(prefix.length);
    const name = rest.startsWith("/jobs/") ? "getJob" : NAME_OF[rest];
    if (name) return name;
  }
  return undefined;
}

export const allCodes = BACKEND_ERROR_CODES;
