import { beforeEach, describe, expect, it } from "vitest";
import { makeRedisApprovalStore } from "../../src/redis/approval-store.ts";
import { Keys } from "../../src/redis/keys.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import type { KeptApproval } from "../../src/support/approval-port.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const DAY_MS = 86_400_000;
const approval = (id: string, askedAt = 5): KeptApproval => ({
  id,
  title: "refund.requested 6000 XTR",
  deed: {
    kind: "event",
    address: "payment/stx-1",
    event: { type: "refund.requested", access: "revoke", by: "é" },
    expectedSeq: 3,
  },
  reason: "asked by phone",
  askedBy: "alice",
  askedRole: "finance",
  askedAt,
  endsAt: askedAt + DAY_MS,
  state: "waiting",
  decidedBy: null,
  decidedAt: null,
  note: null,
});
let store: ReturnType<typeof makeRedisApprovalStore>;
beforeEach(() => {
  store = makeRedisApprovalStore(client, loadScripts(client), new Keys(freshPrefix()));
});

describe("what waits for a second person", () => {
  it("is kept under its id once: the first stays", async () => {
    await store.put(approval("a1"));
    expect(await store.put({ ...approval("a1"), title: "another" })).toEqual(approval("a1"));
    expect(await store.read("a1")).toEqual(approval("a1"));
    expect(await store.read("a2")).toBeNull();
  });
  it("is listed newest first", async () => {
    await store.put(approval("a1", 5));
    await store.put(approval("a2", 6));
    expect((await store.list()).map(({ id }) => id)).toEqual(["a2", "a1"]);
  });
  it("is replaced by one of two who decide at the same time", async () => {
    await store.put(approval("a1"));
    const decided = (decidedBy: string): KeptApproval => ({ ...approval("a1"), state: "approved", decidedBy });
    const results = await Promise.all(["bob", "carol"].map((name) => store.replace(approval("a1"), decided(name))));
    expect(results.sort()).toEqual([false, true]);
    expect((await store.read("a1"))?.state).toBe("approved");
  });
  it("goes 30 days after its end, when another one comes", async () => {
    await store.put(approval("a1"));
    await store.put(approval("a2", 31 * DAY_MS));
    expect(await store.read("a1")).not.toBeNull();
    await store.put(approval("a3", 32 * DAY_MS));
    expect((await store.list()).map(({ id }) => id)).toEqual(["a3", "a2"]);
  });
});
