import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { ActorAddress, MachineName, UserId } from "../../machines/address.ts";
import { AppError } from "../errors.ts";

/** What every command of staff carries. The same key gives the first answer again. */
export const IdempotencyKey = z.string().min(8).max(128).meta({ description: "the same command has the same key" });
export const Reason = z.string().min(5).max(500).meta({ description: "why; kept with your name" });

/** Of a route `…/:telegramId…`. */
export const UserIdParam = z.object({
  telegramId: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, "expected a Telegram user id such as 7012345678")
    .transform(Number)
    .pipe(UserId),
});

const Address = z.object({ machine: z.string().max(32), id: z.string().max(300) });

/** @throws AppError http.badRequest, naming each field and what it must be, never what was given */
export function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw new AppError("http.badRequest", { details: { fields } });
}

/** @throws AppError http.badRequest, saying of each field that it stands in the query */
export function parsedQuery<T extends z.ZodObject>(schema: T, { query }: FastifyRequest): z.output<T> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const known = Object.keys(schema.shape);
  const fields = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => `${key}: unknown; there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`)
      : [...issue.path.map(String), issue.message].join(": "),
  );
  throw new AppError("http.badRequest", { details: { fields: fields.map((field) => `query: ${field}`) } });
}

/** Of a route `…/:machine/…`. @throws AppError actor.unknownMachine */
export function machineIn(request: FastifyRequest): MachineName {
  const machine = MachineName.safeParse((request.params as { readonly machine?: unknown }).machine);
  if (!machine.success) throw new AppError("actor.unknownMachine");
  return machine.data;
}

/** Of a route `…/:machine/:id…`. @throws AppError actor.unknownMachine */
export function addressIn(request: FastifyRequest): ActorAddress {
  const { machine, id } = parsed(Address, request.params);
  const address = ActorAddress.safeParse(`${machine}/${id}`);
  if (!address.success) throw new AppError("actor.unknownMachine");
  return address.data;
}
