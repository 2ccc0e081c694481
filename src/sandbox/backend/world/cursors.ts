// Places in answers of many pages. A cursor holds on to its rows: a collection meanwhile does not tear the answer apart.
import { CURSOR_LIVES_MS } from "../../../backend/contract/limits.ts";
import { wordOf } from "./chance.ts";

export interface Place<T> {
  /** What was asked: a cursor serves no other question. */
  readonly question: string;
  readonly answer: T;
  readonly offset: number;
}

export class Cursors<T> {
  readonly #places = new Map<string, Place<T> & { readonly madeAt: number }>();
  #count = 0;

  put(place: Place<T>, now: number): string {
    for (const [name, { madeAt }] of this.#places) if (now - madeAt >= CURSOR_LIVES_MS) this.#places.delete(name);
    this.#count += 1;
    const name = `cur_${wordOf(`${place.question}:${place.offset}:${this.#count}`, 20)}`;
    this.#places.set(name, { ...place, madeAt: now });
    return name;
  }

  /** @returns null: unknown, of another question, or too old. */
  find(name: string, question: string, now: number): Place<T> | null {
    const place = this.#places.get(name);
    return place && place.question === question && now - place.madeAt < CURSOR_LIVES_MS ? place : null;
  }
}
