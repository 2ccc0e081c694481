// The head of a slice as it is stored: beside the rows of an open one, in the metadata of a sealed file.
import { z } from "zod";
import type { SliceFacts, SliceHead } from "../ports.ts";

const count = z.int().nonnegative();
const facts = {
  spreadsheetId: z.string(),
  dataset: z.string(),
  side: z.enum(["upstream", "local"]),
  day: z.string(),
  origin: z.enum(["collection", "backfill", "rereading"]),
  isPartial: z.boolean(),
  startedAt: z.number(),
  receivedAt: z.number(),
  capturedAt: z.number().nullable(),
  keys: z.array(z.string()),
  counts: z.object({
    rows: count,
    invalidRows: count,
    outOfWindowRows: count,
    invalidValues: count,
    duplicateRows: count,
  }),
};

export const StoredFacts: z.ZodType<SliceFacts> = z.object(facts);

/** `raw`: digest of what the slice was made of; its name. */
export type StoredHead = SliceHead & { readonly raw: string };
export const StoredHead: z.ZodType<StoredHead> = z.object({
  ...facts,
  version: z.int().positive(),
  seal: z.string().regex(/^[0-9a-f]{64}$/),
  sealedAt: z.number(),
  raw: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Only what belongs to them: a new slice carries its rows as well. */
export const factsOf = (slice: SliceFacts): SliceFacts => {
  const { spreadsheetId, dataset, side, day, origin, isPartial, startedAt, receivedAt, capturedAt, keys, counts } =
    slice;
  return { spreadsheetId, dataset, side, day, origin, isPartial, startedAt, receivedAt, capturedAt, keys, counts };
};
