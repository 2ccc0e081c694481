import { describe, expect, it } from "vitest";
import { channelDefinition } from "../../machines/channel/definition.ts";
import {
  BREAKER_SHARE_FLOOR,
  BREAKER_WINDOW_MS,
  isLetThrough,
  MAX_REINSPECTION_MS,
  REINSPECTION_MS,
  removalsAllowed,
} from "../../machines/channel/policy.ts";
import type { ChannelContext, ChannelRights } from "../../machines/channel/types.ts";
import { ActedActor } from "./support/act.ts";
import { waysOut } from "./support/exits.ts";
import { walk } from "./support/paths.ts";

const T0 = 1_795_000_000_000;
const CHAT = "-1002123456789";

const rights = (overrides: Partial<ChannelRights> = {}): ChannelRights => ({
  present: true,
  canInvite: true,
  canRestrict: true,
  title: "Club",
  members: 1_000,
  ...overrides,
});
const NO_RESTRICT = rights({ canRestrict: false });
const ABSENT: ChannelRights = { present: false, canInvite: false, canRestrict: false, title: null, members: null };

const registered = (breaker = { perHour: 3, percent: 100 }) => ({ type: "channel.registered", breaker });
const seen = (value: ChannelRights) => ({ type: "rights.seen", rights: value });
const asked = (userId: number, members = 1_000) => ({ type: "removal.asked", userId, members });
const released = { type: "removals.released", by: "olga", reason: "a real wave of expiries" };

const newChannel = (breaker?: { perHour: number; percent: number }) =>
  new ActedActor(channelDefinition, CHAT, T0).send(registered(breaker));
const healthy = (breaker?: { perHour: number; percent: number }) =>
  newChannel(breaker).finish("inspectChannel", { rights: rights() });
const context = (channel: ActedActor) => channel.context<ChannelContext>();

describe("a channel of the plans", () => {
  it("is looked at before anything is done in it", () => {
    const channel = newChannel();
    expect(channel.state).toBe("health.unseen.inspecting removals.flowing");
    expect(channel.started("inspectChannel")).toEqual({ chatId: CHAT });
    channel.finish("inspectChannel", { rights: rights() });
    expect(channel.state).toBe("health.healthy.settled removals.flowing");
    expect(channel.effects).toEqual([]);
    expect(context(channel)).toMatchObject({ title: "Club", members: 1_000, missing: [] });
  });

  it("is looked at again when nobody could be asked", () => {
    const channel = newChannel().fail("inspectChannel");
    expect(channel.state).toContain("health.unseen.waiting");
    expect(channel.effects).toEqual([]);
    expect(channel.elapse(REINSPECTION_MS).state).toContain("health.unseen.inspecting");
  });

  it("is looked at again at every start, because updates may have been missed", () => {
    expect(healthy().send(registered()).state).toContain("health.healthy.inspecting");
  });

  it("is looked at when a call was refused, once at a time", () => {
    const refused = { type: "call.refused", reason: "CHAT_ADMIN_REQUIRED" };
    const channel = healthy().send(refused);
    expect(channel.state).toContain("health.healthy.inspecting");
    expect(channel.send(refused).outcome).toBe("ignored");
    expect(channel.finish("inspectChannel", { rights: rights() }).state).toContain("health.healthy.settled");
  });
});

describe("a channel that cannot be managed", () => {
  it("stops the clocks, tells staff what is missing and opens a ticket", () => {
    const channel = healthy().elapse(5_000).send(seen(NO_RESTRICT));
    expect(channel.state).toContain("health.degraded");
    expect(context(channel)).toMatchObject({ missing: ["canRestrict"], unavailableSince: T0 + 5_000 });
    expect(channel.effectsOf("broadcast")).toEqual([
      {
        kind: "broadcast",
        chatId: CHAT,
        machines: ["subscription"],
        event: { type: "channel.unavailable", chatId: CHAT, since: T0 + 5_000 },
      },
    ]);
    expect(channel.effectsOf("notifyStaff")).toMatchObject([
      { notice: "channel.degraded", params: { title: "Club", missing: "canRestrict" } },
    ]);
    expect(channel.tells).toEqual([{ to: `ticket/channel:${CHAT}`, type: "ticket.opened" }]);
  });

  it("keeps what is known of a channel that put the bot out", () => {
    const channel = healthy().send(seen(ABSENT));
    expect(channel.state).toContain("health.lost");
    expect(context(channel)).toMatchObject({ title: "Club", members: 1_000, missing: ["presence"] });
    expect(channel.effectsOf("notifyStaff")).toMatchObject([{ notice: "channel.lost" }]);
  });

  it.each([
    ["lost", ABSENT],
    ["degraded", NO_RESTRICT],
  ])("is looked at after five minutes, then less and less often, at last every hour (%s)", (state, found) => {
    const channel = healthy().send(seen(found));
    for (const minutes of [5, 10, 20, 40, 60, 60, 60]) {
      expect(channel.elapse(minutes * 60_000 - 1).state).toContain(`health.${state}.waiting`);
      expect(channel.elapse(1).state).toContain(`health.${state}.inspecting`);
      if (minutes === 20) channel.fail("inspectChannel");
      else channel.finish("inspectChannel", { rights: found });
      expect(channel.effects).toEqual([]);
    }
  });

  it("is looked at soon again when something changed, or the service starts", () => {
    const channel = healthy().send(seen(ABSENT));
    for (let look = 0; look < 5; look += 1)
      channel.elapse(MAX_REINSPECTION_MS).finish("inspectChannel", { rights: ABSENT });
    channel.send(seen(NO_RESTRICT));
    expect(channel.elapse(REINSPECTION_MS).state).toContain("health.degraded.inspecting");
    for (let look = 0; look < 5; look += 1) {
      channel.finish("inspectChannel", { rights: NO_RESTRICT });
      channel.elapse(MAX_REINSPECTION_MS);
    }
    channel.finish("inspectChannel", { rights: NO_RESTRICT }).send(registered());
    channel.finish("inspectChannel", { rights: NO_RESTRICT });
    expect(channel.elapse(2 * REINSPECTION_MS).state).toContain("health.degraded.inspecting");
  });

  it("counts no looks of an outage that is over", () => {
    const channel = healthy().send(seen(ABSENT));
    for (let look = 0; look < 5; look += 1)
      channel.elapse(MAX_REINSPECTION_MS).finish("inspectChannel", { rights: ABSENT });
    channel.send(seen(rights())).send(seen(ABSENT));
    expect(channel.elapse(REINSPECTION_MS).state).toContain("health.lost.inspecting");
  });

  it("counts the lost time from the first moment, however it gets worse or better in between", () => {
    const channel = healthy().send(seen(NO_RESTRICT)).elapse(60_000).send(seen(ABSENT));
    expect(channel.effectsOf("broadcast")).toEqual([]);
    channel.elapse(60_000).send(seen(NO_RESTRICT));
    expect(channel.state).toContain("health.degraded");
    expect(channel.effectsOf("broadcast")).toEqual([]);
    channel.elapse(60_000).send(seen(rights()));
    expect(channel.state).toContain("health.healthy.settled");
    expect(channel.effectsOf("broadcast")).toEqual([
      {
        kind: "broadcast",
        chatId: CHAT,
        machines: ["subscription", "invite"],
        event: { type: "channel.recovered", chatId: CHAT, since: T0 },
      },
    ]);
    expect(context(channel).unavailableSince).toBeNull();
  });

  it("closes its own ticket when it recovers", () => {
    const channel = healthy().send(seen(NO_RESTRICT)).send(seen(rights()));
    expect(channel.tells).toEqual([{ to: `ticket/channel:${CHAT}`, type: "ticket.closed" }]);
    expect(channel.effectsOf("notifyStaff")).toMatchObject([{ notice: "channel.recovered" }]);
  });
});

describe("a channel that people gave up", () => {
  const givenUp = { type: "channel.givenUp", by: "olga", reason: "its owner deleted it" };
  const abandoned = (found = ABSENT) => healthy().send(seen(found)).elapse(60_000).send(givenUp);

  it.each([ABSENT, NO_RESTRICT])("lets its subscribers' clocks run again and gives the time back", (found) => {
    const channel = abandoned(found);
    expect(channel.state).toBe("health.givenUp.settled removals.flowing");
    expect(channel.effectsOf("broadcast")).toEqual([
      {
        kind: "broadcast",
        chatId: CHAT,
        machines: ["subscription"],
        event: { type: "channel.recovered", chatId: CHAT, since: T0 },
      },
    ]);
    expect(channel.tells).toEqual([{ to: `ticket/channel:${CHAT}`, type: "ticket.closed" }]);
    expect(context(channel).unavailableSince).toBeNull();
  });

  it("is not looked at any more, and a start of the service that finds nothing new stops no clock", () => {
    const channel = abandoned();
    expect(channel.timers).toEqual([]);
    channel.send(registered()).finish("inspectChannel", { rights: ABSENT });
    expect(channel.state).toContain("health.givenUp.settled");
    expect(channel.effects).toEqual([]);
    expect(channel.send(registered()).fail("inspectChannel").state).toContain("health.givenUp.settled");
    expect(channel.send(seen(NO_RESTRICT)).state).toContain("health.givenUp.settled");
    expect(channel.effects).toEqual([]);
  });

  it("is back as soon as it can be managed again, with no time to give back", () => {
    const channel = abandoned().elapse(60_000).send(seen(rights()));
    expect(channel.state).toContain("health.healthy.settled");
    expect(channel.effectsOf("broadcast")).toMatchObject([
      { event: { type: "channel.recovered", since: T0 + 120_000 } },
    ]);
  });

  it("was not well before", () => {
    expect(healthy().send(givenUp).outcome).toBe("ignored");
  });
});

describe("rule 11: the breaker of removals", () => {
  it("lets through so many different people within an hour, then holds and tells staff once", () => {
    const channel = healthy();
    for (const user of [1, 2, 3]) expect(channel.send(asked(user)).state).toContain("removals.flowing");
    channel.send(asked(4));
    expect(channel.state).toContain("removals.held");
    expect(channel.effectsOf("notifyStaff")).toMatchObject([
      { notice: "removals.held", params: { removed: 3, allowed: 3 } },
    ]);
    expect(isLetThrough(context(channel), 4, channel.now)).toBe(false);
    channel.send(asked(5));
    expect(channel.effects).toEqual([]);
    expect(context(channel).heldCount).toBe(2);
  });

  it("counts a person once, however often the removal is tried", () => {
    const channel = healthy();
    for (const _ of [1, 2, 3, 4]) channel.send(asked(1));
    expect(context(channel).removals).toEqual([{ userId: 1, at: T0 }]);
    expect(channel.state).toContain("removals.flowing");
  });

  it("lets a removal that was let through be finished while others are held", () => {
    const channel = healthy().send(asked(1)).send(asked(2)).send(asked(3)).send(asked(4));
    expect(channel.send(asked(1)).outcome).toBe("ignored");
    expect(isLetThrough(context(channel), 1, channel.now)).toBe(true);
  });

  it("forgets removals after an hour", () => {
    const channel = healthy().send(asked(1)).send(asked(2)).send(asked(3)).elapse(BREAKER_WINDOW_MS);
    expect(channel.send(asked(4)).state).toContain("removals.flowing");
    expect(context(channel).removals).toEqual([{ userId: 4, at: T0 + BREAKER_WINDOW_MS }]);
  });

  it("waits for staff, however long, and then lets the waiting ones go", () => {
    const channel = healthy()
      .send(asked(1))
      .send(asked(2))
      .send(asked(3))
      .send(asked(4))
      .elapse(100 * BREAKER_WINDOW_MS);
    expect(channel.state).toContain("removals.held");
    channel.send(released);
    expect(channel.state).toContain("removals.flowing");
    expect(channel.effects).toEqual([
      { kind: "broadcast", chatId: CHAT, machines: ["invite"], event: { type: "removals.released" } },
    ]);
    expect(context(channel)).toMatchObject({ removals: [], heldCount: 0 });
  });

  it("holds at a share of the members as well", () => {
    const channel = healthy({ perHour: 1_000, percent: 2 });
    for (let user = 1; user <= 20; user += 1) channel.send(asked(user, 1_000));
    expect(channel.state).toContain("removals.flowing");
    expect(channel.send(asked(21, 1_000)).state).toContain("removals.held");
  });

  it.each([
    ["a small channel: the floor", { perHour: 50, percent: 5 }, 40, BREAKER_SHARE_FLOOR],
    ["an unknown size: the floor", { perHour: 50, percent: 5 }, 0, BREAKER_SHARE_FLOOR],
    ["a share, rounded up", { perHour: 50, percent: 5 }, 121, 7],
    ["a large channel: the number", { perHour: 50, percent: 5 }, 100_000, 50],
    ["an operator who says one", { perHour: 1, percent: 5 }, 100_000, 1],
  ])("allows in %s", (_, breaker, members, allowed) => {
    expect(removalsAllowed(breaker, members)).toBe(allowed);
  });
});

describe("everything that can happen to a channel", () => {
  const all = [rights(), NO_RESTRICT, rights({ canInvite: false }), ABSENT];
  const walked = walk<ChannelContext>({
    definition: channelDefinition,
    id: CHAT,
    startAt: T0,
    samples: [
      registered({ perHour: 1, percent: 5 }),
      ...all.map(seen),
      { type: "call.refused", reason: "CHAT_ADMIN_REQUIRED" },
      asked(1),
      asked(2),
      released,
      { type: "channel.givenUp", by: "olga", reason: "its owner deleted it" },
    ],
    outputs: { inspectChannel: all.map((value) => ({ rights: value })) },
    facets: ({ unavailableSince, removals, missing }, now) => [
      unavailableSince !== null,
      removals.filter(({ at }) => at > now - BREAKER_WINDOW_MS).map(({ userId }) => userId),
      missing,
    ],
    check({ after, step }) {
      const health = after.states.find((state) => state.startsWith("health.")) ?? "";
      expect(after.context.unavailableSince !== null).toBe(/degraded|lost/.test(health));
      // Only a settled channel waits for nothing.
      const { timers, invocations } = step.next.envelope;
      if (!health.endsWith("settled")) expect(Object.keys({ ...timers, ...invocations })).toHaveLength(1);
    },
  });

  it("takes every transition", () => {
    expect(walked.untaken).toEqual([]);
  });

  it("looks again by itself until all is well (rule 12)", () => {
    const {
      "healthy.settled": settled,
      "givenUp.settled": givenUp,
      "unseen.unregistered": unregistered,
      ...rest
    } = waysOut(channelDefinition.machine, "health");
    expect(settled?.explicit).toEqual(["call.refused", "channel.registered", "rights.seen"]);
    expect(unregistered?.explicit).toContain("channel.registered");
    expect(givenUp?.explicit).toEqual(["channel.registered", "rights.seen"]);
    for (const [state, ways] of Object.entries(rest)) {
      expect({ state, ways: ways.timed }).not.toEqual({ state, ways: [] });
    }
    expect(waysOut(channelDefinition.machine, "removals").held?.explicit).toEqual(["removals.released"]);
  });
});
