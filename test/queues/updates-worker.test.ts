import { describe, expect, it } from "vitest";
import { partitionOf } from "../../src/redis/partitions.ts";
import { testRedis } from "../support/redis.ts";
import type { StageOptions } from "../support/stage.ts";
import { gate, QUICK_RECOVERY, stageForTest, until } from "./support.ts";

interface Update {
  readonly update_id: number;
  readonly person: string;
}
const client = testRedis();
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const pending = (stage: ReturnType<typeof stageForTest>) => stage.inbox.pending(1_000);
const handled =
  (handle: (update: Update) => Promise<void> | void): NonNullable<StageOptions["handle"]> =>
  async (update) =>
    handle(update as Update);

describe("updates of many persons, taken in and handled by two processes", () => {
  it("are handled once each, one at a time and in order per person", async () => {
    const persons = Array.from({ length: 10 }, (_, index) => `p${index}`);
    const seen = new Map<string, number[]>();
    const busy = new Set<string>();
    let together = 0;
    const handle = handled(async ({ person, update_id }) => {
      if (busy.has(person)) together += 1;
      busy.add(person);
      await turns(update_id % 7);
      seen.set(person, [...(seen.get(person) ?? []), update_id]);
      busy.delete(person);
    });
    const here = stageForTest({ handle });
    const there = stageForTest({ handle, prefix: here.keys.prefix });
    here.updates.start();
    there.updates.start();
    const expected = new Map(persons.map((person) => [person, [] as number[]]));
    await Promise.all(
      persons.map(async (person, start) => {
        // Each person's updates come one after the other, as Telegram sends them, to either process.
        for (let number = 0; number < 30; number += 1) {
          const update_id = start * 1_000 + number;
          expected.get(person)?.push(update_id);
          expect(await (number % 2 ? here : there).updates.receive(person, { update_id, person } as Update)).toBe(true);
        }
      }),
    );
    await until(
      () => pending(here),
      (list) => list.length === 0,
    );
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
    expect(together).toBe(0);
  });
});

describe("an update that comes again", () => {
  it("is dropped, however many processes it comes to", async () => {
    const seen: number[] = [];
    const handle = handled(({ update_id }) => void seen.push(update_id));
    const here = stageForTest({ handle });
    const there = stageForTest({ handle, prefix: here.keys.prefix });
    here.updates.start();
    const received = await Promise.all(
      [here, there, here, there].map(({ updates }) => updates.receive("p", { update_id: 1, person: "p" } as Update)),
    );
    expect(received.filter((isNew) => isNew)).toHaveLength(1);
    await until(
      () => pending(here),
      (list) => list.length === 0,
    );
    expect(await there.updates.receive("p", { update_id: 1 })).toBe(false);
    expect(seen).toEqual([1]);
  });
});

describe("an update whose handling fails in passing", () => {
  it("is repeated before the person's later ones, and holds back nobody else", async () => {
    const seen: string[] = [];
    let failures = 1;
    const stage = stageForTest({
      handle: handled(({ person, update_id }) => {
        seen.push(`${person} ${update_id}`);
        if (person === "p" && failures > 0) {
          failures -= 1;
          throw new Error("Redis went away in the middle");
        }
      }),
    });
    stage.updates.start();
    for (const update_id of [1, 2]) await stage.updates.receive("p", { update_id, person: "p" } as Update);
    await stage.updates.receive("q", { update_id: 3, person: "q" } as Update);
    await until(
      () => seen.length,
      (count) => count >= 2,
    );
    expect([...seen].sort()).toEqual(["p 1", "q 3"]);
    await until(
      () => pending(stage),
      (list) => list.length === 0,
    );
    expect(seen.filter((entry) => entry.startsWith("p"))).toEqual(["p 1", "p 1", "p 2"]);
  });
});

describe("an update that only misses its answer", () => {
  const noAnswer = (waitMs: number | null) => Object.assign(new Error("429"), { isOnlyAnswerLeft: true, waitMs });
  const ended = (stage: ReturnType<typeof stageForTest>) =>
    until(
      () => pending(stage),
      (list) => list.length === 0,
    );

  it("is tried again no sooner than Telegram allows", async () => {
    const tries: number[] = [];
    const dropped: string[] = [];
    const stage = stageForTest({
      onAnswerDropped: (why) => void dropped.push(why),
      handle: handled(() => {
        tries.push(performance.now());
        if (tries.length === 1) throw noAnswer(1_200);
      }),
    });
    stage.updates.start();
    await stage.updates.receive("p", { update_id: 1 });
    await ended(stage);
    expect(tries).toHaveLength(2);
    // BullMQ counts the wait by the wall clock, this test by another.
    expect((tries[1] ?? 0) - (tries[0] ?? 0)).toBeGreaterThanOrEqual(1_150);
    expect(dropped).toEqual([]);
  });

  it("holds a payment back for moments only, and is given up for it", async () => {
    const seen: number[] = [];
    const dropped: string[] = [];
    const refused = gate();
    const stage = stageForTest({
      onAnswerDropped: (why) => void dropped.push(why),
      handle: handled(({ update_id }) => {
        seen.push(update_id);
        if (update_id !== 1) return;
        refused.open();
        throw noAnswer(60_000);
      }),
    });
    stage.updates.start();
    await stage.updates.receive("p", { update_id: 1 });
    await refused.opened;
    const paidAt = performance.now();
    await stage.updates.receive("p", { update_id: 2 });
    await ended(stage);
    expect(performance.now() - paidAt).toBeLessThan(5_000);
    expect(seen).toEqual([1, 2]);
    expect(dropped).toEqual(["overtaken"]);
  });

  it("gives way at once to one that is there already", async () => {
    const seen: number[] = [];
    const slow = gate();
    const stage = stageForTest({
      handle: handled(async ({ update_id }) => {
        seen.push(update_id);
        if (update_id !== 1) return;
        await slow.opened;
        throw noAnswer(60_000);
      }),
    });
    stage.updates.start();
    for (const update_id of [1, 2]) await stage.updates.receive("p", { update_id });
    slow.open();
    await ended(stage);
    expect(seen).toEqual([1, 2]);
  });

  it.each([
    ["is told to wait longer than anybody would", 600_000, 1],
    ["is refused again and again", 1, 8],
  ])("is let go when it %s", async (_what, waitMs, tries) => {
    const seen: number[] = [];
    const dropped: string[] = [];
    const stage = stageForTest({
      onAnswerDropped: (why) => void dropped.push(why),
      handle: handled(({ update_id }) => {
        seen.push(update_id);
        if (update_id === 1) throw noAnswer(waitMs);
      }),
    });
    stage.updates.start();
    await stage.updates.receive("p", { update_id: 1 });
    await ended(stage);
    await stage.updates.receive("p", { update_id: 2 });
    await ended(stage);
    expect(seen).toEqual([...Array<number>(tries).fill(1), 2]);
    expect(dropped).toEqual(["late"]);
  });
});

describe("an update whose wake-up was lost", () => {
  const lose = async (since: number) => {
    const seen: number[] = [];
    const stage = stageForTest({ handle: handled(({ update_id }) => void seen.push(update_id)) });
    await stage.inbox.receive("p", 1, JSON.stringify({ update_id: 1 }), since);
    stage.updates.start();
    await stage.updates.sweep();
    return { stage, seen };
  };
  it("is found by the sweep", async () => {
    const { stage, seen } = await lose(Date.now() - 5_000);
    await until(
      () => pending(stage),
      (list) => list.length === 0,
    );
    expect(seen).toEqual([1]);
  });
  it("is left to its own wake-up as long as it has hardly waited", async () => {
    const { stage } = await lose(Date.now());
    expect(await stage.queues.queue("updates", 0).getJobCountByTypes("waiting", "active", "delayed")).toBe(0);
  });
});

describe("an update that is durable while its wake-up", () => {
  const receive = async (add: () => Promise<never>) => {
    const stage = stageForTest();
    stage.queues.queue("updates", partitionOf("p")).add = add as never;
    expect(await stage.updates.receive("p", { update_id: 1 })).toBe(true);
    return stage;
  };
  it("hangs, for Redis went away between the two, is received all the same", async () => {
    const stage = await receive(() => new Promise(() => {}));
    expect(await pending(stage)).toHaveLength(1);
  });
  it("fails is received all the same, and the failure is reported", async () => {
    const stage = await receive(() => Promise.reject(new Error("no wake-up")));
    expect(
      await until(
        () => stage.errors,
        (errors) => errors.length > 0,
      ),
    ).toEqual(["updates: no wake-up"]);
  });
});

describe("a worker that was taken for dead", () => {
  it("does not go on with a person whose updates another has taken over", async () => {
    const seen: string[] = [];
    const slow = gate();
    const started = gate();
    const here = stageForTest({
      recovery: QUICK_RECOVERY,
      handle: handled(async ({ update_id }) => {
        seen.push(`slow ${update_id}`);
        started.open();
        await slow.opened;
      }),
    });
    here.updates.start();
    for (const update_id of [1, 2, 3]) await here.updates.receive("p", { update_id });
    await started.opened;
    // The other one gets through all of them before the slow one is done with the first.
    for (let left = 3; left > 0; left -= 1) await here.inbox.finish("p", (await here.inbox.oldest("p")) ?? "");
    await here.inbox.receive("p", 4, JSON.stringify({ update_id: 4 }), Date.now());
    slow.open();
    await until(
      () => here.queues.queue("updates", 0).getActiveCount(),
      (count) => count === 0,
    );
    expect(seen).not.toContain("slow 2");
  });
});

describe("a stop", () => {
  it("finishes the update that is handled, and loses none of the others", async () => {
    const seen: number[] = [];
    const started = gate();
    const slow = gate();
    const stage = stageForTest({
      concurrency: 1,
      handle: handled(async ({ update_id }) => {
        started.open();
        await slow.opened;
        seen.push(update_id);
      }),
    });
    stage.updates.start();
    await stage.updates.receive("p", { update_id: 1 });
    await started.opened;
    const stopped = stage.stop();
    await client.ping();
    await stage.inbox.receive("q", 2, JSON.stringify({ update_id: 2 }), Date.now());
    slow.open();
    await stopped;
    expect(seen).toEqual([1]);
    expect(await client.exists(stage.keys.inbox("p"))).toBe(0);
    expect(await client.zcard(stage.keys.inboxPending(partitionOf("q")))).toBe(1);
  });
});
