// A Telegram of its own: the Bot API over HTTP for the bot, and the people's side of it in this class.
import type { Update, UserFromGetMe } from "@grammyjs/types";
import { Deliveries, type DeliveryRecord } from "./delivery/deliveries.ts";
import { realScheduler } from "./delivery/scheduler.ts";
import { EmulatorUsageError } from "./errors.ts";
import { Faults } from "./faults.ts";
import { IdSource } from "./ids.ts";
import { type CallFilter, type CallRecord, Journal } from "./journal.ts";
import { type EmulatorOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import { ChannelDesk } from "./people/channel-desk.ts";
import { Person } from "./people/person.ts";
import { BotApi } from "./server/bot-api.ts";
import { makeControl } from "./server/control.ts";
import type { ChannelDesks, Controllable, People } from "./server/controllable.ts";
import { FloodControl } from "./server/flood.ts";
import { BotApiServer } from "./server/http-server.ts";
import { type WorldSnapshot, worldSnapshot } from "./snapshot.ts";
import type { UpdateBody, WorldContext } from "./world/context.ts";
import { World } from "./world/world.ts";

/**
 * `new TelegramEmulator({ clock })`, `await start()`, then give `apiRoot` and `token` to the bot.
 * Time is the injected clock's; move it with `nextDueAt()` and `runDue(now)`.
 */
export class TelegramEmulator implements Controllable {
  readonly options: ResolvedOptions;
  readonly faults = new Faults();
  readonly people: People;
  readonly channels: ChannelDesks;
  readonly #world: World;
  readonly #deliveries: Deliveries;
  readonly #journal: Journal;
  readonly #server: BotApiServer;
  readonly #context: WorldContext;
  readonly #persons = new Map<number, Person>();
  readonly #desks = new Map<number, ChannelDesk>();
  readonly #watchers = new Set<(body: UpdateBody) => void>();
  #waiters: (() => void)[] = [];
  #port: number | null = null;

  constructor(input: EmulatorOptions) {
    const { clock, scheduler = realScheduler, onDefect = warn, ...rest } = input;
    this.options = resolveOptions(rest);
    const onChange = (): void => this.#wakeWaiters();
    this.#context = {
      clock,
      scheduler,
      options: this.options,
      ids: new IdSource(this.options.seed ?? clock.now()),
      bot: botUser(this.options),
      emit: (body) => {
        for (const watcher of this.#watchers) watcher(body);
        this.#deliveries.push(body);
      },
    };
    this.#deliveries = new Deliveries(
      this.#context,
      this.faults,
      (body) => void api.callFromReply(body).catch(onDefect),
      onChange,
    );
    this.#world = new World(this.#context);
    this.#journal = new Journal(this.options.journalSize);
    const call = { world: this.#world, deliveries: this.#deliveries, options: this.options };
    const api = new BotApi(call, this.#journal, new FloodControl(clock, this.options.flood));
    this.#server = new BotApiServer({
      options: this.options,
      scheduler,
      api,
      faults: this.faults,
      control: this.options.control ? makeControl(this) : null,
      onChange,
      onDefect,
    });
    this.people = {
      add: (user = {}) => this.#person(this.#world.users.add(user).id),
      get: (id) => this.#person(id),
      all: () => this.#world.users.all().map((user) => this.#person(user.id)),
    };
    this.channels = {
      create: ({ owner, ...channel } = {}) =>
        this.#desk(this.#world.channels.create({ ...channel, ...(owner ? { ownerId: owner.id } : {}) }).id),
      get: (id) => this.#desk(id),
      all: () => this.#world.channels.all().map((channel) => this.#desk(channel.id)),
    };
  }

  // ---- life -------------------------------------------------------------------------------------

  async start(): Promise<void> {
    if (this.#port !== null) throw new EmulatorUsageError("The emulator is running already.");
    this.#port = await this.#server.listen();
  }

  /** Ends every delivery, hanging call and open checkout. */
  async stop(): Promise<void> {
    this.faults.clear();
    this.#deliveries.close();
    this.#world.payments.checkouts.abandonAll();
    if (this.#port !== null) await this.#server.close();
    this.#port = null;
  }

  /** For grammY's `client.apiRoot`; without a slash at the end. */
  get apiRoot(): string {
    if (this.#port === null) throw new EmulatorUsageError("Call start() first.");
    const host = this.options.host === "::1" ? "[::1]" : this.options.host;
    return `http://${host}:${this.#port}`;
  }

  get token(): string {
    return this.options.token;
  }

  get bot(): UserFromGetMe {
    return this.#context.bot;
  }

  /** The bot's Stars. */
  get botStars(): number {
    return this.#world.payments.ledger.balance;
  }

  // ---- what happened ----------------------------------------------------------------------------

  /** Calls of the bot, oldest first. */
  calls(filter?: CallFilter): readonly CallRecord[] {
    return this.#journal.query(filter);
  }

  /** What became of each update, oldest first. */
  deliveries(): readonly DeliveryRecord[] {
    return this.#deliveries.records;
  }

  pendingUpdates() {
    return this.#deliveries.pending();
  }

  /** Told of each thing of which Telegram makes an update, as it happens. @returns ends it */
  watch(watcher: (body: UpdateBody) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** The whole world as JSON. */
  snapshot(): WorldSnapshot {
    return worldSnapshot(this.#world, this.#deliveries);
  }

  // ---- what others do ---------------------------------------------------------------------------

  /** Apple or Google takes the Stars of a charge back. The bot is not told. */
  chargeback(chargeId: string): void {
    this.#world.payments.chargeback(chargeId);
  }

  /** The owner takes Stars out of the bot; refunds then may find too few. */
  withdrawStars(amount: number): void {
    if (!Number.isSafeInteger(amount) || amount <= 0 || amount > this.botStars)
      throw new EmulatorUsageError(`Cannot withdraw ${amount} of ${this.botStars} Stars.`);
    this.#world.payments.ledger.withdraw(amount);
  }

  /** Sends any update to the bot, numbered by the emulator: hostile and odd input. `allowed_updates` still applies. */
  sendRawUpdate(body: UpdateBody): Update {
    return this.#deliveries.push(body);
  }

  // ---- time -------------------------------------------------------------------------------------

  /** Epoch ms. */
  now(): number {
    return this.#context.clock.now();
  }

  /** When something happens by itself next (epoch ms), or null. */
  nextDueAt(): number | null {
    const times = [this.#world.nextDue()?.at, this.#context.scheduler.nextDueAt?.()];
    const known = times.filter((at): at is number => typeof at === "number");
    return known.length > 0 ? Math.min(...known) : null;
  }

  /** What that is, in words. */
  nextDueWhat(): string | null {
    return this.#world.nextDue()?.what ?? null;
  }

  /** Runs what is due up to `now`. Set the clock to `now` first; wait for `settled()` after. */
  runDue(now: number): Promise<void> {
    this.#world.runDue(now);
    this.#context.scheduler.runDue?.(now);
    return Promise.resolve();
  }

  /** Resolves when no update is in flight or ready to go and no call is being answered. Waiting retries do not count. */
  async settled(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#isIdle()) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#isIdle()) return;
      }
      await new Promise<void>((resolve) => {
        if (this.#isIdle()) resolve();
        else this.#waiters.push(resolve);
      });
    }
  }

  #isIdle(): boolean {
    return this.#deliveries.isIdle && this.#server.busy === 0;
  }

  #wakeWaiters(): void {
    if (!this.#isIdle()) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #person(id: number): Person {
    const known = this.#persons.get(id) ?? new Person(this.#world.users.get(id), this.#world);
    this.#persons.set(id, known);
    return known;
  }

  #desk(id: number): ChannelDesk {
    const known = this.#desks.get(id) ?? new ChannelDesk(this.#world.channels.get(id), this.#world);
    this.#desks.set(id, known);
    return known;
  }
}

const warn = (cause: unknown): void =>
  process.emitWarning(cause instanceof Error ? cause : String(cause), { type: "TelegramEmulatorDefect" });

const botUser = ({ bot }: ResolvedOptions): UserFromGetMe => ({
  id: bot.id,
  is_bot: true,
  first_name: bot.firstName,
  username: bot.username,
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_guest_queries: false,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
  can_manage_bots: false,
  supports_join_request_queries: false,
});
