import { z } from "zod";
import {
  aboutSpreadsheet,
  DatasetName,
  Instant,
  OwnerEmail,
  SourceTag,
  SpreadsheetId,
  TokenSuffix,
  WbTokenText,
} from "./primitives.ts";

// Calls 1, 2 and 7: role operator.

export const RegisterRequest = aboutSpreadsheet({ owner_email: OwnerEmail.optional() });
export type RegisterRequest = z.infer<typeof RegisterRequest>;

/** `created` is true once per spreadsheet. */
export const RegisterAnswer = z.object({
  success: z.literal(true),
  result: z.object({
    spreadsheet_id: SpreadsheetId,
    created: z.boolean().optional(),
    active: z.boolean().optional(),
  }),
});
export type RegisterAnswer = z.infer<typeof RegisterAnswer>;

export const AddTokenRequest = aboutSpreadsheet({ token: WbTokenText, owner_email: OwnerEmail.optional() });
export type AddTokenRequest = z.infer<typeof AddTokenRequest>;

/** `created` is true once per spreadsheet and token; a new token of the same seller takes the place of the older one. */
export const AddTokenAnswer = z.object({
  success: z.literal(true),
  result: z.object({
    spreadsheet_id: SpreadsheetId,
    sid: z.string().describe("Seller id from the token"),
    token_suffix: TokenSuffix.optional(),
    expires_at: Instant.nullable().optional(),
    created: z.boolean().optional(),
  }),
});
export type AddTokenAnswer = z.infer<typeof AddTokenAnswer>;

export const SetSourceRequest = z.object({
  spreadsheet_id: SpreadsheetId,
  dataset: DatasetName,
  source: SourceTag,
  reason: z.string().max(200).optional(),
  decision_id: z.string().min(8).max(128),
  decided_at: Instant,
});
export type SetSourceRequest = z.infer<typeof SetSourceRequest>;

export const SetSourceAnswer = z.object({
  success: z.literal(true),
  result: z.object({
    spreadsheet_id: SpreadsheetId,
    dataset: DatasetName,
    source: SourceTag,
    decision_id: z.string(),
    changed: z.boolean().optional(),
  }),
});
export type SetSourceAnswer = z.infer<typeof SetSourceAnswer>;
