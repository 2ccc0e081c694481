import { describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import type { Membership } from "../../machines/invite/types.ts";
import { RetryLater } from "../../src/effects/executor.ts";
import { makeRedisSweepProgress } from "../../src/redis/sweep-progress.ts";
import { Keys } from "../../src/redis/keys.ts";
import type { Actors } from "../../src/runtime/ports.ts";
import { makeMembershipSweep } from "../../src/sweeps/membership.ts";
import { manualClock } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();

function world(inside: number, memberships: Record<number, Membership> = {}, outside = 0) {
  const clock = manualClock();
  const members = Array.from({ length: inside }, (_, index) => `invite/${index + 1}:-1` as ActorAddress);
  const removed = Array.from({ length: outside }, (_, index) => `invite/${index + 101}:-1` as ActorAddress);
  const looked: number[] = [];
  const sent: unknown[] = [];
  let busy = false;
  const actors = {
    pageInState: async (_machine: string, state: string, cursor: string | null, limit: number) => {
      const all = state === "member" ? members : removed;
      const from = Number(cursor ?? 0);
      return { addresses: all.slice(from, from + limit), cursor: from + limit < all.length ? String(from + limit) : null };
    },
    send: async (address: string, event: object, options: { key?: string }) => {
      sent.push({ address, ...event, key: options.key });
    },
    read: async () => null,
  } as unknown as Pick<Actors, "pageInState" | "read" | "send">;
  const sweep = makeMembershipSweep({
    actors,
    look: async (_chatId, userId) => {
      if (busy) throw new RetryLater(500);
      looked.push(userId);
      return memberships[userId] ?? (userId > 100 ? "left" : "member");
    },
    progress: makeRedisSweepProgress(client, new Keys(freshPrefix())),
    clock,
    everyMs: () => 300_000,
    onLooked: () => {},
  });
  return { clock, looked, sent, sweep, setBusy: (value: boolean) => (busy = value) };
}

describe("the membership sweep", () => {
  it("looks at a few people per call and goes on where it stopped", async () => {
    const { sweep, looked } = world(7);
    await sweep();
    expect(looked).toEqual([1, 2, 3]);
    await sweep();
    await sweep();
    expect(looked).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
  it("says nothing where the record is right", async () => {
    const { sweep, sent } = world(2, {}, 1);
    await sweep();
    expect(sent).toEqual([]);
  });
  it("tells the invite of somebody who is out though on record as inside, and of an intruder", async () => {
    const { sweep, sent, clock } = world(2, { 2: "left", 101: "member" }, 1);
    await sweep();
    expect(sent).toEqual([
      { address: "invite/2:-1", type: "membership.seen", membership: "left", key: `sweep ${clock.time}` },
      { address: "invite/101:-1", type: "membership.seen", membership: "member", key: `sweep ${clock.time}` },
    ]);
  });
  it("waits between two rounds", async () => {
    const { sweep, looked, clock } = world(1);
    await sweep();
    await sweep();
    expect(looked).toEqual([1]);
    clock.time += 300_000;
    await sweep();
    expect(looked).toEqual([1, 1]);
  });
  it("lets customers' calls go first and looks at the same people next time", async () => {
    const { sweep, looked, setBusy } = world(2);
    setBusy(true);
    await sweep();
    expect(looked).toEqual([]);
    setBusy(false);
    await sweep();
    expect(looked).toEqual([1, 2]);
  });
});
