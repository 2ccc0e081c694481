// What every part of the world shares: time, ids, options, and the way out for updates.
import type { Update, UserFromGetMe } from "@grammyjs/types";
import type { Scheduler } from "../delivery/scheduler.ts";
import type { IdSource } from "../ids.ts";
import type { Clock, ResolvedOptions } from "../options.ts";

/** One update without its number; delivery numbers it. */
export type UpdateBody = Omit<Update, "update_id">;

export interface WorldContext {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly options: ResolvedOptions;
  readonly ids: IdSource;
  /** The bot as `getMe` shows it. */
  readonly bot: UserFromGetMe;
  emit(body: UpdateBody): void;
}

/** Telegram's dates. Unit: Unix seconds. */
export const unixSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000);

/** Work that becomes due as the clock moves. */
export interface DueItem {
  /** Unit: epoch ms. */
  readonly at: number;
  readonly what: string;
  run(): void;
}
