// What an export needs of the store, and an import.
import type { ActorAddress } from "../../machines/address.ts";
import type { ActorLine, AuditLine, ContentLine } from "./lines.ts";

/** An actor as it lies in the store, with its money keys. Its timers and its places in the index follow from its envelope. */
export type ActorAsStored = Omit<ActorLine, "kind" | "timers" | "index">;
export type ActorPlaces = Pick<ActorLine, "timers" | "index">;

/** How far each partition's audit, and the books, were written at a moment. Opaque. */
export interface Mark {
  readonly audit: readonly string[];
  readonly ledger: string;
}

export interface BackupSource {
  /** In pages. Who is there from the beginning to the end of the walk comes at least once. */
  addresses(): AsyncIterable<readonly ActorAddress[]>;
  /** @returns null for one that is not there. */
  read(address: ActorAddress): Promise<ActorAsStored | null>;
  /** Where the store itself has an actor that cannot be read: looked for, so it takes a while. */
  placesOf(address: ActorAddress): Promise<ActorPlaces>;
  mark(): Promise<Mark>;
  /** Actors with an entry in the audit between the two. */
  changed(since: Mark, upTo: Mark): Promise<ReadonlySet<ActorAddress>>;
  /**
   * Writes of everybody wait, reads go on. Ends by itself after that long, should this process be lost.
   * @throws AppError backup.noPause where the server does not let us
   */
  hold(ms: number): Promise<void>;
  release(): Promise<void>;
  /** What is small and must be of one moment with the actors: outbox, inboxes, secrets, lists of staff. */
  underWay(): Promise<readonly ContentLine[]>;
  audit(upTo: Mark): AsyncIterable<AuditLine>;
  ledger(upTo: Mark): AsyncIterable<ContentLine>;
  /** What may be some seconds younger than the actors: screens, texts of tickets. @param isKnown whose money keys are exported with them. */
  records(isKnown: (address: string) => boolean): AsyncIterable<ContentLine>;
}

export interface BackupTarget {
  /** Why a line that reads well would not be written; null: it would. */
  refusalOf(line: ContentLine): string | null;
  /** What lies there already. `isUnfinished`: all of it comes from an import that did not end. */
  contents(): Promise<{ readonly keys: number; readonly sample: readonly string[]; readonly isUnfinished: boolean }>;
  /** Nobody else imports from now on, until `leave` or for a while after this process was lost. @throws AppError backup.importUnderWay */
  begin(): Promise<void>;
  /** What lies here from now on belongs to an import that has not ended. @throws AppError backup.importTakenOver, as the three below */
  mark(): Promise<void>;
  /** Deletes what an unfinished import left. */
  clear(): Promise<void>;
  write(lines: readonly ContentLine[]): Promise<void>;
  /** All was written: the mark goes. */
  end(): Promise<void>;
  /** Another one may begin. */
  leave(): Promise<void>;
}
