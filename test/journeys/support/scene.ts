// The whole service, a simulated Telegram and a Redis for one test file. Tests share it and bring their own people.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { type ActorAddress, addressOf } from "../../../machines/address.ts";
import type { TicketContext } from "../../../machines/ticket/types.ts";
import type { ActorView } from "../../../src/runtime/ports.ts";
import { openStage, type Stage, type StageOptions } from "../../../src/sandbox/play/stage.ts";
import type { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import type { NewUser } from "../../../src/sandbox/telegram/world/users.ts";
import { FIAT_TOKEN, type PlansOverrides, plansFile } from "./plans.ts";
import { Subscriber } from "./subscriber.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const MONTH_MS = 30 * DAY_MS;

/** A journey takes tenths of a second; a machine that is busy with other things may take longer. Unit: milliseconds. */
const PATIENCE_MS = 30_000;

export interface SceneOptions extends Omit<StageOptions, "redis"> {
  readonly plans?: PlansOverrides;
}

export interface LedgerLine {
  readonly entry: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly chargeId: string;
  readonly userId: number;
}

export class Scene {
  readonly stage: Stage;
  readonly plansPath: string;
  #guests: Subscriber[] = [];
  #removalsBefore = 0;

  constructor(stage: Stage, plansPath: string) {
    this.stage = stage;
    this.plansPath = plansPath;
  }

  get telegram(): TelegramEmulator {
    return this.stage.emulator;
  }

  now(): number {
    return this.stage.app.now();
  }

  /** Somebody new with a phone and Stars who has not started the bot. */
  stranger(user: NewUser = {}): Subscriber {
    const someone = new Subscriber(
      this.telegram.people.add({ languageCode: "en", stars: 20_000, ...user }),
      this.stage,
    );
    this.#guests.push(someone);
    return someone;
  }

  /** Ends what a test began, so that the months of the next one are not full of other people's renewals. */
  async endTest(): Promise<void> {
    this.telegram.faults.clear();
    const { actors } = this.stage.app.core;
    const guests = this.#guests.splice(0);
    // They leave by themselves: so many removals at once would trip the breaker.
    for (const { person } of guests)
      for (const { id } of this.telegram.channels.all()) if (person.isIn(id)) person.leave(id);
    await this.stage.settle();
    const addresses = (await Promise.all(guests.map(({ person }) => this.stage.actorsOf(person)))).flat();
    const subscriptions = addresses.filter((address) => address.startsWith("subscription/"));
    const ending = { type: "access.revoked", by: "test", reason: "the test is over" };
    for (const address of subscriptions) await actors.send(address, ending, { cause: { kind: "system", id: "test" } });
    if (subscriptions.length > 0) await this.stage.settle();
    // The breaker counts the removals of an hour.
    const removals = this.telegram.calls({ method: "banChatMember" }).length;
    if (removals > this.#removalsBefore) await this.stage.advance(HOUR_MS + 1);
    this.#removalsBefore = removals;
  }

  /** The same, after Start. */
  async newcomer(user: NewUser = {}): Promise<Subscriber> {
    const someone = this.stranger(user);
    await someone.says("/start");
    return someone;
  }

  async changePlans(overrides: PlansOverrides): Promise<void> {
    writeFileSync(this.plansPath, plansFile(overrides));
    expect(await this.stage.app.catalog.reload()).toMatchObject({ ok: true });
  }

  /** An update as Telegram would send it. */
  async receives(update: Parameters<TelegramEmulator["sendRawUpdate"]>[0]): Promise<number> {
    const { update_id } = this.telegram.sendRawUpdate(update);
    await this.stage.settle();
    return update_id;
  }

  /** What a person does as staff, through the admin API. */
  async staff(
    address: ActorAddress,
    event: { readonly type: string; readonly [field: string]: unknown },
    reason = "asked for in a test",
  ) {
    const slash = address.indexOf("/");
    const answer = await this.stage.api(
      "POST",
      `/api/v1/actors/${address.slice(0, slash)}/${encodeURIComponent(address.slice(slash + 1))}/events`,
      {
        event,
        reason,
        idempotencyKey: `test-${Math.random().toString(36).slice(2)}`,
      },
    );
    expect(answer, answer.text).toMatchObject({ status: 200 });
    await this.stage.settle();
    return answer.body as { readonly outcome: string };
  }

  /** Waits for effects that are tried again later as well; that happens in real time, a second or two. */
  async settleRetries(): Promise<void> {
    await vi.waitFor(
      async () => {
        await this.stage.settle();
        expect(await this.stage.app.core.waitingForRetry()).toBe(0);
        expect(this.telegram.pendingUpdates()).toEqual([]);
        await this.stage.settle();
        // What followed from a second attempt may wait for one of its own.
        expect(await this.stage.app.core.waitingForRetry()).toBe(0);
      },
      { timeout: PATIENCE_MS, interval: 50 },
    );
  }

  /** The books, of one person. */
  async ledgerOf(someone: Subscriber): Promise<LedgerLine[]> {
    const { text } = await this.stage.api("GET", "/api/v1/ledger.csv");
    return text
      .trim()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(","))
      .map(([, entry = "", currency = "", amount = "", chargeId = "", userId = ""]) => ({
        ...{ entry, currency, amountMinor: Number(amount), chargeId, userId: Number(userId) },
      }))
      .filter(({ userId }) => userId === someone.id);
  }

  async ticketsOf(someone: Subscriber): Promise<TicketContext[]> {
    const addresses = (await this.stage.actorsOf(someone.person)).filter((address) => address.startsWith("ticket/"));
    const views = await Promise.all(addresses.map((address) => this.stage.read(address)));
    return views.flatMap((view) => (view ? [view.context as unknown as TicketContext] : []));
  }

  channel(chatId: number): Promise<ActorView | null> {
    return this.stage.read(addressOf.channel(String(chatId)));
  }

  /** One line of `/metrics`, by its beginning; 0 when it is not there. */
  async metric(beginning: string): Promise<number> {
    const { text } = await this.stage.api("GET", "/metrics");
    const line = text.split("\n").find((candidate) => candidate.startsWith(beginning));
    return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(" ")));
  }
}

/** A scene for one test. @param atEnd What runs at the end of the test. */
export async function openScene(
  atEnd: (end: () => Promise<void>) => void,
  options: SceneOptions & Pick<StageOptions, "redis"> = {},
): Promise<Scene> {
  const { plans = {}, telegram = {}, ...rest } = options;
  const directory = mkdtempSync(join(tmpdir(), "tgs-journey-"));
  atEnd(async () => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "plans.yaml");
  writeFileSync(path, plansFile(plans));
  const stage = await openStage({
    ...rest,
    env: { PLANS_FILE: path, ...rest.env },
    telegram: { providerTokens: [FIAT_TOKEN], ...telegram },
  });
  atEnd(() => stage.close());
  const scene = new Scene(stage, path);
  await stage.settle();
  return scene;
}

/** Opens a scene before the tests of a file and ends it after them. */
export function useScene(options: SceneOptions = {}): { readonly current: Scene } {
  vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });
  let scene: Scene | null = null;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    scene = await openScene((end) => void ends.unshift(end), options);
  });
  afterEach(() => scene?.endTest());
  afterAll(async () => {
    for (const end of ends) await end();
  });
  return {
    get current() {
      if (!scene) throw new Error("the scene did not open");
      return scene;
    },
  };
}

/** The last test of a file: whatever was done to the service, every history is whole and nothing was given up. */
export function itStaysWhole(scene: { readonly current: Scene }): void {
  it("leaves every history whole, and gives nothing up", async () => {
    const { stage, telegram } = scene.current;
    const people = telegram.people.all();
    const addresses = (await Promise.all(people.map((person) => stage.actorsOf(person)))).flat();
    const broken = [];
    for (const address of new Set(addresses)) {
      const verification = await stage.app.core.actors.verify(address);
      if (!verification.ok) broken.push({ address, ...verification });
    }
    expect(broken).toEqual([]);
    expect(await stage.app.core.failed.list()).toEqual([]);
  });
}
