import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import { makeRedisConnections, type RedisClient, type RedisConnections } from "../../src/redis/connect.ts";
import { makeRedisInbox } from "../../src/redis/inbox.ts";
import { Keys } from "../../src/redis/keys.ts";
import { partitionOf, partitions } from "../../src/redis/partitions.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeRedisSecretRotation } from "../../src/redis/secret-rotation.ts";
import { makeRedisSecretStore } from "../../src/redis/secret-store.ts";
import type { Sealed } from "../../src/sealing/envelope.ts";
import type { KeyRing, SecretOwner } from "../../src/sealing/key-ring.ts";
import type { SecretRotation } from "../../src/sealing/ports.ts";
import { isRotated, rotateSecrets } from "../../src/sealing/rotate.ts";
import { sealText } from "../../src/sealing/sealed-text.ts";
import { Secret } from "../../src/sealing/secret.ts";
import { ringOf } from "../support/key-ring.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { startCluster, type TestCluster } from "../support/redis-cluster.ts";

const [before, both, after] = [ringOf("k1"), ringOf("k2", "k1"), ringOf("k2")];
const client = testRedis();
const ownerOf = (address: string): SecretOwner => ({ address, purpose: "wbToken" });
const seal = (ring: KeyRing, address: string, text = `token of ${address}`): Sealed =>
  ring.seal(new Secret(text), ownerOf(address));
const person = (n: number): ActorAddress => addressOf.onboarding(7_000_000_000 + n, "club");
const ANNA = person(0);
const NOTHING = { current: 0, rewrapped: 0, dropped: 0, stuck: [], waitingTexts: 0 };

const storesOn = (redis: RedisClient, prefix: string) => {
  const keys = new Keys(prefix);
  const scripts = loadScripts(redis);
  return {
    keys,
    secrets: makeRedisSecretStore(redis, scripts, keys),
    rotation: makeRedisSecretRotation(redis, scripts, keys),
    inbox: makeRedisInbox(redis, scripts, keys),
  };
};
let stores: ReturnType<typeof storesOn>;
beforeEach(() => {
  stores = storesOn(client, freshPrefix());
});

/** Does something between the reading of a secret and its writing, once. */
const interrupted = (rotation: SecretRotation, interrupt: () => Promise<void>): SecretRotation => {
  let isDone = false;
  return {
    ...rotation,
    async replace(...args) {
      if (!isDone) {
        isDone = true;
        await interrupt();
      }
      return rotation.replace(...args);
    },
  };
};

describe("after a new key was put in front", () => {
  it("every secret comes under it, in all partitions, opens without the old one, and keeps its expiry", async () => {
    const { secrets, rotation, keys } = stores;
    const people = Array.from({ length: 300 }, (_, n) => person(n));
    await Promise.all(people.map((address) => secrets.put(address, "r1", seal(before, address))));
    await secrets.put(ANNA, "r2", seal(both, ANNA));
    expect(new Set(people.map(partitionOf)).size).toBe(partitions().length);
    await client.expire(keys.secret(`${ANNA}:r1`), 100);

    expect(await rotateSecrets({ ring: both, secrets: rotation })).toEqual({ ...NOTHING, rewrapped: 300, current: 1 });
    for (const address of people) {
      const sealed = await secrets.read(address, "r1");
      expect(after.open(sealed ?? "", ownerOf(address)).reveal()).toBe(`token of ${address}`);
    }
    expect(await client.ttl(keys.secret(`${ANNA}:r1`))).toBeLessThanOrEqual(100);
    expect(await client.ttl(keys.secret(`${person(1)}:r1`))).toBeGreaterThan(6 * 86_400);

    const again = await rotateSecrets({ ring: both, secrets: rotation });
    expect(again).toEqual({ ...NOTHING, current: 301 });
    expect(isRotated(again)).toBe(true);
  });

  it("many secrets of one partition are found, each once", async () => {
    const { secrets, rotation } = stores;
    const refs = Array.from({ length: 1_500 }, (_, n) => `r${n}`);
    const sealed = seal(before, ANNA);
    await Promise.all(refs.map((ref) => secrets.put(ANNA, ref, sealed)));
    const batches: number[] = [];
    const found: string[] = [];
    for await (const batch of rotation.list()) {
      batches.push(batch.length);
      found.push(...batch.map(({ ref }) => ref));
    }
    expect(found.sort()).toEqual(refs.sort());
    expect(batches.length).toBeGreaterThan(3);
  });

  it("nothing is found where nothing is", async () => {
    expect(await rotateSecrets({ ring: both, secrets: stores.rotation })).toEqual(NOTHING);
  });

  it("what has expired is struck from the list", async () => {
    const { secrets, rotation, keys } = stores;
    await secrets.put(ANNA, "r1", seal(before, ANNA));
    await client.del(keys.secret(`${ANNA}:r1`));
    expect(await client.scard(keys.secrets(partitionOf(ANNA)))).toBe(1);
    expect(await rotateSecrets({ ring: both, secrets: rotation })).toEqual(NOTHING);
    expect(await client.exists(keys.secrets(partitionOf(ANNA)))).toBe(0);
  });

  it("what arrived again just after it had expired stays in the list", async () => {
    const { secrets, keys } = stores;
    await secrets.put(ANNA, "r1", seal(before, ANNA));
    const names = [keys.secret(`${ANNA}:r1`), keys.secrets(partitionOf(ANNA))];
    expect(await loadScripts(client).dropSecret(names, [`${ANNA}:r1`, "expired"])).toBe(0);
    expect(await client.exists(...names)).toBe(2);
  });
});

describe("while the service runs", () => {
  it("a secret that is dropped between reading and writing is not brought back", async () => {
    const { secrets, rotation, keys } = stores;
    await secrets.put(ANNA, "r1", seal(before, ANNA));
    const report = await rotateSecrets({ ring: both, secrets: interrupted(rotation, () => secrets.drop(ANNA, "r1")) });
    expect(report).toEqual({ ...NOTHING, dropped: 1 });
    expect(isRotated(report)).toBe(true);
    expect(await client.keys(`${keys.prefix}:*`)).toEqual([]);
  });

  it.each<readonly [string, KeyRing, object]>([
    ["under the new key, stays as it is", both, { current: 1 }],
    ["under the old key, is rewrapped in its turn", before, { rewrapped: 1 }],
  ])("a secret that takes the place of another one, %s", async (_what, ring, counts) => {
    const { secrets, rotation } = stores;
    await secrets.put(ANNA, "r1", seal(before, ANNA, "first"));
    const replace = () => secrets.put(ANNA, "r1", seal(ring, ANNA, "second"));
    expect(await rotateSecrets({ ring: both, secrets: interrupted(rotation, replace) })).toEqual({
      ...NOTHING,
      ...counts,
    });
    expect(after.open((await secrets.read(ANNA, "r1")) ?? "", ownerOf(ANNA)).reveal()).toBe("second");
  });

  it("a secret that is exchanged again and again is given up and reported", async () => {
    const { secrets, rotation } = stores;
    const put = () => secrets.put(ANNA, "r1", seal(before, ANNA));
    await put();
    const restless: SecretRotation = {
      ...rotation,
      async replace(...args) {
        await put();
        return rotation.replace(...args);
      },
    };
    const report = await rotateSecrets({ ring: both, secrets: restless });
    expect(report).toEqual({ ...NOTHING, stuck: [{ owner: ANNA, ref: "r1", why: "changing", keyId: null }] });
    expect(isRotated(report)).toBe(false);
  });

  it("two rotations and a service that puts and drops do each other no harm", async () => {
    const { secrets, rotation, keys } = stores;
    const people = Array.from({ length: 120 }, (_, n) => person(n));
    await Promise.all(people.map((address) => secrets.put(address, "r1", seal(before, address))));
    const service = Promise.all(
      people.map(async (address, n) => {
        if (n % 3 === 0) await secrets.drop(address, "r1");
        if (n % 3 === 1) await secrets.put(address, "r1", seal(both, address, `new ${address}`));
      }),
    );
    const other = storesOn(testRedis(), keys.prefix);
    await Promise.all([
      rotateSecrets({ ring: both, secrets: rotation }),
      rotateSecrets({ ring: both, secrets: other.rotation }),
      service,
    ]);
    for (const [n, address] of people.entries()) {
      const sealed = await secrets.read(address, "r1");
      const opened = sealed === null ? null : after.open(sealed, ownerOf(address)).reveal();
      expect(opened).toBe(n % 3 === 0 ? null : n % 3 === 1 ? `new ${address}` : `token of ${address}`);
    }
  });
});

describe("what cannot be put under the new key", () => {
  it("stays as it is and is named: a key that is missing, a secret in another's place, what is no secret", async () => {
    const { secrets, rotation, keys } = stores;
    const missing = seal(ringOf("k0"), person(1));
    await secrets.put(person(1), "r1", missing);
    await secrets.put(person(2), "r1", seal(before, person(3)));
    await secrets.put(person(4), "r1", seal(before, person(4)));
    await client.set(keys.secret(`${person(4)}:r1`), "no secret");
    await secrets.put(person(5), "r1", seal(before, person(5)));

    const report = await rotateSecrets({ ring: both, secrets: rotation });
    expect({ ...report, stuck: [...report.stuck].sort((a, b) => a.owner.localeCompare(b.owner)) }).toEqual({
      ...NOTHING,
      rewrapped: 1,
      stuck: [
        { owner: person(1), ref: "r1", why: "sealing.unknownKey", keyId: "k0" },
        { owner: person(2), ref: "r1", why: "sealing.refused", keyId: "k1" },
        { owner: person(4), ref: "r1", why: "sealing.refused", keyId: null },
      ],
    });
    expect(isRotated(report)).toBe(false);
    expect(await secrets.read(person(1), "r1")).toBe(missing);
  });

  it("is counted where it waits in an inbox, until it was handled", async () => {
    const { rotation, inbox } = stores;
    const bodyOf = (ring: KeyRing, text: string) =>
      JSON.stringify({ update: { message: { text: sealText(ring, text, 7) } } });
    await inbox.receive("7", 1, bodyOf(before, "old"), 1);
    await inbox.receive("7", 2, bodyOf(both, "new"), 1);
    await inbox.receive("8", 3, JSON.stringify({ update: { message: { text: 'he said "sealed:s1.k1.x' } } }), 1);
    const report = await rotateSecrets({ ring: both, secrets: rotation });
    expect(report).toEqual({ ...NOTHING, waitingTexts: 1 });
    expect(isRotated(report)).toBe(false);
    await inbox.finish("7", (await inbox.oldest("7")) ?? "");
    expect(await rotateSecrets({ ring: both, secrets: rotation })).toEqual(NOTHING);
  });
});

describe("a Redis that fails on the way", () => {
  it("is no refusal of a secret", async () => {
    const { secrets, rotation } = stores;
    await secrets.put(ANNA, "r1", seal(before, ANNA));
    const failing: SecretRotation = { ...rotation, replace: () => Promise.reject(new TypeError("a defect")) };
    await expect(rotateSecrets({ ring: both, secrets: failing })).rejects.toThrow(TypeError);
  });
});

describe("on a Redis Cluster of three masters", () => {
  let cluster: TestCluster | undefined;
  let whyNot = "";
  let connections: RedisConnections | undefined;
  let onCluster: ReturnType<typeof storesOn>;
  beforeAll(async () => {
    try {
      cluster = await startCluster();
    } catch (error) {
      whyNot = error instanceof Error ? error.message : String(error);
      return;
    }
    connections = makeRedisConnections(cluster.target);
    onCluster = storesOn(await connections.command(), "tgs");
  }, 30_000);
  afterAll(async () => {
    await connections?.close();
    await cluster?.stop();
  });

  it("secrets are put, found, rewrapped, read and dropped across all slots", async (context: TestContext) => {
    context.skip(cluster === undefined, `no Redis Cluster on this machine: ${whyNot}`);
    const { secrets, rotation, inbox } = onCluster;
    const people = Array.from({ length: 150 }, (_, n) => person(n));
    await Promise.all(people.map((address) => secrets.put(address, "r1", seal(before, address))));
    await inbox.receive("7", 1, JSON.stringify({ text: sealText(before, "x", 7) }), 1);
    expect(await rotateSecrets({ ring: both, secrets: rotation })).toEqual({
      ...NOTHING,
      rewrapped: 150,
      waitingTexts: 1,
    });
    for (const address of people) {
      expect(after.open((await secrets.read(address, "r1")) ?? "", ownerOf(address)).reveal()).toBe(
        `token of ${address}`,
      );
      await secrets.drop(address, "r1");
    }
    expect(await rotateSecrets({ ring: both, secrets: rotation })).toMatchObject({ current: 0, rewrapped: 0 });
  });
});
