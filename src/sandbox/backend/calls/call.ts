// What a call gets, and what all calls ask of a request.
import type { z } from "zod";
import type { Role } from "../../../backend/contract/calls.ts";
import { Refusal } from "../errors.ts";
import type { Profile } from "../profile.ts";
import type { ClockWaits } from "../timers.ts";
import type { TokenPolicy } from "../wb-token/read.ts";
import type { Spreadsheet } from "../world/spreadsheets.ts";
import type { World } from "../world/world.ts";
import type { Answer, Effect } from "./answer.ts";

export interface Caller {
  readonly name: string;
  readonly role: Role;
  /** null: all. */
  readonly spreadsheets: ReadonlySet<string> | null;
}

export interface CallContext {
  readonly world: World;
  /** Epoch ms, by the virtual clock. */
  now(): number;
  readonly waits: ClockWaits;
  readonly profile: Profile;
  readonly tokenPolicy: TokenPolicy;
  /** null: the call needs no credentials. */
  readonly caller: Caller | null;
  readonly requestId: string;
  /** The value in the path, if it has one. */
  readonly pathValue: string | null;
  effect(effect: Effect): void;
}

/** @param body what the request's schema has not seen yet. */
export type Call = (body: unknown, context: CallContext) => Answer | Promise<Answer>;

const IDS = new Set<PropertyKey>(["spreadsheet_id", "ssId"]);
const DAYS = new Set<PropertyKey>(["date_from", "date_to", "dateFrom", "dateTo"]);
const DAY_LIKE = /^\d{4}-\d{2}-\d{2}$/;

/** @throws Refusal `invalid_request`, `invalid_spreadsheet_id`, `invalid_date_range` (a day that does not exist). */
export function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const details = {
    issues: issues.map(({ path, message }) => ({ path: path.join("."), message })),
  };
  const wrong = (names: ReadonlySet<PropertyKey>) =>
    issues.find(({ path, code }) => code === "invalid_format" && names.has(path.at(-1) ?? ""));
  if (wrong(IDS)) throw new Refusal("invalid_spreadsheet_id", { details });
  const day = wrong(DAYS);
  if (day && DAY_LIKE.test(String(valueAt(body, day.path)))) throw new Refusal("invalid_date_range", { details });
  throw new Refusal("invalid_request", { details });
}

const valueAt = (body: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[name] : undefined,
    body,
  );

/**
 * The spreadsheet of a call under /ss/.
 * @throws Refusal `forbidden` for one that the caller may not see, `spreadsheet_inactive` for one that is unknown or inactive.
 */
export function visibleSpreadsheet({ world, caller }: CallContext, id: string): Spreadsheet {
  if (caller?.spreadsheets && !caller.spreadsheets.has(id)) throw new Refusal("forbidden");
  const spreadsheet = world.spreadsheets.get(id);
  if (!spreadsheet?.isActive) throw new Refusal("spreadsheet_inactive");
  return spreadsheet;
}

/** @throws Refusal `spreadsheet_not_found`, `spreadsheet_inactive`. */
export function registeredSpreadsheet({ world }: CallContext, id: string): Spreadsheet {
  const spreadsheet = world.spreadsheets.get(id);
  if (!spreadsheet) throw new Refusal("spreadsheet_not_found", { message: "The spreadsheet is not registered." });
  if (!spreadsheet.isActive) throw new Refusal("spreadsheet_inactive");
  return spreadsheet;
}
