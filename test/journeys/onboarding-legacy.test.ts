// The same set-up at a backend that shows every deviation which the contract asks us to accept.
import { describe, expect, it } from "vitest";
import { customer, ONE_OF_EACH, PATHS } from "./support/connecting.ts";
import { itStaysWhole, useScene } from "./support/scene.ts";

const scene = useScene({ backend: { profile: "legacy" } });

describe("a customer of an older backend", () => {
  it("ends in one registration, one token, one refresh and done, also when an answer is lost", async () => {
    const anna = await (await customer(scene.current)).opens();
    await (await anna.sendsEmail()).sendsSheet();
    scene.current.stage.product.faults.add({ path: PATHS.addToken, times: 1, fault: { lose_answer: true } });
    await anna.sendsToken();
    await scene.current.settleRetries();
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.effects()).toMatchObject(ONE_OF_EACH);
  });
});

itStaysWhole(scene);
