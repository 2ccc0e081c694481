import { describe, expect, it } from "vitest";
import { retryPolicies } from "../../src/effects/policies.ts";
import type { ActorDoor } from "../../src/effects/ports.ts";
import { makeEffectRunner } from "../../src/effects/run-effect.ts";
import { AppError } from "../../src/errors.ts";
import { manualClock } from "../support/actors.ts";

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
