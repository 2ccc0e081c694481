// Does one thing, as a person with a phone, the clock or a saboteur would: the bot behind it is the real one.
import type { Deed } from "../../support/answers/sandbox.ts";
import { answerTo } from "./answers.ts";
import type { Breakages } from "./breakages.ts";
import { type Facts, nextTimer } from "./facts.ts";
import { GoOn } from "./go-on.ts";
import { newestInvitation, newestInvoice, payWith } from "./on-screen.ts";
import { questionOf } from "./story.ts";
import { NOWHERE, type Visit } from "./visit.ts";
import { type SandboxWorld, Trouble } from "./world.ts";

/** The longest that effects are waited for after a deed; what is tried again later does not hold the page up. Unit: milliseconds. */
const SETTLE_MS = 8_000;
const LOOK_AGAIN_MS = 20;

export class Deeds {
  readonly #world: SandboxWorld;
  readonly #facts: Facts;
  readonly #breakages: Breakages;
  readonly #goOn: GoOn;
  /** Whether what followed from the last deed has come to rest. */
  isSettled = true;

  constructor(world: SandboxWorld, facts: Facts, breakages: Breakages) {
    this.#world = world;
    this.#facts = facts;
    this.#breakages = breakages;
    this.#goOn = new GoOn(world, facts);
  }

  /** Resolves when what follows from it has settled. @throws Trouble, which says why nothing happened */
  async run(deed: Deed, visit: Visit): Promise<void> {
    await this.act(visit, () => this.#act(deed, visit));
  }

  /** Does something as a deed, with all that follows from it. @param act may be asynchronous */
  async act(visit: Visit, act: () => unknown): Promise<void> {
    visit.wentOn = NOWHERE;
    try {
      await act();
    } finally {
      await this.goOn(visit);
    }
  }

  /** Waits until everything has settled, and lets work under way come to its end. */
  async goOn(visit: Visit): Promise<void> {
    await this.settle();
    const { clock } = this.#world;
    if (!clock || !this.isSettled) return;
    await this.#goOn.run(visit, clock);
    await this.settle();
  }

  /** Whether work that was tried again meanwhile waits for the clock now. */
  async mustGoOn(visit: Visit): Promise<boolean> {
    const { clock } = this.#world;
    return clock !== null && (await this.#goOn.wait(visit, clock)) !== null;
  }

  async settle(): Promise<void> {
    const { clock, emulator } = this.#world;
    if (!clock) {
      await emulator.settled();
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      return;
    }
    this.isSettled = await clock.settled(SETTLE_MS).then(
      () => true,
      () => false,
    );
  }

  async #act(deed: Deed, visit: Visit): Promise<void> {
    const { person } = visit;
    switch (deed.do) {
      case "start":
        person.start();
        return;
      case "say":
        person.send(deed.text);
        return;
      case "press":
        person.press(deed.data);
        return;
      case "pay":
        return this.#pay(visit);
      case "join":
        return this.#join(visit);
      case "leave":
        return this.#leave(visit, deed.chatId);
      case "fillIn":
        return this.#fillIn(visit);
      case "language":
        return this.#speak(visit, deed.language);
      case "advance":
        await this.#clock().advance(deed.ms);
        return;
      case "nextTimer": {
        const next = nextTimer(await this.#facts.of(person.id), deed);
        if (!next) throw new Trouble("noTimer");
        await this.#clock().advance(Math.max(0, next.dueAt - this.#world.now()));
        return;
      }
      case "break":
        return this.#breakages.set(deed, visit);
      case "revoke":
        return this.#revoke(visit);
    }
  }

  #clock() {
    const { clock } = this.#world;
    if (!clock) throw new Trouble("realClock");
    return clock;
  }

  async #pay(visit: Visit): Promise<void> {
    const target = newestInvoice(visit.person);
    if (target === null) throw new Trouble("noInvoice");
    const outcome = await payWith(visit.person, target);
    if (outcome.kind === "paid") visit.paidInvoice = target;
    else if (outcome.kind === "declined") throw new Trouble(outcome.errorMessage);
    else if (outcome.kind === "timeout") throw new Trouble("checkoutTimeout");
    // Stars that are missing even now were taken by the renewal that had waited for them: it is paid.
  }

  async #join({ person }: Visit): Promise<void> {
    const link = newestInvitation(person);
    if (link === null) throw new Trouble("noInvitation");
    const outcome = person.openLink(link);
    if (outcome.kind === "refused") throw new Trouble(`link.${outcome.reason}`);
  }

  #leave({ person }: Visit, chatId: string | undefined): void {
    const channel = this.#world.emulator.channels
      .all()
      .find(({ id }) => person.isIn(id) && (chatId === undefined || String(id) === chatId));
    if (!channel) throw new Trouble("notMember");
    person.leave(channel.id);
  }

  async #fillIn({ person }: Visit): Promise<void> {
    const question = questionOf(await this.#facts.of(person.id));
    if (question === null) throw new Trouble("noQuestion");
    person.send(answerTo(question, person.id, this.#world.now()));
  }

  /** Before Start the phone's language decides, afterwards the bot is asked. */
  async #speak(visit: Visit, language: "ru" | "en"): Promise<void> {
    const { person } = visit;
    visit.language = language;
    person.setLanguage(language);
    if (person.messages().length === 0) return;
    person.send("/language");
    await this.settle();
    person.press(`v1:lang:${language}`);
  }

  async #revoke({ person }: Visit): Promise<void> {
    const subscription = (await this.#facts.of(person.id)).find(({ view }) => view.machine === "subscription");
    if (!subscription) throw new Trouble("noSubscription");
    await this.#world.actors.send(
      subscription.view.address,
      { type: "access.revoked", by: "sandbox", reason: "demonstration" },
      { cause: { kind: "staff", id: `sandbox-${person.id}`, by: "sandbox", reason: "demonstration" } },
    );
  }
}
