import { describe, expect, it } from "vitest";
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

describe("an update that comes while Redis is away", () => {
  it("is not acknowledged", async () => {
    const { accept, kept } = intake(new AppError("redis.unreachable"));
    await expect(accept(message(1, 7))).rejects.toMatchObject({ code: "redis.unreachable" });
    expect(kept).toEqual([]);
  });
});
