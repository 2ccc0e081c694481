// The admin API over real machines on a real Redis, and people of the staff who call it.
import { createHash } from "node:crypto";
import type { FastifyInstance, LightMyRequestResponse, RouteOptions } from "fastify";
import type { Redis } from "ioredis";
import type { StaffRole } from "../../../machines/definition.ts";
import { definitions } from "../../../machines/registry.ts";
import type { UpdateQuarantine } from "../../../src/bot/ports.ts";
import { parsePlans } from "../../../src/catalog-source.ts";
import type { LedgerRow } from "../../../src/effects/ports.ts";
import { type AdminDeps, registerAdmin } from "../../../src/http/admin.ts";
import { makeServer } from "../../../src/http/server.ts";
import type { ApprovalLimits } from "../../../src/policies.ts";
import { FREEZE_MS } from "../../../src/quality/daily/due-days.ts";
import { makeRedisApprovalStore } from "../../../src/redis/approval-store.ts";
import { makeRedisBulkStore } from "../../../src/redis/bulk-store.ts";
import { makeRedisCalibrationBook } from "../../../src/redis/calibration-book.ts";
import { makeRedisDriftBook } from "../../../src/redis/drift-book.ts";
import { makeRedisEndedSessions } from "../../../src/redis/ended-sessions.ts";
import { makeRedisLateTimers } from "../../../src/redis/late-timers.ts";
import { makeRedisMessageStore } from "../../../src/redis/message-store.ts";
import { makeRedisParityBook } from "../../../src/redis/parity-book.ts";
import { makeRedisPendingTimers } from "../../../src/redis/pending-timers.ts";
import { makeRedisQuarantine } from "../../../src/redis/quarantine.ts";
import { loadScripts } from "../../../src/redis/scripts.ts";
import { makeRedisUpdateQuarantine } from "../../../src/redis/update-quarantine.ts";
import type { Cause } from "../../../src/runtime/ports.ts";
import { makeSamePerson, type StaffAliases } from "../../../src/staff-aliases.ts";
import { makeDatasets } from "../../../src/support/datasets.ts";
import { makeStaffDesk } from "../../../src/support/staff-desk.ts";
import { makeSupport } from "../../../src/support/support.ts";
import { plansFile } from "../../journeys/support/plans.ts";
import { type ManualClock, makeTestActors, manualClock, type TestActors } from "../../support/actors.ts";
import { fileRedis, freshPrefix } from "../../support/redis.ts";

export const ROLES: readonly StaffRole[] = ["viewer", "support", "finance", "owner"];
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const plans = parsePlans(plansFile(), { isOwnTelegramApi: false });
if (!plans.ok) throw new Error(plans.problems.join());
const { catalog } = plans;

export interface Call {
  readonly role?: StaffRole | "nobody" | null;
  readonly payload?: object | string;
  readonly remoteAddress?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Office extends TestActors {
  readonly client: Redis;
  readonly server: FastifyInstance;
  readonly clock: ManualClock;
  /** Wall time; the lock-out goes by it. */
  readonly wall: ManualClock;
  readonly rows: LedgerRow[];
  readonly updatesSetAside: UpdateQuarantine;
  readonly retried: { readonly effectId: string; readonly cause: Cause }[];
  /** When rounds of reconciliation were asked for. */
  readonly begun: readonly (number | "whole")[];
  /** Everything that was logged, as text. */
  readonly log: string[];
  get(url: string, call?: Call): Promise<LightMyRequestResponse>;
  post(url: string, payload: object | string, call?: Omit<Call, "payload">): Promise<LightMyRequestResponse>;
}

/** Calls are the owner's unless they say otherwise. A token is `token-of-<role>`, a name `<role>-1`. */
export function openOffice({
  trustedProxies = [],
  limits = { refundAbove: { XTR: 5_000 }, bulkAbove: 25 },
  watch,
  aliases = [],
  ...overrides
}: Partial<AdminDeps> & {
  readonly trustedProxies?: readonly string[];
  readonly limits?: ApprovalLimits;
  readonly aliases?: StaffAliases;
  /** Is told of each route. */
  readonly watch?: (route: RouteOptions) => void;
} = {}): Office {
  const clock = manualClock();
  const wall = manualClock();
  const client = fileRedis();
  const system = makeTestActors(client, freshPrefix(), { definitions, clock });
  const rows: LedgerRow[] = [];
  const retried: { effectId: string; cause: Cause }[] = [];
  const begun: (number | "whole")[] = [];
  const log: string[] = [];
  const write = (fields: object, message: string) => void log.push(`${message} ${JSON.stringify(fields)}`);
  const server = makeServer({ warn: write, error: write }, { trustedProxies });
  if (watch) server.addHook("onRoute", watch);
  const updatesSetAside = makeRedisUpdateQuarantine(client, system.keys);
  registerAdmin(server, {
    support: makeSupport({
      ...{ actors: system.actors, definitions, timeZone: "Europe/Moscow", now: () => clock.now() },
      outbox: { read: async () => null },
      failed: { read: async () => null, count: async () => 1 },
      quarantine: makeRedisQuarantine(client, system.keys),
      updatesSetAside,
      approvals: makeRedisApprovalStore(client, loadScripts(client), system.keys),
      lateTimers: makeRedisLateTimers(client, system.keys),
      drift: makeRedisDriftBook(client, system.keys),
      screenNow: async () => ({ language: "en", html: "<b>Hello</b>", text: "Hello", buttons: [] }),
      triesOf: async () => null,
      freshness: async () => null,
      productsOnSale: () => [{ code: "club", chats: ["-1001"] }],
      termsOnSale: () => [],
    }),
    actors: system.actors,
    foresight: system.foresight,
    auditLog: system.auditLog,
    auditTail: system.auditTail,
    pendingTimers: makeRedisPendingTimers(client, system.keys),
    inspector: { queues: async () => [], jobs: async () => null, job: async () => null, act: async () => "gone" },
    definitions,
    ...makeStaffDesk({
      ...{ actors: system.actors, definitions, clock },
      approvals: makeRedisApprovalStore(client, loadScripts(client), system.keys),
      bulks: makeRedisBulkStore(client, system.keys),
      messages: makeRedisMessageStore(client, system.keys),
      catalog: () => ({ ...catalog, limits: { ...catalog.limits, approval: limits } }),
      timeZone: "Europe/Moscow",
      foresight: system.foresight,
      told: async () => [],
      isSamePerson: makeSamePerson(aliases),
    }),
    ledger: {
      rows: async function* () {
        yield* rows;
      },
      sums: async () => [],
    },
    pseudonyms: async () => new Map([[666, "erased-0a"]]),
    quarantine: makeRedisQuarantine(client, system.keys),
    updatesSetAside,
    drift: {
      book: makeRedisDriftBook(client, system.keys),
      rehearse: async ({ whole }) => ({
        ...{ dryRun: true, drifts: [], isWhole: true },
        compared: { rows: whole ? 100 : 1, actors: 2, looks: 3 },
      }),
      begin: async ({ whole }) => void begun.push(whole ? "whole" : clock.now()),
    },
    datasets: makeDatasets({
      actors: system.actors,
      book: makeRedisParityBook(client, system.keys),
      calibration: makeRedisCalibrationBook(client, system.keys),
      noise: async () => [],
      collection: { of: async () => null, all: async () => [] },
      settings: () => catalog.limits.parity,
      slices: null,
      freezeMs: () => FREEZE_MS,
      now: () => clock.now(),
    }),
    gateway: {
      readRows: async (scope, window, asked = "auto") => ({
        rows: [{ date: window.to, nm_id: 1, adv_sum: 2.5 }],
        ...{ capturedAt: 5, source: "upstream", requestedSource: asked, isDegraded: scope.dataset === "degraded" },
      }),
    },
    failedEffects: {
      list: async () => [{ effectId: "payment/c|3|0", kind: "notifyCustomer", code: "effect.rejected", at: 5 }],
      retry: async (effectId, cause) => effectId === "payment/c|3|0" && retried.push({ effectId, cause }) > 0,
    },
    logger: { info: write },
    now: () => clock.now(),
    about: { mode: "telegram", clock: "real", loopbackOnly: true, timeZone: "Europe/Moscow" },
    keys: [{ id: "k1", key: Buffer.alloc(32, 1) }],
    ended: makeRedisEndedSessions(client, system.keys),
    host: "127.0.0.1",
    consoleHosts: [],
    pageFolders: { pages: "/nowhere/pages", charts: "/nowhere/charts" },
    tokens: ROLES.map((role) => ({ name: `${role}-1`, role, sha256: sha256(`token-of-${role}`) })),
    openToLoopback: false,
    wallClock: () => wall.now(),
    advanceClock: null,
    ...overrides,
  });
  const call = (
    method: "GET" | "POST",
    url: string,
    { role = "owner", payload, remoteAddress = "192.0.2.1", headers = {} }: Call,
  ) =>
    server.inject({
      method,
      url,
      remoteAddress,
      headers: {
        ...headers,
        ...(role === null ? {} : { authorization: `Bearer token-of-${role}` }),
        ...(typeof payload === "string" ? { "content-type": "application/json" } : {}),
      },
      ...(payload === undefined ? {} : { payload }),
    });
  return {
    ...{ ...system, client, server, clock, wall, rows, updatesSetAside, retried, begun, log },
    get: (url, options = {}) => call("GET", url, options),
    post: (url, payload, options = {}) => call("POST", url, { ...options, payload }),
  };
}
