// A random workload as Telegram would send it: each delivery comes again until it is acknowledged, a person's updates one after another.
import type { ActorAddress } from "../../machines/address.ts";
import type { Random } from "../support/random.ts";
import type { Delivery } from "./protocol.ts";

const BOOKS = 120;
const PERSONS = 40;
const IN_FLIGHT = 24;

/** What must be found in the end. */
export interface Written {
  readonly number: number;
  readonly person: string;
  readonly way: Delivery["way"];
  readonly book: string;
  readonly entry: string;
  readonly to: string | null;
}

export class Workload {
  readonly written: Written[] = [];
  readonly deliveries: Delivery[] = [];
  readonly #random: Random;
  readonly #open = new Map<number, Delivery>();
  readonly #busy = new Set<string>();
  #lastNumber = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  get unacknowledged(): readonly Delivery[] {
    return [...this.#open.values()];
  }

  /** Tops up what is under way. */
  next(): readonly Delivery[] {
    const fresh: Delivery[] = [];
    for (let tries = 0; this.#open.size < IN_FLIGHT && tries < IN_FLIGHT; tries += 1) {
      const person = `p${this.#random.below(PERSONS)}`;
      const way = this.#random.below(3) === 0 ? "direct" : "update";
      if (way === "update" && this.#busy.has(person)) continue;
      const delivery = this.#make(person, way);
      if (way === "update") this.#busy.add(person);
      this.#open.set(delivery.number, delivery);
      this.deliveries.push(delivery);
      fresh.push(delivery);
    }
    return fresh;
  }

  acknowledged(number: number): void {
    const delivery = this.#open.get(number);
    if (!delivery) return;
    this.#open.delete(number);
    if (delivery.way === "update") this.#busy.delete(delivery.person);
  }

  #make(person: string, way: Delivery["way"]): Delivery {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const book = `b${this.#random.below(BOOKS)}`;
    const address: ActorAddress = `order/${book}`;
    const chance = this.#random.below(100);
    if (chance < 60) {
      const entry = `w${number}`;
      const to = this.#random.below(2) === 0 ? `b${this.#random.below(BOOKS)}` : null;
      this.written.push({ number, person, way, book, entry, to });
      return { number, way, person, address, event: { type: "book.written", entry, to } };
    }
    if (chance < 75)
      return { number, way, person, address, event: { type: "book.armed", inMs: this.#random.below(80) } };
    if (chance < 95) return { number, way, person, address, event: { type: "book.asked" } };
    // To an actor that may not be there yet.
    return { number, way, person, address, event: { type: "book.dropped" } };
  }
}
