import { beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { KEY_TABLE, Keys } from "../../src/redis/keys.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeRedisSecretStore } from "../../src/redis/secret-store.ts";
import { Secret } from "../../src/sealing/secret.ts";
import { ringOf } from "../support/key-ring.ts";
import { freshPrefix, startPrivateRedis, testRedis } from "../support/redis.ts";
import { slotOf } from "../support/slots.ts";

const DAY_S = 86_400;
const client = testRedis();
const ring = ringOf("k1");
const ANNA = addressOf.onboarding(7_012_345_678, "club");
const LEE = addressOf.onboarding(7_012_345_679, "club");
const sealed = (text = "token", address: string = ANNA) => ring.seal(new Secret(text), { address, purpose: "wbToken" });
let keys: Keys;
let secrets: ReturnType<typeof makeRedisSecretStore>;
beforeEach(() => {
  keys = new Keys(freshPrefix());
  secrets = makeRedisSecretStore(client, loadScripts(client), keys);
});
const keyOf = (ref: string, owner: string = ANNA) => keys.secret(`${owner}:${ref}`);
const found = () => client.keys(`${keys.prefix}:*`);

describe("a secret that was put", () => {
  it("is read by its owner and reference, and by nothing else", async () => {
    const secret = sealed();
    await secrets.put(ANNA, "r1", secret);
    expect(await secrets.read(ANNA, "r1")).toBe(secret);
    expect(await secrets.read(ANNA, "r2")).toBeNull();
    expect(await secrets.read(LEE, "r1")).toBeNull();
  });
  it("gives way to another one under its reference", async () => {
    const second = sealed("second");
    await secrets.put(ANNA, "r1", sealed("first"));
    await secrets.put(ANNA, "r1", second);
    expect(await secrets.read(ANNA, "r1")).toBe(second);
  });
  it("goes by itself after seven days, which reading does not put off", async () => {
    await secrets.put(ANNA, "r1", sealed());
    expect(await client.ttl(keyOf("r1"))).toBeGreaterThan(7 * DAY_S - 60);
    await client.expire(keyOf("r1"), 100);
    await secrets.read(ANNA, "r1");
    expect(await client.ttl(keyOf("r1"))).toBeLessThanOrEqual(100);
  });
  it("has seven days of its own, whatever its owner had before", async () => {
    await secrets.put(ANNA, "r1", sealed());
    await client.expire(keyOf("r1"), 100);
    await secrets.put(ANNA, "r2", sealed());
    expect(await client.ttl(keyOf("r1"))).toBeLessThanOrEqual(100);
    expect(await client.ttl(keyOf("r2"))).toBeGreaterThan(7 * DAY_S - 60);
  });
  it("is dropped without a trace, once or twice, and no other with it", async () => {
    await secrets.put(ANNA, "r1", sealed());
    await secrets.put(ANNA, "r2", sealed());
    await secrets.drop(ANNA, "r1");
    await secrets.drop(ANNA, "r1");
    expect(await secrets.read(ANNA, "r1")).toBeNull();
    expect(await secrets.read(ANNA, "r2")).not.toBeNull();
    await secrets.drop(ANNA, "r2");
    expect(await found()).toEqual([]);
  });
});

describe("the store of secrets", () => {
  it("takes nothing that is not sealed", async () => {
    await expect(secrets.put(ANNA, "r1", "eyJhbGciOiJFUzI1NiJ9.e30.AAAA" as never)).rejects.toThrow(/sealed secret/);
    expect(await found()).toEqual([]);
  });
  it.each(["", "a b", "a:b", "x".repeat(65), "é"])("takes no reference such as %j", async (ref) => {
    await expect(secrets.put(ANNA, ref, sealed())).rejects.toThrow(/1-64/);
    await expect(secrets.read(ANNA, ref)).rejects.toThrow(/1-64/);
    await expect(secrets.drop(ANNA, ref)).rejects.toThrow(/1-64/);
    expect(await found()).toEqual([]);
  });
  it("gives out nothing that is not sealed", async () => {
    await client.set(keyOf("r1"), "in the clear");
    const reading = secrets.read(ANNA, "r1");
    await expect(reading).rejects.toMatchObject({ code: "sealing.refused", details: { owner: ANNA, ref: "r1" } });
    await expect(reading).rejects.not.toThrow(/in the clear/);
  });
  it("keeps a secret in the slot of its actor", async () => {
    await secrets.put(ANNA, "r1", sealed());
    const written = await found();
    expect(written).toHaveLength(2);
    expect(new Set([...written, keys.actor(ANNA)].map(slotOf)).size).toBe(1);
  });
  it("has its keys in the table of keys", () => {
    const rows = KEY_TABLE.filter(({ owner }) => owner === "redis/secret-store").map(({ key }) => key);
    expect(rows).toEqual(["<p>:{t}:secret:<owner>:<ref>", "<p>:{t}:secrets"]);
  });
  it("says that Redis is away", async () => {
    const server = await startPrivateRedis();
    const away = server.client({ maxRetriesPerRequest: 0, retryStrategy: () => null });
    await away.ping();
    await server.kill();
    const store = makeRedisSecretStore(away, loadScripts(away), keys);
    for (const call of [
      () => store.put(ANNA, "r1", sealed()),
      () => store.read(ANNA, "r1"),
      () => store.drop(ANNA, "r1"),
    ])
      await expect(call()).rejects.toMatchObject({ code: "redis.unreachable" });
  });
});
