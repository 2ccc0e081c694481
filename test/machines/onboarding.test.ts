import { describe, expect, it } from "vitest";
import { moscowDay } from "../../machines/moscow-day.ts";
import { onboardingDefinition } from "../../machines/onboarding/definition.ts";
import { hasReached, isConnected, keyOf, NOTHING_IN_HAND } from "../../machines/onboarding/policy.ts";
import type { OnboardingContext } from "../../machines/onboarding/types.ts";
import { ActedActor } from "./support/act.ts";
import { waysOut } from "./support/exits.ts";
import { walk } from "./support/paths.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, NOON } from "./support/terms.ts";

const ANN = 7_012_345_678;
const ID = `${ANN}:wb-analytics`;
const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE";
const OTHER_SHEET = "1ZyXwVuTsRqPoNmLkJiHgFeDcBa9876543210_-ZyXwV";
const SID = "f6b8d2b0-5d1c-4f0e-9c55-0a4f6d3c2b1a";
const STAFF = { by: "olga", reason: "the backend is back" };

const access = (overrides: Record<string, unknown> = {}) => ({
  type: "access.changed",
  entitled: true,
  version: 1,
  since: NOON,
  readyMs: HOUR_MS,
  sheets: 1,
  reminderHours: { from: 10, to: 20, utcOffsetMinutes: 180 },
  ...overrides,
});
const email = { type: "email.given", answer: "u1", email: "anna@gmail.com" };
const sheet = (spreadsheetId = SHEET) => ({ type: "spreadsheet.given", answer: "u2", spreadsheetId });
const token = (ref = "s1", expiresAt = NOON + 180 * DAY_MS) => ({
  type: "token.given",
  answer: "u3",
  ref,
  sid: SID,
  expiresAt,
  isMessageLeft: false,
  warning: null,
});
const added = { result: "added", sid: SID, expiresAt: NOON + 180 * DAY_MS };

const opened = (overrides = {}) => new ActedActor(onboardingDefinition, ID, NOON).send(access(overrides));
const given = (overrides = {}) => opened(overrides).send(email).send(sheet()).send(token());
const smoking = (overrides = {}) =>
  given(overrides)
    .finish("registerSpreadsheet", { result: "registered" })
    .finish("addToken", added)
    .finish("verifyToken", { result: "active" });
const ready = (overrides = {}) =>
  smoking(overrides)
    .finish("requestRefresh", { result: "accepted" })
    .finish("startCollection", { result: "stored", rows: 40 })
    .finish("readRows", { result: "rows", rows: 20 });

const context = (actor: ActedActor) => actor.context<OnboardingContext>();
/** State of the region `step`. */
const stepOf = (actor: ActedActor) => regionOf(actor, "step");
const promiseOf = (actor: ActedActor) => regionOf(actor, "promise");
const regionOf = (actor: ActedActor, region: string) =>
  actor.state
    .split(" ")
    .find((path) => path.startsWith(`${region}.`))
    ?.slice(region.length + 1);
const dropped = (actor: ActedActor) => actor.effectsOf("dropSecret").map(({ ref }) => ref);

describe("somebody who has just got access", () => {
  it("is asked for the e-mail, the spreadsheet and the token, in this order", () => {
    const actor = opened();
    expect(stepOf(actor)).toBe("asking.awaitingEmail");
    expect(stepOf(actor.send(email))).toBe("asking.awaitingSpreadsheet");
    expect(stepOf(actor.send(sheet()))).toBe("asking.awaitingToken");
    expect(stepOf(actor.send(token()))).toBe("connecting.registering");
  });

  it("finds every answer kept after days of silence", () => {
    const actor = opened()
      .send(email)
      .send(sheet())
      .elapse(20 * DAY_MS);
    expect(stepOf(actor)).toBe("resting");
    expect(stepOf(actor.send({ type: "connect.opened" }))).toBe("asking.awaitingToken");
    expect(context(actor)).toMatchObject({ email: "anna@gmail.com", spreadsheetId: SHEET });
  });

  it("can go back a step and keep the answer that was there", () => {
    const actor = opened().send(email).send(sheet()).send({ type: "step.back" });
    expect(stepOf(actor)).toBe("asking.awaitingSpreadsheet");
    expect(stepOf(actor.send({ type: "step.back" }))).toBe("asking.awaitingEmail");
    expect(stepOf(actor.send({ type: "step.kept" }))).toBe("asking.awaitingToken");
  });

  it("can start over, and the sealed token goes", () => {
    const actor = given().fail("registerSpreadsheet", "backend.rejected", true).send({ type: "onboarding.restarted" });
    expect(stepOf(actor)).toBe("asking.awaitingEmail");
    expect(dropped(actor)).toEqual(["s1"]);
    expect(context(actor)).toMatchObject({ email: null, spreadsheetId: null, token: null });
  });
});

describe("what there is to say about the token", () => {
  it("is told until the customer has seen the result", () => {
    const actor = opened()
      .send(email)
      .send(sheet())
      .send({ ...token(), isMessageLeft: true, warning: "write_access" })
      .finish("registerSpreadsheet", { result: "registered" })
      .finish("addToken", added)
      .finish("verifyToken", { result: "active" })
      .finish("requestRefresh", { result: "accepted" })
      .finish("startCollection", { result: "stored", rows: 40 })
      .finish("readRows", { result: "rows", rows: 20 });
    expect(stepOf(actor)).toBe("ready.watching");
    expect(context(actor)).toMatchObject({ isTokenMessageLeft: true, tokenWarning: "write_access" });
    actor.send({ type: "connect.opened" });
    expect(context(actor)).toMatchObject({ isTokenMessageLeft: false, tokenWarning: null });
  });

  it("goes with the token to another spreadsheet", () => {
    const actor = opened().send(email).send(sheet());
    actor.send({ ...token(), isMessageLeft: true, warning: "write_access" });
    actor.finish("registerSpreadsheet", { result: "taken" }).send(sheet(OTHER_SHEET));
    expect(context(actor)).toMatchObject({ isTokenMessageLeft: true, tokenWarning: "write_access" });
  });
});

describe("a question that is gone back to", () => {
  it("says nothing of what was wrong with a later answer, and Keep asks the backend anew", () => {
    const actor = given().finish("registerSpreadsheet", { result: "closed" });
    const before = keyOf(context(actor), "register");
    expect(context(actor).problem).toBe("spreadsheetClosed");
    expect(stepOf(actor.send({ type: "step.back" }))).toBe("asking.awaitingEmail");
    expect(context(actor).problem).toBeNull();
    expect(stepOf(actor.send({ type: "step.kept" }))).toBe("connecting.registering");
    expect(actor.started("registerSpreadsheet")).toMatchObject({ key: keyOf(context(actor), "register") });
    expect(keyOf(context(actor), "register")).not.toBe(before);
  });
});

describe("the way through the backend", () => {
  it("is ready only when rows exist", () => {
    const actor = smoking();
    expect(stepOf(actor)).toBe("connecting.smokeRunning.refreshing");
    actor.finish("requestRefresh", { result: "accepted" });
    expect(actor.started("startCollection")).toMatchObject({ dateFrom: "2026-03-01", dateTo: "2026-03-02" });
    actor.finish("startCollection", { result: "stored", rows: 40 });
    expect(actor.started("readRows")).toEqual({ spreadsheetId: SHEET, day: "2026-03-01" });
    actor.finish("readRows", { result: "rows", rows: 0 });
    expect(stepOf(actor)).toBe("connecting.smokeRunning.pausing");
    actor.elapse(2 * MINUTE_MS).finish("readRows", { result: "rows", rows: 3 });
    expect(stepOf(actor)).toBe("ready.watching");
    expect(actor.notices).toEqual(["connect.ready"]);
    expect(context(actor).connections).toEqual([
      { spreadsheetId: SHEET, sid: SID, tokenExpiresAt: NOON + 180 * DAY_MS, connectedAt: actor.now },
    ]);
  });

  it("tells the customer after half an hour without a row, and goes on looking", () => {
    const actor = smoking().finish("requestRefresh", { result: "accepted" });
    actor.finish("startCollection", { result: "stored", rows: 0 });
    for (let minutes = 0; minutes < 30; minutes += 2)
      actor.finish("readRows", { result: "rows", rows: 0 }).elapse(2 * MINUTE_MS);
    actor.finish("readRows", { result: "rows", rows: 0 });
    expect(stepOf(actor)).toBe("waitingForData.waiting");
    expect(actor.notices).toEqual(["connect.waiting"]);
    expect(context(actor).problem).toBe("noData");
    actor.elapse(HOUR_MS).finish("readRows", { result: "rows", rows: 9 });
    expect(stepOf(actor)).toBe("ready.watching");
  });

  it("takes the word of a backend that cannot show its rows", () => {
    const collected = smoking().finish("requestRefresh", { result: "accepted" });
    collected.finish("startCollection", { result: "stored", rows: 40 }).finish("readRows", { result: "unsupported" });
    expect(stepOf(collected)).toBe("ready.watching");
  });

  it("waits for a queued collection", () => {
    const actor = smoking().finish("requestRefresh", { result: "accepted" });
    actor.finish("startCollection", { result: "queued", jobId: "j1" }).elapse(10_000);
    expect(actor.started("readJob")).toEqual({ jobId: "j1" });
    actor.finish("readJob", { state: "running" }).elapse(10_000).finish("readJob", { state: "done" });
    expect(stepOf(actor)).toBe("connecting.smokeRunning.reading");
  });

  it("asks for a dead collection anew", () => {
    const actor = smoking().finish("requestRefresh", { result: "accepted" });
    actor.finish("startCollection", { result: "queued", jobId: "j1" }).elapse(10_000);
    const before = keyOf(context(actor), "x");
    actor.finish("readJob", { state: "failed" });
    expect(stepOf(actor)).toBe("retrying");
    expect(keyOf(context(actor), "x")).not.toBe(before);
  });

  it("drops the sealed token as soon as the backend has it", () => {
    const actor = given().finish("registerSpreadsheet", { result: "registered" });
    expect(actor.started("addToken")).toMatchObject({ ref: "s1", owner: `onboarding/${ID}` });
    actor.finish("addToken", added);
    expect(dropped(actor)).toEqual(["s1"]);
    expect(context(actor).token).toBeNull();
  });

  it("names a repetition of the same wish by the same key, and a new wish by another", () => {
    const actor = given();
    const { key } = actor.started("registerSpreadsheet") as { key: string };
    actor.fail("registerSpreadsheet").elapse(5 * MINUTE_MS);
    expect(actor.started("registerSpreadsheet")).toMatchObject({ key });
    actor.finish("registerSpreadsheet", { result: "closed" }).send({ type: "check.requested" });
    expect((actor.started("registerSpreadsheet") as { key: string }).key).not.toBe(key);
  });
});

describe("a backend that refuses", () => {
  it.each([
    ["closed", "spreadsheetClosed"],
    ["unknown", "spreadsheetUnknown"],
    ["taken", "spreadsheetTaken"],
  ])("asks for the spreadsheet again when it is %s", (result, problem) => {
    const actor = given().finish("registerSpreadsheet", { result });
    expect(stepOf(actor)).toBe("asking.awaitingSpreadsheet");
    expect(actor.notices).toEqual(["connect.problem"]);
    expect(context(actor).problem).toBe(problem);
    // The token is not asked for twice.
    expect(stepOf(actor.send({ type: "check.requested" }))).toBe("connecting.registering");
  });

  it("asks for a new token, and the refused one goes", () => {
    const actor = given().finish("registerSpreadsheet", { result: "registered" });
    actor.finish("addToken", { result: "refused", reason: "expired" });
    expect(stepOf(actor)).toBe("asking.awaitingToken");
    expect(dropped(actor)).toEqual(["s1"]);
    expect(context(actor).problem).toBe("tokenRefused:expired");
    actor.send(token("s2")).finish("addToken", added).finish("verifyToken", { result: "notActive" });
    expect(stepOf(actor)).toBe("asking.awaitingToken");
    expect(context(actor).problem).toBe("tokenNotActive");
    actor.send(token("s3"));
    expect(stepOf(actor)).toBe("connecting.addingToken");
  });

  it("does not ask for a token again that the backend had before it lost sight of the spreadsheet", () => {
    const actor = smoking().finish("requestRefresh", { result: "inactive" });
    expect(stepOf(actor)).toBe("connecting.registering");
    actor.finish("registerSpreadsheet", { result: "registered" });
    expect(stepOf(actor)).toBe("connecting.verifyingToken");
    actor.finish("verifyToken", { result: "notActive" });
    expect(stepOf(actor), "unless it is gone there").toBe("asking.awaitingToken");
    expect(stepOf(actor.send(token("s2")))).toBe("connecting.addingToken");
  });

  it("registers a spreadsheet again that it lost sight of, once", () => {
    const actor = given()
      .finish("registerSpreadsheet", { result: "registered" })
      .finish("addToken", { result: "inactive" });
    expect(stepOf(actor)).toBe("connecting.registering");
    expect(context(actor).token).toEqual({ ref: "s1" });
    actor.finish("registerSpreadsheet", { result: "registered" }).finish("addToken", { result: "inactive" });
    expect(stepOf(actor)).toBe("needsAttention");
  });

  it("needs attention, with one ticket and one word to the customer, when it does not help for an hour", () => {
    const actor = given();
    const notices: string[] = [];
    for (const wait of [5, 15, 30]) {
      notices.push(...actor.fail("registerSpreadsheet").notices);
      expect(stepOf(actor)).toBe("retrying");
      actor.elapse(wait * MINUTE_MS);
    }
    notices.push(...actor.fail("registerSpreadsheet").notices);
    expect(stepOf(actor)).toBe("needsAttention");
    expect(notices).toEqual(["connect.delayed", "connect.attention"]);
    expect(actor.tells).toEqual([{ to: `ticket/onboarding:${ID}`, type: "ticket.opened" }]);
    actor.elapse(6 * HOUR_MS).fail("registerSpreadsheet");
    expect(actor.notices).toEqual([]);
    actor.send({ type: "onboarding.retried", ...STAFF }).finish("registerSpreadsheet", { result: "registered" });
    expect(stepOf(actor)).toBe("connecting.addingToken");
  });
});

describe("a sheet that the backend refused", () => {
  it("is not asked about again with the same key when the customer comes back or is recalled", () => {
    const actor = given().finish("registerSpreadsheet", { result: "closed" });
    const { intent } = context(actor);
    expect(stepOf(actor.send({ type: "connect.opened" }))).toBe("asking.awaitingSpreadsheet");
    actor.elapse(2 * DAY_MS);
    expect(actor.running).toEqual([]);
    expect(stepOf(actor)).toBe("asking.awaitingSpreadsheet");
    expect(context(actor)).toMatchObject({ problem: "spreadsheetClosed", intent });
    actor.send({ type: "check.requested" });
    expect(context(actor).intent).toBe(intent + 1);
    expect(stepOf(actor)).toBe("connecting.registering");
  });
});

describe("a product that never shows a row", () => {
  it("can be started over, with another sheet and token", () => {
    const actor = smoking().finish("requestRefresh", { result: "accepted" });
    actor.elapse(31 * MINUTE_MS).finish("startCollection", { result: "stored", rows: 0 });
    actor.finish("readRows", { result: "rows", rows: 0 });
    expect(stepOf(actor)).toBe("waitingForData.waiting");
    expect(stepOf(actor.send({ type: "onboarding.restarted" }))).toBe("asking.awaitingEmail");
  });
});

describe("a collection that never ends well", () => {
  it("needs attention like a backend that is away, and the ticket closes itself once data arrive", () => {
    const actor = smoking().finish("requestRefresh", { result: "accepted" });
    for (const wait of [5, 15, 30]) {
      actor.finish("startCollection", { result: "queued", jobId: "j" }).elapse(10_000);
      actor.finish("readJob", { state: "failed" });
      expect(stepOf(actor)).toBe("retrying");
      actor.elapse(wait * MINUTE_MS);
    }
    actor.finish("startCollection", { result: "queued", jobId: "j" }).elapse(10_000);
    actor.finish("readJob", { state: "gone" });
    expect(stepOf(actor)).toBe("needsAttention");
    expect(actor.effectsOf("tell")).toMatchObject([{ event: { type: "ticket.opened", detail: "gone" } }]);
    actor.send({ type: "onboarding.retried", ...STAFF }).finish("startCollection", { result: "stored", rows: 4 });
    actor.finish("readRows", { result: "rows", rows: 4 });
    expect(stepOf(actor)).toBe("ready.watching");
    expect(actor.tells).toEqual([{ to: `ticket/onboarding:${ID}`, type: "ticket.closed" }]);
  });
});

describe("access that ends in the middle", () => {
  it("pauses everything, and payment resumes where it was", () => {
    const actor = given().finish("registerSpreadsheet", { result: "registered" });
    actor.send(access({ entitled: false, version: 2, since: actor.now }));
    expect(stepOf(actor)).toBe("paused");
    expect(actor.running).toEqual([]);
    expect(actor.timers).toEqual([]);
    actor.elapse(3 * DAY_MS).send(access({ version: 3, since: actor.now }));
    expect(stepOf(actor)).toBe("connecting.addingToken");
  });

  it("is not reopened by an announcement that was overtaken", () => {
    const actor = opened({ version: 5 }).send(access({ entitled: false, version: 7 }));
    expect(stepOf(actor.send(access({ version: 6 })))).toBe("paused");
  });

  it("keeps what works for somebody who comes back", () => {
    const actor = ready().send(access({ entitled: false, version: 2 }));
    expect(stepOf(actor.send(access({ version: 3 })))).toBe("ready.watching");
  });
});

describe("an unfinished connection", () => {
  it("is recalled after one day and after three, in the reminder hours, then never again", () => {
    const actor = opened().send(email);
    const reminded: number[] = [];
    for (let hour = 0; hour < 24 * 10; hour += 1) {
      actor.elapse(HOUR_MS);
      if (actor.notices.includes("connect.reminder") && actor.now % HOUR_MS === 0) reminded.push(actor.now);
    }
    expect(context(actor).nudgesSent).toBe(2);
    expect(stepOf(actor)).toBe("resting");
    expect(actor.timers).toEqual([]);
  });

  it("is not recalled to somebody who asked for silence", () => {
    const actor = opened()
      .send({ type: "reminders.muted" })
      .elapse(10 * DAY_MS);
    expect(stepOf(actor)).toBe("resting");
    expect(context(actor).nudgesSent).toBe(0);
  });
});

describe("the plan's promise", () => {
  it("counts from the payment and is kept by being ready", () => {
    expect(context(opened())).toMatchObject({ promisedFrom: NOON, readyBy: NOON + HOUR_MS });
    expect(promiseOf(ready())).toBe("kept");
  });

  it("is told to staff when it is broken, and stays on record", () => {
    const actor = opened().elapse(HOUR_MS);
    expect(promiseOf(actor)).toBe("late");
    expect(actor.effectsOf("notifyStaff")).toMatchObject([{ notice: "onboarding.late", params: { userId: ANN } }]);
    actor.send(email).send(sheet()).send(token()).finish("registerSpreadsheet", { result: "registered" });
    actor.finish("addToken", added).finish("verifyToken", { result: "active" });
    actor.finish("requestRefresh", { result: "accepted" }).finish("startCollection", { result: "stored", rows: 1 });
    actor.finish("readRows", { result: "rows", rows: 1 });
    expect(promiseOf(actor)).toBe("keptLate");
  });

  it("is not made by a plan without one, nor counted against somebody without access", () => {
    expect(promiseOf(opened({ readyMs: null }))).toBe("none");
    const actor = opened()
      .send(access({ entitled: false, version: 2 }))
      .elapse(DAY_MS);
    expect(promiseOf(actor)).toBe("none");
  });
});

describe("a working product", () => {
  it("reminds 14, 7, 3 and 1 days before the token expires", () => {
    const actor = ready();
    const leads: number[] = [];
    for (let day = 0; day < 185; day += 1) {
      actor.elapse(DAY_MS);
      for (const { params } of actor.effectsOf("notifyCustomer").filter(({ notice }) => notice === "token.expiring"))
        if (!leads.includes(params.days as number)) leads.push(params.days as number);
    }
    expect(leads).toEqual([14, 7, 3, 1]);
    expect(stepOf(actor)).toBe("ready.quiet");
  });

  it("takes a new token for the spreadsheet it has", () => {
    const actor = ready().send({ type: "token.requested", spreadsheetId: SHEET });
    expect(stepOf(actor)).toBe("asking.awaitingToken");
    expect(stepOf(actor.send({ type: "step.back" }))).toBe("ready.watching");
    actor.send({ type: "token.requested", spreadsheetId: SHEET }).send(token("s9", NOON + 300 * DAY_MS));
    expect(stepOf(actor)).toBe("connecting.addingToken");
    actor.finish("addToken", { ...added, expiresAt: NOON + 300 * DAY_MS }).finish("verifyToken", { result: "active" });
    actor.finish("requestRefresh", { result: "accepted" }).finish("startCollection", { result: "stored", rows: 1 });
    actor.finish("readRows", { result: "rows", rows: 1 });
    expect(context(actor).connections).toMatchObject([{ spreadsheetId: SHEET, tokenExpiresAt: NOON + 300 * DAY_MS }]);
  });

  it("connects another spreadsheet only where the plan allows it", () => {
    expect(ready().send({ type: "spreadsheet.requested" }).outcome).toBe("ignored");
    const actor = ready({ sheets: 2 }).send({ type: "spreadsheet.requested" });
    expect(stepOf(actor)).toBe("asking.awaitingSpreadsheet");
    expect(context(actor.send(sheet())).problem).toBe("spreadsheetConnected");
    expect(stepOf(actor.send(sheet(OTHER_SHEET)))).toBe("asking.awaitingToken");
    expect(context(actor)).toMatchObject({ email: "anna@gmail.com", connections: [{ spreadsheetId: SHEET }] });
  });
});

describe("somebody who asked to be forgotten (rule 16)", () => {
  it("leaves no e-mail, no spreadsheet and no token", () => {
    const actor = given().send({ type: "person.erased" });
    expect(stepOf(actor)).toBe("paused");
    expect(dropped(actor)).toEqual(["s1"]);
    expect(actor.running).toEqual([]);
    expect(JSON.stringify(context(actor))).not.toMatch(/anna@gmail|1AbCdEf/);
    const connected = ready().send({ type: "person.erased" });
    expect(context(connected).connections).toEqual([]);
    expect(stepOf(connected.send(access({ version: 2 })))).toBe("asking.awaitingEmail");
  });
});

describe("days of the backend", () => {
  it("are Moscow's", () => {
    expect(moscowDay(Date.UTC(2026, 2, 1, 20, 59))).toBe("2026-03-01");
    expect(moscowDay(Date.UTC(2026, 2, 1, 21, 0))).toBe("2026-03-02");
    expect(moscowDay(Date.UTC(2026, 2, 1, 21, 0), 1)).toBe("2026-03-01");
  });
});

describe("everything that can happen to an onboarding", () => {
  it("takes every transition, and no state is without a way out (rule 12)", () => {
    const walked = walk<OnboardingContext>({
      definition: onboardingDefinition,
      id: ID,
      startAt: NOON,
      samples: ({ accessVersion = 0 }) => [
        access({ version: accessVersion + 1, sheets: 2 }),
        access({ version: accessVersion + 1, entitled: false }),
        email,
        sheet(),
        sheet(OTHER_SHEET),
        { ...token("s1"), warning: "write_access" },
        { type: "connect.opened" },
        { type: "step.back" },
        { type: "step.kept" },
        { type: "check.requested" },
        { type: "onboarding.restarted" },
        { type: "spreadsheet.requested" },
        { type: "token.requested", spreadsheetId: SHEET },
        { type: "reminders.muted", afterMs: 200 * DAY_MS },
        { type: "onboarding.retried", ...STAFF },
        { type: "person.erased" },
      ],
      outputs: {
        registerSpreadsheet: [{ result: "registered" }, { result: "closed" }],
        addToken: [
          added,

          { result: "refused", reason: "expired" },
          { result: "lost" },
          { result: "inactive" },
        ],
        verifyToken: [{ result: "active" }, { result: "notActive" }, { result: "inactive" }],
        requestRefresh: [{ result: "accepted" }, { result: "inactive" }],
        startCollection: [{ result: "stored", rows: 1 }, { result: "queued", jobId: "j" }, { result: "inactive" }],
        readJob: [{ state: "running" }, { state: "done" }, { state: "failed" }],
        readRows: [{ result: "rows", rows: 0 }, { result: "rows", rows: 2 }, { result: "inactive" }],
      },
      failures: [
        { code: "backend.rejected", final: true },
        { code: "backend.unavailable", final: false },
      ],
      facets: (it, now) => [
        it.entitled,
        it.email !== null,
        it.spreadsheetId === null ? null : isConnected(it, it.spreadsheetId),
        it.token !== null,
        it.progress,
        it.connections.length > 0,
        it.isConnecting,
        !it.isConnecting && it.tokenWarning !== null,
        it.wasReregistered,
        // The counts work alike in every step; it is enough to walk through them in one.
        ["nothing", "refreshed"].includes(it.progress) ? Math.min(it.failures, 3) : 0,
        it.email === null ? it.nudgesSent : 0,
        it.dataBy !== null && it.dataBy <= now,
      ],
      limit: 60_000,
      check: ({ before, event, after, step }) => {
        const { context: now, states } = after;
        const drops = step.effects.filter((stored) => stored.kind === "effect" && stored.effect.kind === "dropSecret");
        // No sealed token is forgotten without being dropped, and none that is dropped is kept.
        const held = before?.context.token?.ref ?? null;
        if (held !== null && now.token?.ref !== held)
          expect({ event, drops: drops.length }).toEqual({ event, drops: 1 });
        if (drops.length > 0) expect(now.token?.ref ?? null).not.toBe(held);
        // Without access nothing is asked of the backend.
        if (!now.entitled) expect(states).toContain("step.paused");
        // Ready means that nothing is in hand.
        if (states.some((path) => path.startsWith("step.ready"))) {
          const { isTokenMessageLeft, tokenWarning } = now;
          expect(now).toMatchObject({ ...NOTHING_IN_HAND, isTokenMessageLeft, tokenWarning });
        }
        if (states.some((path) => path.startsWith("step.connecting.smokeRunning")))
          expect(hasReached(now, "verified")).toBe(true);
      },
    });
    expect(walked.untaken).toEqual([]);
    for (const [state, { timed, explicit }] of Object.entries(waysOut(onboardingDefinition.machine, "step")))
      expect({ state, ways: [...timed, ...explicit] }).not.toEqual({ state, ways: [] });
  }, 60_000);
});
