import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { KEY_TABLE, Keys } from "../../src/redis/keys.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { stageForTest, until } from "../queues/support.ts";
import { CAUSE } from "../support/actors.ts";
import { testRedis } from "../support/redis.ts";
import { slotOf } from "../support/slots.ts";

const client = testRedis();
const keys = new Keys("tgs");
const ADDRESS = "subscription/7012345678:wb-analytics";
const PARTITION = partitionOf(ADDRESS);

/** A row of the table as a pattern for real keys. */
const patternOf = (row: string): RegExp =>
  new RegExp(
    `^${row
      .replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")
      .replaceAll("{", "\\{")
      .replaceAll("}", "\\}")
      .replaceAll(/<[^>]+>/g, "[^{}]+")
      .replaceAll("\\{t\\}", "\\{[0-9a-z]+\\}")
      .replaceAll("…", ".+")}$`,
  );
const patterns = KEY_TABLE.map(({ key }) => patternOf(key));
const unlisted = (found: readonly string[]) => found.filter((key) => !patterns.some((pattern) => pattern.test(key)));

describe("the keys that one commit writes", () => {
  it("lie in one slot", () => {
    const written = [
      keys.actor(ADDRESS),
      keys.once(ADDRESS),
      keys.audit(PARTITION),
      keys.outbox(PARTITION),
      keys.timers(PARTITION),
      keys.index(PARTITION),
      keys.quarantine(PARTITION),
    ];
    expect(new Set(written.map(slotOf)).size).toBe(1);
    expect(new Set(written).size).toBe(written.length);
  });
});

describe("the keys that one script about updates or the books touches", () => {
  it("lie in one slot", () => {
    const person = "7012345678";
    expect(
      new Set([keys.update(person, 1), keys.inbox(person), keys.inboxPending(partitionOf(person))].map(slotOf)).size,
    ).toBe(1);
    expect(new Set([keys.ledgerRows(), keys.ledgerSeen(), keys.ledgerSums()].map(slotOf)).size).toBe(1);
  });
});

describe("BullMQ's prefix", () => {
  it("is a hash tag, another one per shard, and belongs to the deployment", () => {
    expect(slotOf(`${keys.queuePrefix(0)}:outside:wait`)).toBe(slotOf(`${keys.queuePrefix(0)}:outside:active`));
    expect(keys.queuePrefix(0)).not.toBe(keys.queuePrefix(1));
    expect(keys.queuePrefix(0)).not.toBe(new Keys("other").queuePrefix(0));
  });
});

describe("the table of keys", () => {
  it("has a row for every key that can be built", () => {
    const built = [
      keys.actor(ADDRESS),
      keys.once(ADDRESS),
      ...[keys.audit(1), keys.outbox(1), keys.timers(1), keys.index(1), keys.quarantine(1), keys.inboxPending(1)],
      ...[
        keys.inbox("7"),
        keys.update("7", 5),
        keys.screen(7),
        keys.screenTurn(7),
        keys.conversation(7),
        keys.ticketMessages("t"),
        keys.throttle(7),
      ],
      ...[
        keys.ledgerRows(),
        keys.ledgerSeen(),
        keys.ledgerSums(),
        `${keys.pace()}:global`,
        `${keys.backend()}:unauthorized`,
        keys.failedEffects(),
        keys.clock(),
      ],
      `${keys.queuePrefix(0)}:clock:delayed`,
    ];
    expect(unlisted(built)).toEqual([]);
  });
  it("has a row for every key that a running service writes", async () => {
    const stage = stageForTest({
      handle: (_update, { actors }) => actors.send("order/b", { type: "book.asked" }, { cause: CAUSE }).then(() => {}),
    });
    stage.startAll();
    await stage.clockWorker.scheduleSweep();
    await stage.updates.receive("p", { update_id: 1 });
    await stage.actors.send(
      "order/b",
      { type: "book.written", entry: "e", to: "c" },
      { cause: CAUSE, key: "k", once: "charge 1" },
    );
    await stage.actors.send("order/b", { type: "book.armed", inMs: 3_600_000 }, { cause: CAUSE });
    await until(
      () => stage.pendingEffects(),
      (count) => count === 0,
    );
    const found: string[] = [];
    for await (const page of client.scanStream({ match: `*${stage.keys.prefix}*`, count: 1_000 }))
      found.push(...(page as string[]));
    expect(found.length).toBeGreaterThan(15);
    expect(unlisted(found)).toEqual([]);
  });
  it("stands in the documentation, row by row", () => {
    const page = readFileSync(new URL("../../docs/redis-keys.md", import.meta.url), "utf8");
    expect(KEY_TABLE.map(({ key }) => key).filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  });
});
