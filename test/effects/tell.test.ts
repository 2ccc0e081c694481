import { expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { definitions } from "../../machines/registry.ts";
import { makeTell } from "../../src/effects/tell.ts";
import { paid } from "../machines/support/subscriber.ts";
import { makeTestActors, manualClock } from "../support/actors.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { run } from "./telegram/support.ts";

it("a charge that two effects tell of counts once (I1), however many keyed events came between", async () => {
  const { actors } = makeTestActors(testRedis(), freshPrefix(), { definitions, clock: manualClock(), cacheSize: 0 });
  const outcomes: string[] = [];
  const tell = makeTell({
    async send(...what) {
      const result = await actors.send(...what);
      outcomes.push(result.outcome);
      return result;
    },
  });
  const to = addressOf.subscription(7, "channel");
  await tell({ kind: "tell", to, event: paid("c1") }, { ...run(), effectId: "payment/c1|2|0" });
  for (let other = 0; other < 100; other += 1)
    await tell(
      { kind: "tell", to, event: { type: "renewal.enabled", orderId: `o${other}` } },
      { ...run(), effectId: `order/o${other}|1|0` },
    );
  await tell({ kind: "tell", to, event: paid("c1") }, { ...run(), effectId: "payment/c1|3|0" });
  expect([outcomes[0], outcomes.at(-1)]).toEqual(["applied", "duplicate"]);
});
