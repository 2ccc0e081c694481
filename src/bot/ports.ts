// What the bot needs from the rest of the service. app.ts hands these in.
import type { ConversationData, VersionedState } from "@grammyjs/conversations";
import type { ApiClientOptions, Transformer } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import type { ActorAddress } from "../../machines/address.ts";
import type { WbTokenCheck } from "../inputs/wb-token.ts";
import type { Catalog } from "../plans.ts";
import type { Actors, Clock } from "../runtime/ports.ts";
import type { Secret } from "../sealing/secret.ts";
import type { LogFields } from "../telemetry/log-fields.ts";

/** The message of a person's chat that is their screen now. */
export interface StoredScreen {
  readonly messageId: number;
  /** Which screen it shows, such as `plans`: tells what free text is meant for. */
  readonly kind: string;
  /** Callback data of its buttons: any other press is out of date. */
  readonly presses: readonly string[];
  /** The effect that sent it, so that a repeated one is not sent twice. */
  readonly effectId: string | null;
  /** The last press that was taken, so that a double tap is told from a stale one. `at`: epoch ms. */
  readonly lastPress: {
    readonly data: string;
    readonly messageId: number;
    readonly updateId: number;
    readonly at: number;
  } | null;
}

export interface ScreenStore {
  /** @throws AppError redis.unreachable */
  read(userId: number): Promise<StoredScreen | null>;
  /** @throws AppError redis.unreachable */
  write(userId: number, screen: StoredScreen): Promise<void>;
}

/** A person's chat is changed by updates and by notices, in any process: without turns one would draw over what another has just drawn. */
export interface ScreenTurns {
  /**
   * Does the work when nobody else is at this person's screen; after a long wait all the same.
   * @throws what the work throws; AppError redis.unreachable
   */
  inTurn<T>(userId: number, work: () => Promise<T>): Promise<T>;
}

export interface TicketMessage {
  readonly from: "customer" | "staff";
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Texts of tickets. They are kept beside the actors, so that events and audit hold none of what people wrote. */
export interface MessageStore {
  /** Repeatable: the first text under a reference stays. @throws AppError redis.unreachable */
  put(ticketId: string, messageRef: string, message: TicketMessage): Promise<void>;
  read(ticketId: string, messageRef: string): Promise<TicketMessage | null>;
}

/** What staff see of it. */
export interface TicketTexts extends MessageStore {
  /** Oldest first. */
  list(ticketId: string): Promise<readonly TicketMessage[]>;
}

/** State of running dialogues. Losing it loses nothing: a dialogue goes on from its actor. */
export interface ConversationStorage {
  read(userId: string): Promise<VersionedState<ConversationData> | undefined>;
  write(userId: string, state: VersionedState<ConversationData>): Promise<void>;
  delete(userId: string): Promise<void>;
}

/** What a person may do only so often. Money, membership and button presses are never limited; what is on record about forged ones is. */
export type Limited = "command" | "invoice" | "message" | "forgery";

export interface RateLimit {
  /** @returns false when the person has used up their share for now. @throws AppError redis.unreachable */
  take(userId: number, what: Limited): Promise<boolean>;
}

/** An update that could not be handled, without anything that a person wrote. */
export interface SetAsideUpdate {
  readonly updateId: number | null;
  readonly kind: string;
  /** `malformed`: not in the form we know; `failed`: known, and refused for good by whoever had to take it. */
  readonly problem: "malformed" | "failed";
  /** Where it is wrong, or what the failure is called; never values. */
  readonly fields: readonly string[];
  /** Epoch ms. */
  readonly at: number;
  readonly chatId: number | null;
  readonly userId: number | null;
  /** What it says about money, by the name of the part (`successful_payment`, `refunded_payment`): empty for other updates. */
  readonly money: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Where updates that could not be handled are kept for people to look at. Bounded: the oldest go. */
export interface UpdateQuarantine {
  /** @throws AppError redis.unreachable */
  add(update: SetAsideUpdate): Promise<void>;
  /** Newest first. @throws AppError redis.unreachable */
  list(): Promise<readonly KeptUpdate[]>;
  /** @returns what is no longer kept; null when there is no such update. @throws AppError redis.unreachable */
  forget(id: string): Promise<KeptUpdate | null>;
}

/** As it is listed: with a name by which staff settle it. Telegram's number is no such name; it may be missing, or come twice. */
export interface KeptUpdate extends SetAsideUpdate {
  readonly id: string;
}

/** Receives ids, codes and counts; never names, tokens or what people wrote. */
export interface BotLogger {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** What the bot counts; updates of unknown kinds are stored nowhere else. */
export type BotCount =
  | "update.unknownKind"
  | "update.malformed"
  | "update.foreignChat"
  | "update.foreignOrder"
  | "update.failed"
  | "answer.delayed"
  | "press.stale"
  | "press.double"
  | "press.forged"
  | "throttled"
  | "invoice.refused"
  | "checkout.approved"
  | "checkout.refused"
  | "notice.sent"
  | "notice.outdated"
  | "notice.unreachable";

/** What happens to a customer's token between the chat and the product backend. */
export interface TokenDesk {
  /** What a text that was sealed at the door holds, or a text that looks like a secret; null for any other. */
  secretIn(text: string, userId: number): Secret | null;
  check(token: Secret): WbTokenCheck;
  /** Sealed for its owner, under this reference; once more takes the same place. @throws AppError redis.unreachable */
  keep(owner: ActorAddress, ref: string, token: Secret): Promise<void>;
}

export interface BotDeps {
  readonly actors: Actors;
  readonly catalog: { current(): Catalog };
  readonly token: string;
  readonly botInfo: UserFromGetMe;
  /** `apiRoot`, `environment`; fetch and time limits are the bot's own. */
  readonly client?: Pick<ApiClientOptions, "apiRoot" | "environment" | "fetch">;
  /** Around every call to Telegram (pace, metrics), those inside dialogues included; not around the answer to a checkout. */
  readonly transformers?: readonly Transformer[];
  readonly clock: Clock;
  /** A new unguessable id of 1-64 characters of A-Za-z0-9_-. */
  readonly newId: () => string;
  readonly logger: BotLogger;
  readonly count: (what: BotCount, detail?: string) => void;
  readonly screens: ScreenStore;
  readonly turns: ScreenTurns;
  readonly conversations: ConversationStorage;
  readonly messages: MessageStore;
  readonly tokens: TokenDesk;
  readonly throttle: RateLimit;
  /** Keeps what cannot be handled. */
  readonly quarantine: Pick<UpdateQuarantine, "add">;
  /** Somebody without a right came in, and is put out: on record for staff. @throws AppError redis.unreachable */
  readonly strangerJoined?: (stranger: {
    readonly userId: number;
    readonly chatId: string;
    /** Number of the event in the history of their invite. */
    readonly seq: number;
  }) => Promise<void>;
  /** Telegram told us to wait: heard by all processes. @param chatId The chat that was called. @param waitMs Unit: milliseconds. */
  readonly slowDown: (chatId: string, waitMs: number) => Promise<void>;
  /** IANA zone of dates where a client can't show its own. */
  readonly timeZone: string;
  /** Where the people who run the service are told things; null: only the log hears it. */
  readonly staffChatId: string | null;
}
