import { describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import type { Membership } from "../../machines/invite/types.ts";
import { RetryLater } from "../../src/effects/executor.ts";
import { AppError } from "../../src/errors.ts";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisSweepProgress } from "../../src/redis/sweep-progress.ts";
import type { Actors } from "../../src/runtime/ports.ts";
import { makeMembershipSweep } from "../../src/sweeps/membership.ts";
import { manualClock } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();

const EVERY_MS = 300_000;
const CALLED_EVERY_MS = 5_000;

interface World {
  /** People per state, by chat. */
  readonly people?: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly healthy?: readonly string[];
  readonly memberships?: Readonly<Record<number, Membership>>;
  /** What happens instead of an answer. */
  readonly refuse?: (chatId: string, userId: number) => Error | null;
  /** Subscriptions that an invite has not heard of as they are now, per person. */
  readonly unheard?: Readonly<Record<number, readonly ActorAddress[]>>;
  /** How long Telegram takes. */
  readonly wait?: () => Promise<void>;
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

function world({
  people = {},
  healthy = ["-1", "-2"],
  memberships = {},
  refuse = () => null,
  unheard = {},
  wait = async () => {},
}: World) {
  const clock = manualClock();
  const looked: number[] = [];
  const sent: unknown[] = [];
  const results: string[] = [];
  const differences: unknown[] = [];
  const counts: unknown[] = [];
  const trouble = { refuse };
  const outside = new Set(
    Object.values(people).flatMap((states) =>
      Object.entries(states).flatMap(([state, ids]) => (state === "member" ? [] : ids)),
    ),
  );
  const addressesOf = (machine: string, state: string): ActorAddress[] =>
    machine === "channel"
      ? healthy.map((id): ActorAddress => `channel/${id}`)
      : Object.entries(people)
          .flatMap(([chatId, states]) =>
            (states[state] ?? []).map((userId): ActorAddress => `invite/${userId}:${chatId}`),
          )
          .sort();
  const actors = {
    pageInState: async (machine: string, state: string, cursor: string | null, limit: number) => {
      const all = addressesOf(machine, state);
      const at = Number(cursor ?? 0);
      return { addresses: all.slice(at, at + limit), cursor: at + limit < all.length ? String(at + limit) : null };
    },
    send: async (address: string, event: object, options: { key?: string }) => {
      sent.push({ address, ...event, key: options.key });
    },
  } as unknown as Pick<Actors, "pageInState" | "send">;
  const progress = makeRedisSweepProgress(client, new Keys(freshPrefix()));
  const sweep = makeMembershipSweep({
    actors,
    look: async (chatId, userId) => {
      const refusal = trouble.refuse(chatId, userId);
      if (refusal) throw refusal;
      await wait();
      looked.push(userId);
      return memberships[userId] ?? (outside.has(userId) ? "left" : "member");
    },
    unheard: async (userId) => unheard[userId] ?? [],
    progress,
    clock,
    everyMs: () => EVERY_MS,
    calledEveryMs: CALLED_EVERY_MS,
    onLooked: (result) => results.push(result),
    onDifference: async (userId, chatId, membership) => void differences.push([userId, chatId, membership]),
    onMembersCounted: async (chatId, members) => void counts.push([chatId, members]),
  });
  const calls = async (count: number): Promise<void> => {
    for (let call = 0; call < count; call += 1) {
      await sweep();
      clock.time += CALLED_EVERY_MS;
    }
  };
  return { clock, looked, sent, results, differences, counts, sweep, calls, trouble, progress };
}

const sorted = (ids: readonly number[]) => [...ids].sort((a, b) => a - b);
const lost = () => new AppError("effect.unavailable", { details: { problem: "lost" } });

describe("the membership sweep", () => {
  it("looks at a few people per call and goes on where it stopped", async () => {
    const { sweep, looked } = world({ people: { "-1": { member: from(1, 45) } } });
    await sweep();
    expect(looked).toHaveLength(20);
    await sweep();
    await sweep();
    expect(sorted(looked)).toEqual(from(1, 45));
  });

  it("comes to everybody once per round, also past people of other chats and over many pages", async () => {
    const { calls, looked } = world({ people: { "-1": { member: from(1, 410) }, "-2": { member: from(1_001, 430) } } });
    await calls(24);
    expect(sorted(looked)).toEqual([...from(1, 410), ...from(1_001, 430)]);
  });

  it("says nothing where the record is right", async () => {
    const { calls, sent, results } = world({ people: { "-1": { member: [1, 2], removed: [101] } } });
    await calls(3);
    expect(sent).toEqual([]);
    expect(results).toEqual(["asExpected", "asExpected", "asExpected"]);
  });

  it("says who is not where they should be, and how many were inside when it came to the end", async () => {
    const { calls, differences, counts } = world({
      people: { "-1": { member: [1, 2], none: [101] } },
      healthy: ["-1"],
      memberships: { 2: "left", 101: "member" },
    });
    await calls(3);
    expect(differences).toEqual([
      [101, "-1", "member"],
      [2, "-1", "left"],
    ]);
    expect(counts).toEqual([["-1", 2]]);
  });

  it.each(["removed", "none", "linkIssued"])(
    "finds who came in though on record as %s, and who is out though inside",
    async (state) => {
      const { calls, sent, clock, results } = world({
        people: { "-1": { member: [1, 2], [state]: [101] } },
        memberships: { 2: "left", 101: "member" },
      });
      const start = clock.time;
      await calls(1);
      expect(sent).toEqual([
        { address: "invite/101:-1", type: "membership.seen", membership: "member", key: `sweep ${start}` },
        { address: "invite/2:-1", type: "membership.seen", membership: "left", key: `sweep ${start}` },
      ]);
      expect(results.filter((result) => result === "differs")).toHaveLength(2);
    },
  );

  it("has access told again where the invite believes otherwise, and takes nobody for a member before", async () => {
    const { calls, sent, clock, results } = world({
      people: { "-1": { member: [1], linkIssued: [101] } },
      memberships: { 101: "member" },
      unheard: { 1: ["subscription/1:club"], 101: ["subscription/101:club"] },
    });
    const key = `sweep ${clock.time}`;
    await calls(1);
    const told = { type: "access.announced", by: "membership sweep", key };
    expect(sent).toEqual([
      expect.objectContaining({ address: "subscription/101:club", ...told }),
      expect.objectContaining({ address: "subscription/1:club", ...told }),
    ]);
    expect(results).toEqual(["differs", "differs"]);
  });

  it("looks at people outside one per call, in every state in turn", async () => {
    const { calls, looked } = world({
      people: { "-1": { removed: from(1, 9), none: from(101, 9), linkIssued: from(201, 9) } },
    });
    await calls(6);
    expect(looked).toHaveLength(6);
    for (const first of [1, 101, 201]) expect(looked.filter((id) => id >= first && id < first + 9)).toHaveLength(2);
  });
});

describe("the time of a round", () => {
  it("stays on record while the next one is under way", async () => {
    const { sweep, calls, clock, progress } = world({ people: { "-1": { member: from(1, 30) } }, healthy: ["-1"] });
    await calls(2);
    const ended = clock.time - CALLED_EVERY_MS;
    expect(await progress.read("member:-1")).toMatchObject({ size: 30, endedAt: ended });
    clock.time += EVERY_MS;
    await sweep();
    expect(await progress.read("member:-1")).toMatchObject({ endedAt: ended, roundStartedAt: clock.time });
  });

  it("is waited for before the next one begins", async () => {
    const { sweep, looked, clock } = world({ people: { "-1": { member: [1] } } });
    await sweep();
    await sweep();
    expect(looked).toEqual([1]);
    clock.time += EVERY_MS;
    await sweep();
    expect(looked).toEqual([1, 1]);
  });

  it("is used evenly once the number of people is known", async () => {
    const { calls, looked } = world({ people: { "-1": { member: from(1, 120) } } });
    await calls(EVERY_MS / CALLED_EVERY_MS);
    expect(looked).toHaveLength(120);
    await calls(1);
    expect(looked).toHaveLength(122);
    await calls(EVERY_MS / CALLED_EVERY_MS - 1);
    expect(looked).toHaveLength(240);
  });

  it("is overrun rather than more than twenty people looked at per call", async () => {
    const { calls, looked } = world({ people: { "-1": { member: from(1, 1_500) } } });
    await calls(75);
    expect(sorted(looked)).toEqual(from(1, 1_500));
    await calls(1);
    expect(looked).toHaveLength(1_520);
  });
});

describe("a chat that cannot be looked into", () => {
  it("is left out while its bot has no rights there", async () => {
    const { calls, looked } = world({ healthy: ["-2"], people: { "-1": { member: [1] }, "-2": { member: [2] } } });
    await calls(2);
    expect(looked).toEqual([2]);
  });

  it("holds up nobody in the others when every look fails", async () => {
    const { calls, looked, results } = world({
      people: { "-1": { member: from(1, 9) }, "-2": { member: from(11, 9) } },
      refuse: (chatId) => (chatId === "-1" ? lost() : null),
    });
    await calls(1);
    expect(sorted(looked)).toEqual(from(11, 9));
    expect(results.filter((result) => result === "failed")).toHaveLength(3);
  });

  it("is gone through all the same: one failed look does not hold the place", async () => {
    const { calls, looked, results } = world({
      people: { "-1": { member: from(1, 9) } },
      refuse: (_, userId) => (userId === 3 ? lost() : null),
    });
    await calls(1);
    expect(sorted(looked)).toEqual([1, 2, 4, 5, 6, 7, 8, 9]);
    expect(results.filter((result) => result === "failed")).toHaveLength(1);
  });

  it("goes on with the same person next time when it was somebody else's turn, and the others have theirs", async () => {
    const { calls, looked, trouble } = world({
      people: { "-1": { member: from(1, 5) }, "-2": { member: from(11, 5) } },
      refuse: (chatId, userId) => (chatId === "-1" && userId >= 3 ? new RetryLater(500) : null),
    });
    await calls(1);
    expect(sorted(looked)).toEqual([1, 2, ...from(11, 5)]);
    trouble.refuse = () => null;
    await calls(1);
    expect(sorted(looked)).toEqual([...from(1, 5), ...from(11, 5)]);
  });

  it("begins with the very first person when even that one had to wait", async () => {
    const { calls, looked, trouble } = world({
      people: { "-1": { member: [1, 2] } },
      refuse: () => new RetryLater(500),
    });
    await calls(2);
    expect(looked).toEqual([]);
    trouble.refuse = () => null;
    await calls(1);
    expect(looked).toEqual([1, 2]);
  });

  it("is asked no more in this call after somebody else's turn, also about people outside", async () => {
    let asked = 0;
    const { calls } = world({
      people: { "-1": { member: [1], none: [2] } },
      refuse: () => {
        asked += 1;
        return new RetryLater(500);
      },
    });
    await calls(1);
    expect(asked).toBe(1);
  });

  it("looks at nobody twice in a round because those who were looked at have left the state", async () => {
    const people = { "-1": { member: from(101, 60) as number[] } };
    const gone = new Set(from(101, 60).filter((id) => id % 3 !== 0));
    const memberships = Object.fromEntries([...gone].map((id) => [id, "left" as const]));
    const { sweep, looked } = world({ people, memberships });
    for (let calls = 0; calls < 3; calls += 1) {
      await sweep();
      people["-1"].member = people["-1"].member.filter((id) => !(gone.has(id) && looked.includes(id)));
    }
    expect(sorted(looked)).toEqual(from(101, 60));
  });

  it("loses nobody who was looked at last and left the state since", async () => {
    const people = { "-1": { member: from(101, 30) as number[] } };
    const { calls, looked } = world({ people });
    await calls(1);
    const last = looked.at(-1) ?? 0;
    people["-1"].member = people["-1"].member.filter((id) => id !== last);
    await calls(2);
    expect(sorted([...new Set(looked)])).toEqual(from(101, 30));
  });
});

describe("what is no trouble of one chat", () => {
  it.each([
    ["Redis that is away", new AppError("redis.unreachable")],
    ["a defect", new TypeError("a defect")],
  ])("(%s) ends the call loudly, and the next one starts", async (_, error) => {
    const { sweep, looked, trouble } = world({ people: { "-1": { member: [1] } }, refuse: () => error });
    await expect(sweep()).rejects.toBe(error);
    trouble.refuse = () => null;
    await sweep();
    expect(looked).toEqual([1]);
  });

  it("(a call that is still under way) is not overtaken by the next", async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { sweep, looked } = world({ people: { "-1": { member: [1] } }, wait: () => held });
    const first = sweep();
    await sweep();
    expect(looked).toEqual([]);
    release();
    await first;
    expect(looked).toEqual([1]);
  });
});
