import { z } from "zod";

// The words of the backend's contract that several calls share. Units and names are the wire's own.

/** The part after /d/ in a spreadsheet's address; published ids (2PACX-…) name a page, not a spreadsheet. Case-sensitive. */
export const SPREADSHEET_ID_PATTERN = /^(?!2PACX-)[A-Za-z0-9_-]{20,128}$/;

export const SpreadsheetId = z
  .string()
  .regex(SPREADSHEET_ID_PATTERN, "expected the id of a Google spreadsheet: the part after /d/ in its address")
  .describe("Google spreadsheet id: the part after /d/ in the address. Published ids (2PACX-...) are not accepted.");

/** `YYYY-MM-DD`, a day that exists. */
export const Day = z.iso.date().describe("Calendar day in Europe/Moscow");

export const Instant = z.iso.datetime({ offset: true });

/** Wildberries article number. */
export const NmId = z.int().positive();

export const SourceTag = z.enum(["upstream", "local"]);
export type SourceTag = z.infer<typeof SourceTag>;

/** `auto` follows the source in force and falls back to the other side; the named ones never do. */
export const SourceChoice = z.enum(["upstream", "local", "auto"]);
export type SourceChoice = z.infer<typeof SourceChoice>;

export const DatasetName = z.string().regex(/^[A-Za-z0-9_]{1,128}$/, "expected 1 to 128 letters, digits or _");

export const OwnerEmail = z.email().max(254).nullable();

/** Three base64url parts with dots between; what they hold is checked elsewhere. */
export const WbTokenText = z
  .string()
  .min(32)
  .max(4096)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, "expected three base64url parts with dots between")
  .meta({ writeOnly: true });

/** At most the last six characters, after three dots. */
export const TokenSuffix = z.string().max(9);

export const JobId = z.string().min(1).max(128);

const spreadsheetRef = {
  spreadsheet_id: SpreadsheetId.optional(),
  ssId: SpreadsheetId.optional(),
};

interface SpreadsheetNames {
  readonly spreadsheet_id?: string | undefined;
  readonly ssId?: string | undefined;
}

const isNamedOnce = ({ spreadsheet_id: id, ssId }: SpreadsheetNames) =>
  (id ?? ssId) !== undefined && (id === undefined || ssId === undefined || id === ssId);

/**
 * A request about one spreadsheet, named `spreadsheet_id` or `ssId`; both only when they are equal.
 * @param members the request's other members.
 */
export const aboutSpreadsheet = <T extends z.core.$ZodLooseShape>(members: T) =>
  z
    .object({ ...spreadsheetRef, ...members })
    .refine((request) => isNamedOnce(request as SpreadsheetNames), {
      path: ["spreadsheet_id"],
      message: "name the spreadsheet once: spreadsheet_id or ssId, or both with the same value",
    })
    .meta({ anyOf: [{ required: ["spreadsheet_id"] }, { required: ["ssId"] }] });

/** @param request one that its schema has accepted. */
export const spreadsheetIdOf = ({ spreadsheet_id: id, ssId }: SpreadsheetNames): string => {
  const named = id ?? ssId;
  if (named === undefined) throw new TypeError("spreadsheetIdOf: the request was not checked by its schema");
  return named;
};
