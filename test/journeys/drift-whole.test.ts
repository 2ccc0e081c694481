// A round over everything, because somebody asked for it.
import { expect, it, onTestFinished, vi } from "vitest";
import { Keys } from "../../src/redis/keys.ts";
import { makeRedisBooksProgress, makeRedisPaymentsProgress } from "../../src/redis/sweep-progress.ts";
import { startPrivateRedis } from "../support/redis.ts";
import { openScene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

it("a whole check compares both books from their first row and comes to their end", async () => {
  const redis = await startPrivateRedis();
  const scene = await openScene(onTestFinished, { redis: redis.target });
  const { stage } = scene;
  const [payments, books] = [
    makeRedisPaymentsProgress(redis.client(), new Keys()),
    makeRedisBooksProgress(redis.client(), new Keys()),
  ];
  const rounds = async () => {
    await stage.advance(400_000);
    for (let sweeps = 0; sweeps < 2; sweeps += 1) await stage.app.core.clockWorker.sweep();
    await stage.settle();
  };
  const check = (body: object) => stage.api("POST", "/api/v1/drift/check", body);

  const anna = await scene.newcomer();
  await anna.buysAndJoins("club-month");
  await rounds();
  const place = await books.read();
  expect(place).not.toBeNull();
  const stored = await payments.read();
  if (stored === null) throw new Error("nothing was compared");
  // As if everything had been compared, and more: an ordinary round looks at nothing of our books.
  await books.write("9999999999999-0");
  expect((await check({ dryRun: true, whole: true })).body).toMatchObject({ compared: { rows: 1 }, isWhole: true });
  expect(await payments.read(), "a dry run writes nothing").toMatchObject({ store: stored.store });

  await check({});
  await rounds();
  expect(await books.read()).not.toBe(place);

  expect((await check({ whole: true })).status).toBe(200);
  await rounds();
  expect(await payments.read()).toMatchObject({ store: stored.store, round: null, comparedAt: expect.any(Number) });
  expect(await books.read()).toBe(place);
  expect((await stage.api("GET", "/api/v1/drift")).body).toMatchObject({ drifts: [] });
});
