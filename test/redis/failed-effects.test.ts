import { beforeEach, describe, expect, it } from "vitest";
import { makeRedisFailedEffects } from "../../src/redis/failed-effects.ts";
import { Keys } from "../../src/redis/keys.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";

const client = testRedis();
const ID = "order/o|1|0";
const FIRST = { kind: "notifyCustomer", code: "effect.rejected", body: '{"a":"é"}', at: 5 };
const SECOND = { ...FIRST, code: "effect.timeout", at: 6 };
let failed: ReturnType<typeof makeRedisFailedEffects>;
beforeEach(() => {
  failed = makeRedisFailedEffects(client, loadScripts(client), new Keys(freshPrefix()));
});

describe("an effect that failed for good", () => {
  it("is listed until somebody decides, once per effect, oldest first", async () => {
    await failed.add("order/p|1|0", { ...FIRST, at: 9 });
    await failed.add(ID, FIRST);
    await failed.add(ID, SECOND);
    expect(await failed.list()).toEqual([
      { effectId: ID, kind: "notifyCustomer", code: "effect.timeout", at: 6 },
      { effectId: "order/p|1|0", kind: "notifyCustomer", code: "effect.rejected", at: 9 },
    ]);
    expect(await failed.count()).toBe(2);
  });
  it("is read with what it was", async () => {
    await failed.add(ID, FIRST);
    expect(await failed.read(ID)).toEqual(FIRST);
    expect(await failed.read("order/q|1|0")).toBeNull();
  });
  it("is forgotten, and may be forgotten twice", async () => {
    await failed.add(ID, FIRST);
    await failed.forget(ID, FIRST);
    await failed.forget(ID, FIRST);
    expect(await failed.count()).toBe(0);
  });
  it("is not forgotten for an earlier failure of the same effect", async () => {
    await failed.add(ID, SECOND);
    await failed.forget(ID, FIRST);
    expect(await failed.read(ID)).toEqual(SECOND);
  });
});
