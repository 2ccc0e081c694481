// /__sim/...: what a tester does to the world, over HTTP. JSON in, `{success: true, result}` or an error of the contract out.
import { z } from "zod";
import { DatasetName, SpreadsheetId } from "../../../backend/contract/primitives.ts";
import { SimulatorUsageError } from "../errors.ts";
import { FaultRule } from "../faults.ts";
import type { Reply } from "../profile.ts";
import type { Incoming } from "../server/exchange.ts";
import { CONTROL_PREFIX } from "../server/http-server.ts";
import { CollectorSettings } from "../world/collector.ts";
import { DriftKey, DriftProfile } from "../world/drift.ts";
import { WorldPlan } from "../world/plan.ts";
import type { Controllable } from "./controllable.ts";

/** Epoch ms, or an RFC 3339 instant. */
const Moment = z.union([z.int().nonnegative(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);

const Reset = WorldPlan.partial().extend({ seed: z.union([z.int(), z.string()]).optional(), now: Moment.optional() });
const Clock = z.union([z.strictObject({ now: Moment }), z.strictObject({ advance_seconds: z.number().nonnegative() })]);
const Drift = z.strictObject({
  spreadsheet_id: SpreadsheetId,
  dataset: DatasetName,
  key: DriftKey,
  profile: DriftProfile,
});
const Upstream = z.strictObject({ available: z.boolean().optional(), enabled: z.boolean().optional() });
const Sheet = z.strictObject({
  spreadsheet_id: SpreadsheetId,
  active: z.boolean().optional(),
  /** Makes it another customer's. */
  belongs_to: z.email().optional(),
});

type Action = (body: unknown, simulator: Controllable) => unknown;
const action =
  <S extends z.ZodType>(schema: S, run: (input: z.output<S>, simulator: Controllable) => unknown): Action =>
  (body, simulator) =>
    run(schema.parse(body), simulator);

/** Like `action`, with the members that were sent only: the defaults of a whole must not overwrite what is there. */
const change =
  <S extends z.ZodObject>(schema: S, run: (input: Partial<z.output<S>>, simulator: Controllable) => unknown): Action =>
  (body, simulator) => {
    const parsed = Object.entries(schema.parse(body)).filter(([name]) => Object.hasOwn(body as object, name));
    return run(Object.fromEntries(parsed) as Partial<z.output<S>>, simulator);
  };

const ACTIONS: Readonly<Record<string, Action>> = {
  reset: change(Reset, (input, simulator) => simulator.reset(input)),
  clock: action(Clock, async (input, simulator) => {
    await simulator.moveClock("now" in input ? input.now : simulator.now() + Math.round(input.advance_seconds * 1000));
    return { now: new Date(simulator.now()).toISOString() };
  }),
  drift: action(Drift, ({ spreadsheet_id, dataset, key, profile }, simulator) =>
    simulator.changeDrift(spreadsheet_id, dataset, key, profile),
  ),
  faults: action(FaultRule, (rule, simulator) => {
    simulator.faults.add(rule);
    return simulator.faults.list();
  }),
  upstream: change(Upstream, (input, simulator) => simulator.setUpstream(input)),
  collector: change(CollectorSettings.partial(), (input, simulator) => simulator.setCollector(input)),
  spreadsheets: action(Sheet, ({ spreadsheet_id, active, belongs_to }, simulator) =>
    simulator.setSpreadsheet(spreadsheet_id, active, belongs_to),
  ),
};

const VIEWS: Readonly<Record<string, (query: URLSearchParams, simulator: Controllable) => unknown>> = {
  calls: (query, simulator) => simulator.calls({ path: query.get("path") ?? undefined }),
  faults: (_query, simulator) => simulator.faults.list(),
  world: (_query, simulator) => simulator.overview(),
};

/** Names that a page elsewhere cannot make a browser send. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

export const makeControl =
  (simulator: Controllable) =>
  async (incoming: Incoming, query: URLSearchParams): Promise<Reply> => {
    if (!OWN_HOST.test(incoming.headers.host ?? "")) return failure(403, "forbidden", "Only from this machine.");
    try {
      const result: unknown = await handle(simulator, incoming, query);
      return result === undefined
        ? failure(404, "not_found", `No ${incoming.method} ${incoming.path}.`)
        : { status: 200, headers: {}, body: { success: true, result } };
    } catch (cause) {
      if (cause instanceof z.ZodError) return failure(400, "invalid_request", z.prettifyError(cause));
      if (cause instanceof SimulatorUsageError) return failure(409, "invalid_request", cause.message);
      if (cause instanceof SyntaxError) return failure(400, "invalid_request", "The body is not JSON.");
      throw cause;
    }
  };

/** @returns undefined: there is nothing at this address. */
function handle(simulator: Controllable, { method, path, headers, body }: Incoming, query: URLSearchParams): unknown {
  const name = path.slice(CONTROL_PREFIX.length);
  const view = Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
  if (method === "GET" && view) return view(query, simulator);
  if (method === "DELETE" && name === "faults") {
    simulator.faults.clear();
    return [];
  }
  const act = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (method !== "POST" || !act) return undefined;
  // A page elsewhere may post text without asking; JSON it may not.
  if (!/^application\/json\b/i.test(headers["content-type"] ?? ""))
    throw new SimulatorUsageError("Send application/json.");
  const text = body?.toString("utf8").trim() ?? "";
  return act(text === "" ? {} : JSON.parse(text), simulator);
}

const failure = (status: number, code: string, message: string): Reply => ({
  status,
  headers: {},
  body: { success: false, code, message, request_id: "req_control", retryable: false, details: {} },
});
