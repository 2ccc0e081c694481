import { describe, expect, it } from "vitest";
import { retryPolicies } from "../../src/effects/policies.ts";
import type { ActorDoor } from "../../src/effects/ports.ts";
import { makeEffectRunner } from "../../src/effects/run-effect.ts";
import { AppError } from "../../src/errors.ts";
import { manualClock } from "../support/actors.ts";

const TELL = { kind: "tell", to: "order/a", event: { type: "book.noted", entry: "e" } };
const body = JSON.stringify({ kind: "invoke", childId: "refund", src: "refundCharge", input: {} });

describe("work that succeeded while the actor cannot be reached", () => {
  it("is never reported to the machine as failed, not even by its last attempt", async () => {
    const delivered: unknown[] = [];
    let away = true;
    const door = {
      awaits: async () => true,
      send: async () => {
        throw new Error("nobody opens a ticket for this");
      },
      deliverResult: async (...[, , , result]: Parameters<ActorDoor["deliverResult"]>) => {
        if (away) throw new AppError("redis.unreachable");
        delivered.push(result);
      },
    } as unknown as ActorDoor;
    const run = makeEffectRunner({
      door,
      outbox: { read: async () => body, remove: async () => {} },
      executors: { effect: async () => {}, invoke: async () => ({ result: "refunded" }) },
      failed: { add: async () => {}, list: async () => [] },
      clock: manualClock(),
      random: () => 0.5,
    });
    const last = retryPolicies.refundCharge.attempts;
    await expect(run("payment/c|1|0", last)).rejects.toMatchObject({ code: "redis.unreachable" });
    away = false;
    expect(await run("payment/c|1|0", last + 1)).toEqual({ next: "done" });
    expect(delivered).toEqual([{ ok: true, output: { result: "refunded" } }]);
  });
});

describe("an effect that failed for good", () => {
  const world = (ticket: () => Promise<never>) => {
    const entries = new Map([["order/b|1|0", JSON.stringify({ kind: "effect", effect: TELL })]]);
    const kept: unknown[] = [];
    let calls = 0;
    const run = makeEffectRunner({
      door: { send: ticket } as unknown as ActorDoor,
      outbox: {
        read: async (id) => entries.get(id) ?? null,
        remove: async (id) => void entries.delete(id),
      },
      executors: {
        effect: async () => {
          calls += 1;
          throw new AppError("actor.quarantined");
        },
        invoke: async () => ({}),
      },
      failed: { add: async (effectId, { code }) => void kept.push({ effectId, code }), list: async () => [] },
      clock: manualClock(),
      random: () => 0.5,
    });
    return { run, kept, entries, calls: () => calls };
  };

  it.each(["actor.quarantined", "actor.machineFailed", "redis.refused"] as const)(
    "is kept and over also when its ticket cannot be opened: %s",
    async (code) => {
      const { run, kept, entries, calls } = world(() => Promise.reject(new AppError(code)));
      expect(await run("order/b|1|0", 1)).toEqual({ next: "done" });
      expect(await run("order/b|1|0", 2)).toEqual({ next: "done" });
      expect(kept).toEqual([{ effectId: "order/b|1|0", code: "actor.quarantined" }]);
      expect(entries.size).toBe(0);
      expect(calls()).toBe(1);
    },
  );
  it("is not over before its ticket is open when that only takes another try", async () => {
    const { run, kept, entries } = world(() => Promise.reject(new AppError("redis.unreachable")));
    await expect(run("order/b|1|0", 1)).rejects.toMatchObject({ code: "redis.unreachable" });
    expect(kept).toHaveLength(1);
    expect(entries.size).toBe(1);
  });
});
