import { z } from "zod";
import { MAX_NM_IDS, MAX_ROWS_PER_PAGE } from "./limits.ts";
import {
  aboutSpreadsheet,
  DatasetName,
  Day,
  Instant,
  NmId,
  SourceChoice,
  SourceTag,
  SpreadsheetId,
  TokenSuffix,
} from "./primitives.ts";

// Calls 3, 4 and 6: role client suffices.

export const TokenListRequest = aboutSpreadsheet({});
export type TokenListRequest = z.infer<typeof TokenListRequest>;

/** A token that is active, without the token. */
export const ActiveToken = z.object({
  sid: z.string(),
  analytics: z.boolean().optional(),
  token_suffix: TokenSuffix.optional(),
  expires_at: Instant.nullable().optional(),
});
export type ActiveToken = z.infer<typeof ActiveToken>;

/** As it may come over the wire. An empty list is a success. */
export const TokenListAnswer = z.object({
  success: z.literal(true).optional(),
  result: z.array(ActiveToken.extend({ token: z.string().optional().describe("Only for roles operator and admin") })),
});
export type TokenListAnswer = z.infer<typeof TokenListAnswer>;

/** Without `dataset`: everything the spreadsheet uses. */
export const UpdateRequest = aboutSpreadsheet({
  dataset: z
    .object({ name: DatasetName, values: z.record(z.string(), z.unknown()).optional() })
    .nullable()
    .optional(),
});
export type UpdateRequest = z.infer<typeof UpdateRequest>;

/** `accepted` says nothing about data; `warning` says that the dataset is not implemented. */
export const UpdateAnswer = z.object({
  success: z.literal(true),
  message: z.string(),
  spreadsheet_id: SpreadsheetId.optional(),
  dataset: z.string().nullable().optional(),
  values: z.record(z.string(), z.unknown()).optional(),
  job_id: z.string().nullable().optional(),
  warning: z.string().optional(),
});
export type UpdateAnswer = z.infer<typeof UpdateAnswer>;

export const DataRequest = aboutSpreadsheet({
  dataset: z.object({
    name: DatasetName,
    source: SourceChoice.optional().describe("auto when absent"),
    values: z
      .looseObject({
        date_from: Day.optional(),
        date_to: Day.optional(),
        nm_ids: z.array(NmId).max(MAX_NM_IDS).optional(),
        limit: z.int().min(1).max(MAX_ROWS_PER_PAGE).optional().describe("5000 when absent"),
        cursor: z.string().nullable().optional(),
      })
      .optional(),
  }),
});
export type DataRequest = z.infer<typeof DataRequest>;

/** Keys of a checklist row that both sides have and parity compares. */
export const PARITY_KEYS = [
  "adv_sum",
  "stocks_total",
  "stocks_enough_for",
  "stocks_enough_for_with_buyout_perc",
  "avg_price_with_spp",
  "profit_with_adv",
  "profit_without_adv",
] as const;
export type ParityKey = (typeof PARITY_KEYS)[number];

const Value = z.number().nullable().optional();

/** One nm_id on one day. Unknown is null; 0 means zero. Numbers have at most six decimals. */
export const Row = z
  .object({
    date: Day,
    nm_id: NmId,
    category: z.string().max(200).nullable().optional(),
    brand: z.string().max(200).nullable().optional(),
    adv_sum: Value,
    stocks_total: Value,
    stocks_enough_for: Value,
    stocks_enough_for_with_buyout_perc: Value,
    avg_price_with_spp: Value,
    profit_with_adv: Value,
    profit_without_adv: Value,
  })
  .catchall(z.union([z.number(), z.string(), z.boolean(), z.null()]))
  .describe("One nm_id on one day. Every other member is a key. A value that is not known is null, never 0.");
export type Row = z.infer<typeof Row>;

/** Rows of exactly one side, sorted by date, then nm_id; a day without rows is absent. */
export const DataAnswer = z.object({
  success: z.literal(true),
  spreadsheet_id: SpreadsheetId,
  dataset: DatasetName,
  source_tag: SourceTag,
  requested_source: SourceChoice,
  degraded: z.boolean().describe("auto had to use the other side"),
  captured_at: Instant.nullable().optional().describe("When that side's data was obtained"),
  zero_filled_keys: z.array(z.string()).optional().describe("Keys in which this backend cannot tell unknown from zero"),
  row_count: z.int().nonnegative().optional(),
  next_cursor: z.string().nullable().optional().describe("null on the last page"),
  rows: z.array(Row),
});
export type DataAnswer = z.infer<typeof DataAnswer>;
