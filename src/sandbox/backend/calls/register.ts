import { RegisterRequest } from "../../../backend/contract/admin.ts";
import { spreadsheetIdOf } from "../../../backend/contract/primitives.ts";
import { Refusal } from "../errors.ts";
import type { Registration } from "../world/spreadsheets.ts";
import { type Call, type CallContext, parse } from "./call.ts";

/** POST /admin/spreadsheets/register: `created` is true once. */
export const registerSpreadsheet: Call = (body, context) => {
  const request = parse(RegisterRequest, body);
  const { spreadsheet, created } = register(context, spreadsheetIdOf(request), request.owner_email);
  return {
    status: 200,
    body: { success: true, result: { spreadsheet_id: spreadsheet.id, created, active: spreadsheet.isActive } },
  };
};

/** @throws Refusal `owner_conflict`. */
export function register(
  { world, effect }: CallContext,
  id: string,
  ownerEmail: string | null | undefined,
): Registration {
  const registration = world.spreadsheets.register(id, ownerEmail);
  if (!registration) throw new Refusal("owner_conflict");
  if (registration.created) effect({ kind: "spreadsheet_registered", spreadsheet_id: id });
  if (registration.ownerChanged) effect({ kind: "owner_changed", spreadsheet_id: id });
  if (registration.reactivated) effect({ kind: "spreadsheet_reactivated", spreadsheet_id: id });
  return registration;
}
