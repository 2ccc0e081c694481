// People of the emulated Telegram and what the bot may see of them.
import type { Chat, ReplyKeyboardMarkup, User } from "@grammyjs/types";
import { badRequest, EmulatorUsageError, forbidden } from "../errors.ts";
import type { WorldContext } from "./context.ts";

export interface CallbackNotice {
  readonly queryId: string;
  readonly text: string;
  readonly showAlert: boolean;
  readonly url: string | null;
}

export interface UserRecord {
  readonly id: number;
  firstName: string;
  lastName: string | undefined;
  username: string | undefined;
  languageCode: string | undefined;
  isPremium: boolean;
  bio: string | undefined;
  /** Unit: whole Stars. */
  starBalance: number;
  /** Pressed Start at least once. */
  started: boolean;
  blocked: boolean;
  deactivated: boolean;
  /** The bot has met this id in some update. Unknown ids answer `chat not found`. */
  knownToBot: boolean;
  /** Refused by `approveChatJoinRequest` with USER_CHANNELS_TOO_MUCH. */
  inTooManyChannels: boolean;
  replyKeyboard: ReplyKeyboardMarkup | null;
  readonly notices: CallbackNotice[];
  readonly chatActions: { readonly action: string; readonly at: number }[];
  /** Channels whose join request lets the bot write before Start: until when (epoch ms). */
  readonly requestWindows: Map<number, number>;
}

export interface NewUser {
  readonly id?: number;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly username?: string;
  readonly languageCode?: string;
  readonly isPremium?: boolean;
  readonly bio?: string;
  readonly stars?: number;
}

export class Users {
  readonly #context: WorldContext;
  readonly #byId = new Map<number, UserRecord>();

  constructor(context: WorldContext) {
    this.#context = context;
  }

  all(): readonly UserRecord[] {
    return [...this.#byId.values()];
  }

  add(user: NewUser): UserRecord {
    const id = user.id ?? this.#context.ids.userId();
    if (!Number.isSafeInteger(id) || id <= 0) throw new EmulatorUsageError(`User id ${id} is not a positive integer.`);
    if (this.#byId.has(id) || id === this.#context.bot.id)
      throw new EmulatorUsageError(`User ${id} already exists: use another id.`);
    const record: UserRecord = {
      id,
      firstName: user.firstName ?? "Ann",
      lastName: user.lastName,
      username: user.username,
      languageCode: user.languageCode,
      isPremium: user.isPremium ?? false,
      bio: user.bio,
      starBalance: user.stars ?? 0,
      started: false,
      blocked: false,
      deactivated: false,
      knownToBot: false,
      inTooManyChannels: false,
      replyKeyboard: null,
      notices: [],
      chatActions: [],
      requestWindows: new Map(),
    };
    this.#byId.set(id, record);
    return record;
  }

  find(id: number): UserRecord | undefined {
    return this.#byId.get(id);
  }

  /** For the emulator's own controls. */
  get(id: number): UserRecord {
    const user = this.#byId.get(id);
    if (!user) throw new EmulatorUsageError(`No user ${id}: add it first.`);
    return user;
  }

  /** As the Bot API shows a person; a deleted account has no names left. */
  view(user: UserRecord): User {
    if (user.deactivated) return { id: user.id, is_bot: false, first_name: "" };
    return {
      id: user.id,
      is_bot: false,
      first_name: user.firstName,
      ...(user.lastName === undefined ? {} : { last_name: user.lastName }),
      ...(user.username === undefined ? {} : { username: user.username }),
      ...(user.languageCode === undefined ? {} : { language_code: user.languageCode }),
      ...(user.isPremium ? { is_premium: true as const } : {}),
    };
  }

  chatView(user: UserRecord): Chat.PrivateChat {
    return {
      id: user.id,
      first_name: user.deactivated ? "" : user.firstName,
      ...(user.lastName === undefined || user.deactivated ? {} : { last_name: user.lastName }),
      ...(user.username === undefined || user.deactivated ? {} : { username: user.username }),
      type: "private",
    };
  }

  /** @throws BotApiError 400 for an id the bot has never met, 403 when the person cannot be written to. */
  reachable(id: number): UserRecord {
    const user = this.#byId.get(id);
    if (!user?.knownToBot) throw badRequest("chat not found");
    if (user.deactivated) throw forbidden("user is deactivated");
    if (user.blocked) throw forbidden("bot was blocked by the user");
    if (!user.started && !this.#mayWriteForRequest(user))
      throw forbidden("bot can't initiate conversation with a user");
    return user;
  }

  #mayWriteForRequest(user: UserRecord): boolean {
    const now = this.#context.clock.now();
    return [...user.requestWindows.values()].some((until) => now <= until);
  }
}
