// What every command of the staff carries besides what it is about.
import { z } from "zod";
import { AppError } from "../errors.ts";
import { IdempotencyKey, parsed, Reason } from "./parse-request.ts";

const COMMAND = {
  reason: Reason.optional().meta({ description: "why; kept with your name. Required unless `dryRun`" }),
  idempotencyKey: IdempotencyKey.optional().meta({
    description: "the same command has the same key. Required unless `dryRun`",
  }),
  dryRun: z.boolean().default(false).meta({ description: "only says what it would do" }),
} as const;

/** The body of a command's route. */
export const commandBody = <F extends Readonly<Record<string, z.ZodType>>>(fields: F) =>
  z.strictObject({ ...fields, ...COMMAND });

export interface GivenCommand<Body> {
  readonly body: Body;
  /** Then the key means nothing, and the reason only what a customer would read of it. */
  readonly dryRun: boolean;
  readonly reason: string;
  readonly idempotencyKey: string;
}

/** Stands in a preview where the reason will be, for as long as none is given: an event is not whole without. Nothing of it is kept. */
const NO_REASON_YET = "[…the reason…]";

/** @param schema Made by `commandBody`. @throws AppError http.badRequest */
export function readCommand<Body>(schema: z.ZodType<Body>, given: unknown): GivenCommand<Body> {
  const body = parsed(schema, given);
  const { dryRun, reason, idempotencyKey } = z.object(COMMAND).parse(body);
  if (dryRun) return { body, dryRun, reason: reason ?? NO_REASON_YET, idempotencyKey: "" };
  const missing = Object.entries({ reason, idempotencyKey }).flatMap(([name, value]) =>
    value === undefined ? [`${name}: required unless dryRun`] : [],
  );
  if (reason === undefined || idempotencyKey === undefined)
    throw new AppError("http.badRequest", { details: { fields: missing } });
  return { body, dryRun, reason, idempotencyKey };
}
