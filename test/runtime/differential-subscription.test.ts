// The subscription's part of differential.test.ts.
import { describe, expect, it } from "vitest";
import { subscriptionDefinition } from "../../machines/subscription/definition.ts";
import { SEED } from "../support/seeds.ts";
import { compareLives } from "./support/lives.ts";

const LIVES = 500;

describe(`a random life (seed ${SEED})`, () => {
  it("of a subscription is the same in the durable runtime and in XState's interpreter", async () => {
    const { steps, states } = await compareLives(subscriptionDefinition, LIVES);
    expect(steps).toBeGreaterThan(LIVES * 5);
    expect(states).toBeGreaterThan(50);
  }, 60_000);
});
