// Flood control as chosen in the options: so many calls per time, for the bot as a whole or per chat.
import { tooManyRequests } from "../errors.ts";
import type { Clock, ResolvedOptions } from "../options.ts";

export class FloodControl {
  readonly #clock: Clock;
  readonly #limits: ResolvedOptions["flood"];
  readonly #calls = new Map<string, number[]>();

  constructor(clock: Clock, limits: ResolvedOptions["flood"]) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** @throws BotApiError 429 with the seconds until the oldest call leaves the window. */
  check(method: string, params: Readonly<Record<string, unknown>>): void {
    const now = this.#clock.now();
    for (const [index, limit] of this.#limits.entries()) {
      if (limit.methods && !limit.methods.some((m) => m.toLowerCase() === method.toLowerCase())) continue;
      if (limit.scope === "chat" && params.chat_id === undefined) continue;
      const key = limit.scope === "bot" ? `${index}` : `${index}:${String(params.chat_id)}`;
      const recent = (this.#calls.get(key) ?? []).filter((at) => at > now - limit.perMs);
      const oldest = recent[0];
      if (recent.length >= limit.maxCalls && oldest !== undefined)
        throw tooManyRequests(Math.max(1, Math.ceil((oldest + limit.perMs - now) / 1000)));
      this.#calls.set(key, [...recent, now]);
    }
  }
}
