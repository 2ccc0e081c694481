// The product backend, simulated: the contract over HTTP on loopback, and what a tester does to it in this class.

import { makeControl } from "./control/control.ts";
import type { Controllable, Overview, Partly } from "./control/controllable.ts";
import { SimulatorUsageError } from "./errors.ts";
import { Faults } from "./faults.ts";
import { type CallFilter, type CallRecord, Journal } from "./journal.ts";
import { type BackendOptions, BackendOptionsSchema, type ResolvedOptions } from "./options.ts";
import { profileOf } from "./profile.ts";
import { Authenticator } from "./server/authenticate.ts";
import { Exchange } from "./server/exchange.ts";
import { BackendServer } from "./server/http-server.ts";
import { StateFile } from "./state-file.ts";
import { type Clock, ClockWaits, realTimer, type Timer } from "./timers.ts";
import { seedOf } from "./world/chance.ts";
import { CollectorSettings } from "./world/collector.ts";
import { dayNumberAt, dayOf } from "./world/days.ts";
import type { DriftChange, DriftProfile } from "./world/drift.ts";
import { WorldPlan } from "./world/plan.ts";
import { RateLimits } from "./world/rate-limits.ts";
import { isSealed } from "./world/slices.ts";
import type { Spreadsheet } from "./world/spreadsheets.ts";
import { CHECKLIST, Upstream, World } from "./world/world.ts";

export interface SimulatedBackendInput extends BackendOptions {
  readonly clock: Clock;
  /** Moves that clock to a time (epoch ms). Without it the controls cannot: the clock is somebody else's. */
  readonly setClock?: (now: number) => void | Promise<void>;
  /** Real time of the wire. */
  readonly timer?: Timer;
  readonly onDefect?: (cause: unknown) => void;
}

/** `new SimulatedBackend({ clock })`, `await start()`, then give `url`, `adminKey` and `clientKey` to the client. */
export class SimulatedBackend implements Controllable {
  readonly options: ResolvedOptions;
  readonly faults = new Faults();
  readonly #clock: Clock;
  readonly #setClock: ((now: number) => void | Promise<void>) | null;
  readonly #waits: ClockWaits;
  readonly #journal: Journal;
  readonly #server: BackendServer;
  readonly #stateFile: StateFile | null;
  #world: World;
  #limits: RateLimits;
  #waiters: (() => void)[] = [];
  #port: number | null = null;

  /** @throws SimulatorUsageError when the state file holds something else. */
  constructor({ clock, setClock, timer = realTimer, onDefect = warn, ...rest }: SimulatedBackendInput) {
    this.options = BackendOptionsSchema.parse(rest);
    const { host, port, profile, control, limits, stateFile, seed, world, journalSize } = this.options;
    this.#clock = clock;
    this.#setClock = setClock ?? null;
    this.#waits = new ClockWaits(clock, timer);
    this.#journal = new Journal(journalSize);
    this.#stateFile = stateFile === null ? null : new StateFile(stateFile);
    this.#world = this.#stateFile?.read() ?? World.begin(seed, world, clock.now());
    this.#limits = new RateLimits(limits);
    const exchange = new Exchange({
      world: () => this.#world,
      clock,
      waits: this.#waits,
      timer,
      profile: profileOf(profile),
      tokenPolicy: {
        serviceId: this.options.serviceId,
        allowTest: this.options.allowTestTokens,
        allowPersonal: this.options.allowPersonalTokens,
      },
      authenticator: new Authenticator(this.options),
      limits: () => this.#limits,
      faults: this.faults,
      journal: this.#journal,
      onEffect: () => this.#save(),
      onDefect,
      idle: (wait) => this.#server.idle(wait),
    });
    this.#server = new BackendServer({
      host,
      port,
      answer: (incoming) => exchange.run(incoming),
      control: control ? makeControl(this) : null,
      onChange: () => this.#wakeWaiters(),
      onDefect,
    });
  }

  // ---- life -------------------------------------------------------------------------------------

  async start(): Promise<void> {
    if (this.#port !== null) throw new SimulatorUsageError("The simulated backend is running already.");
    // A world out of a file may be ahead of a clock that starts again.
    if (this.#setClock && this.#world.tickedAt > this.now()) await this.#setClock(this.#world.tickedAt);
    this.#port = await this.#server.listen();
    this.#save();
  }

  /** Ends every hanging and waiting call. */
  async stop(): Promise<void> {
    this.faults.clear();
    this.#waits.close();
    if (this.#port !== null) await this.#server.close();
    this.#port = null;
  }

  /** For BACKEND_URL: the origin with the prefix of the paths, without a slash at the end. */
  get url(): string {
    return `${this.origin}/api`;
  }

  get origin(): string {
    if (this.#port === null) throw new SimulatorUsageError("Call start() first.");
    const host = this.options.host === "::1" ? "[::1]" : this.options.host;
    return `http://${host}:${this.#port}`;
  }

  get adminKey(): string {
    return this.options.adminKey;
  }

  get clientKey(): string | null {
    return this.options.clientKey;
  }

  // ---- time -------------------------------------------------------------------------------------

  now(): number {
    return this.#clock.now();
  }

  /** When something happens by itself next (epoch ms), or null. */
  nextDueAt(): number | null {
    const times = [this.#world.nextDueAt(), this.#waits.nextDueAt()].filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Does what is due up to `now`. Set the clock to `now` first; wait for `settled()` after. */
  runDue(now: number): Promise<void> {
    this.#world.tick(now);
    this.#waits.runDue(now);
    this.#save();
    return Promise.resolve();
  }

  /** Resolves when no call is being answered. Calls that hang do not count. */
  async settled(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#server.busy === 0) return;
      await new Promise<void>((resolve) => {
        if (this.#server.busy === 0) resolve();
        else this.#waiters.push(resolve);
      });
    }
  }

  async moveClock(now: number): Promise<void> {
    if (now < this.#clock.now())
      throw new SimulatorUsageError("The clock goes forward only; /__sim/reset begins anew at any time.");
    await this.#set(now);
    await this.runDue(this.#clock.now());
  }

  // ---- what happened ----------------------------------------------------------------------------

  calls(filter?: CallFilter): readonly CallRecord[] {
    return this.#journal.query(filter);
  }

  overview(): Overview {
    const world = this.#ticked();
    return {
      seed: world.seed,
      now: new Date(this.#clock.now()).toISOString(),
      upstream: world.upstream,
      collector: world.collector,
      spreadsheets: world.spreadsheets.all().map((spreadsheet) => this.#view(spreadsheet)),
    };
  }

  // ---- what a tester does -----------------------------------------------------------------------

  async reset(input: Parameters<Controllable["reset"]>[0] = {}): Promise<Overview> {
    const { seed, now, ...plan } = input;
    if (now !== undefined) await this.#set(now);
    const given = Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined));
    const world = WorldPlan.parse({ ...this.options.world, ...given });
    this.faults.clear();
    this.#waits.close();
    this.#journal.clear();
    this.#limits = new RateLimits(this.options.limits);
    this.#world = World.begin(seed === undefined ? this.options.seed : seedOf(seed), world, this.#clock.now());
    this.#save();
    return this.overview();
  }

  changeDrift(spreadsheetId: string, dataset: string, key: DriftChange["key"], profile: DriftProfile): DriftChange {
    const change = { spreadsheetId, dataset, key, fromDay: dayNumberAt(this.#clock.now()), profile };
    if (dataset !== CHECKLIST) throw new SimulatorUsageError(`No dataset ${dataset}; there is ${CHECKLIST}.`);
    if (!this.#world.spreadsheets.get(spreadsheetId))
      throw new SimulatorUsageError("That spreadsheet is not registered.");
    this.#world.driftChanges.add(change);
    this.#save();
    return change;
  }

  knows(spreadsheetId: string): boolean {
    return this.#world.spreadsheets.get(spreadsheetId) !== null;
  }

  /** Of one spreadsheet, oldest first. */
  driftChanges(spreadsheetId: string): readonly DriftChange[] {
    return this.#world.driftChanges.dump().filter((change) => change.spreadsheetId === spreadsheetId);
  }

  setUpstream(input: Partly<Upstream>): Upstream {
    this.#world.upstream = Upstream.parse({ ...this.#world.upstream, ...defined(input) });
    this.#save();
    return this.#world.upstream;
  }

  setCollector(input: Partly<CollectorSettings>): CollectorSettings {
    const world = this.#ticked();
    world.collector = CollectorSettings.parse({ ...world.collector, ...defined(input) });
    this.#save();
    return world.collector;
  }

  setSpreadsheet(id: string, active?: boolean, belongsTo?: string): Overview["spreadsheets"][number] {
    const { spreadsheets } = this.#ticked();
    const known: Spreadsheet = spreadsheets.get(id) ?? {
      id,
      ownerEmail: null,
      isActive: true,
      isClaimed: false,
      turn: null,
    };
    const spreadsheet = {
      ...known,
      ...(active === undefined ? {} : { isActive: active }),
      ...(belongsTo === undefined ? {} : { ownerEmail: belongsTo.toLowerCase(), isClaimed: true }),
    };
    spreadsheets.put(spreadsheet);
    this.#save();
    return this.#view(spreadsheet);
  }

  // ---- inside -----------------------------------------------------------------------------------

  async #set(now: number): Promise<void> {
    if (!this.#setClock)
      throw new SimulatorUsageError("The clock belongs to the service that runs this backend; move it there.");
    await this.#setClock(now);
  }

  #ticked(): World {
    this.#world.tick(this.#clock.now());
    return this.#world;
  }

  #view({ id, ownerEmail, isActive }: Spreadsheet): Overview["spreadsheets"][number] {
    const world = this.#world;
    const now = this.#clock.now();
    const slices = world.slices.between(id, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    const sids = [...new Set(world.tokens.active(id, now).map(({ sid }) => sid))];
    const [first, last] = [slices[0], slices.at(-1)];
    return {
      spreadsheet_id: id,
      owner_email: ownerEmail,
      active: isActive,
      sids,
      nm_ids: sids.reduce((sum, sid) => sum + world.seller(sid).products.length, 0),
      source: world.decisions.sourceOf(id, CHECKLIST),
      first_day: first ? dayOf(first.dayNumber) : null,
      last_day: last ? dayOf(last.dayNumber) : null,
      days_collected: slices.length,
      days_sealed: slices.filter((slice) => isSealed(slice, now)).length,
    };
  }

  #save(): void {
    this.#stateFile?.write(this.#world);
  }

  #wakeWaiters(): void {
    if (this.#server.busy > 0) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

const defined = <T extends object>(input: T): Partial<T> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<T>;

const warn = (cause: unknown): void =>
  process.emitWarning(cause instanceof Error ? cause : String(cause), { type: "SimulatedBackendDefect" });
