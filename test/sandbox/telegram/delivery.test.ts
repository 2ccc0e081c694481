import type { Update, WebhookInfo } from "@grammyjs/types";
import { describe, expect, it } from "vitest";
import { ALL_UPDATES, DAY_MS, ListeningBot, startWorld } from "./support.ts";

const gate = () => {
  let open = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { until, open };
};

/** Lets the event loop turn until `isTrue`; fails after a bounded number of turns. */
async function turnsUntil(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000; turn += 1) {
    if (isTrue()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("It did not happen.");
}

describe("webhook delivery", () => {
  it("posts one update per request with the secret", async () => {
    const { bot, emulator } = await startWorld();
    emulator.people.add().start();
    await emulator.settled();
    expect(bot.secrets).toEqual(["s3cret"]);
    expect(emulator.deliveries()).toMatchObject([{ updateId: bot.updates[0]?.update_id, outcome: "delivered" }]);
  });

  it("is serial per queue key and parallel across keys", async () => {
    const { bot, emulator } = await startWorld();
    const [ann, bob] = [emulator.people.add(), emulator.people.add()];
    const hold = gate();
    bot.answer = (update) => (update.message?.text === "one" ? hold : {});
    ann.send("one");
    ann.send("two");
    bob.send("three");
    ann.block();
    await turnsUntil(() => bot.updates.length === 3);
    const seen = () => bot.updates.map((u) => u.message?.text ?? Object.keys(u)[1]);
    expect(seen().sort()).toEqual(["my_chat_member", "one", "three"]);
    hold.open();
    await emulator.settled();
    expect(seen().at(-1)).toBe("two");
  });

  it("never has more than max_connections under way", async () => {
    const world = await startWorld({ webhook: false });
    const { bot, emulator } = world;
    await world.ok("setWebhook", { url: bot.url, max_connections: 2 });
    const hold = gate();
    bot.answer = () => hold;
    for (let i = 0; i < 5; i += 1) emulator.people.add().start();
    await turnsUntil(() => bot.updates.length === 2);
    expect(emulator.pendingUpdates().map((p) => p.state)).toEqual([
      "inFlight",
      "inFlight",
      "queued",
      "queued",
      "queued",
    ]);
    hold.open();
    await emulator.settled();
    expect(bot.updates).toHaveLength(5);
  });

  it("tries again at once, then after 2, 4, 8 s ... up to 60 to 120 s, until the update is a day old", async () => {
    const { advance, bot, clock, emulator, ok } = await startWorld();
    const at: number[] = [];
    bot.answer = () => {
      at.push(clock.ms);
      return { status: 500 };
    };
    emulator.people.add().start();
    await emulator.settled();
    const [updateId] = bot.updates.map((u) => u.update_id);
    expect(await ok<WebhookInfo>("getWebhookInfo")).toMatchObject({
      pending_update_count: 1,
      last_error_date: clock.ms / 1000,
      last_error_message: "Wrong response from the webhook: 500 Internal Server Error",
    });
    await advance(DAY_MS);
    const waits = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(waits.slice(0, 6)).toEqual([0, 2000, 4000, 8000, 16_000, 32_000]);
    for (const wait of waits.slice(6)) {
      expect(wait).toBeGreaterThanOrEqual(60_000);
      expect(wait).toBeLessThanOrEqual(120_000);
    }
    expect(new Set(bot.updates.map((u) => u.update_id))).toEqual(new Set([updateId]));
    expect(emulator.deliveries().at(-1)).toMatchObject({ outcome: "expired", updateId });
    expect(await ok<WebhookInfo>("getWebhookInfo")).toMatchObject({ pending_update_count: 0 });
  });

  it("gives a button press up after 150 s", async () => {
    const { advance, bot, clock, emulator } = await startWorld();
    const started = clock.ms;
    let last = 0;
    bot.answer = () => {
      last = clock.ms - started;
      return { status: 503 };
    };
    emulator.people.add().pressForged("x");
    await emulator.settled();
    await advance(DAY_MS);
    expect(emulator.deliveries().at(-1)?.outcome).toBe("expired");
    expect(last).toBeLessThanOrEqual(150_000);
  });

  it("waits as long as Retry-After says, an hour at most", async () => {
    const { advance, bot, emulator, scheduler, clock } = await startWorld();
    bot.answer = () => ({ status: 503, headers: { "Retry-After": "9999" } });
    emulator.people.add().start();
    await emulator.settled();
    expect(scheduler.nextDueAt()).toBe(clock.ms + 3_600_000);
    bot.answer = () => ({});
    await advance(3_600_000);
    expect(bot.updates).toHaveLength(2);
    expect(emulator.pendingUpdates()).toEqual([]);
  });

  it("takes a dropped connection and 60 s of silence for a failure", async () => {
    const { bot, clock, emulator, ok, scheduler } = await startWorld();
    let tries = 0;
    const hold = gate();
    bot.answer = () => {
      tries += 1;
      return tries === 1 ? { reset: true } : tries === 2 ? hold : {};
    };
    emulator.people.add().start();
    await turnsUntil(() => tries === 2);
    expect(await ok<WebhookInfo>("getWebhookInfo")).toMatchObject({ last_error_message: "Connection reset by peer" });
    clock.ms += 60_000;
    scheduler.runDue(clock.ms);
    await emulator.settled();
    expect(await ok<WebhookInfo>("getWebhookInfo")).toMatchObject({ last_error_message: "Read timeout expired" });
    clock.ms += 2000;
    await emulator.runDue(clock.ms);
    await emulator.settled();
    expect([tries, emulator.pendingUpdates()]).toEqual([3, []]);
    hold.open();
  });

  it("holds back only the queue that fails", async () => {
    const { bot, emulator } = await startWorld();
    const [ann, bob] = [emulator.people.add(), emulator.people.add()];
    bot.answer = (update) => ({ status: update.message?.chat.id === ann.id ? 500 : 200 });
    ann.send("one");
    ann.send("two");
    bob.send("three");
    await emulator.settled();
    expect(bot.of("message").map((m) => m.text)).not.toContain("two");
    expect(bot.of("message").map((m) => m.text)).toContain("three");
  });

  it("runs a method in the answer, except what only asks", async () => {
    const { bot, emulator } = await startWorld();
    const ann = emulator.people.add();
    bot.answer = () => ({ body: JSON.stringify({ method: "sendMessage", chat_id: ann.id, text: "in the answer" }) });
    ann.start();
    await emulator.settled();
    expect(ann.screen()?.text).toBe("in the answer");
    bot.answer = () => ({ body: JSON.stringify({ method: "deleteWebhook" }) });
    ann.send("x");
    await emulator.settled();
    bot.answer = () => ({ body: "ok" });
    ann.send("y");
    await emulator.settled();
    expect(bot.updates).toHaveLength(3);
  });

  it("removes a webhook that answers 410 for 23 hours", async () => {
    const { advance, bot, emulator, ok } = await startWorld();
    bot.answer = () => ({ status: 410 });
    emulator.people.add().start();
    await emulator.settled();
    await advance(23 * 3_600_000 + 120_000);
    expect(await ok<WebhookInfo>("getWebhookInfo")).toMatchObject({ url: "", pending_update_count: 1 });
  });
});

describe("setWebhook", () => {
  it("keeps allowed_updates when omitted, takes the default set for [], and drops unknown names silently", async () => {
    const world = await startWorld({ webhook: false });
    const allowed = async () => (await world.ok<WebhookInfo>("getWebhookInfo")).allowed_updates;
    const url = world.bot.url;
    await world.ok("setWebhook", { url, allowed_updates: ["message", "chat_member", "chat_memebr"] });
    expect(await allowed()).toEqual(["message", "chat_member"]);
    await world.ok("setWebhook", { url });
    expect(await allowed()).toEqual(["message", "chat_member"]);
    await world.ok("setWebhook", { url, allowed_updates: [] });
    expect(await allowed()).toBeUndefined();
    const ann = world.emulator.people.add();
    world.emulator.channels.create().adminAdds(ann);
    ann.pressForged("x");
    await world.emulator.settled();
    expect(world.bot.updates.map((u) => Object.keys(u)[1]).sort()).toEqual(["callback_query", "my_chat_member"]);
    expect(world.emulator.deliveries().filter((d) => d.outcome === "notAllowed")).toMatchObject([
      { type: "chat_member" },
    ]);
  });

  it("keeps pending updates unless told to drop them", async () => {
    const world = await startWorld({ webhook: false });
    const ann = world.emulator.people.add();
    ann.send("one");
    await world.ok("setWebhook", { url: world.bot.url });
    await world.emulator.settled();
    await world.ok("deleteWebhook");
    ann.send("two");
    await world.ok("setWebhook", { url: world.bot.url, drop_pending_updates: true });
    await world.emulator.settled();
    expect(world.bot.of("message").map((m) => m.text)).toEqual(["one"]);
    expect(await world.ok<WebhookInfo>("getWebhookInfo")).toMatchObject({
      url: world.bot.url,
      pending_update_count: 0,
    });
  });

  it("refuses bad addresses and secrets, and a second call within a second if so chosen", async () => {
    const world = await startWorld({ webhook: false, limitSetWebhook: true });
    const set = (params: object) => world.refused("setWebhook", { url: world.bot.url, ...params });
    expect(await set({ secret_token: "with space" })).toContain("unallowed characters");
    expect(await set({ max_connections: 101 })).toContain("max_connections");
    expect(await set({ url: "http://example.org/x" })).toContain("this machine only");
    world.clock.ms += 1000;
    expect(await set({})).toBe("");
    expect(await set({})).toBe("Too Many Requests: retry after 1");
    const real = await startWorld({ webhook: false, loopbackWebhooks: false });
    expect(await real.refused("setWebhook", { url: "http://example.org/x" })).toContain(
      "An HTTPS URL must be provided",
    );
    expect(await real.refused("setWebhook", { url: "https://example.org:444/x" })).toContain(
      "ports 80, 88, 443 or 8443",
    );
  });
});

describe("long polling", () => {
  it("repeats updates until the offset confirms them", async () => {
    const { emulator, ok } = await startWorld({ webhook: false });
    const ann = emulator.people.add();
    for (const text of ["a", "b", "c"]) ann.send(text);
    const poll = (params: object) => ok<Update[]>("getUpdates", { ...params });
    const texts = async (params: object) => (await poll(params)).map((u) => u.message?.text);
    const [first] = await poll({});
    expect(await texts({})).toEqual(["a", "b", "c"]);
    expect(await texts({ offset: (first?.update_id ?? 0) + 1, limit: 1 })).toEqual(["b"]);
    expect(await texts({ offset: -1 })).toEqual(["c"]);
    expect(await texts({ offset: (first?.update_id ?? 0) + 3 })).toEqual([]);
    await emulator.settled();
  });

  it("waits for an update or the end of its time", async () => {
    const { emulator, ok, clock, scheduler } = await startWorld({ webhook: false });
    const ann = emulator.people.add();
    const waiting = ok<Update[]>("getUpdates", { timeout: 30 });
    await turnsUntil(() => scheduler.nextDueAt() !== null);
    ann.send("hi");
    expect((await waiting).map((u) => u.message?.text)).toEqual(["hi"]);
    const inVain = ok<Update[]>("getUpdates", { offset: -1, timeout: 30 }).then(() =>
      ok<Update[]>("getUpdates", { offset: Number.MAX_SAFE_INTEGER, timeout: 30 }),
    );
    await turnsUntil(() => scheduler.nextDueAt() !== null);
    clock.ms += 30_000;
    scheduler.runDue(clock.ms);
    expect(await inVain).toEqual([]);
  });

  it("answers 409 beside a webhook and to the older of two calls", async () => {
    const { ok, refused, scheduler } = await startWorld();
    expect(await refused("getUpdates")).toContain("Conflict: can't use getUpdates method while webhook is active");
    await ok("deleteWebhook");
    const older = refused("getUpdates", { timeout: 30 });
    await turnsUntil(() => scheduler.nextDueAt() !== null);
    expect(await ok("getUpdates")).toEqual([]);
    expect(await older).toContain("terminated by other getUpdates request");
  });
});

describe("delivery faults", () => {
  const texts = (bot: ListeningBot) => bot.of("message").map((m) => m.text);

  it("drop a kind of update, for one person, a number of times", async () => {
    const { bot, emulator } = await startWorld();
    const [ann, bob] = [emulator.people.add(), emulator.people.add()];
    const rule = emulator.faults.onDelivery({
      updateType: "message",
      userId: ann.id,
      times: 1,
      skip: 1,
      fault: { kind: "drop" },
    });
    for (const text of ["1", "2", "3"]) ann.send(text);
    bob.send("bob");
    await emulator.settled();
    expect(texts(bot).sort()).toEqual(["1", "3", "bob"]);
    expect(rule.hits).toBe(1);
  });

  it("duplicate: one after the other, at once, with a new number, to another address", async () => {
    const { bot, emulator } = await startWorld();
    const ann = emulator.people.add();
    const once = (fault: object) => emulator.faults.onDelivery({ times: 1, fault: { kind: "duplicate", ...fault } });
    once({});
    ann.send("again");
    await emulator.settled();
    expect(bot.updates.map((u) => u.update_id)).toEqual([bot.updates[0]?.update_id, bot.updates[0]?.update_id]);
    once({ newUpdateId: true });
    ann.send("renumbered");
    await emulator.settled();
    const [third, fourth] = bot.updates.slice(2);
    expect([third?.message, (fourth?.update_id ?? 0) - (third?.update_id ?? 0)]).toEqual([fourth?.message, 1]);
    const hold = gate();
    bot.answer = () => hold;
    once({ concurrent: true });
    ann.send("twins");
    await turnsUntil(() => bot.updates.length === 6);
    hold.open();
    await emulator.settled();
    bot.answer = () => ({});
    const replica = new ListeningBot();
    await replica.listen();
    once({ concurrent: true, toUrl: replica.url });
    ann.send("two replicas");
    await emulator.settled();
    replica.close();
    expect([texts(bot).at(-1), texts(replica)]).toEqual(["two replicas", ["two replicas"]]);
  });

  it("delay until released or for a time, overtaken by what follows", async () => {
    const { advance, bot, emulator } = await startWorld();
    const ann = emulator.people.add();
    const rule = emulator.faults.onDelivery({ updateType: "message", times: 1, fault: { kind: "delay" } });
    ann.send("late");
    ann.send("early");
    await emulator.settled();
    expect(texts(bot)).toEqual(["early"]);
    rule.release();
    await emulator.settled();
    expect(texts(bot)).toEqual(["early", "late"]);
    emulator.faults.onDelivery({ times: 1, fault: { kind: "delay", delayMs: 3_600_000 } });
    ann.send("an hour late");
    await advance(3_600_000);
    await emulator.settled();
    expect(texts(bot)).toEqual(["early", "late", "an hour late"]);
  });

  it.each(["ackLost", "abort"] as const)("%s: the bot has it, Telegram sends it again", async (kind) => {
    const { bot, emulator } = await startWorld();
    emulator.faults.onDelivery({ times: 1, fault: { kind } });
    emulator.people.add().send("x");
    await emulator.settled();
    expect(new Set(bot.updates.map((u) => u.update_id)).size).toBe(1);
    expect(emulator.deliveries().map((d) => d.outcome)).toEqual(["failed", "delivered"]);
  });

  it("can strike a payment's message only", async () => {
    const { bot, emulator, ok } = await startWorld();
    const ann = emulator.people.add({ stars: 10 });
    bot.answer = async ({ pre_checkout_query: query }) => {
      if (query) await ok("answerPreCheckoutQuery", { pre_checkout_query_id: query.id, ok: true });
      return {};
    };
    emulator.faults.onDelivery({ updateType: "successful_payment", fault: { kind: "drop" } });
    const link = await ok<string>("createInvoiceLink", {
      title: "t",
      description: "d",
      payload: "p",
      currency: "XTR",
      prices: [{ label: "l", amount: 10 }],
    });
    expect((await ann.payInvoice(link)).kind).toBe("paid");
    ann.send("hello?");
    await emulator.settled();
    expect(texts(bot)).toEqual(["hello?"]);
  });
});

describe("a list of updates that the tests ask for", () => {
  it("holds only names Telegram knows", async () => {
    const world = await startWorld();
    expect((await world.ok<WebhookInfo>("getWebhookInfo")).allowed_updates).toEqual(ALL_UPDATES);
  });
});
