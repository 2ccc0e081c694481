// Everything the simulated backend knows. Moves only by calls and by `tick(now)`.
import { z } from "zod";
import type { SourceTag } from "../../../backend/contract/primitives.ts";
import type { Row } from "../../../backend/contract/spreadsheet.ts";
import { wordOf } from "./chance.ts";
import { type CollectOutcome, CollectorSettings, collect, nothing } from "./collector.ts";
import { Cursors } from "./cursors.ts";
import { DAY_MS, dayNumberAt, HOUR_MS, startOfDay } from "./days.ts";
import { Decision, Decisions } from "./decisions.ts";
import { DriftChange, DriftChanges, tableOf } from "./drift.ts";
import { IdempotencyStore, StoredAnswer } from "./idempotency.ts";
import { JobRecord, Jobs, type Run } from "./jobs.ts";
import { isRowMissing, PARTS, type Part, type Profiles } from "./local.ts";
import { WorldPlan } from "./plan.ts";
import { localRows, referenceRows, type Window } from "./rows.ts";
import { isOnSale, makeSeller, type Seller, sellerId } from "./sellers.ts";
import { Slice, Slices } from "./slices.ts";
import { Spreadsheet, Spreadsheets } from "./spreadsheets.ts";
import { StoredToken, Tokens } from "./tokens.ts";

/** The dataset that is implemented. */
export const CHECKLIST = "checklist";
/** Asked for by spreadsheets and not implemented: an update is accepted with a warning. */
export const UNIMPLEMENTED_DATASETS: readonly string[] = ["wb10xSalesReport_v1"];

export const Upstream = z.strictObject({
  /** The operator's switch: off, every `auto` answer is local. */
  enabled: z.boolean(),
  /** Whether it answers. */
  available: z.boolean(),
});
export type Upstream = z.output<typeof Upstream>;

export const WorldDump = z.object({
  version: z.literal(1),
  seed: z.int(),
  plan: WorldPlan,
  firstDay: z.int(),
  tickedAt: z.number(),
  spreadsheets: z.array(Spreadsheet),
  tokens: z.array(StoredToken),
  slices: z.array(Slice),
  decisions: z.array(Decision),
  jobs: z.array(JobRecord),
  answers: z.array(StoredAnswer),
  driftChanges: z.array(DriftChange),
  refreshes: z.array(z.object({ scope: z.string(), at: z.number(), jobId: z.string() })),
  collector: CollectorSettings,
  upstream: Upstream,
  lastSuccessAt: z.number().nullable(),
  jobCount: z.int(),
});
export type WorldDump = z.output<typeof WorldDump>;

/** Slots of the backend's own collections, after the start of the day; the first also completes the day before. */
const SLOTS_MS = [5 * HOUR_MS, 11 * HOUR_MS, 17 * HOUR_MS, 23.5 * HOUR_MS] as const;
/** Long enough that the token of a seller who was there from the start outlives any story. */
const FIRST_TOKEN_MS = 3_650 * DAY_MS;

export interface Page {
  readonly sourceTag: SourceTag;
  readonly degraded: boolean;
  /** Epoch ms. */
  readonly capturedAt: number | null;
  readonly rows: readonly Row[];
}

export class World {
  readonly plan: WorldPlan;
  readonly seed: number;
  readonly spreadsheets: Spreadsheets;
  readonly tokens: Tokens;
  readonly slices: Slices;
  readonly decisions: Decisions;
  readonly jobs: Jobs;
  readonly idempotency: IdempotencyStore;
  readonly driftChanges: DriftChanges;
  readonly cursors = new Cursors<Page>();
  collector: CollectorSettings;
  upstream: Upstream;
  lastSuccessAt: number | null;
  readonly #firstDay: number;
  readonly #sellers = new Map<string, Seller>();
  #refreshes: WorldDump["refreshes"];
  #tickedAt: number;
  #jobCount: number;

  constructor(dump: WorldDump) {
    this.plan = dump.plan;
    this.seed = dump.seed;
    this.#firstDay = dump.firstDay;
    this.#tickedAt = dump.tickedAt;
    this.spreadsheets = new Spreadsheets(dump.spreadsheets);
    this.tokens = new Tokens(dump.tokens);
    this.slices = new Slices(dump.slices);
    this.decisions = new Decisions(dump.decisions);
    this.jobs = new Jobs(dump.jobs);
    this.idempotency = new IdempotencyStore(dump.answers);
    this.driftChanges = new DriftChanges(dump.driftChanges);
    this.#refreshes = dump.refreshes;
    this.collector = dump.collector;
    this.upstream = dump.upstream;
    this.lastSuccessAt = dump.lastSuccessAt;
    this.#jobCount = dump.jobCount;
  }

  /** A fresh world at a moment (epoch ms), with its first sellers connected and collected. */
  static begin(seed: number, plan: WorldPlan, now: number): World {
    const today = dayNumberAt(now);
    const world = new World({
      version: 1,
      seed,
      plan,
      firstDay: today - plan.days,
      tickedAt: now,
      spreadsheets: [],
      tokens: [],
      slices: [],
      decisions: [],
      jobs: [],
      answers: [],
      driftChanges: [],
      refreshes: [],
      collector: CollectorSettings.parse({}),
      upstream: { enabled: true, available: true },
      lastSuccessAt: null,
      jobCount: 0,
    });
    for (let turn = 0; turn < plan.sellers; turn += 1) world.#connectSeller(turn, now);
    return world;
  }

  dump(): WorldDump {
    return {
      version: 1,
      seed: this.seed,
      plan: this.plan,
      firstDay: this.#firstDay,
      tickedAt: this.#tickedAt,
      spreadsheets: [...this.spreadsheets.all()],
      tokens: [...this.tokens.dump()],
      slices: [...this.slices.dump()],
      decisions: [...this.decisions.dump()],
      jobs: [...this.jobs.dump()],
      answers: [...this.idempotency.dump()],
      driftChanges: [...this.driftChanges.dump()],
      refreshes: this.#refreshes,
      collector: this.collector,
      upstream: this.upstream,
      lastSuccessAt: this.lastSuccessAt,
      jobCount: this.#jobCount,
    };
  }

  // ---- time -------------------------------------------------------------------------------------

  /** Does what was due up to now (epoch ms), in order: runs end, slots come. Freezes need no doing: they are read off the clock. */
  tick(now: number): void {
    for (;;) {
      const due = this.nextDueAt();
      if (due === null || due > now) break;
      this.#tickedAt = Math.max(this.#tickedAt, due);
      for (const job of this.jobs.unfinished()) if (job.endsAt <= due) this.#finish(job);
      if (this.plan.collect_slots && this.#slotAfter(due - 1) === due) this.#collectSlot(due);
    }
    this.#tickedAt = Math.max(this.#tickedAt, now);
    this.jobs.prune(now);
    this.idempotency.prune(now);
  }

  /** Up to when everything is done. Epoch ms. */
  get tickedAt(): number {
    return this.#tickedAt;
  }

  /** Epoch ms. */
  nextDueAt(): number | null {
    const times = this.jobs.unfinished().map(({ endsAt }) => endsAt);
    if (this.plan.collect_slots) times.push(this.#slotAfter(this.#tickedAt));
    return times.length === 0 ? null : Math.min(...times);
  }

  #slotAfter(ms: number): number {
    const today = startOfDay(dayNumberAt(ms));
    const slots = [...SLOTS_MS, SLOTS_MS[0] + DAY_MS].map((offset) => today + offset);
    return slots.find((slot) => slot > ms) ?? today + DAY_MS;
  }

  #collectSlot(at: number): void {
    const today = dayNumberAt(at);
    const isFirst = at - startOfDay(today) === SLOTS_MS[0];
    for (const { id, isActive } of this.spreadsheets.all()) {
      if (!isActive || this.tokens.active(id, at).length === 0) continue;
      this.#collect(
        { spreadsheetId: id, from: isFirst ? today - 1 : today, to: today, nmIds: null, parts: [...PARTS] },
        at,
      );
    }
  }

  // ---- collections and refreshes ----------------------------------------------------------------

  /** The run that the collector is busy with. */
  runningJob(): JobRecord | null {
    return this.jobs.unfinished().find(({ run }) => run !== null) ?? null;
  }

  /** A run that is over as soon as it begins. */
  runNow(run: Run, now: number): CollectOutcome {
    return this.#collect(run, now);
  }

  /** @param durationMs until it ends; 1 s of it in the queue. */
  startJob(run: Run | null, now: number, durationMs: number): JobRecord {
    this.#jobCount += 1;
    const id = `job_${wordOf(`${this.seed}:${this.#jobCount}`, 12)}`;
    const startsAt = now + Math.min(1_000, durationMs);
    const job: JobRecord = { id, run, queuedAt: now, startsAt, endsAt: now + durationMs, outcome: null };
    this.jobs.put(job);
    return job;
  }

  /** @returns the refresh of the same scope that this one is merged into, or a new one. */
  refresh(spreadsheetId: string, dataset: string | null, now: number, mergedMs: number, durationMs: number) {
    const scope = `${spreadsheetId}/${dataset ?? "*"}`;
    this.#refreshes = this.#refreshes.filter(({ at }) => now - at < mergedMs);
    const known = this.#refreshes.find((refresh) => refresh.scope === scope);
    if (known) return { jobId: known.jobId, isMerged: true };
    const { id: jobId } = this.startJob(null, now, durationMs);
    this.#refreshes.push({ scope, at: now, jobId });
    return { jobId, isMerged: false };
  }

  #finish(job: JobRecord): void {
    this.jobs.put({
      ...job,
      outcome: job.run === null ? { kind: "done", result: null } : this.#collect(job.run, job.endsAt),
    });
  }

  #collect(run: Run, at: number): CollectOutcome {
    const { marketplace, failing } = this.collector;
    if (marketplace === "down") return { kind: "wbError", message: "Wildberries did not answer." };
    if (marketplace === "unauthorized") return nothing(run, "Wildberries refused the token.", false);
    const failingParts: readonly Part[] = failing.times > 0 ? failing.parts : [];
    if (failing.times > 0) this.collector = { ...this.collector, failing: { ...failing, times: failing.times - 1 } };
    const sids = [...new Set(this.tokens.active(run.spreadsheetId, at).map(({ sid }) => sid))];
    const outcome = collect(run, at, failingParts, {
      slices: this.slices,
      sids,
      marketplaceWindows: this.plan.marketplace_windows,
      countRows: (dayNumber) => this.#countRows(run, sids, dayNumber),
    });
    const hasStored = outcome.kind === "done" && Object.values(outcome.result.stored).some((rows) => rows > 0);
    if (hasStored) this.lastSuccessAt = at;
    return outcome;
  }

  #countRows({ spreadsheetId, nmIds }: Run, sids: readonly string[], dayNumber: number): number {
    const profiles = this.profilesOn(spreadsheetId, CHECKLIST, dayNumber);
    return sids
      .flatMap((sid) => this.seller(sid).products)
      .filter((product) => isOnSale(product, dayNumber) && !isRowMissing(product, dayNumber, profiles))
      .filter(({ nmId }) => nmIds === null || nmIds.includes(nmId)).length;
  }

  // ---- data -------------------------------------------------------------------------------------

  seller(sid: string): Seller {
    const { nm_ids: nmIds, days, turnover } = this.plan;
    const known =
      this.#sellers.get(sid) ?? makeSeller(sid, { seed: this.seed, nmIds, days, turnover, firstDay: this.#firstDay });
    this.#sellers.set(sid, known);
    return known;
  }

  profilesOn(spreadsheetId: string, dataset: string, dayNumber: number): Profiles {
    const table = tableOf(this.plan.drift, this.spreadsheets.get(spreadsheetId)?.turn ?? null);
    return this.driftChanges.profilesOn(table, spreadsheetId, dataset, dayNumber);
  }

  sellersOf(spreadsheetId: string): readonly Seller[] {
    return this.tokens.sidsOf(spreadsheetId).map((sid) => this.seller(sid));
  }

  referenceRows(spreadsheetId: string, window: Window, now: number): readonly Row[] {
    return referenceRows(this.sellersOf(spreadsheetId), window, now, dayNumberAt(now), this.plan);
  }

  localRows(
    spreadsheetId: string,
    dataset: string,
    window: Window,
  ): { rows: readonly Row[]; slices: readonly Slice[] } {
    const slices = this.slices.between(spreadsheetId, window.from, window.to);
    const profilesOn = (dayNumber: number): Profiles => this.profilesOn(spreadsheetId, dataset, dayNumber);
    return { rows: localRows(this.sellersOf(spreadsheetId), slices, window, profilesOn, this.plan), slices };
  }

  // ---- the beginning ----------------------------------------------------------------------------

  #connectSeller(turn: number, now: number): void {
    const sid = sellerId(this.seed, turn);
    const id = `sim${wordOf(`spreadsheet:${this.seed}:${turn}`, 41)}`;
    this.spreadsheets.put({ id, ownerEmail: `seller${turn + 1}@example.com`, isActive: true, isClaimed: true, turn });
    // Looks like a token and is none: nothing ever takes it apart.
    const token = `eyJ.${wordOf(`token:${this.seed}:${sid}`, 40)}.${wordOf(`seal:${this.seed}:${sid}`, 40)}`;
    this.tokens.add(id, token, { sid, analytics: true, expiresAt: now + FIRST_TOKEN_MS, isRefused: false });
    const today = dayNumberAt(now);
    const lastSlot = SLOTS_MS.map((offset) => startOfDay(today) + offset).findLast((slot) => slot <= now);
    for (let day = this.#firstDay; day <= today; day += 1) {
      const nextMorning = startOfDay(day + 1) + SLOTS_MS[0];
      const at = nextMorning <= now ? nextMorning : day < today ? startOfDay(day) + SLOTS_MS[3] : lastSlot;
      if (at === undefined) continue;
      this.slices.replace(id, day, PARTS, { at, sids: [sid], nmIds: null });
      this.lastSuccessAt = Math.max(this.lastSuccessAt ?? at, at);
    }
  }
}
