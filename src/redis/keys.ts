import type { ActorAddress } from "../../machines/address.ts";
import { PARTITIONS, partitionOf, tagOf } from "./partitions.ts";

/**
 * What an export does with a key: writes lines of that kind; `derived`: an import makes it anew of the others; `transient`: losing it
 * loses nothing that counts.
 */
type BackupDecision =
  | "actor"
  | "outbox"
  | "audit"
  | "ledger"
  | "inbox"
  | "secret"
  | "quarantine"
  | "record"
  | "derived"
  | "transient";

/** One row of docs/redis-keys.md, which is printed from KEY_TABLE. */
interface KeyRow {
  readonly key: string;
  readonly type: string;
  readonly owner: string;
  readonly expiry: string;
  readonly holds: string;
  readonly backup: BackupDecision;
}

export const KEY_TABLE: readonly KeyRow[] = [
  {
    key: "<p>:{t}:a:<machine>/<id>",
    type: "HASH",
    owner: "redis/actor-store",
    expiry: "never",
    holds:
      "one actor: r revision, s envelope (JSON), k recent idempotency keys (JSON), h hash of the newest audit entry, l its stream id",
    backup: "actor",
  },
  {
    key: "<p>:{t}:once:<machine>/<id>",
    type: "HASH",
    owner: "redis/actor-store",
    expiry: "never",
    holds: "idempotency keys of money → first outcome",
    backup: "actor",
  },
  {
    key: "<p>:{t}:audit",
    type: "STREAM",
    owner: "redis/actor-store",
    expiry: "never",
    holds: "one entry per event of the partition's actors: d entry (JSON), h its hash, p the actor's previous entry",
    backup: "audit",
  },
  {
    key: "<p>:{t}:outbox",
    type: "HASH",
    owner: "redis/actor-store",
    expiry: "an entry goes when its effect has ended",
    holds: "effect id → effect (JSON)",
    backup: "outbox",
  },
  {
    key: "<p>:{t}:timers",
    type: "ZSET",
    owner: "redis/actor-store",
    expiry: "an entry goes when the timer fires or is cancelled",
    holds: "<machine>/<id>|<timer id>, score = due time in epoch ms",
    backup: "derived",
  },
  {
    key: "<p>:{t}:index",
    type: "ZSET",
    owner: "redis/actor-store",
    expiry: "follows the actor",
    holds: "all scores 0, read by lexical range: s:<machine>:<leaf state>|<id> and <attribute>=<value>|<machine>/<id>",
    backup: "derived",
  },
  {
    key: "<p>:{t}:quarantine",
    type: "HASH",
    owner: "redis/actor-store",
    expiry: "until staff release it",
    holds: "address → why its snapshot was refused (JSON)",
    backup: "quarantine",
  },
  {
    key: "<p>:{t}:inbox:<person>",
    type: "LIST",
    owner: "redis/inbox",
    expiry: "an update goes when it was handled",
    holds: "updates of one person in Telegram's order (JSON)",
    backup: "inbox",
  },
  {
    key: "<p>:{t}:inbox-pending",
    type: "ZSET",
    owner: "redis/inbox",
    expiry: "a person goes when the list is empty",
    holds: "persons with waiting updates, score = since when, epoch ms",
    backup: "inbox",
  },
  {
    key: "<p>:{t}:update:<update id>",
    type: "STRING",
    owner: "redis/inbox",
    expiry: "48 h",
    holds: "marks an update as received",
    backup: "transient",
  },
  {
    key: "<p>:{t}:screen:<user>",
    type: "STRING",
    owner: "redis/screen-store",
    expiry: "never; erased with the person",
    holds: "which message of the chat is the customer's screen (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{t}:screen-turn:<user>",
    type: "STRING",
    owner: "redis/screen-turns",
    expiry: "5 s after the last renewal, or when the turn ends",
    holds: "who is drawing a person's screen: one at a time",
    backup: "transient",
  },
  {
    key: "<p>:{t}:talk:<user>",
    type: "STRING",
    owner: "redis/conversation-storage",
    expiry: "7 d",
    holds: "state of a running dialogue (grammY conversations); losing it loses nothing",
    backup: "transient",
  },
  {
    key: "<p>:{t}:messages:<ticket>",
    type: "HASH",
    owner: "redis/message-store",
    expiry: "never; erased with the person",
    holds: "message reference → text of a ticket",
    backup: "record",
  },
  {
    key: "<p>:{t}:secret:<owner>:<ref>",
    type: "STRING",
    owner: "redis/secret-store",
    expiry: "when it was used; at the latest 7 d",
    holds: "a customer's secret, sealed (SEALING_KEYS)",
    backup: "secret",
  },
  {
    key: "<p>:{t}:secrets",
    type: "SET",
    owner: "redis/secret-store",
    expiry: "a line goes with its secret, or at the next change of keys",
    holds: "<owner>:<ref> of the partition's secrets",
    backup: "secret",
  },
  {
    key: "<p>:{t}:throttle:<user>",
    type: "STRING",
    owner: "bot",
    expiry: "seconds",
    holds: "how often a person used commands",
    backup: "transient",
  },
  {
    key: "<p>:{t}:session-ended:<id>",
    type: "STRING",
    owner: "redis/ended-sessions",
    expiry: "when the session would have ended anyway; at the latest 12 h",
    holds: "marks a session of the console as ended by logging out",
    backup: "record",
  },
  {
    key: "<p>:{ledger}:rows",
    type: "STREAM",
    owner: "redis/ledger",
    expiry: "never",
    holds: "the books: one entry per charge, refund and chargeback",
    backup: "ledger",
  },
  {
    key: "<p>:{ledger}:seen",
    type: "HASH",
    owner: "redis/ledger",
    expiry: "never",
    holds: "row name → stream id: a row is written once for ever",
    backup: "derived",
  },
  {
    key: "<p>:{ledger}:sums",
    type: "HASH",
    owner: "redis/ledger",
    expiry: "never",
    holds: "<currency>:<entry> → sum in the smallest unit, and <currency>:<entry>:rows → count",
    backup: "derived",
  },
  {
    key: "<p>:{ledger}:pseudonyms",
    type: "HASH",
    owner: "redis/person-traces",
    expiry: "never",
    holds: "Telegram id of a person who was erased → the random name that stands for them in the exported books",
    backup: "record",
  },
  {
    key: "<p>:{ledger}:ticks",
    type: "HASH",
    owner: "redis/book-ticks",
    expiry: "never",
    holds:
      "rows of Telegram's list of Star transactions that were compared: in:<charge id> and out:<charge id> → Stars",
    backup: "record",
  },
  {
    key: "<p>:{ledger}:tick-sums",
    type: "HASH",
    owner: "redis/book-ticks",
    expiry: "never",
    holds: "in and out → sum of the Stars of those rows",
    backup: "record",
  },
  {
    key: "<p>:{drift}:open:<kind>",
    type: "HASH",
    owner: "redis/drift-book",
    expiry: "until it is healed; at most 1,000 of a kind",
    holds: "differences that reconciliation found: id → drift (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{drift}:healed",
    type: "LIST",
    owner: "redis/drift-book",
    expiry: "of more than 500 the oldest go",
    holds: "those that are healed, newest first (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{drift}:days",
    type: "HASH",
    owner: "redis/drift-book",
    expiry: "the latest 40",
    holds: "day → totals of our books and of Telegram's list (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{drift}:members",
    type: "HASH",
    owner: "redis/drift-book",
    expiry: "never",
    holds: "chat → how many more people Telegram counted than were known, last and at the least (JSON)",
    backup: "record",
  },
  {
    key: "<p>:beat",
    type: "STRING",
    owner: "redis/store-identity",
    expiry: "never",
    holds: "counts the turns of reconciliation: one that goes back shows an older store",
    backup: "transient",
  },
  {
    key: "<p>:{pace}:…",
    type: "STRING",
    owner: "effects/telegram/pacer",
    expiry: "seconds to minutes",
    holds: "token buckets and 429 gates of outgoing Telegram calls",
    backup: "transient",
  },
  {
    key: "<p>:{backend}:…",
    type: "STRING",
    owner: "backend/gate",
    expiry: "seconds to a day",
    holds:
      "calls to the product backend: their pace and Retry-After per credential and class, whether a credential was refused and people told, whether a collection was left without an answer",
    backup: "transient",
  },
  {
    key: "<p>:{parity}:scopes:<dataset>:<day>",
    type: "HASH",
    owner: "redis/parity-book",
    expiry: "62 days",
    holds: "spreadsheet id → how far its two sides were apart on a frozen day: counts and sums (JSON)",
    backup: "transient",
  },
  {
    key: "<p>:{parity}:calibration:<dataset>",
    type: "HASH",
    owner: "redis/calibration-book",
    expiry: "never",
    holds: "spreadsheet id → its newest eight fits with verdicts, numbers and evidence (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{parity}:verdicts:<dataset>",
    type: "HASH",
    owner: "redis/calibration-book",
    expiry: "never",
    holds: "spreadsheet id → key → verdict of its newest fit (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{parity}:coefficients:<dataset>:<spreadsheet>",
    type: "HASH",
    owner: "redis/calibration-book",
    expiry: "never",
    holds: "set → key → nm_id → coefficient (JSON); the set in use and the one before it",
    backup: "record",
  },
  {
    key: "<p>:{parity}:days:<dataset>",
    type: "HASH",
    owner: "redis/parity-book",
    expiry: "the latest 90",
    holds: "frozen day → the same over all spreadsheets (JSON)",
    backup: "transient",
  },
  {
    key: "<p>:{collect}:scopes",
    type: "HASH",
    owner: "redis/collection-store",
    expiry: "never",
    holds: "<dataset>:<spreadsheet id> → how far its collection is: run, slots, freezes, backfill (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{collect}:due",
    type: "ZSET",
    owner: "redis/collection-store",
    expiry: "never",
    holds: "<dataset>:<spreadsheet id>, score = when it is next to be looked at, epoch ms",
    backup: "record",
  },
  {
    key: "<p>:{collect}:lease:<scope>",
    type: "STRING",
    owner: "redis/collection-store",
    expiry: "30 s after the last renewal",
    holds: "which process works on a scope: one at a time",
    backup: "transient",
  },
  {
    key: "<p>:{collect}:collector",
    type: "STRING",
    owner: "redis/collection-store",
    expiry: "16 min after the last renewal, or when the collection ends",
    holds: "whose collection runs at the product backend: it runs one at a time",
    backup: "transient",
  },
  {
    key: "<p>:{collect}:noise:<dataset>",
    type: "HASH",
    owner: "redis/collection-store",
    expiry: "never",
    holds: "spreadsheet id → how far upstream's second reading of a day is from its first: counts and sums (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{failed}:effects",
    type: "HASH",
    owner: "redis/failed-effects",
    expiry: "until staff clear it",
    holds: "effects without a result that failed for good (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{failed}:updates:<part>",
    type: "LIST",
    owner: "redis/update-quarantine",
    expiry: "of more than 1,000 the oldest go; until staff forget it",
    holds: "updates that could not be handled, newest first, without what people wrote (JSON); parts money and other",
    backup: "record",
  },
  {
    key: "<p>:{desk}:approvals",
    type: "HASH",
    owner: "redis/approval-store",
    expiry: "30 d after its end",
    holds: "what waits for a second person of the staff, and what became of it: id → approval (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{desk}:bulk:<id>",
    type: "STRING",
    owner: "redis/bulk-store",
    expiry: "7 d",
    holds: "a confirmed command to many actors: the event and the addresses that were meant (JSON)",
    backup: "record",
  },
  {
    key: "<p>:{desk}:card:<chat>:<message>",
    type: "STRING",
    owner: "redis/card-store",
    expiry: "1 to 30 d",
    holds:
      "what a message of the bot's in the staff chat stands for: a request, a draft of an answer, a command (JSON)",
    backup: "record",
  },
  {
    key: "<p>:clock",
    type: "ZSET",
    owner: "redis/shared-clock",
    expiry: "never",
    holds:
      "offset: ms by which the test clock is ahead; time: epoch ms of the sandbox's, which stands; absent with the real clock",
    backup: "record",
  },
  {
    key: "<p>:sweeps",
    type: "HASH",
    owner: "redis/sweep-progress",
    expiry: "never",
    holds: "sweep → where it goes on (JSON)",
    backup: "record",
  },
  {
    key: "<p>-q<n>:{t}:…",
    type: "BullMQ",
    owner: "queues",
    expiry: "finished jobs go at once",
    holds: "queues updates, actors, outside, clock",
    backup: "derived",
  },
  {
    key: "<p>:import",
    type: "STRING",
    owner: "redis/backup-target",
    expiry: "when the import has ended",
    holds: "marks that an import has begun: nothing else may be written, and the service does not start",
    backup: "transient",
  },
  {
    key: "<p>:{<p>:import}:turn",
    type: "STRING",
    owner: "redis/backup-target",
    expiry: "30 s after the last renewal, or when the import has ended",
    holds: "which import writes, since when (JSON): one at a time",
    backup: "transient",
  },
];

/** Builds every key of this service. Nobody else concatenates key names. */
export class Keys {
  readonly prefix: string;
  readonly #tags: readonly string[];

  /** @param prefix separates deployments (and tests) that share one Redis. */
  constructor(prefix = "tgs") {
    this.prefix = prefix;
    this.#tags = Array.from({ length: PARTITIONS }, (_, partition) => `${prefix}:{${tagOf(partition)}}`);
  }

  #in(partition: number, rest: string): string {
    return `${this.#tags[partition]}:${rest}`;
  }

  actor(address: ActorAddress): string {
    return this.#in(partitionOf(address), `a:${address}`);
  }
  once(address: ActorAddress): string {
    return this.#in(partitionOf(address), `once:${address}`);
  }
  audit(partition: number): string {
    return this.#in(partition, "audit");
  }
  outbox(partition: number): string {
    return this.#in(partition, "outbox");
  }
  timers(partition: number): string {
    return this.#in(partition, "timers");
  }
  index(partition: number): string {
    return this.#in(partition, "index");
  }
  quarantine(partition: number): string {
    return this.#in(partition, "quarantine");
  }

  inbox(person: string): string {
    return this.#in(partitionOf(person), `inbox:${person}`);
  }
  inboxPending(partition: number): string {
    return this.#in(partition, "inbox-pending");
  }
  update(person: string, updateId: number): string {
    return this.#in(partitionOf(person), `update:${updateId}`);
  }

  screen(userId: number): string {
    return this.#in(partitionOf(String(userId)), `screen:${userId}`);
  }
  screenTurn(userId: number): string {
    return this.#in(partitionOf(String(userId)), `screen-turn:${userId}`);
  }
  conversation(userId: number): string {
    return this.#in(partitionOf(String(userId)), `talk:${userId}`);
  }
  ticketMessages(ticketId: string): string {
    return this.#in(partitionOf(ticketId), `messages:${ticketId}`);
  }
  /** @param place `<owner>:<ref>`; lies in the owner's partition. */
  secret(place: string): string {
    return this.#in(partitionOf(place.slice(0, place.lastIndexOf(":"))), `secret:${place}`);
  }
  secrets(partition: number): string {
    return this.#in(partition, "secrets");
  }
  throttle(userId: number): string {
    return this.#in(partitionOf(String(userId)), `throttle:${userId}`);
  }

  endedSession(sessionId: string): string {
    return this.#in(partitionOf(sessionId), `session-ended:${sessionId}`);
  }

  ledgerRows(): string {
    return `${this.prefix}:{ledger}:rows`;
  }
  ledgerSeen(): string {
    return `${this.prefix}:{ledger}:seen`;
  }
  ledgerSums(): string {
    return `${this.prefix}:{ledger}:sums`;
  }
  pseudonyms(): string {
    return `${this.prefix}:{ledger}:pseudonyms`;
  }
  bookTicks(): string {
    return `${this.prefix}:{ledger}:ticks`;
  }
  bookTickSums(): string {
    return `${this.prefix}:{ledger}:tick-sums`;
  }
  driftOpen(kind: string): string {
    return `${this.prefix}:{drift}:open:${kind}`;
  }
  driftHealed(): string {
    return `${this.prefix}:{drift}:healed`;
  }
  booksDays(): string {
    return `${this.prefix}:{drift}:days`;
  }
  memberCounts(): string {
    return `${this.prefix}:{drift}:members`;
  }
  beat(): string {
    return `${this.prefix}:beat`;
  }
  pace(): string {
    return `${this.prefix}:{pace}`;
  }
  /** Prefix of what all processes know together about calling the product backend. */
  backend(): string {
    return `${this.prefix}:{backend}`;
  }
  parityScopes(dataset: string, day: string): string {
    return `${this.prefix}:{parity}:scopes:${dataset}:${day}`;
  }
  calibrationRuns(dataset: string): string {
    return `${this.prefix}:{parity}:calibration:${dataset}`;
  }
  calibrationVerdicts(dataset: string): string {
    return `${this.prefix}:{parity}:verdicts:${dataset}`;
  }
  coefficients(dataset: string, spreadsheetId: string): string {
    return `${this.prefix}:{parity}:coefficients:${dataset}:${spreadsheetId}`;
  }
  parityDays(dataset: string): string {
    return `${this.prefix}:{parity}:days:${dataset}`;
  }
  collectScopes(): string {
    return `${this.prefix}:{collect}:scopes`;
  }
  collectDue(): string {
    return `${this.prefix}:{collect}:due`;
  }
  collectLease(scope: string): string {
    return `${this.prefix}:{collect}:lease:${scope}`;
  }
  collectorTurn(): string {
    return `${this.prefix}:{collect}:collector`;
  }
  noise(dataset: string): string {
    return `${this.prefix}:{collect}:noise:${dataset}`;
  }
  failedEffects(): string {
    return `${this.prefix}:{failed}:effects`;
  }
  /** Money in a list of its own, so that nothing else can push it out. */
  updatesSetAside(part: "money" | "other"): string {
    return `${this.prefix}:{failed}:updates:${part}`;
  }
  approvals(): string {
    return `${this.prefix}:{desk}:approvals`;
  }
  bulk(id: string): string {
    return `${this.prefix}:{desk}:bulk:${id}`;
  }
  card(chatId: string, messageId: number): string {
    return `${this.prefix}:{desk}:card:${chatId}:${messageId}`;
  }
  clock(): string {
    return `${this.prefix}:clock`;
  }

  sweeps(): string {
    return `${this.prefix}:sweeps`;
  }
  unfinishedImport(): string {
    return `${this.prefix}:import`;
  }
  /** In the slot of the mark. */
  importTurn(): string {
    return `${this.prefix}:{${this.unfinishedImport()}}:turn`;
  }

  /**
   * BullMQ's `prefix`: a hash tag, so that each of a queue's keys lies in one slot. The tags are those of partitions a quarter of the
   * slots apart, so that shards spread over the primaries.
   */
  queuePrefix(shard: number): string {
    return `${this.prefix}-q${shard}:{${tagOf((shard * (PARTITIONS / 4)) % PARTITIONS)}}`;
  }
}
