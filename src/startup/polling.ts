// Long polling: updates without a public address. The same intake as the webhook's; an update is confirmed only after it is durable.
import type { Api } from "grammy";

/** How long Telegram holds a request open. Unit: seconds. */
const POLL_SECONDS = 25;
/** Unit: milliseconds. */
const AFTER_FAILURE_MS = 2_000;

export interface PollingDeps {
  readonly api: Api;
  readonly allowedUpdates: readonly string[];
  readonly accept: (update: unknown) => Promise<unknown>;
  readonly onError: (where: string, error: Error) => void;
}

/** @returns how to stop: resolves when the running request has ended and its updates are durable. */
export async function startPolling({
  api,
  allowedUpdates,
  accept,
  onError,
}: PollingDeps): Promise<() => Promise<void>> {
  await api.deleteWebhook();
  const stop = new AbortController();
  const poll = async (): Promise<void> => {
    let offset = 0;
    while (!stop.signal.aborted) {
      try {
        const updates = await api.getUpdates(
          { offset, timeout: POLL_SECONDS, limit: 100, allowed_updates: allowedUpdates as never },
          stop.signal as never,
        );
        for (const update of updates) {
          await accept(update);
          offset = update.update_id + 1;
        }
      } catch (error) {
        if (stop.signal.aborted) return;
        onError("polling", error instanceof Error ? error : new Error(String(error)));
        await pause(AFTER_FAILURE_MS, stop.signal);
      }
    }
  };
  const running = poll();
  return async () => {
    stop.abort();
    await running;
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
