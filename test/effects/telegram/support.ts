// Executors against the emulated Telegram over HTTP, with everything they ask of us under the test's control.
import { expect } from "vitest";
import { RetryLater, type Run } from "../../../src/effects/executor.ts";
import { makeTelegramApi } from "../../../src/effects/telegram/api.ts";
import type { DeclineDeps } from "../../../src/effects/telegram/decline-join-request.ts";
import { AppError, type ErrorCode } from "../../../src/errors.ts";
import { startWorld, T0 } from "../../sandbox/telegram/support.ts";

export { T0 };

export async function startAccess() {
  const world = await startWorld({ webhook: false });
  const { emulator } = world;
  const owner = emulator.people.add({ firstName: "Olga" });
  const desk = emulator.channels.create({ title: "Club", owner });
  const ann = emulator.people.add({ firstName: "Ann" });
  const chatId = String(desk.id);

  /** What the service knows; a test changes it. */
  const ours = {
    entitled: true,
    manageable: true,
    removal: "letThrough" as "letThrough" | "held",
    permit: { ok: true } as { ok: true } | { ok: false; retryInMs: number },
    /** Runs when entitlement is asked, for races. */
    onEntitledAsked: () => {},
  };
  const told = {
    slowDowns: [] as { chatId: string | null; retryAfterMs: number }[],
    refusals: [] as string[],
    removals: [] as number[],
    offers: [] as number[],
  };
  const deps: DeclineDeps = {
    api: makeTelegramApi({ token: emulator.token, apiRoot: emulator.apiRoot, timeoutSeconds: 0.3 }),
    botId: emulator.bot.id,
    isEntitled: async () => {
      ours.onEntitledAsked();
      return ours.entitled;
    },
    channels: {
      isManageable: async () => ours.manageable,
      askRemoval: async (_chat, userId) => {
        told.removals.push(userId);
        return ours.removal;
      },
      reportRefusal: async (_chat, reason) => void told.refusals.push(reason),
    },
    clock: world.clock,
    pacer: {
      acquire: async () => ours.permit,
      slowDown: async (chat, retryAfterMs) => void told.slowDowns.push({ chatId: chat, retryAfterMs }),
    },
    offerToBuy: async ({ userId }) => void told.offers.push(userId),
  };
  /** Methods the bot called since the last look, in order. */
  let lastSeq = 0;
  const calls = (): string[] => {
    const fresh = emulator.calls({ afterSeq: lastSeq });
    lastSeq = fresh.at(-1)?.seq ?? lastSeq;
    return fresh.map(({ method }) => method);
  };
  return { ...world, owner, desk, ann, chatId, ours, told, deps, calls, member: { chatId, userId: ann.id } };
}

export type Access = Awaited<ReturnType<typeof startAccess>>;

export const run = (attempt = 1): Run => ({
  effectId: "invite/7:-100|3|0",
  attempt,
  signal: new AbortController().signal,
});

export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

export async function codeOf(work: Promise<unknown>): Promise<ErrorCode> {
  const error = await failure(work);
  if (!(error instanceof AppError)) throw error;
  return error.code;
}

export async function retryInMs(work: Promise<unknown>): Promise<number> {
  const error = await failure(work);
  if (!(error instanceof RetryLater)) throw error;
  return error.retryInMs;
}
