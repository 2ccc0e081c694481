import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { SetAsideUpdate } from "../src/bot/ports.ts";
import { parseUpdate } from "../src/bot/updates.ts";
import { AppError } from "../src/errors.ts";
import { makeIntake } from "../src/intake.ts";
import { makeMetrics } from "../src/telemetry/metrics.ts";

const message = (updateId: number, chatId: number) => ({
  update_id: updateId,
  message: {
    message_id: 1,
    date: 1_800_000_000,
    chat: { id: chatId, type: "private" },
    from: { id: chatId, is_bot: false, first_name: "A" },
    text: "/start",
  },
});

function intake(failure: AppError) {
  const kept: SetAsideUpdate[] = [];
  const accept = makeIntake({
    parse: parseUpdate,
    answerPreCheckout: async () => ({ approved: true }),
    seal: (update) => update,
    receive: (person) => (person === "7" ? Promise.reject(failure) : Promise.resolve(true)),
    quarantine: { add: async (update) => void kept.push(update) },
    clock: { now: () => 5 },
    metrics: makeMetrics({ withProcess: false }),
  });
  return { accept, kept };
}

describe("an update of a person whose inbox is broken", () => {
  it("is kept for people to look at: those behind it must not wait for it", async () => {
    const { accept, kept } = intake(new AppError("redis.refused", { details: { keys: ["p:inbox:7"] } }));
    expect(await accept(message(1, 7))).toBe("dropped");
    expect(await accept(message(2, 8))).toBe("received");
    expect(kept).toEqual([
      expect.objectContaining({
        updateId: 1,
        problem: "failed",
        fields: ["redis.refused", "p:inbox:7"],
        at: 5,
        chatId: 7,
      }),
    ]);
  });
});

describe("a checkout that is answered after more than ten seconds", () => {
  it.each([
    [10_001, 1],
    [9_999, 0],
  ])("is a timeout: %i ms", async (ms, timeouts) => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const metrics = makeMetrics();
    const accept = makeIntake({
      parse: parseUpdate,
      answerPreCheckout: async () => {
        vi.advanceTimersByTime(ms);
        return { approved: true };
      },
      seal: (update) => update,
      receive: async () => true,
      quarantine: { add: async () => {} },
      clock: { now: () => 5 },
      metrics,
    });
    const from = { id: 7, is_bot: false, first_name: "A" };
    const query = { id: "q", from, currency: "XTR", total_amount: 5, invoice_payload: "o" };
    expect(await accept({ update_id: 1, pre_checkout_query: query })).toBe("received");
    expect(await metrics.text()).toContain(`tg_pre_checkout_timeouts_total ${timeouts}`);
  });
});

describe("an update that comes while Redis is away", () => {
  it("is not acknowledged", async () => {
    const { accept, kept } = intake(new AppError("redis.unreachable"));
    await expect(accept(message(1, 7))).rejects.toMatchObject({ code: "redis.unreachable" });
    expect(kept).toEqual([]);
  });
});
