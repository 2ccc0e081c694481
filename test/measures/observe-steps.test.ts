import { expect, it } from "vitest";
import { makeStepObservers } from "../../src/measures/observe-steps.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";

it("a count that throws is told to whoever looks after the service, and harms no step", () => {
  const failures: string[] = [];
  const observers = makeStepObservers({
    metrics: makeMetrics(),
    isEntitled: async () => false,
    onError: (where, error) => failures.push(`${where}: ${error.message}`),
  });
  const observe = observers.get("order");
  const event = {
    get type(): string {
      throw new Error("no such event");
    },
  };
  observe?.({ machine: "order", event, at: 1, before: null, after: {}, from: [], to: ["open"] });
  expect(failures).toEqual(["measures: no such event"]);
});
