import { describe, expect, it } from "vitest";
import { measureWaiting, type Waiting } from "../../src/measures/measure-waiting.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";

function watching(overrides: Partial<Waiting> = {}) {
  const metrics = makeMetrics();
  let now = 1_000_000;
  const none = async () => 0;
  measureWaiting(metrics, {
    ...{ oldestWaitMs: none, quarantinedActors: none, failedEffects: none, outboxPending: none },
    queues: async () => [],
    countByState: async () => ({}),
    redisHealth: async () => [],
    wallClock: () => now,
    ...overrides,
  });
  return {
    text: () => metrics.text(),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const away = async (): Promise<never> => {
  throw new Error("away");
};

describe("what waits", () => {
  it("is said in seconds, as one stuck inbox or dead workers show it", async () => {
    expect(await watching({ oldestWaitMs: async () => 61_500 }).text()).toContain("tg_oldest_wait_seconds 61.5");
  });
  it("is shown per queue, with the age of its oldest job", async () => {
    const counts = { waiting: 2, active: 1, delayed: 0, failed: 0 };
    const text = await watching({ queues: async () => [{ name: "outside", counts, oldestAt: 955_000 }] }).text();
    expect(text).toContain('tg_queue_depth{queue="outside",state="waiting"} 2');
    expect(text).toContain('tg_queue_oldest_seconds{queue="outside"} 45');
  });
  it("is read once for all who ask within five seconds", async () => {
    let reads = 0;
    const { text, pass } = watching({ outboxPending: async () => ++reads });
    await Promise.all([text(), text()]);
    pass(4_999);
    expect(await text()).toContain("tg_outbox_pending 1");
    pass(1);
    expect(await text()).toContain("tg_outbox_pending 2");
  });
  it("that cannot be counted is not a number, hides nothing else and is asked for again", async () => {
    let isAway = true;
    const { text } = watching({
      quarantinedActors: async () => (isAway ? await away() : 2),
      failedEffects: async () => 1,
    });
    const first = await text();
    expect(first).toContain("tg_quarantined_actors Nan");
    expect(first).toContain("tg_failed_effects 1");
    isAway = false;
    expect(await text()).toContain("tg_quarantined_actors 2");
  });
});

describe("Redis", () => {
  it("that keeps nothing is told from one that does not answer, and recovers", async () => {
    let state: "fine" | "failing" | "away" = "failing";
    const { text, pass } = watching({
      redisHealth: async () =>
        state === "away" ? await away() : [{ node: "primary", isKept: state === "fine", usedBytes: 5, maxBytes: 10 }],
    });
    expect(await text()).toContain('tg_redis_persistence_ok{node="primary"} 0');
    pass(5_000);
    state = "away";
    const silent = await text();
    expect(silent).toContain('tg_redis_persistence_ok{node="unreachable"} 0');
    expect(silent).not.toContain('tg_redis_persistence_ok{node="primary"}');
    pass(5_000);
    state = "fine";
    const fine = await text();
    expect(fine).toContain('tg_redis_persistence_ok{node="primary"} 1');
    expect(fine).not.toContain('node="unreachable"');
  });
});

describe("actors", () => {
  it("are counted by machine and state at most once a minute; a state that is empty is gone", async () => {
    let states: Record<string, number> = { healthy: 1, lost: 1 };
    const { text, pass } = watching({ countByState: async (machine) => (machine === "channel" ? states : {}) });
    expect(await text()).toContain('tg_actors{machine="channel",state="lost"} 1');
    states = { healthy: 2 };
    pass(59_999);
    expect(await text()).toContain('state="lost"');
    pass(1);
    const later = await text();
    expect(later).not.toContain('state="lost"');
    expect(later).toContain('tg_actors{machine="channel",state="healthy"} 2');
  });
});
