// The streams of all partitions, read as one record: pages of it, and what is new.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { makeRedisAuditTail } from "../../src/redis/audit-tail.ts";
import type { AuditFilter } from "../../src/runtime/audit-ports.ts";
import type { AuditEntry } from "../../src/runtime/ports.ts";
import { probe } from "../runtime/support/probe.ts";
import { CAUSE, type ManualClock, makeTestActors, manualClock, START, type TestActors } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
let clock: ManualClock;
let here: TestActors;
beforeEach(() => {
  clock = manualClock();
  here = makeTestActors(client, freshPrefix(), { definitions: [probe], clock });
});

const NAMES = Array.from({ length: 20 }, (_, number): ActorAddress => `ticket/p${number}`);
const count = (address: ActorAddress, by = 1) =>
  here.actors.send(address, { type: "probe.counted", by }, { cause: CAUSE });
const nameOf = ({ address, rev }: AuditEntry) => `${address} ${rev}`;

async function everything(filter: AuditFilter, limit = 7): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  let cursor: string | null | undefined;
  for (let pages = 0; cursor !== null && pages < 100; pages += 1) {
    const page = await here.auditLog.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    found.push(...page.entries);
    cursor = page.cursor;
  }
  return found;
}

describe("the record of all actors", () => {
  it("is listed newest first, each entry once, whatever the size of a page", async () => {
    for (let round = 0; round < 3; round += 1) for (const name of NAMES) await count(name);
    const expected = [3, 2, 1].flatMap((rev) => NAMES.toReversed().map((name) => `${name} ${rev}`));
    // Entries of one millisecond come in the order of their partitions.
    for (const size of [1, 7, 60, 100])
      expect((await everything({}, size)).map(nameOf).sort()).toEqual([...expected].sort());
    const all = await everything({});
    expect(all.map(({ entryId }) => Number(entryId.split("-")[0]))).toEqual(
      all.map(({ entryId }) => Number(entryId.split("-")[0])).sort((a, b) => b - a),
    );
  });
  it("is listed by actor, and by several actors, without reading the others", async () => {
    for (let round = 0; round < 40; round += 1) await count("ticket/a");
    await count("ticket/b");
    for (let round = 0; round < 3; round += 1) await count("ticket/c");
    expect((await everything({ address: "ticket/a" })).map(({ rev }) => rev)).toEqual(
      Array.from({ length: 40 }, (_, index) => 40 - index),
    );
    const some = await everything({ among: ["ticket/b", "ticket/c", "ticket/missing"] }, 2);
    // What was written in one millisecond, in different partitions, has no order.
    expect(some.map(nameOf).sort()).toEqual(["ticket/b 1", "ticket/c 1", "ticket/c 2", "ticket/c 3"]);
    expect(some.filter(({ address }) => address === "ticket/c").map(({ rev }) => rev)).toEqual([3, 2, 1]);
  });
  it.each([
    ["machine", { machine: "order" }, 0],
    ["event", { type: "probe.disarmed" }, 1],
    ["staff", { by: "alice" }, 1],
    ["kind of cause", { kind: "staff" }, 1],
    ["outcome", { outcome: "ignored" }, 1],
    ["time, from", { from: START + 1_000 }, 2],
    ["time, to", { to: START }, 1],
    ["nothing", {}, 3],
  ] as const)("is filtered by %s", async (_name, filter, expected) => {
    await count("ticket/a");
    clock.time += 1_000;
    await here.actors.send("ticket/a", { type: "probe.disarmed" }, { cause: CAUSE });
    await here.actors.send(
      "ticket/b",
      { type: "probe.opened", note: "" },
      {
        cause: { kind: "staff", id: "c", by: "alice", reason: "asked by phone" },
      },
    );
    expect(await everything(filter)).toHaveLength(expected);
  });
  it("takes no cursor of another hand", async () => {
    for (const cursor of ["x", "1-1", "1-1~x y", "9~9", "1-1~order/a"])
      await expect(here.auditLog.list({}, { limit: 1, cursor })).rejects.toMatchObject({ code: "http.badRequest" });
  });
});

describe("who watches the record", () => {
  const watch = async (since?: string) => {
    const seen: AuditEntry[] = [];
    const { stop, isWhole } = await here.auditTail.watch((entries) => seen.push(...entries), since);
    return { seen, stop, isWhole };
  };
  const sees = (seen: readonly AuditEntry[], expected: number) =>
    vi.waitFor(() => expect(seen).toHaveLength(expected), { timeout: 5_000, interval: 5 });

  it("hears of everything new, once, and of nothing old", async () => {
    await count("ticket/a");
    const { seen, stop } = await watch();
    for (const name of NAMES) await count(name);
    await sees(seen, NAMES.length);
    expect(new Set(seen.map(nameOf)).size).toBe(NAMES.length);
    stop();
  });
  it("shares the reading with the others, and hears nothing after the end", async () => {
    const [first, second] = [await watch(), await watch()];
    await count("ticket/a");
    await sees(first.seen, 1);
    await sees(second.seen, 1);
    first.stop();
    await count("ticket/a");
    await sees(second.seen, 2);
    expect(first.seen).toHaveLength(1);
    second.stop();
  });
  it("is brought up to date from what it had, while others write, without a gap", async () => {
    await count("ticket/a");
    const [had] = (await here.auditLog.list({}, { limit: 1 })).entries;
    const writing = Promise.all(NAMES.map((name) => count(name)));
    const { seen, stop, isWhole } = await watch(had?.entryId);
    await writing;
    await sees(seen, NAMES.length + 1);
    expect(isWhole).toBe(true);
    expect(new Set(seen.map(({ entryId, address }) => entryId + address)).size).toBe(NAMES.length + 1);
    stop();
  });
  it("asks Redis for nothing when nobody watches", async () => {
    const asked = vi.spyOn(client, "xrange");
    const tail = makeRedisAuditTail(client, here.keys, { onError: () => {}, everyMs: 1 });
    const { stop } = await tail.watch(() => {});
    await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(64));
    stop();
    await vi.waitFor(() => {
      const before = asked.mock.calls.length;
      return new Promise<void>((resolve, reject) =>
        setTimeout(() => (asked.mock.calls.length === before ? resolve() : reject(new Error("still asking"))), 20),
      );
    });
    asked.mockRestore();
  });
});
