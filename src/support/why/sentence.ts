// A sentence before it is worded: which one, and what it speaks of.
import type { TextId } from "./texts.ts";

/** A moment, epoch ms; null: nobody knows. */
export interface Moment {
  readonly at: number | null;
}

export type Vars = Readonly<Record<string, string | number | Moment>>;

export interface Sentence {
  readonly id: TextId;
  readonly vars: Vars;
}

export const sentence = (id: TextId, vars: Vars = {}): Sentence => ({ id, vars });
export const moment = (at: unknown): Moment => ({ at: typeof at === "number" ? at : null });
