import type { EffectExecutor } from "./executor.ts";
import type { Ledger } from "./ports.ts";

/** Writes one line of the books. Twice is harmless: the row's name is written once for ever. */
export const makeRecordLedger =
  (ledger: Ledger): EffectExecutor<"recordLedger"> =>
  async ({ kind: _, ...row }) => {
    await ledger.append(row);
  };
