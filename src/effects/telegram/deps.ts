import type { Api } from "grammy";
import type { Clock } from "../../runtime/ports.ts";
import type { Pacer } from "./pacer.ts";

/** What a channel's actor knows and decides, asked at the moment of the call. */
export interface ChannelPort {
  /** Whether the bot has all its rights there, as far as we know. */
  isManageable(chatId: string): Promise<boolean>;
  /** Asks the breaker. A removal that was let through stays so when it is tried again. */
  askRemoval(chatId: string, userId: number, effectId: string): Promise<"letThrough" | "held">;
  /** A call was refused for want of a right: the channel looks for itself. */
  reportRefusal(chatId: string, reason: string, effectId: string): Promise<void>;
}

/** What the executors of access and money share. */
export interface TelegramDeps {
  readonly api: Api;
  /** The bot's own id: the part of its token before the colon. */
  readonly botId: number;
  /** Whether any subscription of this person opens this chat now; read anew at each call. */
  readonly isEntitled: (userId: number, chatId: string) => Promise<boolean>;
  readonly channels: ChannelPort;
  readonly clock: Clock;
  readonly pacer: Pacer;
}
