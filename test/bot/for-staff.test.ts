import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import type { ActorView } from "../../src/runtime/ports.ts";
import { ScreenNow } from "../../src/support/answers/people.ts";
import { labels, reads } from "./support/reading.ts";
import { makeTown } from "./support/town.ts";

const notice = (userId: number, name: "member.joined" | "subscription.revoked") =>
  ({ kind: "notifyCustomer", userId, notice: name, product: "club", params: {} }) as const;

const subscribed = async () => {
  const town = await makeTown();
  const anna = town.someone({ stars: 10_000 });
  await town.subscribe(anna, "month");
  return { town, anna };
};

const revoked = (view: ActorView | null): ActorView => {
  if (!view) throw new Error("no subscription");
  return {
    ...view,
    states: ["billing.revoked", ...view.states.filter((state) => !state.startsWith("billing."))],
    context: { ...view.context, revokedReason: "shared the link" },
  };
};

describe("the screen that staff are shown", () => {
  it("is the one that the bot draws on /status, with the same words and buttons", async () => {
    const { town, anna } = await subscribed();
    const now = await town.bot.screenNow(anna.id);
    anna.send("/status");
    await town.settle();
    expect(ScreenNow.parse(now)).toEqual(now);
    expect(now.text).toBe(reads(anna));
    expect(now.buttons.flat().map(({ label }) => label)).toEqual(labels(anna));
  });

  it("says nothing to the customer, and does not say where a button leads", async () => {
    const { town, anna } = await subscribed();
    const before = town.telegram.calls().length;
    const now = await town.bot.screenNow(anna.id);
    expect(town.telegram.calls()).toHaveLength(before);
    expect(now.buttons.flat().some(({ url }) => url)).toBe(true);
    expect(JSON.stringify(now.buttons)).not.toContain("https://");
  });

  it("greets somebody whom nobody has seen yet", async () => {
    const { town } = await subscribed();
    expect((await town.bot.screenNow(4_242)).text).not.toBe("");
  });
});

describe("the words of a notice", () => {
  it("are those that the customer would read, without markup", async () => {
    const { town, anna } = await subscribed();
    expect(await town.bot.wordNotice(notice(anna.id, "member.joined"))).toEqual({
      language: "ru",
      text: expect.stringMatching(/^Вы в канале «Клуб & Ко»/),
    });
  });

  it("are none for what is not true now, and those of what is foreseen", async () => {
    const { town, anna } = await subscribed();
    const address = addressOf.subscription(anna.id, "club");
    const ended = notice(anna.id, "subscription.revoked");
    expect(await town.bot.wordNotice(ended)).toBeNull();
    const foreseen = new Map([[address, revoked(await town.actors.read(address))]]);
    expect((await town.bot.wordNotice(ended, foreseen))?.text).toContain("shared the link");
  });

  it("are none for somebody who blocked the bot", async () => {
    const { town, anna } = await subscribed();
    anna.block();
    await town.settle();
    expect(await town.bot.wordNotice(notice(anna.id, "member.joined"))).toBeNull();
  });
});
