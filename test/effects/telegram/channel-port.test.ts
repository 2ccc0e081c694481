import { describe, expect, it } from "vitest";
import type { ActorAddress } from "../../../machines/address.ts";
import { channelDefinition } from "../../../machines/channel/definition.ts";
import type { ChannelRights } from "../../../machines/channel/types.ts";
import { makeEntitlementReader, makeUnheardReader } from "../../../src/effects/read-entitlement.ts";
import { makeChannelPort } from "../../../src/effects/telegram/channel-port.ts";
import type { ActorEvent, ActorView, SendResult } from "../../../src/runtime/ports.ts";
import { ActedActor } from "../../machines/support/act.ts";

const T0 = 1_795_000_000_000;
const CHAT = "-1002123456789";
const ALL: ChannelRights = { present: true, canInvite: true, canRestrict: true, title: "Club", members: 1_000 };

const viewOf = (address: ActorAddress, states: readonly string[], context: object): ActorView => ({
  address,
  machine: "channel",
  id: CHAT,
  rev: 1,
  status: "active",
  states,
  context: context as Record<string, unknown>,
  timers: {},
  invocations: {},
});

/** The actor of a channel behind the runtime's door. */
function managed(rights: ChannelRights = ALL) {
  const channel = new ActedActor(channelDefinition, CHAT, T0).send({
    type: "channel.registered",
    breaker: { perHour: 2, percent: 100 },
  });
  channel.finish("inspectChannel", { rights });
  const view = () => viewOf(`channel/${CHAT}`, channel.state.split(" "), channel.context<object>());
  const actors = {
    read: async (address: ActorAddress) => (address === `channel/${CHAT}` ? view() : null),
    send: async (address: ActorAddress, event: ActorEvent): Promise<SendResult> => {
      if (address !== `channel/${CHAT}`) return { outcome: "noActor", rev: 0, view: null };
      channel.send(event);
      return { outcome: channel.outcome, rev: 1, view: view() };
    },
  };
  return { channel, port: makeChannelPort(actors, { now: () => channel.now }) };
}

describe("the channel, as executors see it", () => {
  it("can be managed only while healthy", async () => {
    expect(await managed().port.isManageable(CHAT)).toBe(true);
    expect(await managed({ ...ALL, canRestrict: false }).port.isManageable(CHAT)).toBe(false);
    expect(await managed().port.isManageable("-1009")).toBe(false);
  });

  it("answers the breaker's question by what it counted", async () => {
    const { port } = managed();
    expect(await port.askRemoval(CHAT, 1, "e1")).toBe("letThrough");
    expect(await port.askRemoval(CHAT, 2, "e2")).toBe("letThrough");
    expect(await port.askRemoval(CHAT, 3, "e3")).toBe("held");
    expect(await port.askRemoval(CHAT, 2, "e2")).toBe("letThrough");
    expect(await port.askRemoval("-1009", 1, "e4")).toBe("held");
  });

  it("looks for itself when a call was refused", async () => {
    const { port, channel } = managed();
    await port.reportRefusal(CHAT, "Bad Request: CHAT_ADMIN_REQUIRED".padEnd(300, "."), "e1");
    expect(channel.state).toContain("health.healthy.inspecting");
    await expect(port.reportRefusal("-1009", "x", "e2")).resolves.toBeUndefined();
  });
});

describe("entitlement, read at the moment of the call", () => {
  const ANN = 7_012_345_678;
  const subscription = (product: string, state: string, overrides: object = {}, chats = [CHAT]) =>
    viewOf(`subscription/${ANN}:${product}`, [`billing.${state}`, "intent.prepaid"], {
      terms: { chats },
      riskBlocked: false,
      overrideUntil: null,
      ...overrides,
    });
  const invite = (...products: readonly string[]) =>
    viewOf(`invite/${ANN}:${CHAT}`, ["none"], {
      sources: Object.fromEntries(products.map((product) => [`${ANN}:${product}`, { entitled: false, version: 1 }])),
    });
  const reading = (...views: readonly ActorView[]) =>
    makeEntitlementReader(
      { read: async (address) => views.find((view) => view.address === address) ?? null },
      { now: () => T0 },
    );
  /** With an invite that has heard of every one of them. */
  const reader = (...subscriptions: readonly ActorView[]) =>
    reading(
      invite(...subscriptions.map(({ address }) => address.slice(`subscription/${ANN}:`.length))),
      ...subscriptions,
    );

  it.each([
    ["active.term", true],
    ["trialing", true],
    ["renewalSlack", true],
    ["pastDue.grace", true],
    ["pastDue.hold", false],
    ["expired", false],
    ["lead", false],
  ])("a subscription in %s opens its chats: %s", async (state, opens) => {
    expect(await reader(subscription("a", state))(ANN, CHAT)).toBe(opens);
  });

  it("is true when any one subscription opens the chat", async () => {
    expect(await reader(subscription("a", "expired"), subscription("b", "active.term"))(ANN, CHAT)).toBe(true);
  });

  it("is true for a subscription that the invite has not heard of yet, as soon as the customer has", async () => {
    const customer = viewOf(`customer/${ANN}`, ["risk.clear"], { products: ["a"] });
    expect(await reading(customer, subscription("a", "active.term"))(ANN, CHAT)).toBe(true);
    expect(
      await reading(customer, invite("b"), subscription("a", "expired"), subscription("b", "expired"))(ANN, CHAT),
    ).toBe(false);
  });

  it("is false for another chat, another person and a blocked one", async () => {
    expect(await reader(subscription("a", "active.term", {}, ["-1009"]))(ANN, CHAT)).toBe(false);
    expect(await reader(subscription("a", "active.term"))(1, CHAT)).toBe(false);
    expect(await reader(subscription("a", "active.term", { riskBlocked: true }))(ANN, CHAT)).toBe(false);
    expect(await reader(subscription("a", "lead", { terms: null }))(ANN, CHAT)).toBe(false);
  });

  it("follows an override until its end", async () => {
    expect(await reader(subscription("a", "expired", { overrideUntil: T0 + 1 }))(ANN, CHAT)).toBe(true);
    expect(await reader(subscription("a", "expired", { overrideUntil: T0 }))(ANN, CHAT)).toBe(false);
  });
});

describe("an invite that believes otherwise than it is now", () => {
  const ANN = 7_012_345_678;
  const unheard = (billing: string, entitled: boolean | null, chats = [CHAT]) => {
    const subscription = viewOf(`subscription/${ANN}:a`, [`billing.${billing}`], {
      terms: { chats },
      riskBlocked: false,
      overrideUntil: null,
    });
    const invite = viewOf(`invite/${ANN}:${CHAT}`, ["member"], {
      sources: entitled === null ? {} : { [`${ANN}:a`]: { entitled, version: 1 } },
    });
    const customer = viewOf(`customer/${ANN}`, ["risk.clear"], { products: ["a"] });
    const views = [subscription, invite, customer];
    const read = async (address: string) => views.find((view) => view.address === address) ?? null;
    return makeUnheardReader({ read }, { now: () => T0 })(ANN, CHAT);
  };
  it.each([
    ["of a right that is over", "pastDue.hold", true, [`subscription/${ANN}:a`]],
    ["of a right that there is again", "active.term", false, [`subscription/${ANN}:a`]],
    ["of a right that it never heard of", "active.term", null, [`subscription/${ANN}:a`]],
    ["not, where it knows", "active.term", true, []],
    ["not, where there was never a right", "lead", null, []],
  ])("names the subscription: %s", async (_, billing, entitled, named) => {
    expect(await unheard(billing, entitled)).toEqual(named);
  });
  it("is not told by a subscription that opens other chats now", async () => {
    expect(await unheard("active.term", true, ["-1009"])).toEqual([]);
  });
});
