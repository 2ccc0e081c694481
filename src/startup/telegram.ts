// What must be true at Telegram before updates flow: the token works, the webhook is ours, every needed kind of update is asked for.
import { type Api, GrammyError, HttpError } from "grammy";
import type { UserFromGetMe } from "grammy/types";
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

/**
 * Registers the webhook and reads it back: Telegram drops names it does not know without a word, and keeps an old list when none is given.
 * @throws AppError telegram.webhook naming what is not as asked
 */
export async function setUpWebhook(
  api: Api,
  { url, secret, allowedUpdates }: WebhookSettings,
): Promise<{ readonly pending: number }> {
  await api.setWebhook(url, { secret_token: secret, allowed_updates: allowedUpdates as never, max_connections: 40 });
  const info = await api.getWebhookInfo();
  const missing = allowedUpdates.filter(
    (kind) => !(info.allowed_updates as readonly string[] | undefined)?.includes(kind),
  );
  if (info.url !== url || missing.length > 0) {
    throw new AppError("telegram.webhook", { details: { sameUrl: info.url === url, missing } });
  }
  return { pending: info.pending_update_count };
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
