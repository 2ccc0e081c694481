import { describe, expect, it, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { definitions } from "../../machines/registry.ts";
import { RetryLater } from "../../src/effects/executor.ts";
import { AppError } from "../../src/errors.ts";
import { makeRedisPaymentsProgress } from "../../src/redis/sweep-progress.ts";
import { makePaymentsSweep, type RowResult, type TickedRow } from "../../src/sweeps/payments.ts";
import { makeStoreWatch } from "../../src/sweeps/store-identity.ts";
import { CAUSE, makeTestActors, manualClock, START } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const ANNA = 7_012_345_678;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MONTH_S = 2_592_000;
const EVERY_MS = 5 * MINUTE_MS;

/** All of the list was compared with this store. */
const COMPARED = { comparedAt: START, store: "run-1" } as const;

type Row = Readonly<Record<string, unknown>>;

function world() {
  const clock = manualClock();
  const { actors, keys } = makeTestActors(client, freshPrefix(), { definitions, clock, cacheSize: 0 });
  const rows: Row[] = [];
  const seen: { readonly result: RowResult; readonly chargeId: string | undefined }[] = [];
  const reads: number[] = [];
  const ticked: TickedRow[] = [];
  const manyBeforeUs: [number, number][] = [];
  const store = { id: "run-1" as string | null, beat: 0, changes: [] as (string | null)[] };
  const weather: { fault: Error | null; updatesWait: boolean } = { fault: null, updatesWait: false };
  const progress = makeRedisPaymentsProgress(client, keys);
  /** As a process that has just started. */
  const start = (afterRead = async () => {}, takeInSince: number | null = null) =>
    makePaymentsSweep({
      takeInSince,
      onManyBeforeUs: async (count, since) => void manyBeforeUs.push([count, since]),
      actors,
      readRows: async (offset, limit) => {
        if (weather.fault) throw weather.fault;
        reads.push(offset);
        const page = rows.slice(offset, offset + limit);
        await afterRead();
        return page;
      },
      hasUpdatesWaiting: async () => weather.updatesWait,
      progress,
      clock,
      everyMs: () => EVERY_MS,
      onRow: (result, { chargeId }) => void seen.push({ result, chargeId }),
      tick: async (ticks) => void ticked.push(...ticks),
      watchStore: makeStoreWatch({ read: async () => ({ id: store.id, beat: ++store.beat }) }),
      onStoreChanged: async () => void store.changes.push(store.id),
    });
  const partner = (payload: string, period: number | null) => ({
    type: "user",
    transaction_type: "invoice_payment",
    user: { id: ANNA, is_bot: false, first_name: "Ann" },
    invoice_payload: payload,
    ...(period === null ? {} : { subscription_period: period }),
  });
  return {
    clock,
    actors,
    keys,
    rows,
    seen,
    reads,
    ticked,
    manyBeforeUs,
    store,
    weather,
    progress,
    start,
    sells(id: string, { at = clock.time, payload = "ord_1", period = MONTH_S as number | null, amount = 500 } = {}) {
      rows.push({ id, amount, date: Math.floor(at / 1_000), source: partner(payload, period) });
    },
    returns(id: string, at = clock.time) {
      rows.push({ id, amount: 500, date: Math.floor(at / 1_000), receiver: partner("ord_1", MONTH_S) });
    },
    /** Its update came. */
    received: (chargeId: string, event: object = {}) =>
      actors.send(
        addressOf.payment(chargeId),
        {
          ...{
            type: "payment.received",
            userId: ANNA,
            amountMinor: 500,
            currency: "XTR",
            recurring: true,
            firstRecurring: true,
          },
          ...{
            expiresAt: clock.time + MONTH_S * 1_000,
            orderId: "ord_1",
            providerChargeId: null,
            source: "update",
            ...event,
          },
        },
        { cause: CAUSE },
      ),
    stateOf: async (chargeId: string) => (await actors.read(addressOf.payment(chargeId)))?.states[0] ?? null,
    contextOf: async (chargeId: string) => (await actors.read(addressOf.payment(chargeId)))?.context,
    resultsOf: (chargeId: string) => seen.filter((row) => row.chargeId === chargeId).map(({ result }) => result),
  };
}

describe("a sale in Telegram's books", () => {
  it("without a payment of ours becomes one, with everything its update would have said", async () => {
    const { start, sells, clock, contextOf, resultsOf, actors } = world();
    const sweep = start();
    await sweep();
    sells("stxA");
    const at = clock.time;
    clock.time += EVERY_MS;
    await sweep();
    expect(resultsOf("stxA")).toEqual(["paymentFound"]);
    expect(await contextOf("stxA")).toMatchObject({
      ...{ userId: ANNA, amountMinor: 500, currency: "XTR", orderId: "ord_1", providerChargeId: null },
      ...{ recurring: true, firstRecurring: true, expiresAt: at + MONTH_S * 1_000 },
    });
    const [entry] = await actors.history(addressOf.payment("stxA"));
    expect(entry).toMatchObject({
      event: { source: "reconciliation" },
      cause: { kind: "system", id: `payments sweep ${clock.time}` },
    });
  });

  it("whose update came is left alone", async () => {
    const { start, sells, received, clock, resultsOf, actors } = world();
    sells("stxA");
    await received("stxA");
    clock.time += HOUR_MS;
    await start()();
    expect(resultsOf("stxA")).toEqual(["known"]);
    expect((await actors.read(addressOf.payment("stxA")))?.rev).toBe(1);
  });

  it("counts once when its update comes after all", async () => {
    const { start, sells, received, clock, contextOf } = world();
    const sweep = start();
    sells("stxA");
    await sweep();
    clock.time += MINUTE_MS;
    await sweep();
    const found = await contextOf("stxA");
    await received("stxA");
    expect(await contextOf("stxA")).toEqual(found);
  });

  it("that is younger than a minute waits, keeps its place, and is looked at a minute later", async () => {
    const { start, sells, clock, resultsOf, progress } = world();
    const sweep = start();
    sells("stxA", { at: clock.time - HOUR_MS });
    sells("stxB");
    await sweep();
    expect(resultsOf("stxB")).toEqual(["held"]);
    expect(await progress.read()).toMatchObject({ settled: 1, round: null });
    clock.time += MINUTE_MS - 1;
    await sweep();
    expect(resultsOf("stxB"), "not time yet").toEqual(["held"]);
    clock.time += 1;
    await sweep();
    expect(resultsOf("stxB")).toEqual(["held", "paymentFound"]);
    expect(await progress.read()).toMatchObject({ settled: 2 });
  });

  it("of one term does not renew", async () => {
    const { start, sells, clock, contextOf } = world();
    const sweep = start();
    sells("stxA", { period: null });
    await sweep();
    clock.time += MINUTE_MS;
    await sweep();
    expect(await contextOf("stxA")).toMatchObject({ recurring: false, firstRecurring: false, expiresAt: null });
  });

  it.each([
    ["on time", MONTH_S * 1_000, false],
    ["an hour early", MONTH_S * 1_000 - HOUR_MS, false],
    ["a week late", MONTH_S * 1_000 + 168 * HOUR_MS, false],
    ["a day after the first one, by the same link", 24 * HOUR_MS, true],
  ])(
    "of an order that was charged before, %s: begins a subscription only if it is no renewal",
    async (_, afterMs, isFirst) => {
      const { start, sells, received, clock, contextOf } = world();
      const sweep = start();
      await sweep();
      await received("stxA");
      sells("stxA");
      clock.time += afterMs;
      sells("stxB");
      clock.time += EVERY_MS;
      await sweep();
      expect(await contextOf("stxB")).toMatchObject({ recurring: true, firstRecurring: isFirst });
    },
  );

  it("and its renewal, both lost, are found as what they are", async () => {
    const { start, sells, clock, contextOf } = world();
    const sweep = start();
    await sweep();
    sells("stxA");
    clock.time += MONTH_S * 1_000;
    sells("stxB");
    clock.time += EVERY_MS;
    await sweep();
    expect(await contextOf("stxA")).toMatchObject({ firstRecurring: true });
    expect(await contextOf("stxB")).toMatchObject({ recurring: true, firstRecurring: false });
  });

  it("from before this service, for an order of another program, is nobody's", async () => {
    const { start, sells, clock, stateOf, resultsOf } = world();
    sells("old", { at: clock.time - HOUR_MS, payload: "somebody-elses" });
    await start()();
    expect(resultsOf("old")).toEqual(["beforeUs"]);
    expect(await stateOf("old")).toBeNull();
  });

  describe("from before this service, whose store may be the one that was lost,", () => {
    const soldBefore = (count: number) => {
      const here = world();
      for (let index = 0; index < count; index += 1)
        here.sells(`old${index}`, { at: here.clock.time - (count - index) * HOUR_MS });
      return here;
    };

    it("is told to people where there are many of it, once for each round over everything", async () => {
      const few = soldBefore(9);
      await few.start()();
      expect(few.manyBeforeUs).toEqual([]);
      const many = soldBefore(120);
      const sweep = many.start();
      await sweep();
      expect(many.manyBeforeUs).toEqual([[120, START]]);
      many.clock.time += EVERY_MS;
      await sweep();
      expect(many.manyBeforeUs).toHaveLength(1);
    });

    it("is taken in where staff say that all is theirs, also when it was passed over before", async () => {
      const here = soldBefore(3);
      await here.start()();
      expect(await here.stateOf("old0")).toBeNull();
      here.clock.time += EVERY_MS;
      const sweep = here.start(undefined, 0);
      await sweep();
      expect(here.resultsOf("old0")).toEqual(["beforeUs", "paymentFound"]);
      expect(await here.progress.read()).toMatchObject({ since: 0, round: null, comparedAt: here.clock.time });
      const read = here.reads.length;
      await sweep();
      expect(here.reads, "and that once").toHaveLength(read);
    });

    it("is taken in from the time on that staff say", async () => {
      const here = soldBefore(3);
      await here.start(undefined, START - 2 * HOUR_MS)();
      expect(["old0", "old1", "old2"].map((id) => here.resultsOf(id).join())).toEqual([
        "beforeUs",
        "paymentFound",
        "paymentFound",
      ]);
    });
  });

  it("with an id that no key may hold is taken all the same", async () => {
    const { start, sells, clock, contextOf } = world();
    const sweep = start();
    sells("stx|\u0001%");
    await sweep();
    clock.time += MINUTE_MS;
    await sweep();
    expect(await contextOf("stx%7C%01%25")).toMatchObject({ amountMinor: 500 });
  });

  it("that is none, or cannot be read, holds nothing up", async () => {
    const { start, sells, rows, clock, seen, resultsOf } = world();
    const sweep = start();
    await sweep();
    const date = Math.floor(clock.time / 1_000);
    rows.push({ id: "w", amount: 5, date, receiver: { type: "fragment" } });
    rows.push({
      id: "g",
      amount: 5,
      date,
      receiver: { type: "user", transaction_type: "gift_purchase", user: { id: ANNA } },
    });
    rows.push({ id: "x", amount: "5", date });
    rows.push({
      id: "",
      amount: 5,
      date,
      source: { type: "user", transaction_type: "invoice_payment", user: { id: ANNA } },
    });
    rows.push(null as never);
    sells("stxA");
    clock.time += EVERY_MS;
    await sweep();
    expect(seen.map(({ result }) => result)).toEqual([
      "other",
      "other",
      "unreadable",
      "unreadable",
      "unreadable",
      "paymentFound",
    ]);
    expect(resultsOf("stxA")).toEqual(["paymentFound"]);
  });
});

describe("a charge that was taken back", () => {
  async function before() {
    const here = world();
    const sweep = here.start();
    here.sells("stxA");
    await here.received("stxA");
    /** Lets time pass, and looks. */
    const after = async (ms: number) => {
      here.clock.time += ms;
      await sweep();
    };
    return { ...here, sweep, after };
  }
  async function taken() {
    const here = await before();
    here.returns("stxA");
    await here.sweep();
    return here;
  }

  it("by nobody here is a chargeback, as soon as a refund would have made itself heard", async () => {
    const { after, stateOf, resultsOf } = await taken();
    await after(9 * MINUTE_MS);
    expect(await stateOf("stxA")).toMatch(/^received/);
    await after(MINUTE_MS);
    expect(await stateOf("stxA")).toBe("chargedBack");
    expect(resultsOf("stxA").at(-1)).toBe("chargebackFound");
    await after(EVERY_MS);
    expect(resultsOf("stxA").at(-1), "once").toBe("known");
  });

  it("waits for updates that may still tell of a refund, for as long as Telegram keeps them", async () => {
    const { after, stateOf, weather } = await taken();
    weather.updatesWait = true;
    await after(23 * HOUR_MS);
    expect(await stateOf("stxA")).toMatch(/^received/);
    await after(HOUR_MS);
    expect(await stateOf("stxA")).toBe("chargedBack");
  });

  it("holds up nobody who paid after it", async () => {
    const { after, sells, weather, resultsOf } = await taken();
    weather.updatesWait = true;
    await after(HOUR_MS);
    sells("stxB");
    await after(EVERY_MS);
    expect(resultsOf("stxB")).toEqual(["paymentFound"]);
  });

  it("by ourselves is our refund, whose answer was lost", async () => {
    const { actors, after, stateOf, resultsOf } = await taken();
    const payment = addressOf.payment("stxA");
    await actors.send(payment, { type: "payment.disputed", reason: "unknownOrder" }, { cause: CAUSE });
    await actors.send(
      payment,
      { type: "refund.requested", by: "staff", reason: "asked for in a test", access: "policy" },
      { cause: CAUSE },
    );
    expect(await stateOf("stxA")).toBe("refunding");
    await after(MINUTE_MS);
    expect(await stateOf("stxA")).toBe("refunded");
    expect(resultsOf("stxA").at(-1)).toBe("refundFound");
  });

  it("by a refund of ours that was given up is that refund", async () => {
    const { actors, after, stateOf } = await taken();
    const opened = {
      type: "ticket.opened",
      userId: ANNA,
      subject: "refundFailed",
      about: "payment/stxA",
      detail: null,
      messageRef: null,
    };
    await actors.send(addressOf.ticket("refundFailed:stxA"), opened, { cause: CAUSE });
    await after(MINUTE_MS);
    expect(await stateOf("stxA")).toBe("refunded");
  });

  it("while an older store lost what it knew is our refund, and nobody is watched for it", async () => {
    const { after, clock, returns, stateOf, resultsOf, store, received, sells } = await before();
    await after(0);
    clock.time += 5 * MINUTE_MS;
    returns("stxA");
    clock.time += 20 * MINUTE_MS;
    // The backup of before the refund.
    store.id = "run-2";
    await after(0);
    expect(await stateOf("stxA")).toBe("refunded");
    expect(resultsOf("stxA").at(-1)).toBe("refundFound");

    sells("stxB");
    await received("stxB");
    returns("stxB");
    await after(HOUR_MS);
    expect(await stateOf("stxB"), "later ones are what they always were").toBe("chargedBack");
  });

  it("and of which we heard already is left alone", async () => {
    const { actors, after, resultsOf } = await taken();
    await actors.send(addressOf.payment("stxA"), { type: "refund.seen" }, { cause: CAUSE });
    await after(HOUR_MS);
    expect(resultsOf("stxA").at(-1)).toBe("known");
  });

  it("is counted and no more when nobody knows the charge", async () => {
    const { returns, start, clock, resultsOf, stateOf } = world();
    returns("stxZ", clock.time - HOUR_MS);
    await start()();
    expect(resultsOf("stxZ")).toEqual(["unknownCharge"]);
    expect(await stateOf("stxZ")).toBeNull();
  });
});

describe("the place in the list", () => {
  const many = (here: ReturnType<typeof world>, count: number) => {
    for (let index = 0; index < count; index += 1)
      here.sells(`old${index}`, { at: here.clock.time - HOUR_MS, period: null });
  };

  it("moves on page by page, a few pages at a time, and goes on at the next call", async () => {
    const here = world();
    many(here, 750);
    const sweep = here.start();
    await sweep();
    expect(here.reads).toEqual([0, 100, 200, 300, 400]);
    await sweep();
    expect(here.reads.slice(5)).toEqual([500, 600, 700]);
    await sweep();
    expect(here.reads, "the round is over").toHaveLength(8);
    here.clock.time += EVERY_MS;
    await sweep();
    expect(here.reads.slice(8), "with an overlap").toEqual([700]);
  });

  it("is taken back by 500 rows at a start, so that an older store catches up with Telegram", async () => {
    const here = world();
    many(here, 750);
    await here.progress.write({
      settled: 750,
      round: null,
      roundStartedAt: START,
      nextRoundAt: START + EVERY_MS,
      since: START - 2 * HOUR_MS,
      ...COMPARED,
    });
    const sweep = here.start();
    await sweep();
    expect(here.reads).toEqual([250, 350, 450, 550, 650]);
    await sweep();
    expect(here.reads.slice(5)).toEqual([750]);
    expect(here.resultsOf("old249")).toEqual([]);
    expect(here.resultsOf("old250")).toEqual(["paymentFound"]);
    expect(await here.progress.read()).toMatchObject({ settled: 750, round: null });
  });

  describe("when the store may be an older one", () => {
    const settled = { settled: 750, round: null, roundStartedAt: START, nextRoundAt: START + EVERY_MS };
    const at = async (here: ReturnType<typeof world>, stored: object = {}) => {
      many(here, 750);
      // Rows of another life: there are many, and none of them costs anything.
      await here.progress.write({ ...settled, since: START, ...COMPARED, ...stored });
    };
    /** The newest rows, which are the ones that an older store lacks; then all of them. Three calls of five pages. */
    const NEWEST = [250, 350, 450, 550, 650];
    const ALL = [750, 0, 100, 200, 300, 400, 500, 600, 700];

    it("begins at the first row: the server is another process than the one that was compared", async () => {
      const here = world();
      await at(here);
      here.store.id = "run-2";
      const sweep = here.start();
      await sweep();
      expect(here.reads).toEqual(NEWEST);
      expect(here.store.changes).toEqual(["run-2"]);
      await sweep();
      expect(await here.progress.read(), "not whole yet").toMatchObject({ comparedAt: null });
      await sweep();
      expect(here.reads.slice(5), "and comes to the end, once").toEqual(ALL);
      await sweep();
      expect(here.reads).toHaveLength(14);
      expect(here.store.changes).toHaveLength(1);
      expect(await here.progress.read()).toMatchObject({ store: "run-2", comparedAt: here.clock.time });
    });

    it("finds what was paid last before it comes to the first row: a failover loses the newest", async () => {
      const here = world();
      await at(here, { since: START - 30 * MINUTE_MS });
      here.sells("stxLost", { at: here.clock.time - 2 * MINUTE_MS });
      here.store.id = "run-2";
      const sweep = here.start();
      await sweep();
      await sweep();
      const found = here.seen.findIndex(({ result, chargeId }) => chargeId === "stxLost" && result === "paymentFound");
      expect(found).toBeGreaterThan(0);
      expect(here.seen.slice(0, found).map(({ chargeId }) => chargeId)).not.toContain("old0");
    });

    it("begins at the first row: it counts less than this process has seen, as after a failover", async () => {
      const here = world();
      await at(here);
      const sweep = here.start();
      await sweep();
      await sweep();
      here.reads.length = 0;
      here.store.beat = 0;
      await sweep();
      await sweep();
      await sweep();
      expect(here.reads).toEqual([...NEWEST, ...ALL]);
    });

    it("begins at the first row once: all of the list was never compared with our books", async () => {
      const here = world();
      await at(here, { comparedAt: null, store: null });
      const sweep = here.start();
      await sweep();
      await sweep();
      await sweep();
      expect(here.reads).toEqual([...NEWEST, ...ALL]);
      expect(here.store.changes, "nothing was wrong with the store").toEqual([]);
    });

    it("goes on with such a round after a restart, wherever it was cut off, and takes no row back", async () => {
      const here = world();
      await at(here);
      here.store.id = "run-2";
      for (let call = 0; call < 3; call += 1) await here.start()();
      expect(here.reads).toEqual([...NEWEST, ...ALL]);
      // Killed between the newest rows and the first one.
      const between = { ...settled, since: START, comparedAt: null, store: "run-2" };
      await here.progress.write({ ...between, round: { from: 0, at: 0, heldAt: null } });
      here.reads.length = 0;
      await here.start()();
      expect(here.reads).toEqual(ALL.slice(1, 6));
    });

    it("is asked for again when Telegram could not be read just then", async () => {
      const here = world();
      await at(here);
      here.store.id = "run-2";
      here.weather.fault = new RetryLater(500);
      const sweep = here.start();
      await sweep();
      here.weather.fault = null;
      await sweep();
      expect(here.reads).toEqual(NEWEST);
      expect(here.store.changes).toHaveLength(1);
    });

    it("changes nothing where a server does not name itself and its count goes on", async () => {
      const here = world();
      await at(here, { store: "nameless" });
      here.store.id = null;
      await here.start()();
      expect(here.reads[0]).toBe(250);
    });
  });

  it("remembers the rows that are charges of ours, both ways, for the comparison of our books", async () => {
    const { start, sells, returns, received, clock, ticked } = world();
    const sweep = start();
    await sweep();
    sells("stxA");
    await received("stxA");
    returns("stxA");
    sells("stxB");
    sells("older", { at: clock.time - 900 * HOUR_MS });
    clock.time += HOUR_MS;
    await sweep();
    expect(ticked).toEqual([
      { direction: "in", chargeId: "stxA", amount: 500 },
      { direction: "out", chargeId: "stxA", amount: 500 },
      { direction: "in", chargeId: "stxB", amount: 500 },
    ]);
  });

  it("beyond the end begins anew: it is another list", async () => {
    const here = world();
    many(here, 3);
    await here.progress.write({
      settled: 900,
      round: null,
      roundStartedAt: START,
      nextRoundAt: START,
      since: START,
      ...COMPARED,
    });
    await here.start()();
    expect(here.reads).toEqual([400, 0]);
    expect(await here.progress.read()).toMatchObject({ settled: 3 });
  });

  it("holds for two processes at once: a slow one that writes last loses nothing that the other has found", async () => {
    const here = world();
    many(here, 120);
    const since = START - 2 * HOUR_MS;
    await here.progress.write({
      settled: 0,
      round: null,
      roundStartedAt: START,
      nextRoundAt: START,
      since,
      ...COMPARED,
    });
    let goOn: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = here.start(() => (here.reads.length > 1 ? held : Promise.resolve()))();
    await vi.waitUntil(() => here.reads.length === 2, { timeout: 20_000 }); // its second page is read, and what it says is not written yet
    const quick = here.start();
    await quick();
    here.sells("stxA");
    here.clock.time += HOUR_MS;
    await quick();
    expect(await here.progress.read()).toMatchObject({ settled: 121, round: null });
    goOn();
    await slow;
    expect(await here.progress.read(), "the older place is back").toMatchObject({ settled: 120 });
    here.sells("stxB");
    here.clock.time += HOUR_MS;
    await quick();
    for (const id of ["old0", "old119", "stxA", "stxB"])
      expect(
        here.resultsOf(id).filter((result) => result === "paymentFound"),
        id,
      ).toHaveLength(1);
    expect(await here.progress.read()).toMatchObject({ settled: 122, round: null });
  });

  it.each([
    ["it is not our turn", new RetryLater(500)],
    ["Telegram is away", new AppError("effect.unavailable")],
  ])("stays where it is when %s", async (_, fault) => {
    const here = world();
    many(here, 1);
    const sweep = here.start();
    here.weather.fault = fault;
    await sweep();
    expect(await here.progress.read()).toBeNull();
    here.weather.fault = null;
    await sweep();
    expect(await here.progress.read()).toMatchObject({ settled: 1 });
  });

  it("stays as well when Telegram refuses for good, which somebody must hear of", async () => {
    const here = world();
    here.weather.fault = new AppError("telegram.unauthorized");
    await expect(here.start()()).rejects.toMatchObject({ code: "telegram.unauthorized" });
    expect(await here.progress.read()).toBeNull();
  });

  it("moves past a charge whose actor is broken, which somebody must hear of", async () => {
    const here = world();
    here.sells("stxA");
    await here.received("stxA");
    await client.hset(here.keys.actor(addressOf.payment("stxA")), "s", "{");
    const sweep = here.start();
    await sweep();
    here.sells("stxB");
    here.clock.time += HOUR_MS;
    await sweep();
    expect(here.resultsOf("stxA")).toEqual(["failed", "failed"]);
    expect(here.resultsOf("stxB")).toEqual(["paymentFound"]);
  });
});
