import type { Effect, EffectKind } from "../../machines/effects.ts";
import { type InvocationName, invocations } from "../../machines/invocations.ts";
import { AppError } from "../errors.ts";
import type { EffectExecutor, InvocationExecutor, Run } from "./executor.ts";

/** One executor per kind: a kind without one does not compile. */
export type EffectTable = { readonly [K in EffectKind]: EffectExecutor<K> };
export type InvocationTable = { readonly [K in InvocationName]: InvocationExecutor<K> };

export interface Executors {
  effect(effect: Effect, run: Run): Promise<void>;
  /** @throws AppError effect.invalidInput, effect.invalidOutput, and whatever the executor throws. */
  invoke(src: InvocationName, input: unknown, run: Run): Promise<unknown>;
}

/** Checks what goes into an executor and what comes out of it. */
export function makeExecutors(effects: EffectTable, work: InvocationTable): Executors {
  return {
    effect: (effect, run) => (effects[effect.kind] as (effect: Effect, run: Run) => Promise<void>)(effect, run),
    async invoke(src, input, run) {
      const parsedInput = invocations[src].input.safeParse(input);
      if (!parsedInput.success) throw new AppError("effect.invalidInput", { details: { src, effectId: run.effectId } });
      const output = await (work[src] as (input: unknown, run: Run) => Promise<unknown>)(parsedInput.data, run);
      const parsedOutput = invocations[src].output.safeParse(output);
      if (!parsedOutput.success)
        throw new AppError("effect.invalidOutput", { details: { src, effectId: run.effectId } });
      return parsedOutput.data;
    },
  };
}
