// Where everything comes together: one visitor at a time, deeds one after the other, and the state that the page shows.
import { type Deed, MAX_ADVANCE_MS, type SandboxState, Scenario, type Seed } from "../../support/answers/sandbox.ts";
import { EmulatorUsageError } from "../telegram/errors.ts";
import { looksLikeToken } from "./answers.ts";
import { Breakages } from "./breakages.ts";
import { Deeds } from "./deeds.ts";
import { Facts } from "./facts.ts";
import { showState } from "./show-state.ts";
import { isAt, nextDeed } from "./story.ts";
import { Visit } from "./visit.ts";
import { type SandboxWorld, Trouble } from "./world.ts";

type Language = Scenario["language"];

/** A seed is reached in about fifteen steps; what waits for a second attempt is looked at again. */
const MAX_SEED_STEPS = 60;
const LOOK_AGAIN_MS = 100;
/** How soon after a deed it is looked whether work that is tried again, in real time, has come further. Unit: milliseconds. */
const WATCH_MS = 400;
const DAY_MS = 86_400_000;

export class Desk {
  readonly #world: SandboxWorld;
  readonly #facts: Facts;
  readonly #breakages: Breakages;
  readonly #deeds: Deeds;
  #visit: Visit;
  #turn: Promise<void> = Promise.resolve();
  #doing: string | null = null;
  #waiting = 0;
  #trouble: SandboxState["trouble"] = null;
  readonly #listeners = new Set<() => void>();

  constructor(world: SandboxWorld) {
    this.#world = world;
    this.#facts = new Facts(world.actors);
    this.#breakages = new Breakages(world);
    this.#deeds = new Deeds(world, this.#facts, this.#breakages);
    this.#visit = new Visit(world.emulator, 1, { seed: "new", language: "ru", startAt: world.now() });
  }

  /** Resolves when the deed and all before it are done. It never rejects: trouble is part of the state. */
  do(deed: Deed): Promise<void> {
    return this.#queue(deed.do, () => this.#perform(deed));
  }

  /** The button at this place, as it means the same in another world. @throws Trouble when there is none, or nothing that it could do */
  deedOf({ messageId, row, column }: { messageId: number; row: number; column: number }): Deed {
    const bubble = this.#visit.person.messages().find((one) => one.messageId === messageId);
    const button = bubble?.buttons[row]?.[column];
    if (!button) throw new Trouble("noButton");
    if (button.kind === "callback") return { do: "press", data: button.data };
    if (button.kind === "pay") return { do: "pay" };
    if (button.kind === "url") return /\/\$/.test(button.url) ? { do: "pay" } : { do: "join" };
    throw new Trouble("noButton");
  }

  /** Presses the button at this place, also one of an older message. */
  press(place: { messageId: number; row: number; column: number }): Promise<void> {
    return this.#queue("press", async () => {
      const deed = this.deedOf(place);
      const { person } = this.#visit;
      if (deed.do !== "press") return this.#perform(deed);
      this.#visit.deeds.push(deed);
      await this.#deeds.act(this.#visit, () => person.press({ messageId: place.messageId, data: deed.data }));
    });
  }

  /** A fresh person; the one before stays where they are, and can be looked at in the console. */
  reset(seed: Seed, language: Language): Promise<void> {
    return this.#queue("reset", async () => {
      await this.#begin(seed, language);
    });
  }

  /** What was done since the reset, and where and when it began, to be done again in another world. */
  scenario(): Scenario {
    const { beginning, deeds } = this.#visit;
    return { version: 1, ...beginning, deeds: [...deeds] };
  }

  replay(scenario: Scenario): Promise<void> {
    const { startAt, seed, language, deeds } = Scenario.parse(scenario);
    return this.#queue("replay", async () => {
      if (startAt !== undefined) await this.#goTo(startAt);
      await this.#begin(seed, language);
      for (const deed of deeds) await this.#perform(deed).catch((error: unknown) => this.#note(error));
    });
  }

  async state(): Promise<SandboxState> {
    const { emulator, catalog, clock } = this.#world;
    const known = await this.#facts.of(this.#visit.person.id);
    return showState({
      visit: this.#visit,
      known,
      emulator,
      now: this.#world.now(),
      isMoving: this.#waiting > 0,
      isSettled: this.#deeds.isSettled,
      doing: this.#doing,
      breakages: this.#breakages.list(this.#visit),
      trouble: this.#trouble,
      play: clock ? nextDeed(known, this.#visit.person, catalog.current()) : null,
    });
  }

  get isMoving(): boolean {
    return this.#waiting > 0;
  }

  /** Told when something begins or ends. @returns ends it */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Nothing is looked at any more: the server closes. */
  close(): void {
    this.#isClosed = true;
    if (this.#watch) clearTimeout(this.#watch);
  }

  #isClosed = false;
  #watch: NodeJS.Timeout | null = null;
  /** Effects that are tried again do not hold a deed up. What follows from them later may wait for the clock once more. */
  #watchRetries(): void {
    const { clock } = this.#world;
    if (!clock || this.#watch || this.#isClosed) return;
    const look = async () => {
      const { running, waiting } = await clock.underWay();
      if (this.isMoving || this.#isClosed) return;
      if (running === 0 && (await this.#deeds.mustGoOn(this.#visit)))
        return this.#queue("goOn", () => this.#deeds.goOn(this.#visit));
      if (running === 0 && !this.#deeds.isSettled) {
        this.#deeds.isSettled = true;
        this.#tell();
      }
      if (running + waiting > 0) this.#watchRetries();
    };
    this.#watch = setTimeout(() => {
      this.#watch = null;
      // The next deed looks again.
      if (this.isMoving) return;
      look().catch((error: Error) => {
        if (!this.#isClosed) this.#world.onError(error);
      });
    }, WATCH_MS).unref();
  }

  #queue(what: string, run: () => Promise<void>): Promise<void> {
    this.#waiting += 1;
    this.#turn = this.#turn.then(async () => {
      this.#doing = what;
      if (what !== "goOn") this.#trouble = null;
      this.#tell();
      try {
        await run();
      } catch (error) {
        this.#note(error);
      }
      this.#waiting -= 1;
      this.#doing = null;
      this.#tell();
      this.#watchRetries();
    });
    return this.#turn;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #troubles = 0;
  #note(error: unknown): void {
    const isExpected = error instanceof Trouble || error instanceof EmulatorUsageError;
    this.#troubles += 1;
    this.#trouble = { id: this.#troubles, text: isExpected ? error.message : "failed" };
    if (!isExpected) this.#world.onError(error instanceof Error ? error : new Error(String(error)));
  }

  async #begin(seed: Seed, language: Language): Promise<void> {
    await this.#breakages.mend(this.#visit);
    this.#visit.end();
    const { emulator, now, collecting } = this.#world;
    if (collecting) collecting.isOn = seed === "autonomous";
    else if (seed === "autonomous") throw new Trouble("notCollecting");
    this.#visit = new Visit(emulator, this.#visit.number + 1, { seed, language, startAt: now() });
    await this.#playUntil(seed);
  }

  /** Forward to this time (epoch ms); where that has passed, to the same time of the next day: hours of the day matter to reminders. */
  async #goTo(time: number): Promise<void> {
    const { clock, now } = this.#world;
    const ahead = time - now();
    const ms = ahead >= 0 ? ahead : ((ahead % DAY_MS) + DAY_MS) % DAY_MS;
    if (ms > MAX_ADVANCE_MS) throw new Trouble("startTooFar");
    if (clock && ms > 0) await clock.advance(ms);
  }

  async #perform(deed: Deed): Promise<void> {
    // What may be a real token is never written down; the replay sends one of its own.
    this.#visit.deeds.push(deed.do === "say" && looksLikeToken(deed.text) ? { do: "fillIn" } : deed);
    await this.#deeds.run(deed, this.#visit);
  }

  /** Plays the story as a visitor would, up to there. */
  async #playUntil(seed: Seed): Promise<void> {
    if (seed === "new") return;
    const { person } = this.#visit;
    for (let steps = 0; steps < MAX_SEED_STEPS; steps += 1) {
      const known = await this.#facts.of(person.id);
      if (isAt(seed, known)) {
        if (seed === "revoked") await this.#deeds.run({ do: "revoke" }, this.#visit);
        return;
      }
      const deed = this.#towards(seed, known);
      if (deed) await this.#deeds.run(deed, this.#visit);
      else await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      this.#tell();
    }
    throw new Trouble("seedNotReached");
  }

  #towards(seed: Seed, known: Awaited<ReturnType<Facts["of"]>>): Deed | null {
    // Morning by morning, until as many have passed as the gate asks for.
    if (seed === "autonomous" && isAt("active", known)) return { do: "advance", ms: DAY_MS };
    // The story pays in hold; whoever shall be expired does not.
    if (seed === "expired" && isAt("hold", known)) return { do: "nextTimer", machine: "subscription" };
    return nextDeed(known, this.#visit.person, this.#world.catalog.current());
  }
}
