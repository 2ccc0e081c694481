import { describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { makeBroadcast } from "../../src/effects/broadcast.ts";
import { AppError, type ErrorCode } from "../../src/errors.ts";
import type { Actors, SendOptions } from "../../src/runtime/ports.ts";

const subscriptions = Array.from({ length: 80 }, (_, index) => `subscription/${index + 1}:p` as ActorAddress);

function audience(failing: (address: ActorAddress) => ErrorCode | null) {
  const reached: ActorAddress[] = [];
  const options: SendOptions[] = [];
  const actors = {
    find: async () => [...subscriptions, "invite/1:-1" as const, "channel/-1" as const],
    send: async (address: ActorAddress, _event: unknown, given: SendOptions) => {
      const code = failing(address);
      if (code) throw new AppError(code);
      reached.push(address);
      options.push(given);
    },
  } as unknown as Actors;
  const run = (signal = new AbortController().signal) =>
    makeBroadcast(actors)(
      { kind: "broadcast", chatId: "-1", machines: ["subscription"], event: { type: "channel.recovered" } },
      { effectId: "channel/-1|3|0", attempt: 1, signal },
    );
  return { run, reached, options };
}

describe("an event for everybody who has to do with a chat", () => {
  it("goes to the machines it is meant for, with the effect as its idempotency key", async () => {
    const { run, reached, options } = audience(() => null);
    await run();
    expect([...reached].sort()).toEqual([...subscriptions].sort());
    expect(new Set(options.map(({ key }) => key))).toEqual(new Set(["channel/-1|3|0"]));
  });
  it("reaches all that can take it, however many cannot, and then says that some could not", async () => {
    const broken = new Set(subscriptions.slice(0, 40));
    const { run, reached } = audience((address) => (broken.has(address) ? "actor.quarantined" : null));
    await expect(run()).rejects.toMatchObject({ code: "actor.quarantined" });
    expect(reached).toHaveLength(40);
  });
  it("is worth another run when one of the failures was a passing one", async () => {
    const { run } = audience((address) =>
      address === subscriptions[5] ? "redis.unreachable" : address < "subscription/3" ? "actor.quarantined" : null,
    );
    await expect(run()).rejects.toMatchObject({ code: "redis.unreachable", retry: true });
  });
  it("stops when the time of the attempt is over", async () => {
    const { run, reached } = audience(() => null);
    await expect(run(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    expect(reached).toEqual([]);
  });
});
