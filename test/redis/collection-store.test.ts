import { describe, expect, it } from "vitest";
import { firstState, type ScopeState } from "../../src/collection/state.ts";
import { makeRedisCollectionStore } from "../../src/redis/collection-store.ts";
import { Keys } from "../../src/redis/keys.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { slotOf } from "../support/slots.ts";

const client = testRedis();
const scripts = loadScripts(client);
const SCOPE = { spreadsheetId: "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd", dataset: "checklist" };
const OTHER = { ...SCOPE, spreadsheetId: "2AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd" };
const NOW = Date.UTC(2026, 1, 18, 9);
const open = (keys = new Keys(freshPrefix())) => makeRedisCollectionStore(client, scripts, keys);
const fresh = (scope = SCOPE): ScopeState => firstState(scope, NOW, 6 * 3_600_000);

describe("the state of a scope", () => {
  it("is written by one who read the newest, and by nobody else", async () => {
    const store = open();
    expect(await store.read(SCOPE)).toBeNull();
    expect([await store.save(fresh(), 5), await store.save(fresh(), 6)]).toEqual([true, false]);
    const state = await store.read(SCOPE);
    expect(state).toEqual({ ...fresh(), rev: 1 });
    const changed = { ...fresh(), rev: 1, lastSlot: 9 };
    expect([await store.save(changed, 7), await store.save({ ...changed, lastSlot: 8 }, 7)]).toEqual([true, false]);
    expect(await store.read(SCOPE)).toMatchObject({ rev: 2, lastSlot: 9 });
    expect(await store.all()).toHaveLength(1);
  });

  it("of two that write at once is one's", async () => {
    const store = open();
    const both = await Promise.all([1, 2, 3].map((lastSlot) => store.save({ ...fresh(), lastSlot }, 5)));
    expect(both.filter((isWritten) => isWritten)).toHaveLength(1);
  });
});

describe("what is due", () => {
  it("comes in order, as far as it was planned", async () => {
    const store = open();
    expect(await store.nextAt()).toBeNull();
    await store.save(fresh(), 20);
    await store.save(fresh(OTHER), 10);
    expect([await store.due(9, 5), await store.due(10, 5), await store.due(20, 5)]).toEqual([
      [],
      [OTHER],
      [OTHER, SCOPE],
    ]);
    expect(await store.due(20, 1)).toEqual([OTHER]);
    expect(await store.nextAt()).toBe(10);
    await store.postpone(OTHER, 30);
    expect(await store.nextAt()).toBe(20);
    await store.save({ ...fresh(), rev: 1 }, null);
    await store.postpone(SCOPE, 1);
    expect(await store.due(30, 5)).toEqual([OTHER]);
  });
});

describe("a lease", () => {
  it("is one process' at a time, and another's when it is over", async () => {
    const store = open();
    const lease = await store.lease(SCOPE, 60_000);
    expect(await store.lease(SCOPE, 60_000)).toBeNull();
    expect(await store.lease(OTHER, 60_000)).not.toBeNull();
    expect(await lease?.renew(60_000)).toBe(true);
    await lease?.release();
    expect(await lease?.renew(60_000)).toBe(false);
    const next = await store.lease(SCOPE, 60_000);
    await lease?.release();
    expect(await next?.renew(60_000)).toBe(true);
  });
});

describe("the collector", () => {
  it("is one scope's until it is freed, however often that one takes it", async () => {
    const store = open();
    const takes = async (scope = SCOPE) => store.takeCollector(scope, 60_000);
    expect([await takes(), await takes(), await takes(OTHER)]).toEqual([true, true, false]);
    await store.freeCollector(OTHER);
    expect(await takes(OTHER)).toBe(false);
    await store.freeCollector(SCOPE);
    expect(await takes(OTHER)).toBe(true);
  });
});

describe("the noise floor", () => {
  it("is kept of each scope, the newest only", async () => {
    const store = open();
    await store.putNoise(SCOPE, { day: "2026-02-16", byKey: {} });
    await store.putNoise(SCOPE, { day: "2026-02-17", byKey: {} });
    await store.putNoise(OTHER, { day: "2026-02-16", byKey: {} });
    expect((await store.noise("checklist")).map(({ day }) => day).sort()).toEqual(["2026-02-16", "2026-02-17"]);
    expect(await store.noise("other")).toEqual([]);
  });
});

describe("its keys", () => {
  it("lie in one slot, those of one script", () => {
    const keys = new Keys("tgs");
    expect(slotOf(keys.collectScopes())).toBe(slotOf(keys.collectDue()));
  });
});
