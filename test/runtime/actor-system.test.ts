import { beforeEach, describe, expect, it } from "vitest";
import { paymentDefinition } from "../../machines/payment/definition.ts";
import { partitionOf } from "../../src/redis/partitions.ts";
import { CAUSE, type ManualClock, makeTestActors, manualClock, START, type TestActors } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { probe } from "./support/probe.ts";

const client = testRedis();
let clock: ManualClock;
let prefix: string;
let here: TestActors;
const system = (overrides: { cacheSize?: number } = {}) =>
  makeTestActors(client, prefix, { definitions: [probe], clock, ...overrides });
beforeEach(() => {
  clock = manualClock();
  prefix = freshPrefix();
  here = system();
});
const count = (by: number, options: { key?: string; once?: string; expectedRev?: number } = {}) =>
  here.actors.send("ticket/p", { type: "probe.counted", by }, { cause: CAUSE, ...options });
const CHOSEN = "chosen.timer.armed";

describe("an event to an actor that does not exist", () => {
  it("creates it when the event is a creator, and is applied in the same revision", async () => {
    expect(await count(3)).toMatchObject({
      outcome: "applied",
      rev: 1,
      view: { context: { total: 3 }, states: ["timer.resting", "work.idle"] },
    });
  });
  it("is answered noActor otherwise, and writes nothing", async () => {
    expect(await here.actors.send("ticket/p", { type: "probe.dropped" }, { cause: CAUSE })).toEqual({
      outcome: "noActor",
      rev: 0,
      view: null,
    });
    expect(await client.keys(`${prefix}:*`)).toEqual([]);
  });
});

describe("an event that is not what the machine takes", () => {
  it.each([
    ["an unknown type", { type: "probe.unknown" }],
    ["a missing field", { type: "probe.counted" }],
    ["a field too many", { type: "probe.counted", by: 1, at: 5 }],
    ["an event of XState's own", { type: "xstate.done.actor.check", output: {} }],
    ["a timer's event", { type: `xstate.after.${CHOSEN}` }],
  ])("is refused: %s", async (_name, event) => {
    await expect(here.actors.send("ticket/p", event, { cause: CAUSE })).rejects.toMatchObject({
      code: "actor.invalidEvent",
    });
  });
  it("is refused for an unknown machine and for an impossible id", async () => {
    await expect(here.actors.send("nothing/p" as never, { type: "x" }, { cause: CAUSE })).rejects.toMatchObject({
      code: "actor.unknownMachine",
    });
    await expect(here.actors.send("ticket/a b", { type: "x" }, { cause: CAUSE })).rejects.toMatchObject({
      code: "actor.invalidId",
    });
  });
});

describe("an event the machine has no use for", () => {
  it("changes nothing and is on record", async () => {
    await count(1);
    const result = await here.actors.send("ticket/p", { type: "probe.disarmed" }, { cause: CAUSE });
    expect(result).toMatchObject({ outcome: "ignored", rev: 2, view: { context: { total: 1 } } });
    expect((await here.actors.history("ticket/p"))[0]).toMatchObject({
      outcome: "ignored",
      event: { type: "probe.disarmed" },
      cause: CAUSE,
    });
  });
});

describe("an event with an idempotency key", () => {
  it("counts once, also in another process, and answers with the first outcome", async () => {
    expect(await count(5, { key: "u1" })).toMatchObject({ outcome: "applied", rev: 1 });
    await count(1);
    expect(await count(5, { key: "u1" })).toMatchObject({ outcome: "duplicate", rev: 1, first: "applied" });
    const there = system({ cacheSize: 0 });
    const again = await there.actors.send("ticket/p", { type: "probe.counted", by: 5 }, { cause: CAUSE, key: "u1" });
    expect(again).toMatchObject({ outcome: "duplicate", view: { context: { total: 6 } } });
  });
  it("counts once for ever when the key is kept for ever", async () => {
    await count(5, { once: "charge 1" });
    for (let turn = 0; turn < 40; turn += 1) await count(0, { key: `other ${turn}` });
    expect(await count(5, { once: "charge 1" })).toMatchObject({
      outcome: "duplicate",
      first: "applied",
      view: { context: { total: 5 } },
    });
  });
  it("is on record each time it comes again, with its cause, and changes nothing", async () => {
    await count(5, { once: "charge 1" });
    const cause = { kind: "system", id: "another update" } as const;
    const event = { type: "probe.counted", by: 7 };
    const there = system({ cacheSize: 0 });
    expect(await there.actors.send("ticket/p", event, { cause, once: "charge 1", key: "u2" })).toMatchObject({
      outcome: "duplicate",
      rev: 2,
      first: "applied",
      view: { rev: 2, context: { total: 5 } },
    });
    expect((await here.actors.history("ticket/p"))[0]).toMatchObject({
      outcome: "ignored",
      event,
      cause,
      note: "seen before: it counts once for ever",
    });
    expect(await count(7, { once: "charge 1" })).toMatchObject({ outcome: "duplicate", rev: 3 });
    expect(await here.actors.verify("ticket/p")).toMatchObject({ ok: true, entries: 3 });
  });
  it("stays silent when the same delivery comes again, also for money", async () => {
    await count(5, { once: "charge 1", key: "u1" });
    expect(await count(5, { once: "charge 1", key: "u1" })).toMatchObject({ outcome: "duplicate", rev: 1 });
    await count(5, { once: "charge 1", key: "u2" });
    expect(await count(5, { once: "charge 1", key: "u2" })).toMatchObject({ outcome: "duplicate", rev: 2 });
    expect(await here.actors.history("ticket/p")).toHaveLength(2);
  });
  it("is taken at the revision that was looked at, also by a process that remembers an older one", async () => {
    await count(1);
    await system().actors.send("ticket/p", { type: "probe.counted", by: 1 }, { cause: CAUSE });
    expect(await count(1, { expectedRev: 2 })).toMatchObject({ outcome: "applied", rev: 3 });
  });
  it("is refused when the actor moved on since it was looked at", async () => {
    await count(1);
    await count(1);
    await expect(count(1, { expectedRev: 1 })).rejects.toMatchObject({ code: "actor.staleRevision" });
    expect(await count(1, { expectedRev: 2 })).toMatchObject({ rev: 3 });
  });
});

describe("rule 3: a charge that is seen twice", () => {
  const received = (userId: number) => ({
    type: "payment.received",
    userId,
    amountMinor: 500,
    currency: "XTR",
    recurring: false,
    firstRecurring: false,
    expiresAt: null,
    orderId: "o1",
    providerChargeId: null,
    source: "update",
  });
  const send = async (userId: number, update: number) => {
    const { actors } = makeTestActors(client, prefix, { definitions: [paymentDefinition], clock });
    const cause = { kind: "update", id: String(update) } as const;
    const result = await actors.send("payment/c1", received(userId), {
      cause,
      key: `u${update}`,
      once: "payment.received",
    });
    return { ...result, history: await actors.history("payment/c1") };
  };

  it("changes nothing and is on record", async () => {
    expect(await send(7, 1)).toMatchObject({ outcome: "applied", rev: 1 });
    const again = await send(7, 2);
    expect(again).toMatchObject({ outcome: "duplicate", rev: 2, first: "applied" });
    expect(again.history[0]).toMatchObject({
      outcome: "ignored",
      cause: { id: "2" },
      note: expect.stringContaining("once"),
    });
  });
  it("by another buyer opens a ticket, once per update, and leaves the payment as it is", async () => {
    const first = await send(7, 1);
    const replayed = await send(8, 2);
    expect(replayed).toMatchObject({ outcome: "duplicate", first: "applied" });
    expect(replayed.view?.context).toEqual(first.view?.context);
    expect(replayed.history[0]).toMatchObject({
      outcome: "applied",
      effects: ["tell ticket/replayedCharge:c1 ticket.opened"],
    });
    expect((await send(8, 2)).history).toHaveLength(2);
  });
});

describe("two processes that write to one actor", () => {
  it("bring all events into one order and lose none", async () => {
    const there = system();
    await count(0);
    const sends = Array.from({ length: 200 }, (_, index) =>
      (index % 2 ? here : there).actors.send(
        "ticket/p",
        { type: "probe.counted", by: 1 },
        { cause: CAUSE, key: `k${index}` },
      ),
    );
    const revs = (await Promise.all(sends)).map(({ rev }) => rev);
    expect(new Set(revs).size).toBe(200);
    expect((await system().actors.read("ticket/p"))?.context.total).toBe(200);
    expect(await here.actors.verify("ticket/p")).toMatchObject({ ok: true, entries: 201 });
  });
});

describe("a timer", () => {
  beforeEach(() => here.actors.send("ticket/p", { type: "probe.opened", note: "" }, { cause: CAUSE }));
  const arm = (inMs: number) => here.actors.send("ticket/p", { type: "probe.armed", inMs }, { cause: CAUSE });
  const fire = (dueAt: number) => here.actors.fireTimer({ address: "ticket/p", timerId: CHOSEN, dueAt });

  it("is announced with the earliest due time of its partition", async () => {
    await arm(5_000);
    expect(here.moved).toEqual([START + 5_000]);
  });
  it("fires once when it is due, and leaves the sorted set", async () => {
    await arm(5_000);
    clock.time += 5_000;
    expect(await fire(clock.time)).toBe("applied");
    expect(await fire(clock.time)).toBe("ignored");
    expect((await here.actors.read("ticket/p"))?.context.firedAt).toEqual([START + 5_000]);
    expect(await client.zcard(here.keys.timers(partitionOf("ticket/p")))).toBe(0);
  });
  it("does not fire when it was moved to a later time, and the audit says so", async () => {
    await arm(1_000);
    await arm(9_000);
    clock.time += 1_000;
    expect(await fire(START + 1_000)).toBe("ignored");
    expect((await here.actors.history("ticket/p"))[0]).toMatchObject({
      outcome: "ignored",
      note: "the timer was moved to a later time",
      cause: { kind: "timer" },
    });
    expect((await here.actors.read("ticket/p"))?.timers[CHOSEN]?.dueAt).toBe(START + 9_000);
  });
  it("that is not named like its event is used up as well", async () => {
    await here.actors.send("ticket/p", { type: "probe.raised" }, { cause: CAUSE });
    clock.time += 1_000;
    expect(await here.actors.fireTimer({ address: "ticket/p", timerId: "later", dueAt: clock.time })).toBe("applied");
    expect(await here.actors.read("ticket/p")).toMatchObject({ context: { firedAt: [clock.time] }, timers: {} });
    expect(await client.zcard(here.keys.timers(partitionOf("ticket/p")))).toBe(0);
  });
  it("of an actor that is gone is dropped", async () => {
    await arm(1_000);
    await client.del(here.keys.actor("ticket/p"));
    const there = system();
    clock.time += 1_000;
    expect(await there.actors.fireTimer({ address: "ticket/p", timerId: CHOSEN, dueAt: clock.time })).toBe("noActor");
    expect(await client.zscore(here.keys.timers(partitionOf("ticket/p")), `ticket/p|${CHOSEN}`)).toBeNull();
  });
  it("beyond 24.8 days is as good as any other", async () => {
    await arm(60 * 86_400_000);
    clock.time += 40 * 86_400_000;
    expect(await here.actors.fireTimer({ address: "ticket/p", timerId: "long.timer.armed", dueAt: clock.time })).toBe(
      "applied",
    );
  });
});

describe("the result of invoked work", () => {
  beforeEach(() => here.actors.send("ticket/p", { type: "probe.opened", note: "" }, { cause: CAUSE }));
  const ask = (chatId: string) => here.actors.send("ticket/p", { type: "probe.asked", chatId }, { cause: CAUSE });
  const outbox = () => client.hkeys(here.keys.outbox(partitionOf("ticket/p")));

  it("reaches the machine and ends the outbox entry in the same commit", async () => {
    await ask("-1");
    expect(here.added).toEqual(["ticket/p|2|0"]);
    expect(await outbox()).toEqual(["ticket/p|2|0"]);
    const result = await here.actors.deliverResult("ticket/p", "ticket/p|2|0", "check", {
      ok: true,
      output: { membership: "left" },
    });
    expect(result).toMatchObject({
      outcome: "applied",
      view: { context: { answer: "left" }, states: ["timer.resting", "work.idle"], invocations: {} },
    });
    expect(await outbox()).toEqual([]);
  });
  it("of an earlier round is ignored, and the present round goes on", async () => {
    await ask("-1");
    await ask("-2");
    const late = await here.actors.deliverResult("ticket/p", "ticket/p|2|0", "check", {
      ok: true,
      output: { membership: "left" },
    });
    expect(late).toMatchObject({ outcome: "ignored", view: { context: { answer: null } } });
    expect(await outbox()).toEqual(["ticket/p|3|0"]);
    expect(await here.actors.awaits("ticket/p", "check", "ticket/p|3|0")).toBe(true);
  });
  it("counts once when it is delivered twice", async () => {
    await ask("-1");
    const deliver = () =>
      here.actors.deliverResult("ticket/p", "ticket/p|2|0", "check", {
        ok: false,
        error: { code: "effect.rejected", final: true },
      });
    expect((await deliver()).outcome).toBe("applied");
    expect((await deliver()).outcome).toBe("ignored");
  });
  it("is no longer waited for after the state was left", async () => {
    await ask("-1");
    await here.actors.send("ticket/p", { type: "probe.dropped" }, { cause: CAUSE });
    expect(await outbox()).toEqual([]);
    expect(await here.actors.awaits("ticket/p", "check", "ticket/p|2|0")).toBe(false);
  });
});

describe("a machine that throws", () => {
  it("changes nothing, and that it threw is on record", async () => {
    await count(2);
    await expect(here.actors.send("ticket/p", { type: "probe.broke" }, { cause: CAUSE })).rejects.toMatchObject({
      code: "actor.machineFailed",
    });
    expect((await here.actors.read("ticket/p"))?.context.total).toBe(2);
    expect((await here.actors.history("ticket/p"))[0]).toMatchObject({
      outcome: "failed",
      event: { type: "probe.broke" },
    });
    expect(await count(1)).toMatchObject({ outcome: "applied", view: { context: { total: 3 } } });
  });
});

describe("history", () => {
  it("names who caused what, from where to where, and leaves out what is personal", async () => {
    const cause = { kind: "staff", id: "c1", by: "olga", reason: "asked by phone" } as const;
    await here.actors.send("ticket/p", { type: "probe.opened", note: "Anna" }, { cause });
    await here.actors.send("ticket/p", { type: "probe.armed", inMs: 5 }, { cause: CAUSE });
    const [armed, opened] = await here.actors.history("ticket/p");
    expect(opened).toMatchObject({ rev: 1, cause, event: { type: "probe.opened", note: "(personal)" } });
    expect(armed).toMatchObject({
      rev: 2,
      from: ["timer.resting"],
      to: ["timer.armed"],
      timers: [`+${CHOSEN}@${START + 5}`, expect.any(String)],
    });
  });
  it("is read page by page, newest first", async () => {
    for (let turn = 0; turn < 7; turn += 1) await count(1);
    const first = await here.actors.history("ticket/p", { limit: 3 });
    const second = await here.actors.history("ticket/p", { limit: 3, before: first.at(-1)?.previous ?? "" });
    expect([...first, ...second].map(({ rev }) => rev)).toEqual([7, 6, 5, 4, 3, 2]);
  });
});

describe("the hash chain", () => {
  const audit = () => here.keys.audit(partitionOf("ticket/p"));
  beforeEach(async () => {
    for (let turn = 0; turn < 5; turn += 1) await count(1);
  });
  it("is whole after any number of events", async () => {
    expect(await here.actors.verify("ticket/p")).toEqual({ ok: true, entries: 5, brokenAt: null, problem: null });
  });
  it("shows an entry that was taken out", async () => {
    const entry = (await here.actors.history("ticket/p"))[2];
    await client.xdel(audit(), entry?.entryId ?? "");
    expect(await here.actors.verify("ticket/p")).toMatchObject({ ok: false, problem: "missingEntry" });
  });
  it("shows that the newest entry was taken out", async () => {
    const entry = (await here.actors.history("ticket/p"))[0];
    await client.xdel(audit(), entry?.entryId ?? "");
    expect(await here.actors.verify("ticket/p")).toMatchObject({ ok: false });
  });
  it("shows an edited entry, even where its own hash was made to fit", async () => {
    const entries = await here.actors.history("ticket/p");
    const victim = entries[2];
    const [[, fields]] = (await client.xrange(audit(), victim?.entryId ?? "", victim?.entryId ?? "")) as [
      [string, string[]],
    ];
    await client.xtrim(audit(), "MAXLEN", 0);
    // A forger cannot put an entry back under its old id, so the whole stream is written anew.
    for (const entry of [...entries].reverse()) {
      const body =
        entry === victim
          ? (fields[1] ?? "").replace('"by":1', '"by":9')
          : JSON.stringify({ a: "ticket/p", n: entry.rev });
      await client.xadd(`${audit()}2`, entry.entryId, "d", body, "h", entry.hash, "p", entry.previous);
    }
    await client.rename(`${audit()}2`, audit());
    expect(await here.actors.verify("ticket/p")).toMatchObject({ ok: false });
  });
});

describe("a stored snapshot that cannot be read", () => {
  const spoil = async (envelope: string) => {
    await count(1);
    await client.hset(here.keys.actor("ticket/p"), "s", envelope);
    return system().actors.read("ticket/p");
  };
  it.each([
    ["no JSON", "{", "actor.quarantined"],
    ["null", "null", "actor.quarantined"],
    ["no version", "{}", "actor.quarantined"],
    ["a version of tomorrow", '{"version":2}', "actor.unknownVersion"],
    [
      "a state that is gone",
      '{"version":1,"snapshot":{"status":"active","value":"gone","context":{}},"timers":{},"invocations":{}}',
      "actor.quarantined",
    ],
  ])("is quarantined, never begun anew: %s", async (_name, envelope, code) => {
    await expect(spoil(envelope)).rejects.toMatchObject({ code });
    expect(await client.hexists(here.keys.quarantine(partitionOf("ticket/p")), "ticket/p")).toBe(1);
    await expect(
      system().actors.send("ticket/p", { type: "probe.counted", by: 1 }, { cause: CAUSE }),
    ).rejects.toMatchObject({ code });
  });
});

describe("an actor that was lost", () => {
  const lose = async (once?: string) => {
    await here.actors.send(
      "ticket/p",
      { type: "probe.counted", by: 1 },
      { cause: CAUSE, ...(once === undefined ? {} : { once }) },
    );
    await client.del(here.keys.actor("ticket/p"));
    return system().actors;
  };
  it("never begins anew while its money keys are there, and waits for people", async () => {
    const actors = await lose("charge 1");
    for (const once of ["charge 1", "charge 2", undefined]) {
      const options = { cause: CAUSE, ...(once === undefined ? {} : { once }) };
      await expect(actors.send("ticket/p", { type: "probe.counted", by: 1 }, options)).rejects.toMatchObject({
        code: "actor.quarantined",
        details: { problem: "missingActor" },
      });
    }
    expect(await client.exists(here.keys.actor("ticket/p"))).toBe(0);
    expect(await client.hexists(here.keys.quarantine(partitionOf("ticket/p")), "ticket/p")).toBe(1);
  });
  it("is missed by verify: its money keys name it", async () => {
    const actors = await lose("charge 1");
    await client.del(here.keys.index(partitionOf("ticket/p")), here.keys.audit(partitionOf("ticket/p")));
    expect(await actors.verify("ticket/p")).toEqual({ ok: false, entries: 0, brokenAt: null, problem: "missingActor" });
  });
  it("is missed by verify: its index entries name it", async () => {
    const actors = await lose();
    await client.del(here.keys.audit(partitionOf("ticket/p")));
    expect(await actors.verify("ticket/p")).toMatchObject({ ok: false, problem: "missingActor" });
  });
  it("is missed by verify: its history names it", async () => {
    const actors = await lose();
    await client.del(here.keys.index(partitionOf("ticket/p")));
    expect(await actors.verify("ticket/p")).toMatchObject({ ok: false, problem: "missingActor" });
  });
  it("is not mistaken for one that never was", async () => {
    const actors = await lose("charge 1");
    for (const address of ["ticket/pp", "ticket/q", "ticket/P"] as const) {
      expect(await actors.verify(address), address).toEqual({ ok: true, entries: 0, brokenAt: null, problem: null });
    }
  });
});

describe("a snapshot of an older machine", () => {
  it("is brought up to date by its migration", async () => {
    await count(4);
    const migrated = {
      ...probe,
      version: 2,
      migrations: { 1: (old: unknown) => JSON.parse(JSON.stringify(old).replace('"total":4', '"total":40')) },
    };
    const newer = makeTestActors(client, prefix, { definitions: [migrated], clock });
    expect((await newer.actors.read("ticket/p"))?.context.total).toBe(40);
    await newer.actors.send("ticket/p", { type: "probe.counted", by: 2 }, { cause: CAUSE });
    expect(JSON.parse((await client.hget(newer.keys.actor("ticket/p"), "s")) ?? "")).toMatchObject({
      version: 2,
      snapshot: { context: { total: 42 } },
    });
  });
});

describe("looking actors up", () => {
  it("finds them by what people know, and counts and lists them by state", async () => {
    for (const id of ["a", "b", "c"])
      await here.actors.send(`ticket/${id}`, { type: "probe.opened", note: "" }, { cause: CAUSE });
    await here.actors.send("ticket/b", { type: "probe.armed", inMs: 5 }, { cause: CAUSE });
    expect(await here.actors.find("orderId=b")).toEqual(["ticket/b"]);
    expect(await here.actors.countByState("ticket")).toEqual({ "timer.resting": 2, "timer.armed": 1, "work.idle": 3 });
    const resting: string[] = [];
    for await (const address of here.actors.inState("ticket", "timer.resting")) resting.push(address);
    expect(resting.sort()).toEqual(["ticket/a", "ticket/c"]);
  });
});

describe("waiting for an actor", () => {
  it("ends as soon as it is where it is expected, also when another process brings it there", async () => {
    await count(1);
    const waiting = here.actors.waitFor("ticket/p", ({ context }) => context.total === 3, { timeoutMs: 5_000 });
    await system({ cacheSize: 0 }).actors.send("ticket/p", { type: "probe.counted", by: 2 }, { cause: CAUSE });
    expect(await waiting).toMatchObject({ met: true });
  });
  it("ends with the last view after the time limit", async () => {
    await count(1);
    expect(await here.actors.waitFor("ticket/p", () => false, { timeoutMs: 10 })).toMatchObject({
      met: false,
      view: { rev: 1 },
    });
  });
});
