import { describe, expect, it } from "vitest";
import { type AnyStateMachine, setup } from "xstate";
import { z } from "zod";
import { defineMachine } from "../../machines/definition.ts";
import { declareActions } from "../../machines/effects.ts";
import { definitions } from "../../machines/registry.ts";
import { MachineCatalog } from "../../src/runtime/machine-catalog.ts";

const effects = { tellStaff: () => [] };
const DAY_MS = 86_400_000;

/** A sound machine, but for what a test puts into its first state or in the place of one of its parts. */
function register(open: object, overrides: { id?: string; actions?: object } = {}) {
  const machine = setup({
    actions: { ...declareActions(effects), ...overrides.actions },
    delays: { patience: DAY_MS },
  }).createMachine({
    id: overrides.id ?? "ticket",
    initial: "open",
    states: { open: { after: { patience: "closed" }, entry: "tellStaff", ...open }, closed: {} },
  } as never);
  const definition = defineMachine({
    ...{ name: "ticket", version: 1, id: z.string(), creators: [], effects },
    machine: machine as unknown as AnyStateMachine,
    event: z.object({ type: z.string() }),
    lookups: () => [],
  });
  return () => new MachineCatalog([definition]);
}

describe("a machine that can run durably", () => {
  it("is taken, and so is every one of the service", () => {
    expect(register({})().names()).toEqual(["ticket"]);
    expect(new MachineCatalog(definitions).names()).toHaveLength(definitions.length);
  });
});

describe("a machine that would fail only in production", () => {
  it.each<[string, object, RegExp, { id?: string; actions?: object }?]>([
    ["it has another id than its name", {}, /must be "ticket"/, { id: "talk" }],
    [
      "a delay is misspelt, and would fire at once",
      { after: { pateince: "closed" } },
      /delay "pateince" is not defined/,
    ],
    ["an action has no declaration", { entry: "tellStuff" }, /action "tellStuff" is not declared/],
    ["an action has no effects", { exit: "dance" }, /action "dance" has no effects/, { actions: { dance: () => {} } }],
    ["an action has no name", { on: { x: { actions: () => {} } } }, /an action without a name/],
    ["it invokes what nobody carries out", { invoke: { src: "guess" } }, /invokes "guess"/],
    ["it hears everything", { on: { "*": "closed" } }, /a wildcard would also catch timers/],
    ["it remembers by a history state", { initial: "past", states: { past: { type: "history" } } }, /history states/],
  ])("is refused at the start: %s", (_why, open, defect, overrides) => {
    expect(register(open, overrides)).toThrow(defect);
  });
});
