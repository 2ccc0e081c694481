// Two processes in one, on a store that fails before a commit, after it, and between two lines: thousands of orders of events.

import { describe, expect, it } from "vitest";
import { ticketDefinition } from "../../machines/ticket/definition.ts";
import { makeEffectRunner } from "../../src/effects/run-effect.ts";
import { makeExecutors } from "../../src/effects/table.ts";
import { makeTell } from "../../src/effects/tell.ts";
import { AppError } from "../../src/errors.ts";
import { ActorSystem } from "../../src/runtime/actor-system.ts";
import { MachineCatalog } from "../../src/runtime/machine-catalog.ts";
import type { ActorEvent, ActorStore, DueTimer } from "../../src/runtime/ports.ts";
import { manualClock } from "../support/actors.ts";
import { type BookContext, book } from "../support/book.ts";
import { makeMemoryStore } from "../support/memory-store.ts";
import { noInvocations, noOutsideEffects } from "../support/no-outside.ts";
import { makeRandom, type Random } from "../support/random.ts";
import { SEED } from "../support/seeds.ts";

const RUNS = 400;
const BOOKS = ["a", "b", "c"] as const;
const EVENTS = 14;

/** Every call takes a random number of turns, so that the calls of two processes mix; some fail, before or after they took effect. */
function flaky(store: ActorStore, random: Random, faults: { before: number; after: number }): ActorStore {
  const turns = async () => {
    for (let left = random.below(4); left > 0; left -= 1) await Promise.resolve();
  };
  const unreachable = () => new AppError("redis.unreachable");
  const reading = async <T>(read: () => Promise<T>): Promise<T> => {
    await turns();
    if (random.below(25) === 0) throw unreachable();
    const found = await read();
    await turns();
    return found;
  };
  return {
    ...store,
    load: (address) => reading(() => store.load(address)),
    revision: (address) => reading(() => store.revision(address)),
    postponeTimer: (timer, dueAt) => reading(() => store.postponeTimer(timer, dueAt)),
    async commit(commit) {
      await turns();
      if (random.below(8) === 0) {
        faults.before += 1;
        throw unreachable();
      }
      const result = await store.commit(commit);
      await turns();
      if (random.below(8) === 0) {
        faults.after += 1;
        throw unreachable();
      }
      return result;
    },
  };
}

async function live(seed: number, faults: { before: number; after: number }): Promise<{ steps: number }> {
  const random = makeRandom(seed);
  const store = makeMemoryStore();
  const clock = manualClock();
  const machines = new MachineCatalog([book, ticketDefinition]);
  const afterCommit = { effectsAdded: () => {}, timerMoved: () => {} };
  const processes = [100, 0, 100].map(
    (cacheSize) => new ActorSystem({ machines, store: flaky(store, random, faults), clock, afterCommit, cacheSize }),
  );
  const outside: string[] = [];
  const outbox = store.outbox as Map<string, string>;
  const notHere = (): never => {
    throw new Error("this test has no such executor");
  };
  const runners = processes.map((actors) => {
    const executors = makeExecutors(
      {
        tell: makeTell(actors),
        broadcast: notHere,
        recordLedger: async ({ row }) => void outside.push(row),
        notifyCustomer: async () => {},
        notifyStaff: async () => {},
        ...noOutsideEffects,
      },
      {
        ...noInvocations,
        checkMembership: async () => ({ membership: "left" }),
      },
    );
    return makeEffectRunner({
      door: actors,
      outbox: {
        read: async (effectId) => outbox.get(effectId) ?? null,
        async remove(effectId) {
          if (random.below(6) === 0) throw new AppError("redis.unreachable");
          outbox.delete(effectId);
        },
      },
      executors,
      failed: { add: async () => {}, list: async () => [] },
      clock,
      random: random.fraction,
    });
  });

  /** As Telegram, BullMQ and the clock do it: again, by whichever process, until it has worked. */
  const insist = async (work: (actors: ActorSystem) => Promise<unknown>): Promise<void> => {
    for (let tries = 0; tries < 200; tries += 1) {
      try {
        await work(random.pick(processes));
        return;
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "redis.unreachable") throw error;
      }
    }
    throw new Error("two hundred tries in vain");
  };

  const written: { book: string; entry: string; to: string | null }[] = [];
  const send = async (number: number): Promise<void> => {
    const id = random.pick(BOOKS);
    const to = random.below(2) === 0 ? random.pick(BOOKS) : null;
    const chance = random.below(10);
    const event: ActorEvent =
      chance < 5
        ? { type: "book.written", entry: `e${number}`, to }
        : chance < 7
          ? { type: "book.armed", inMs: random.below(50) }
          : chance < 9
            ? { type: "book.asked" }
            : { type: "book.dropped" };
    if (chance < 5) written.push({ book: id, entry: `e${number}`, to });
    await insist((actors) =>
      actors.send(`order/${id}`, event, { cause: { kind: "update", id: `${number}` }, key: `update ${number}` }),
    );
  };
  const effect = (effectId: string) => insist(() => random.pick(runners)(effectId, 1));
  const fire = (timer: DueTimer) => insist((actors) => actors.fireTimer(timer));

  let steps = 0;
  let sent = 0;
  // Each round starts whatever could happen at this moment, all of it at once, some of it twice.
  for (let round = 0; sent < EVENTS || outbox.size > 0 || store.nextDueAt() !== null; round += 1) {
    if (round > 400) throw new Error("it never comes to rest");
    const work: Promise<void>[] = [];
    for (let count = random.below(5); count > 0 && sent < EVENTS; count -= 1) work.push(send(sent++));
    for (const effectId of outbox.keys())
      for (let times = random.below(3); times > 0; times -= 1) work.push(effect(effectId));
    for (const timer of store.due(clock.time))
      for (let times = 1 + random.below(2); times > 0; times -= 1) work.push(fire(timer));
    steps += work.length;
    await Promise.all(work);
    clock.time += random.below(30);
  }

  const all = new ActorSystem({ machines, store, clock, afterCommit });
  const contexts = new Map<string, BookContext>();
  for (const id of BOOKS) {
    const view = await all.read(`order/${id}`);
    if (!view) continue;
    const context = view.context as unknown as BookContext;
    contexts.set(id, context);
    expect(await all.verify(`order/${id}`)).toMatchObject({ ok: true, entries: view.rev });
    expect(context.fired.length).toBe(context.armed);
    expect(context.answers.length + context.dropped).toBe(context.asked);
    expect(view.timers).toEqual({});
    expect(view.invocations).toEqual({});
  }
  const entries = [...contexts].flatMap(([id, context]) => context.entries.map((entry) => `${id} ${entry}`));
  expect(entries.sort()).toEqual(written.map(({ book: id, entry }) => `${id} ${entry}`).sort());
  const notes = [...contexts].flatMap(([id, context]) => context.notes.map((note) => `${id} ${note}`));
  expect(notes.sort()).toEqual(
    written.flatMap(({ book: id, entry, to }) => (to === null ? [] : [`${to} ${id} ${entry}`])).sort(),
  );
  expect([...new Set(outside)].sort()).toEqual(entries.sort());
  return { steps };
}

describe(`a store that fails at any moment (seed ${SEED})`, () => {
  it("loses nothing and doubles nothing, in whatever order things happen", async () => {
    const faults = { before: 0, after: 0 };
    let steps = 0;
    for (let run = 0; run < RUNS; run += 1) {
      try {
        steps += (await live(SEED + run, faults)).steps;
      } catch (cause) {
        throw new Error(`run ${run}: TEST_SEED=${SEED + run} shows it as its first`, { cause });
      }
    }
    console.log(
      `${RUNS} runs, ${steps} deliveries, ${faults.before} commits that failed before and ${faults.after} that failed after they took effect`,
    );
    expect(faults.before).toBeGreaterThan(RUNS);
    expect(faults.after).toBeGreaterThan(RUNS);
  }, 60_000);
});
