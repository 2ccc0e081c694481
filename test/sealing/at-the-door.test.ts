// An update with a token in it, from the webhook and from polling to where it waits: nothing of the token lies in Redis.
import Fastify from "fastify";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { parseUpdate } from "../../src/bot/updates.ts";
import { registerWebhook, WEBHOOK_PATH } from "../../src/http/webhook.ts";
import { makeIntake, type Received } from "../../src/intake.ts";
import { makeRedisUpdateQuarantine } from "../../src/redis/update-quarantine.ts";
import { makeSealUpdate } from "../../src/sealing/seal-update.ts";
import { isSealedText, makeOpenSealedText } from "../../src/sealing/sealed-text.ts";
import { startPolling } from "../../src/startup/polling.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";
import { stageForTest, until } from "../queues/support.ts";
import { dumpKeys } from "../support/dump-keys.ts";
import { ringOf } from "../support/key-ring.ts";
import { testRedis } from "../support/redis.ts";
import { makeWbToken } from "../support/wb-token.ts";

const ANNA = 7_012_345_678;
const TOKEN = makeWbToken(Date.UTC(2026, 10, 23));
const PIECES = TOKEN.split(".").map((part) => part.slice(8, 28));
const client = testRedis();
const ring = ringOf("k1");
const open = makeOpenSealedText({ ring, onRefused: (code) => expect.unreachable(code) });

const aMessage = (fields: object) => ({
  message_id: 7,
  from: { id: ANNA, is_bot: false, first_name: "Anna" },
  chat: { id: ANNA, type: "private", first_name: "Anna" },
  date: 1_795_000_000,
  ...fields,
});

const setUp = (handle: (update: unknown) => Promise<void> = async () => {}) => {
  const stage = stageForTest({ handle });
  const accept = makeIntake({
    parse: parseUpdate,
    answerPreCheckout: async () => ({ approved: true }),
    seal: makeSealUpdate(ring),
    receive: (person, received) => stage.updates.receive(person, received),
    quarantine: makeRedisUpdateQuarantine(client, stage.keys),
    clock: { now: () => 1 },
    metrics: makeMetrics(),
  });
  const dump = () => dumpKeys(client, stage.keys.prefix);
  const waiting = async (): Promise<Received[]> =>
    (await client.lrange(stage.keys.inbox(String(ANNA)), 0, -1)).map((json) => JSON.parse(json) as Received);
  return { stage, accept, dump, waiting };
};
/** Nor broken over lines. */
const expectNoToken = (text: string) => {
  const joined = text.replace(/\\+[nr]/g, "");
  for (const piece of PIECES) expect(joined).not.toContain(piece);
};

describe("an update with a token in it", () => {
  it("waits in the inbox without the token, which the bot can open, and which comes twice only once", async () => {
    const { accept, dump, waiting } = setUp();
    const update = {
      update_id: 5,
      message: aMessage({ text: TOKEN, entities: [{ type: "url", offset: 0, length: 9 }] }),
    };
    expect([await accept(update), await accept(update)]).toEqual(["received", "duplicate"]);
    const stored = await dump();
    expect(stored).toContain(`"update_id":5`);
    expectNoToken(stored);
    const [received] = (await waiting()) as unknown as [{ update: { message: { text: string; entities?: unknown } } }];
    const { text, entities } = received.update.message;
    expect(isSealedText(text)).toBe(true);
    expect(entities).toBeUndefined();
    expect(open(text, ANNA)?.reveal()).toBe(TOKEN);
  });

  it.each<readonly [string, object, string]>([
    ["as a caption", { message: aMessage({ caption: TOKEN, photo: [{ file_id: "x" }] }) }, "received"],
    ["in lines", { message: aMessage({ text: TOKEN.replace(/(.{20})/g, "$1\n") }) }, "received"],
    ["in a reply", { message: aMessage({ text: "?", reply_to_message: aMessage({ text: TOKEN }) }) }, "received"],
    ["edited", { edited_message: aMessage({ text: TOKEN }) }, "dropped"],
    ["in a message that we can't read", { message: { ...aMessage({ text: TOKEN }), chat: TOKEN } }, "dropped"],
    [
      "in a payment that we can't read",
      { message: aMessage({ successful_payment: { currency: 5, total_amount: TOKEN.length }, text: TOKEN }) },
      "dropped",
    ],
    ["in an update of no kind", { [TOKEN]: TOKEN }, "dropped"],
  ])("%s leaves nothing of it in any key or value", async (_how, fields, result) => {
    const { accept, dump } = setUp();
    expect(await accept({ update_id: 6, ...fields })).toBe(result);
    expectNoToken(await dump());
  });

  it("leaves nothing of it while the handling fails, and comes to the bot sealed", async () => {
    const seen: string[] = [];
    const { stage, accept, dump } = setUp(async (body) => {
      seen.push(JSON.stringify(body));
      if (seen.length === 1)
        throw new Error(`refused: ${(body as { update: { message: { text: string } } }).update.message.text}`);
    });
    stage.startAll();
    await accept({ update_id: 7, message: aMessage({ text: TOKEN }) });
    await until(
      async () => seen.length,
      (count) => count > 0,
    );
    expectNoToken(await dump()); // the job's own record of the failure among it
    await until(
      async () => seen.length,
      (count) => count > 1,
    );
    for (const body of seen) expectNoToken(body);
  });

  it("is taken in the same way by the webhook", async () => {
    const { accept, dump, waiting } = setUp();
    const server = Fastify();
    onTestFinished(() => server.close());
    registerWebhook(server, { secret: "s", accept });
    const answer = await server.inject({
      method: "POST",
      url: WEBHOOK_PATH,
      headers: { "x-telegram-bot-api-secret-token": "s" },
      payload: { update_id: 8, message: aMessage({ text: TOKEN }) },
    });
    expect(answer.statusCode).toBe(200);
    expect(await waiting()).toHaveLength(1);
    expectNoToken(await dump());
  });

  it("is taken in the same way by polling", async () => {
    const { accept, dump, waiting } = setUp();
    const getUpdates = vi.fn(async ({ offset }: { offset: number }, signal: AbortSignal) => {
      if (offset === 0) return [{ update_id: 9, message: aMessage({ text: TOKEN }) }];
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
    });
    const api = { deleteWebhook: async () => true, getUpdates };
    const stop = await startPolling({
      api: api as never,
      allowedUpdates: [],
      accept,
      onError: (_where, error) => expect.unreachable(error.message),
    });
    await vi.waitFor(() => expect(getUpdates).toHaveBeenCalledTimes(2));
    await stop();
    expect(await waiting()).toHaveLength(1);
    expectNoToken(await dump());
  });
});

describe("an update without a token", () => {
  it("waits as Telegram sent it", async () => {
    const { accept, waiting } = setUp();
    const update = {
      update_id: 10,
      message: aMessage({ text: "Hello", entities: [{ type: "bold", offset: 0, length: 5 }] }),
    };
    await accept(update);
    expect(await waiting()).toMatchObject([{ update_id: 10, update }]);
  });
});

describe("a dump of the keys", () => {
  it("would show a token, wherever it lay", async () => {
    const { stage, dump } = setUp();
    const key = (name: string) => `${stage.keys.prefix}:test:${name}`;
    await client.set(key("string"), "in-a-string");
    await client.hset(key("hash"), "field-of-hash", "in-a-hash");
    await client.rpush(key("list"), "in-a-list");
    await client.sadd(key("set"), "in-a-set");
    await client.zadd(key("zset"), 1, "in-a-zset");
    await client.xadd(key("stream"), "*", "field-of-stream", "in-a-stream");
    const stored = await dump();
    for (const kind of ["string", "hash", "list", "set", "zset", "stream"]) {
      expect(stored).toContain(`in-a-${kind}`);
      expect(stored).toContain(key(kind));
    }
    for (const field of ["field-of-hash", "field-of-stream"]) expect(stored).toContain(field);
  });
});
