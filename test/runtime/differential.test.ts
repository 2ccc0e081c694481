// The same random life of an actor, once in the durable runtime and once in XState's interpreter: nothing may differ.
// The longest machine has a file of its own (differential-subscription.test.ts), so that both run at the same time.
import { describe, expect, it } from "vitest";
import { definitions } from "../../machines/registry.ts";
import { SEED } from "../support/seeds.ts";
import { compareLives } from "./support/lives.ts";
import { probe } from "./support/probe.ts";

const LIVES = 280;

const machines = [
  ...definitions
    .filter(({ name }) => name !== "subscription")
    .map((definition) => ({ name: definition.name as string, definition })),
  { name: "the probe", definition: probe },
];

describe(`a random life (seed ${SEED})`, () => {
  it.each(machines)(
    "of $name is the same in the durable runtime and in XState's interpreter",
    async ({ definition }) => {
      const { steps, states } = await compareLives(definition, LIVES);
      // A generator that reaches nothing would prove nothing.
      expect(steps).toBeGreaterThan(LIVES * 5);
      expect(states).toBeGreaterThanOrEqual(4);
    },
    60_000,
  );
});
