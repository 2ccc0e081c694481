// Ids as Telegram's look, drawn from a seeded generator: the same seed gives the same world.

const LINK_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
const DIGITS = "0123456789";

/** Mulberry32: small, fast, repeatable; nothing here is a secret. */
const makeRandom = (seed: number): (() => number) => {
  let state = (Math.floor(seed) ^ Math.floor(seed / 2 ** 32)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

export class IdSource {
  readonly random: () => number;
  #nextUserId: number;
  #nextChannelId: number;
  #privateMessageId = 100;
  #channelMessageIds = new Map<number, number>();

  constructor(seed: number) {
    this.random = makeRandom(seed);
    this.#nextUserId = 7_000_000_000 + Math.floor(this.random() * 900_000_000);
    this.#nextChannelId = 2_100_000_000 + Math.floor(this.random() * 900_000_000);
  }

  #text(alphabet: string, length: number): string {
    let out = "";
    for (let i = 0; i < length; i += 1) out += alphabet[Math.floor(this.random() * alphabet.length)];
    return out;
  }

  /** Past 32 bits on purpose. */
  userId(): number {
    this.#nextUserId += 1;
    return this.#nextUserId;
  }

  /** `-100` and ten digits, as channels have. */
  channelId(): number {
    this.#nextChannelId += 1;
    return -(1_000_000_000_000 + this.#nextChannelId);
  }

  /** Private chats of one bot share a sequence; each channel has its own. */
  messageId(chatId: number): number {
    if (chatId > 0) {
      this.#privateMessageId += 1;
      return this.#privateMessageId;
    }
    const next = (this.#channelMessageIds.get(chatId) ?? 0) + 1;
    this.#channelMessageIds.set(chatId, next);
    return next;
  }

  firstUpdateId(): number {
    return 100_000_000 + Math.floor(this.random() * 800_000_000);
  }

  queryId(): string {
    return `3${this.#text(DIGITS, 18)}`;
  }

  chatInstance(): string {
    return `-4${this.#text(DIGITS, 17)}`;
  }

  inviteLink(): string {
    return `https://t.me/+${this.#text(LINK_ALPHABET, 16)}`;
  }

  invoiceLink(): string {
    return `https://t.me/$${this.#text(LINK_ALPHABET, 22)}`;
  }

  starsChargeId(): string {
    return `stx${this.#text(LINK_ALPHABET, 40)}`;
  }

  providerChargeId(): string {
    return `ch_${this.#text(LINK_ALPHABET, 24)}`;
  }

  fileId(): string {
    return `AgAC${this.#text(LINK_ALPHABET, 40)}`;
  }
}
