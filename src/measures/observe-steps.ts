import type { MachineName } from "../../machines/address.ts";
import type { StepObserver } from "../runtime/ports.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { isEntered, RULES, type Rule, type SecondLook, type StepOf } from "./rules.ts";

export interface ObserveDeps {
  readonly metrics: Metrics;
  /** Whether the person may be in the chat, read anew. */
  readonly isEntitled: (userId: number, chatId: string) => Promise<boolean>;
  readonly onError: (where: string, error: Error) => void;
}

/**
 * Counts what this process makes durable, by machine. A step that another process made, a repetition or a lost race is not counted, so
 * the counts of all processes add up. What is lost is the count of a step whose process died before the next scrape: the exact numbers
 * are in the books.
 */
export function makeStepObservers({
  metrics,
  isEntitled,
  onError,
}: ObserveDeps): ReadonlyMap<MachineName, StepObserver> {
  const look: SecondLook = {
    removed(userId, chatId) {
      // Not waited for: the removal is done, and the actor has other events.
      isEntitled(userId, chatId)
        .then((isWrong) => {
          if (isWrong) metrics.wrongfulRemovals.inc();
        })
        .catch((error: Error) => onError("measures", error));
    },
  };
  return new Map(
    Object.entries(RULES).map(([machine, rules]): [MachineName, StepObserver] => [
      machine as MachineName,
      // Which context goes with which machine is said in the type of the table.
      telling(observerOf(rules as readonly Rule<object>[], metrics, look), onError) as StepObserver,
    ]),
  );
}

/** Runs for every step of every actor: rules of other events cost a comparison each. */
function observerOf(rules: readonly Rule<object>[], metrics: Metrics, look: SecondLook) {
  return (step: StepOf<object>): void => {
    for (const { on, enters, when, count } of rules) {
      if (on !== undefined && !on.includes(step.event.type)) continue;
      if (enters !== undefined && !isEntered(step, enters)) continue;
      if (when !== undefined && !when(step)) continue;
      count(metrics, step, look);
    }
  };
}

/** The step is durable: a count that fails must not look like a step that did. */
const telling =
  (observe: (step: StepOf<object>) => void, onError: ObserveDeps["onError"]) =>
  (step: StepOf<object>): void => {
    try {
      observe(step);
    } catch (error) {
      onError("measures", error as Error);
    }
  };
