import { z } from "zod";
import type { Sums } from "../quality/model.ts";

const count = z.int().nonnegative();

/** Counts and sums of cells as they lie in Redis. */
export const StoredSums: z.ZodType<Sums> = z.object({
  ...{ nCells: count, nPaired: count, nExact: count, nEqual: count, nMissingLocal: count, nMissingUpstream: count },
  ...{ nMape: count, signMismatch: count },
  ...{ sumAbsError: z.number(), sumError: z.number(), sumAbsUpstream: z.number(), sumApe: z.number() },
});
