// Long polling: updates without a public address. The same intake as the webhook's; an update is confirmed only after it is durable.
import type { Api } from "grammy";
import { isAppError } from "../errors.ts";

/** How long Telegram holds a request open. Unit: seconds. */
const POLL_SECONDS = 25;
/** Unit: milliseconds. */
const AFTER_FAILURE_MS = 2_000;
/**
 * How often one pre-checkout is tried. Telegram waits 10 seconds for the answer and then cancels the payment: afterwards no answer is taken,
 * and nobody was charged.
 */
const CHECKOUT_TRIES = 6;

type Update = Awaited<ReturnType<Api["getUpdates"]>>[number];

export interface PollingDeps {
  readonly api: Api;
  readonly allowedUpdates: readonly string[];
  readonly accept: (update: unknown) => Promise<unknown>;
  readonly onError: (where: string, error: Error) => void;
  /** By the real clock, ended early by the signal. Unit: milliseconds. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** @returns how to stop: resolves when the running request has ended and its updates are durable. */
export async function startPolling({
  api,
  allowedUpdates,
  accept,
  onError,
  wait = pause,
}: PollingDeps): Promise<() => Promise<void>> {
  await api.deleteWebhook();
  const stop = new AbortController();
  const takeBatch = makeBatches({ accept, onError });
  const poll = async (): Promise<void> => {
    let offset = 0;
    while (!stop.signal.aborted) {
      try {
        const updates = await api.getUpdates(
          { offset, timeout: POLL_SECONDS, limit: 100, allowed_updates: allowedUpdates as never },
          stop.signal as never,
        );
        const { confirmed, isWhole } = await takeBatch(updates);
        offset = confirmed ?? offset;
        if (!isWhole) await wait(AFTER_FAILURE_MS, stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return;
        onError("polling", asError(error));
        await wait(AFTER_FAILURE_MS, stop.signal);
      }
    }
  };
  const running = poll();
  return async () => {
    stop.abort();
    await running;
  };
}

interface BatchResult {
  /** The offset that confirms whatever is durable up to the first update that is not; undefined: not even the first is. */
  readonly confirmed: number | undefined;
  /** Nothing is left to be tried again. */
  readonly isWhole: boolean;
}

/**
 * Pre-checkouts go beside the rest, which stays in its order: somebody waits for the answer, and one that hangs or fails must not keep all
 * others waiting. Telegram confirms by one number, so the rest comes again with the one that failed, and is known as received.
 */
function makeBatches({ accept, onError }: Pick<PollingDeps, "accept" | "onError">) {
  let failures = new Map<number, number>();

  return async (updates: readonly Update[]): Promise<BatchResult> => {
    const notTaken = new Set<number>();
    const failedNow = new Map<number, number>();
    const checkouts = updates.filter(isCheckout).map(async (update) => {
      const id = update.update_id;
      try {
        await accept(update);
      } catch (error) {
        onError("polling", asError(error));
        // What Telegram does not take counts; what could not be kept here (Redis is away) is not over, and waits with all the others.
        const tries = (failures.get(id) ?? 0) + (isAppError(error) ? 0 : 1);
        if (tries >= CHECKOUT_TRIES) return;
        failedNow.set(id, tries);
        notTaken.add(id);
      }
    });
    for (const update of updates) {
      if (isCheckout(update)) continue;
      try {
        await accept(update);
      } catch (error) {
        // Nothing can be kept now: what comes after this one would overtake it.
        onError("polling", asError(error));
        notTaken.add(update.update_id);
        break;
      }
    }
    await Promise.all(checkouts);
    failures = failedNow;
    const first = updates.findIndex(({ update_id }) => notTaken.has(update_id));
    const durable = first < 0 ? updates : updates.slice(0, first);
    const last = durable.at(-1);
    return { confirmed: last && last.update_id + 1, isWhole: first < 0 };
  };
}

const isCheckout = (update: Update): boolean => "pre_checkout_query" in update;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

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
