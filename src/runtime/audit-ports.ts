// The record of all actors, read as one: by whoever looks for something, and by whoever watches what happens.
import type { ActorAddress } from "../../machines/address.ts";
import type { AuditEntry } from "./ports.ts";

export interface AuditFilter {
  readonly machine?: string;
  readonly address?: ActorAddress;
  /** The actors of a person: these, and none else. */
  readonly among?: readonly ActorAddress[];
  /** An event's type. */
  readonly type?: string;
  /** Name of the person of the staff. */
  readonly by?: string;
  /** Kind of cause. */
  readonly kind?: string;
  readonly outcome?: AuditEntry["outcome"];
  /** The service's clock, both included. Epoch ms. */
  readonly from?: number;
  readonly to?: number;
}

export interface AuditList {
  /** Newest first. Fewer than asked for, even none, when much was read in vain: the cursor goes on from there. */
  readonly entries: readonly AuditEntry[];
  /** Null after the last one. Opaque. */
  readonly cursor: string | null;
}

export interface AuditLog {
  /** @throws AppError http.badRequest for a cursor of another hand; redis.unreachable */
  list(filter: AuditFilter, options: { readonly limit: number; readonly cursor?: string }): Promise<AuditList>;
}

export interface AuditTail {
  /**
   * Calls back with new entries, in the order in which they were written, as far as several masters have one. Costs something only while
   * somebody watches. The callback must not throw.
   * @param since an entry's id: what was written after it comes first. An entry of the seconds before it may come again, none is missing.
   * @throws AppError redis.unreachable
   */
  watch(onEntries: (entries: readonly AuditEntry[]) => void, since?: string): Promise<Watch>;
}

export interface Watch {
  readonly stop: () => void;
  /** False where more was written since then than is caught up with: all of that is left out. */
  readonly isWhole: boolean;
}
