// Two rules that no single machine keeps: what Telegram says in words nobody knows, and where secrets must not be.
import type { Redis } from "ioredis";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startPrivateRedis } from "../support/redis.ts";
import { FIAT_TOKEN } from "./support/plans.ts";
import { MONTH_MS, openScene, type Scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("rule 5: an unknown provider event changes nothing; it is stored, counted and shown", () => {
  it.each([
    ["a state of the renewal that nobody knows", "suspended"],
    ["a state that is no word", { is: "canceled" }],
  ])("(%s)", async (_, state) => {
    const scene = await openScene(onTestFinished);
    const anna = await scene.newcomer();
    await anna.buysAndJoins("club-month");
    const line = 'tg_updates_set_aside_total{kind="subscription",problem="malformed"}';
    const [facts, count, words] = [await anna.facts(), await scene.metric(line), anna.texts().length];
    const payload = (await anna.subscription()).renewingOrderId ?? "";
    const updateId = await scene.receives({
      subscription: { user: anna.person.user, invoice_payload: payload, state },
    } as never);
    expect(await anna.facts()).toEqual(facts);
    expect(anna.texts()).toHaveLength(words);
    expect(await scene.metric(line)).toBe(count + 1);
    expect(await scene.stage.app.updatesSetAside.list()).toContainEqual(
      expect.objectContaining({ updateId, kind: "subscription", problem: "malformed", fields: ["state"] }),
    );
  });
});

describe("rule 15: secrets are never in a snapshot, an event, the audit, a job, a metric or a chat", () => {
  it("after purchases of every kind, months of renewals and refusals by Telegram", async () => {
    const redis = await startPrivateRedis();
    const scene = await openScene(onTestFinished, { redis: redis.target });
    const anna = await scene.newcomer();
    await anna.buysAndJoins("club-month");
    const boris = await scene.newcomer({ firstName: "Boris" });
    // Telegram's refusal of an invoice quotes a call that held the provider's token.
    scene.telegram.faults.onCall({
      method: "sendInvoice",
      chatId: boris.id,
      times: 1,
      fault: { kind: "error", status: 400, description: "Bad Request: PAYMENT_PROVIDER_INVALID" },
    });
    await boris.chooses("club-euro");
    const euros = await boris.buys("club-euro");
    await scene.stage.advance(MONTH_MS + 1_000);

    const stored = await everythingIn(redis.client());
    expect(stored, "what is stored can be read here").toContain(euros);
    expect(stored, "values too").toContain('\\"firstName\\":\\"Boris\\"');
    expect(await scene.stage.app.updatesSetAside.list()).toMatchObject([{ kind: "callback_query", problem: "failed" }]);
    const shown = [
      ...[anna, boris].map((someone) => JSON.stringify(someone.person.messages())),
      (await scene.stage.api("GET", "/metrics")).text,
      (await scene.stage.api("GET", "/api/v1/ledger.csv")).text,
      JSON.stringify(await auditOf(scene)),
    ];
    for (const secret of [scene.telegram.token, scene.stage.webhookSecret, FIAT_TOKEN])
      for (const text of [stored, ...shown]) expect(text.includes(secret)).toBe(false);
  });
});

/** The audit of everybody, as staff read it. */
const auditOf = (scene: Scene) => scene.stage.news(scene.telegram.people.all());

/** Every key of every type with what lies in it. */
async function everythingIn(client: Redis): Promise<string> {
  const found: string[] = [];
  let cursor = "0";
  do {
    const [next, keys] = await client.scan(cursor, "COUNT", 500);
    cursor = next;
    for (const key of keys) found.push(key, JSON.stringify(await contentOf(client, key)));
  } while (cursor !== "0");
  return found.join("\n");
}

async function contentOf(client: Redis, key: string): Promise<unknown> {
  const type = await client.type(key);
  switch (type) {
    case "string":
      return client.get(key);
    case "hash":
      return client.hgetall(key);
    case "list":
      return client.lrange(key, 0, -1);
    case "set":
      return client.smembers(key);
    case "zset":
      return client.zrange(key, "0", "-1");
    case "stream":
      return client.xrange(key, "-", "+");
    case "none":
      return null;
    default:
      throw new Error(`nobody looks into a ${type}`);
  }
}
