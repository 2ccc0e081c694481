import type { Writable } from "node:stream";
import type { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeRedisConnections } from "../../src/redis/connect.ts";
import { freshPrefix, startPrivateRedis, testRedis, testTarget } from "../support/redis.ts";

/** How many writes reach the socket, whatever their size. */
async function countingClient() {
  const connections = makeRedisConnections(testTarget());
  onTestFinished(() => connections.close());
  const client = (await connections.command("counting")) as Redis;
  const socket = client.stream as unknown as Writable;
  const writes: number[] = [];
  const { _write: write, _writev: writev } = socket;
  socket._write = (chunk, encoding, done) => {
    writes.push(1);
    write.call(socket, chunk, encoding, done);
  };
  socket._writev = (chunks, done) => {
    writes.push(chunks.length);
    writev?.call(socket, chunks, done);
  };
  return { client, writes };
}

describe("commands sent in one turn of the event loop", () => {
  it("leave together, in order, sixteen at most", async () => {
    const { client, writes } = await countingClient();
    const key = freshPrefix();
    const replies = await Promise.all(Array.from({ length: 40 }, () => client.incr(key)));
    expect(replies).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(writes).toEqual([16, 16, 8]);
    await client.del(key);
  });
});

describe("a single command", () => {
  it("leaves in its own turn", async () => {
    const { client, writes } = await countingClient();
    const pong = client.ping();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(writes).toEqual([1]);
    expect(await pong).toBe("PONG");
  });
});

describe("pipelines and transactions", () => {
  it("go the same way", async () => {
    const { client } = await countingClient();
    const key = freshPrefix();
    const [alone, pipeline, transaction] = await Promise.all([
      client.incr(key),
      client.pipeline().incr(key).incr(key).exec(),
      client.multi().incr(key).del(key).exec(),
    ]);
    expect([alone, pipeline, transaction]).toEqual([
      1,
      [
        [null, 2],
        [null, 3],
      ],
      [
        [null, 4],
        [null, 1],
      ],
    ]);
    expect(await testRedis().exists(key)).toBe(0);
  });
});

describe("a server that went away and came back", () => {
  it("gets commands again, on the new connection", async () => {
    const server = await startPrivateRedis();
    const connections = makeRedisConnections(server.target);
    onTestFinished(() => connections.close());
    const client = (await connections.command()) as Redis;
    await Promise.all([client.set("a", 1), client.set("b", 2)]);
    const lost = client.ping();
    lost.catch(() => {}); // whether it still got through is chance
    await server.kill();
    await server.start();
    if (client.status !== "ready") await new Promise<void>((resolve) => client.once("ready", () => resolve()));
    expect(await Promise.all([client.get("a"), client.get("b"), client.ping()])).toEqual(["1", "2", "PONG"]);
  });
});
