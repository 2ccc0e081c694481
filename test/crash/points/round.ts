// People buy from the real machines on a real Redis while the process dies again and again; then time goes on, and it dies again.
import type { Redis } from "ioredis";
import { type ActorAddress, addressOf } from "../../../machines/address.ts";
import { PAYMENT_ONCE } from "../../../machines/payment/identity.ts";
import { definitions } from "../../../machines/registry.ts";
import { makeBroadcast } from "../../../src/effects/broadcast.ts";
import { makeRecordLedger } from "../../../src/effects/record-ledger.ts";
import { makeEffectRunner } from "../../../src/effects/run-effect.ts";
import { type EffectTable, makeExecutors } from "../../../src/effects/table.ts";
import { makeTell } from "../../../src/effects/tell.ts";
import { isAppError } from "../../../src/errors.ts";
import { ActorSystem } from "../../../src/runtime/actor-system.ts";
import { MachineCatalog } from "../../../src/runtime/machine-catalog.ts";
import type { ActorEvent, SendOptions } from "../../../src/runtime/ports.ts";
import { DAY_MS, NOON, someTerms } from "../../machines/support/terms.ts";
import type { Random } from "../../support/random.ts";
import { type Death, Life } from "./life.ts";
import { type Ports, portsOf } from "./ports.ts";
import { TelegramBooks } from "./telegram.ts";

export const CHAT = "-1001";
export const PERIOD_MS = 30 * DAY_MS;
const PEOPLE = 6;
/** Steps of a life before it ends; a purchase takes about sixty. */
const LONGEST_LIFE = 45;
const ABREAST = 3;

interface Send {
  readonly address: ActorAddress;
  readonly event: ActorEvent;
  readonly once?: string;
}
interface Update {
  readonly update_id: number;
  readonly userId: number;
  readonly sends: readonly Send[];
}

export interface Charge {
  readonly chargeId: string;
  readonly userId: number;
}

export class Round {
  readonly random: Random;
  readonly ports: Ports;
  readonly books = new TelegramBooks();
  readonly charges: Charge[] = [];
  readonly clock = { time: NOON, now: () => this.clock.time };
  /** Where each life ended. */
  readonly deaths: string[] = [];
  readonly #machines = new MachineCatalog(definitions);
  /** What Telegram has not been thanked for, oldest first per person. */
  readonly #undelivered: Update[] = [];
  #lastUpdate = 0;

  constructor(client: Redis, prefix: string, random: Random) {
    this.random = random;
    this.ports = portsOf(client, prefix);
    this.books.onLink = (userId) =>
      this.#send(userId, [
        {
          address: addressOf.invite(userId, CHAT),
          event: { type: "join.requested", linkOwner: userId, userChatId: userId },
        },
      ]);
    this.books.onJoined = (userId) =>
      this.#send(userId, [
        { address: addressOf.invite(userId, CHAT), event: { type: "member.joined", linkOwner: userId } },
      ]);
  }

  /** Everybody buys once or twice. */
  buy(): void {
    for (let userId = 1; userId <= PEOPLE; userId += 1) {
      for (let nth = 1 + this.random.below(2); nth > 0; nth -= 1) this.#purchase(userId, `o${userId}x${nth}`);
    }
  }

  #purchase(userId: number, orderId: string): void {
    const order = addressOf.order(orderId);
    const chargeId = `charge-${orderId}`;
    const terms = someTerms();
    this.#send(userId, [{ address: order, event: { type: "order.opened", userId, terms, kind: "prepaid" } }]);
    this.#send(userId, [{ address: order, event: { type: "checkout.approved" } }]);
    const paid: Send = {
      address: addressOf.payment(chargeId),
      event: {
        type: "payment.received",
        ...{ userId, amountMinor: terms.price.amountMinor, currency: "XTR", recurring: false, firstRecurring: false },
        ...{ expiresAt: null, orderId, providerChargeId: null, source: "update" },
      },
      once: PAYMENT_ONCE,
    };
    this.#send(userId, [paid]);
    // Pressed again by a phone that reconnected, or found by reconciliation: the same charge under another number.
    if (this.random.below(3) === 0) this.#send(userId, [paid]);
    this.charges.push({ chargeId, userId });
  }

  #send(userId: number, sends: readonly Send[]): void {
    this.#lastUpdate += 1;
    this.#undelivered.push({ update_id: this.#lastUpdate, userId, sends });
  }

  /** Lives until there is nothing left to do now; `crashes` of them end early. */
  async live(crashes: number): Promise<void> {
    for (let life = 0; life < crashes; life += 1) {
      const death: Death = {
        step: 1 + this.random.below(LONGEST_LIFE),
        side: this.random.below(2) === 0 ? "before" : "after",
      };
      if (!(await this.#liveOnce(new Life(death)))) return;
    }
    await this.#liveOnce(new Life(null));
  }

  /** @returns whether it died before its work was done. */
  async #liveOnce(life: Life): Promise<boolean> {
    const finished = this.#work(life).then(() => null);
    const where = await Promise.race([life.died, finished]);
    if (where === null) return false;
    this.deaths.push(where);
    return true;
  }

  async #work(life: Life): Promise<void> {
    const { clock, random, ports } = this;
    const jobs = new Map<string, number>();
    const waiting = new Set<string>();
    const store = life.gated("store", ports.store, ["load", "revision", "commit"]);
    const inbox = life.gated("inbox", ports.inbox, ["receive", "oldest", "finish"]);
    const outbox = life.gated("outbox", ports.outbox, ["read", "remove"]);
    const actors: ActorSystem = new ActorSystem({
      machines: this.#machines,
      store,
      clock,
      cacheSize: random.below(2) * 100,
      afterCommit: {
        effectsAdded: (_address, effects) => {
          for (const { effectId } of effects) jobs.set(effectId, 1);
        },
        timerMoved: () => {},
      },
    });
    const executors = makeExecutors(
      {
        tell: makeTell(actors),
        broadcast: makeBroadcast(actors),
        recordLedger: makeRecordLedger(life.gated("ledger", ports.ledger, ["append"])),
        ...this.books.effects(life),
      } as EffectTable,
      this.books.invocations(life, actors, clock),
    );
    const run = makeEffectRunner({
      door: actors,
      outbox,
      executors,
      failed: ports.failed,
      clock,
      random: random.fraction,
    });

    const deliver = async (update: Update): Promise<void> => {
      const person = `p${update.userId}`;
      await inbox.receive(person, update.update_id, JSON.stringify(update), clock.now());
      waiting.add(person);
      // Its acknowledgement may be lost: then it comes again.
      if (random.below(8) > 0) this.#undelivered.splice(this.#undelivered.indexOf(update), 1);
    };
    const handle = async (person: string): Promise<void> => {
      for (;;) {
        const body = await inbox.oldest(person);
        if (body === null) return;
        const { update_id, sends } = JSON.parse(body) as Update;
        for (const { address, event, once } of sends) {
          const options: SendOptions = { cause: { kind: "update", id: String(update_id) }, key: `u${update_id}` };
          await actors.send(address, event, once === undefined ? options : { ...options, once });
        }
        await inbox.finish(person, body);
      }
    };
    const attempt = async (effectId: string, tries: number): Promise<void> => {
      const outcome = await run(effectId, tries);
      if (outcome.next !== "done") jobs.set(effectId, outcome.next === "retry" ? tries + 1 : tries);
    };

    // What was left behind, as the sweeps find it.
    for (const partition of ports.timers.partitions)
      for await (const { effectId } of ports.outbox.entries(partition)) jobs.set(effectId, 1);
    for (const { person } of await ports.inbox.pending(100)) waiting.add(person);

    while (!life.isDead) {
      const choices: (() => Promise<void>)[] = [];
      const seen = new Set<number>();
      for (const update of this.#undelivered) {
        if (!seen.has(update.userId)) choices.push(() => deliver(update)); // in order per person
        seen.add(update.userId);
      }
      for (const person of waiting)
        choices.push(() => {
          waiting.delete(person);
          return handle(person);
        });
      for (const [effectId, tries] of jobs)
        choices.push(() => {
          jobs.delete(effectId);
          return attempt(effectId, tries);
        });
      if (choices.length === 0 || random.below(12) === 0) {
        const due = (
          await Promise.all(ports.timers.partitions.map((each) => ports.timers.due(each, clock.now(), 8)))
        ).flat();
        for (const timer of due) choices.push(async () => void (await actors.fireTimer(timer)));
      }
      if (choices.length === 0) return;
      const chosen = Array.from({ length: Math.min(choices.length, 1 + random.below(ABREAST)) }, () =>
        choices.splice(random.below(choices.length), 1),
      ).flat();
      await Promise.all(chosen.map((choice) => choice().catch(repeatable)));
    }
  }
}

/** The job or the update comes again by itself where it failed in passing. */
function repeatable(error: unknown): void {
  if (!isAppError(error) || !error.retry) throw error;
}
