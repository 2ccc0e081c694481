import { describe, expect, it } from "vitest";
import { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import { answerCheckouts, DAY_MS, HandClock, startWorld, T0 } from "./support.ts";

describe("the emulator's time", () => {
  it("says what comes next, and runs it one by one in order", async () => {
    const world = await startWorld({ freePeriods: true });
    const { emulator, ok, clock } = world;
    answerCheckouts(world);
    const ann = emulator.people.add({ stars: 100 });
    const channel = emulator.channels.create();
    const link = await ok<string>("createInvoiceLink", {
      title: "t",
      description: "d",
      payload: "p",
      currency: "XTR",
      prices: [{ label: "l", amount: 10 }],
      subscription_period: 60,
    });
    expect(emulator.nextDueAt()).toBeNull();
    await ann.payInvoice(link);
    await ok("createChatInviteLink", { chat_id: channel.id, name: "ord", expire_date: T0 / 1000 + 90 });
    await ok("banChatMember", { chat_id: channel.id, user_id: ann.id, until_date: T0 / 1000 + 75 });
    await emulator.settled();
    const seen: [number, string | null][] = [];
    for (let i = 0; i < 4; i += 1) {
      clock.ms = emulator.nextDueAt() ?? 0;
      seen.push([(clock.ms - T0) / 1000, emulator.nextDueWhat()]);
      await emulator.runDue(clock.ms);
      await emulator.settled();
    }
    expect(seen.map(([s, what]) => `${s} ${what?.replace(/stx[\w-]+|-?\d{6,}/g, "#")}`)).toEqual([
      "60 subscription # renews",
      "75 ban of # in # ends",
      '90 invite link "ord" expires',
      "120 subscription # renews",
    ]);
    expect(ann.stars).toBe(70);
  });

  it("catches up with every renewal when the clock leaps", async () => {
    const world = await startWorld();
    answerCheckouts(world);
    const ann = world.emulator.people.add({ stars: 30 });
    await ann.payForged({ payload: "p", currency: "XTR", totalAmount: 10, subscriptionPeriodSeconds: 2_592_000 });
    world.clock.ms += 65 * DAY_MS;
    await world.emulator.runDue(world.clock.ms);
    expect(ann.subscriptions()[0]).toMatchObject({ untilMs: T0 + 90 * DAY_MS, state: "active" });
    expect(ann.stars).toBe(0);
  });
});

describe("a world", () => {
  it("is the same again from the same seed, and another one from another", () => {
    const make = (seed: number) => {
      const emulator = new TelegramEmulator({ clock: new HandClock(), seed });
      return [
        emulator.people.add().id,
        emulator.channels.create().adminCreatesLink(),
        emulator.sendRawUpdate({ poll: {} as never }).update_id,
      ];
    };
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  it("refuses options it does not know and values it cannot use", () => {
    const make = (options: object) => () => new TelegramEmulator({ clock: new HandClock(), ...options });
    expect(make({ prot: 1 })).toThrow("prot");
    expect(make({ host: "0.0.0.0" })).toThrow("host");
    expect(make({ token: "secret" })).toThrow("<digits>:<secret>");
  });

  it("refuses impossible people and channels", async () => {
    const { emulator } = await startWorld();
    const ann = emulator.people.add({ id: 7_012_345_678 });
    expect(ann.id).toBe(7_012_345_678);
    expect(() => emulator.people.add({ id: ann.id })).toThrow("already exists");
    expect(() => emulator.channels.create({ id: -5 })).toThrow("-1001234567890");
    expect(() => ann.leave(-1_001_234_567_890)).toThrow("create it first");
    ann.deactivate();
    expect(() => ann.send("x")).toThrow("deactivated");
    await expect(emulator.start()).rejects.toThrow("running already");
  });
});
