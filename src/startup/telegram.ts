// What must be true at Telegram before updates flow: the token works, the webhook is ours, every needed kind of update is asked for.
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, GrammyError, HttpError } from "grammy";
import type { BotCommand, UserFromGetMe } from "grammy/types";
import { AppError } from "../errors.ts";

/** @throws AppError telegram.unauthorized when the token is refused, telegram.unreachable when nobody answers */
export async function readBotInfo(api: Api): Promise<UserFromGetMe> {
  try {
    return await api.getMe();
  } catch (cause) {
    if (cause instanceof GrammyError && (cause.error_code === 401 || cause.error_code === 404)) {
      throw new AppError("telegram.unauthorized", { cause });
    }
    // The cause stays out: it holds the address, and that the token.
    if (cause instanceof HttpError) throw new AppError("telegram.unreachable");
    throw cause;
  }
}

export interface WebhookSettings {
  readonly url: string;
  readonly secret: string;
  readonly allowedUpdates: readonly string[];
}

/** Telegram takes one `setWebhook` a second, and several processes may start at once. */
const TRIES = 5;
/** Longer than the start of a service should take. Unit: milliseconds. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Registers the webhook and reads it back: Telegram drops names it does not know without a word, and keeps an old list when none is given.
 * @param wait By the real clock. Unit: milliseconds.
 * @throws AppError telegram.webhook naming what Telegram refused or what is not as asked; telegram.unreachable
 */
export async function setUpWebhook(
  api: Api,
  { url, secret, allowedUpdates }: WebhookSettings,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<{ readonly pending: number }> {
  const settings = { secret_token: secret, allowed_updates: allowedUpdates as never, max_connections: 40 };
  const info = await asked(wait, async () => {
    await api.setWebhook(url, settings);
    return api.getWebhookInfo();
  });
  const missing = allowedUpdates.filter(
    (kind) => !(info.allowed_updates as readonly string[] | undefined)?.includes(kind),
  );
  if (info.url !== url || missing.length > 0) {
    throw new AppError("telegram.webhook", { details: { sameUrl: info.url === url, missing } });
  }
  return { pending: info.pending_update_count };
}

async function asked<T>(wait: (ms: number) => Promise<unknown>, call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      // The errors themselves go no further: the one holds the secret, the other the address and in it the token.
      if (error instanceof HttpError) throw new AppError("telegram.unreachable");
      if (!(error instanceof GrammyError)) throw error;
      if (error.error_code === 400)
        throw new AppError("telegram.webhook", { details: { refusal: error.description.slice(0, 200) } });
      if (error.error_code !== 429 || tries === TRIES) throw new AppError("telegram.unreachable");
      await wait(Math.min((error.parameters.retry_after ?? 1) * 1_000, LONGEST_WAIT_MS));
    }
  }
}

/** Texts that Telegram shows around the chat. A failure is no reason not to start. */
export async function setUpCommands(
  api: Api,
  commands: Readonly<Record<"ru" | "en", readonly { readonly command: string; readonly description: string }[]>>,
): Promise<void> {
  const scope = { type: "all_private_chats" } as const;
  await api.setMyCommands(commands.en, { scope });
  await api.setMyCommands(commands.ru, { scope, language_code: "ru" });
}

/** In the staff chat other commands stand, in the one language that staff read. A failure is no reason not to start. */
export async function setUpStaffCommands(
  api: Pick<Api, "setMyCommands">,
  staffChatId: string,
  commands: readonly BotCommand[],
): Promise<void> {
  await api.setMyCommands(commands, { scope: { type: "chat", chat_id: Number(staffChatId) } });
}
