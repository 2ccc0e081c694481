import type { Cluster, Redis } from "ioredis";
import { BurstyRateLimiter, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";

/**
 * `admission`: letting somebody in who has paid and waits: links, answers to join requests. `membership`: removals, looks, links that end.
 * `message`: texts to people. `money`: refunds and renewals.
 */
export type CallKind = "admission" | "membership" | "message" | "money";

export type Permit = { readonly ok: true } | { readonly ok: false; readonly retryInMs: number };

/** One pace for all processes: how fast we call Telegram, and whether it told us to wait. */
export interface Pacer {
  /**
   * Asks for one piece of work, before its first call. A refused one counts as waiting: `retryInMs` spreads those who wait.
   * @param chatId the chat or person the work is about; null for work about none.
   */
  acquire(kind: CallKind, chatId: string | null): Promise<Permit>;
  /** Telegram answered 429. @param retryAfterMs Unit: milliseconds. */
  slowDown(chatId: string | null, retryAfterMs: number): Promise<void>;
}

/** Nobody waits longer than this for a look at the queue. Unit: milliseconds. */
const MAX_WAIT_MS = 60_000;

/**
 * Telegram publishes one message a second per chat and about thirty a second for a bot; for membership calls it publishes nothing, and
 * twenty bans in a row were refused once. So: one piece of membership work per chat and second, some in advance, and 429 is believed.
 * Somebody who paid is in within a minute also when sixty others pay in that minute: admission has a pace of its own, and waits for no
 * removals and looks.
 */
const LIMITS = {
  admission: { perSecond: 5, burst: { points: 10, seconds: 8 } },
  membership: { perSecond: 1, burst: { points: 4, seconds: 8 } },
  message: { perSecond: 1, burst: { points: 3, seconds: 6 } },
  messagesOfAll: { perSecond: 25 },
} as const;

export interface PacerOptions {
  /** false: only 429 is believed. For a clock that runs ahead of the real time in which a pace is kept. */
  readonly isPaced?: boolean;
}

/**
 * @param redis any client; commands may fail, and then the work is tried again later: without a shared count nobody calls.
 * @param keyPrefix `Keys.pace()`; holds a hash tag, so that all keys lie in one slot.
 */
export function makePacer(redis: Redis | Cluster, keyPrefix: string, { isPaced = true }: PacerOptions = {}): Pacer {
  const limiter = (name: string, points: number, seconds: number) =>
    new RateLimiterRedis({ storeClient: redis, keyPrefix: `${keyPrefix}:${name}`, points, duration: seconds });
  const bursty = (name: "admission" | "membership" | "message") =>
    new BurstyRateLimiter(
      limiter(name, LIMITS[name].perSecond, 1),
      limiter(`${name}-burst`, LIMITS[name].burst.points, LIMITS[name].burst.seconds),
    );
  const perChat = {
    admission: bursty("admission"),
    membership: bursty("membership"),
    message: bursty("message"),
  };
  const ofAll = limiter("messages", LIMITS.messagesOfAll.perSecond, 1);

  const tokenGate = `${keyPrefix}:gate:token`;
  const chatGate = (chatId: string) => `${keyPrefix}:gate:chat:${chatId}`;
  const lastRefused = `${keyPrefix}:gate:last`;

  async function gateLeftMs(chatId: string | null): Promise<number> {
    const lefts = await Promise.all([redis.pttl(tokenGate), chatId === null ? 0 : redis.pttl(chatGate(chatId))]);
    return Math.max(0, ...lefts);
  }

  async function close(gate: string, forMs: number): Promise<void> {
    if ((await redis.pttl(gate)) < forMs) await redis.set(gate, "1", "PX", forMs);
  }

  return {
    async acquire(kind, chatId) {
      const closedMs = await gateLeftMs(chatId);
      if (closedMs > 0) return { ok: false, retryInMs: closedMs };
      if (kind === "money" || !isPaced) return { ok: true };
      if (chatId !== null) {
        const ownTurn = await take(perChat[kind], chatId, LIMITS[kind].perSecond);
        if (!ownTurn.ok) return ownTurn;
      }
      return kind === "message" ? take(ofAll, "all", LIMITS.messagesOfAll.perSecond) : { ok: true };
    },

    async slowDown(chatId, retryAfterMs) {
      const forMs = Math.max(1, Math.ceil(retryAfterMs));
      if (chatId === null) return close(tokenGate, forMs);
      const other = await redis.set(lastRefused, chatId, "PX", forMs, "GET");
      await close(chatGate(chatId), forMs);
      // Telegram does not say whose limit it was. Two chats at once: then it is the bot's.
      if (other !== null && other !== chatId) await close(tokenGate, forMs);
    },
  };
}

async function take(
  limiter: Pick<RateLimiterRedis | BurstyRateLimiter, "consume">,
  key: string,
  perSecond: number,
): Promise<Permit> {
  try {
    await limiter.consume(key);
    return { ok: true };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    // Everybody refused within this second was counted, so the count is the place in the line.
    const ahead = Math.max(0, refusal.consumedPoints - perSecond - 1);
    const turnMs = refusal.msBeforeNext + Math.floor(ahead / perSecond) * 1_000;
    return { ok: false, retryInMs: Math.min(MAX_WAIT_MS, Math.max(1, turnMs)) };
  }
}
