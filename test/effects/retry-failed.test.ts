import { beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { definitions } from "../../machines/registry.ts";
import { makeRetryFailed } from "../../src/effects/retry-failed.ts";
import { failureTicketOf, makeEffectRunner } from "../../src/effects/run-effect.ts";
import { AppError } from "../../src/errors.ts";
import { makeRedisFailedEffects } from "../../src/redis/failed-effects.ts";
import { makeRedisOutbox } from "../../src/redis/outbox-store.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeTestActors, manualClock } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const ID = `${addressOf.customer(7)}|3|0`;
const TICKET = failureTicketOf(ID);
const CAUSE = { kind: "staff", id: "command-1", by: "finance-1", reason: "the chat is back" } as const;

const setUp = () => {
  const clock = manualClock();
  const system = makeTestActors(client, freshPrefix(), { definitions, clock });
  const outbox = makeRedisOutbox(client, system.keys);
  const failed = makeRedisFailedEffects(client, loadScripts(client), system.keys);
  const dispatched: string[] = [];
  const done: string[] = [];
  const world = { works: false };
  const run = makeEffectRunner({
    ...{ door: system.actors, outbox, failed, clock, random: () => 0.5 },
    executors: {
      effect: async (effect) => {
        if (!world.works) throw new AppError("effect.rejected");
        done.push(effect.kind);
      },
      invoke: async () => ({}),
    },
  });
  const retry = makeRetryFailed({
    failed,
    outbox,
    door: system.actors,
    dispatch: (effectId) => void dispatched.push(effectId),
  });
  const ask = (kind: "notifyCustomer" | "notifyStaff") => {
    const effect =
      kind === "notifyStaff"
        ? { kind, notice: "ticket.opened", params: {} }
        : { kind, userId: 7, notice: "refund.failed", product: null, params: {} };
    return outbox.restore(ID, JSON.stringify({ kind: "effect", effect }));
  };
  const ticketState = async () => (await system.actors.read(TICKET))?.states ?? [];
  return { ...system, clock, outbox, failed, dispatched, done, world, run, retry, ask, ticketState };
};
let desk: ReturnType<typeof setUp>;
beforeEach(() => {
  desk = setUp();
});

describe("an effect that was given up", () => {
  beforeEach(async () => {
    await desk.ask("notifyCustomer");
    await desk.run(ID, 1);
  });
  it("waits for a person, who is told by a ticket", async () => {
    expect(await desk.failed.list()).toMatchObject([{ effectId: ID, code: "effect.rejected" }]);
    expect(await desk.outbox.read(ID)).toBeNull();
    expect(await desk.ticketState()).toEqual(["open"]);
  });
  it("is done when it is tried again and the world has changed; who asked is on record", async () => {
    desk.world.works = true;
    expect(await desk.retry(ID, CAUSE)).toBe(true);
    expect(desk.dispatched).toEqual([ID]);
    expect(await desk.failed.count()).toBe(0);
    await desk.run(ID, 1);
    expect(desk.done).toEqual(["notifyCustomer"]);
    expect(await desk.outbox.read(ID)).toBeNull();
    expect(await desk.ticketState()).toEqual(["closed"]);
    expect((await desk.actors.history(TICKET))[0]).toMatchObject({
      cause: CAUSE,
      event: { type: "ticket.closed", by: "finance-1" },
    });
  });
  it("that fails again is kept again, and its ticket is opened again", async () => {
    await desk.retry(ID, CAUSE);
    desk.clock.time += 1_000;
    await desk.run(ID, 1);
    expect(await desk.failed.count()).toBe(1);
    expect(await desk.ticketState()).toEqual(["reopened"]);
  });
  it("is not there to be tried twice", async () => {
    await desk.retry(ID, CAUSE);
    expect(await desk.retry(ID, CAUSE)).toBe(false);
    expect(await desk.retry("customer/8|1|0", CAUSE)).toBe(false);
  });
});

describe("a notice to staff that cannot be sent", () => {
  it("is kept, and opens no ticket whose notice could not be sent either", async () => {
    await desk.ask("notifyStaff");
    await desk.run(ID, 1);
    expect(await desk.failed.list()).toMatchObject([{ effectId: ID, kind: "notifyStaff" }]);
    expect(await desk.outbox.read(ID)).toBeNull();
    expect(await desk.actors.read(TICKET)).toBeNull();
  });
});
