// One suite for the port `ActorStore`, on Redis and on the store in memory that the random tests use.
import { beforeEach, describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { makeRedisActorStore } from "../../src/redis/actor-store.ts";
import { Keys } from "../../src/redis/keys.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeRedisTimerSource } from "../../src/redis/timer-store.ts";
import type { ActorStore, Commit, DueTimer } from "../../src/runtime/ports.ts";
import { makeMemoryStore } from "../support/memory-store.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();

interface Harness {
  readonly store: ActorStore;
  due(now: number): Promise<readonly DueTimer[]>;
}
const engines: Readonly<Record<string, () => Harness>> = {
  "in Redis": () => {
    const keys = new Keys(freshPrefix());
    const source = makeRedisTimerSource(client, keys, () => {});
    return {
      store: makeRedisActorStore(client, loadScripts(client), keys),
      due: async (now) =>
        (await Promise.all(source.partitions.map((partition) => source.due(partition, now, 100)))).flat(),
    };
  },
  "in memory": () => {
    const store = makeMemoryStore();
    return { store, due: async (now) => store.due(now) };
  },
};

const commit = (address: ActorAddress, expectedRev: number, overrides: Partial<Commit> = {}): Commit => ({
  address,
  expectedRev,
  envelope: `{"rev":${expectedRev + 1}}`,
  keys: null,
  head: `hash-${expectedRev + 1}`,
  entry: `{"n":${expectedRev + 1}}`,
  once: null,
  outboxAdd: [],
  outboxRemove: [],
  timersSet: [],
  timersRemove: [],
  indexAdd: [],
  indexRemove: [],
  ...overrides,
});

describe.each(Object.entries(engines))("actors %s", (_name, open) => {
  let store: ActorStore;
  let due: Harness["due"];
  beforeEach(() => {
    ({ store, due } = open());
  });

  it("are loaded as they were committed, and are nothing before that", async () => {
    expect(await store.load("order/a")).toBeNull();
    expect(await store.revision("order/a")).toBe(0);
    const first = await store.commit(commit("order/a", 0, { keys: "[]" }));
    expect(first).toMatchObject({ kind: "committed", rev: 1, earliestDueAt: null });
    await store.commit(commit("order/a", 1, { envelope: null }));
    expect(await store.revision("order/a")).toBe(2);
    expect(await store.load("order/a")).toMatchObject({ rev: 2, envelope: '{"rev":1}', keys: "[]", head: "hash-2" });
  });
  it("are not written at another revision", async () => {
    await store.commit(commit("order/a", 0));
    expect(await store.commit(commit("order/a", 0))).toEqual({ kind: "stale" });
    expect(await store.commit(commit("order/a", 5))).toEqual({ kind: "stale" });
    expect(await store.revision("order/a")).toBe(1);
  });
  it("remember a once key for ever, at whatever revision it comes again", async () => {
    const once = { key: "charge 1", outcome: "applied" };
    await store.commit(commit("order/a", 0, { once }));
    expect(await store.commit(commit("order/a", 1, { once: { ...once, outcome: "ignored" } }))).toEqual({
      kind: "duplicate",
      outcome: "applied",
    });
    expect(await store.commit(commit("order/a", 0, { once }))).toEqual({ kind: "duplicate", outcome: "applied" });
    expect(await store.commit(commit("order/b", 0, { once }))).toMatchObject({ kind: "committed" });
  });
  it("have their history read newest first, page by page, each actor its own", async () => {
    for (let rev = 0; rev < 1_100; rev += 1) await store.commit(commit("order/a", rev));
    await store.commit(commit("order/b", 0, { entry: '{"n":"other"}' }));
    const all = await store.history("order/a", { limit: 5_000 });
    expect(all.map(({ body }) => body)).toEqual(Array.from({ length: 1_100 }, (_, index) => `{"n":${1_100 - index}}`));
    expect(all.at(-1)?.previous).toBe("");
    const first = await store.history("order/a", { limit: 3 });
    expect(first).toEqual(all.slice(0, 3));
    expect(await store.history("order/a", { limit: 3, before: first.at(-1)?.previous ?? "" })).toEqual(all.slice(3, 6));
    expect(await store.history("order/nobody", { limit: 3 })).toEqual([]);
  });
  it("are found by what people know of them, and only by all of it", async () => {
    await store.commit(commit("order/a", 0, { indexAdd: ["telegramId=7|order/a", "orderId=a|order/a"] }));
    await store.commit(commit("payment/c", 0, { indexAdd: ["telegramId=7|payment/c"] }));
    await store.commit(commit("order/b", 0, { indexAdd: ["telegramId=77|order/b"] }));
    expect([...(await store.find("telegramId=7"))].sort()).toEqual(["order/a", "payment/c"]);
    expect(await store.find("telegramId=8")).toEqual([]);
    await store.commit(commit("order/a", 1, { indexRemove: ["telegramId=7|order/a"] }));
    expect(await store.find("telegramId=7")).toEqual(["payment/c"]);
  });
  it("are counted and walked by state, page by page, without those whose state only begins alike", async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `a${index}`);
    for (const id of ids) await store.commit(commit(`order/${id}`, 0, { indexAdd: [`s:order:billing.active|${id}`] }));
    await store.commit(commit("order/x", 0, { indexAdd: ["s:order:billing.activeSoon|x"] }));
    await store.commit(commit("order/y", 0, { indexAdd: ["s:order:billing|y"] }));
    expect(await store.countByState("order")).toEqual({ "billing.active": 25, "billing.activeSoon": 1, billing: 1 });
    const walked: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<ActorStore["pageInState"]>> = await store.pageInState(
        "order",
        "billing.active",
        cursor,
        4,
      );
      expect(page.addresses.length).toBeLessThanOrEqual(4);
      walked.push(...page.addresses);
      cursor = page.cursor;
    } while (cursor !== null);
    expect(walked.sort()).toEqual(ids.map((id) => `order/${id}`).sort());
    expect((await store.pageInState("order", "billing", null, 100)).addresses).toHaveLength(27);
    expect((await store.pageInState("order", "bill", null, 100)).addresses).toEqual([]);
    expect((await store.pageInState("order", "", null, 100)).addresses).toHaveLength(27);
  });
  it("are counted, walked and found whatever letters their ids are made of", async () => {
    for (const id of ["жж", "a", "日本"])
      await store.commit(
        commit(`payment/${id}`, 0, { indexAdd: [`s:payment:settled|${id}`, `chargeId=${id}|payment/${id}`] }),
      );
    expect(await store.countByState("payment")).toEqual({ settled: 3 });
    const { addresses, cursor } = await store.pageInState("payment", "settled", null, 10);
    expect([...addresses].sort()).toEqual(["payment/a", "payment/жж", "payment/日本"]);
    expect(cursor).toBeNull();
    expect(await store.find("chargeId=жж")).toEqual(["payment/жж"]);
  });
  it("have timers that are set, moved, put off, cancelled and dropped", async () => {
    const timer = (timerId: string, dueAt: number): DueTimer => ({ address: "order/a", timerId, dueAt });
    const set = await store.commit(
      commit("order/a", 0, {
        timersSet: [
          { id: "end", dueAt: 500 },
          { id: "soon", dueAt: 400 },
        ],
      }),
    );
    expect(set).toMatchObject({ earliestDueAt: 400 });
    await store.commit(commit("order/a", 1, { timersSet: [{ id: "end", dueAt: 300 }], timersRemove: ["soon"] }));
    expect(await due(1_000)).toEqual([timer("end", 300)]);
    await store.postponeTimer(timer("end", 300), 900);
    expect(await due(899)).toEqual([]);
    // A timer that was cancelled in the meantime does not come back by being put off.
    await store.postponeTimer(timer("soon", 400), 900);
    expect(await due(1_000)).toEqual([timer("end", 900)]);
    await store.dropTimer(timer("end", 900));
    expect(await due(1_000)).toEqual([]);
  });
  it("are written by one of two writers that hold the same revision", async () => {
    for (let rev = 0; rev < 30; rev += 1) {
      const results = await Promise.all([store.commit(commit("order/a", rev)), store.commit(commit("order/a", rev))]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(["committed", "stale"]);
    }
  });
});
