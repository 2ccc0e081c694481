// What collection needs of others.
import type { Day } from "../../machines/dataset/gate.ts";
import type { Sums } from "../quality/model.ts";
import type { Scope } from "../quality/ports.ts";
import type { ScopeState } from "./state.ts";

/** Where the state of every scope lies, for all processes. Each method throws AppError redis.unreachable. */
export interface CollectionStore {
  read(scope: Scope): Promise<ScopeState | null>;
  /**
   * Writes a state with the next `rev`, unless somebody was faster.
   * @param lookAt when the scope is to be looked at, epoch ms; null: never. @returns false: it was changed meanwhile
   */
  save(state: ScopeState, lookAt: number | null): Promise<boolean>;
  /** Looks at it later than planned: something failed that nobody planned for. */
  postpone(scope: Scope, lookAt: number): Promise<void>;
  /** Those to be looked at by now, the longest due first. */
  due(now: number, limit: number): Promise<readonly Scope[]>;
  /** When the next one is due; null: none ever. Epoch ms. */
  nextAt(): Promise<number | null>;
  all(): Promise<readonly ScopeState[]>;

  /** One process at a time works on a scope. @returns null: another one does. Real time, unit: milliseconds. */
  lease(scope: Scope, forMs: number): Promise<Lease | null>;
  /** The backend runs one collection at a time; so we ask for one at a time. @returns false: another scope's runs */
  takeCollector(scope: Scope, forMs: number): Promise<boolean>;
  freeCollector(scope: Scope): Promise<void>;

  /** How well upstream agreed with itself a week later, by key: the newest of each scope is kept. */
  putNoise(scope: Scope, noise: Noise): Promise<void>;
  noise(dataset: string): Promise<readonly Noise[]>;
}

export interface Noise {
  readonly day: Day;
  readonly byKey: Readonly<Record<string, Sums>>;
}

export interface Lease {
  /** @returns false: it is lost, stop. */
  renew(forMs: number): Promise<boolean>;
  release(): Promise<void>;
}
