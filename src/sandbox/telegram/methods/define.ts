// How a Bot API method is written down: its parameters (checked against the published types), its answer, its work.
import type { ApiMethods } from "@grammyjs/types";
import { z } from "zod";
import type { Deliveries } from "../delivery/deliveries.ts";
import { type BotApiError, badRequest } from "../errors.ts";
import type { ResolvedOptions } from "../options.ts";
import type { World } from "../world/world.ts";

/** A file of a multipart request; its bytes are not kept. */
export interface UploadedFile {
  readonly fileName: string;
  readonly sizeBytes: number;
}

export type Api = ApiMethods<UploadedFile>;
export type MethodName = keyof Api;

type ParamsOf<M extends MethodName> = NonNullable<Parameters<Api[M]>[0]>;

/** grammY still types this name; the documentation replaced it by `reply_parameters`. */
type Undocumented = "reply_to_message_id";

type IsOptional<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? true : false;

/** One zod schema per documented parameter; a missing, optional-for-required or wrongly typed one does not compile. */
export type ShapeFor<M extends MethodName> = {
  readonly [K in Exclude<keyof ParamsOf<M>, Undocumented>]-?: IsOptional<ParamsOf<M>, K> extends true
    ? z.ZodExactOptional<z.ZodType<Exclude<ParamsOf<M>[K], undefined>>>
    : z.ZodType<ParamsOf<M>[K]>;
};

export interface CallContext {
  readonly world: World;
  readonly deliveries: Deliveries;
  readonly options: ResolvedOptions;
}

export interface MethodDefinition {
  readonly name: MethodName;
  readonly schema: z.ZodObject;
  readonly run: (params: unknown, context: CallContext) => unknown;
}

/**
 * Parameter names and types, and the result, are those of `@grammyjs/types`; unknown parameters are refused.
 * @throws BotApiError 400 from `run` when the parameters do not fit.
 */
export function defineMethod<M extends MethodName, S extends ShapeFor<M> & z.ZodRawShape>(
  name: M,
  shape: S,
  handle: (
    params: z.output<z.ZodObject<S, z.core.$strict>>,
    context: CallContext,
  ) => ReturnType<Api[M]> | Promise<ReturnType<Api[M]>>,
): MethodDefinition {
  const schema = z.strictObject(shape);
  return {
    name,
    schema,
    run: (params, context) => {
      const parsed = schema.safeParse(params);
      if (!parsed.success) throw refusal(parsed.error, params);
      return handle(parsed.data, context);
    },
  };
}

/** Message of the issue for a documented parameter that the emulator does not model; replaced by one with its name. */
export const NOT_MODELLED = "not modelled by the emulator";

/** Telegram's words for a missing parameter, where they are not the usual `parameter "x" is required`. */
const MISSING: Readonly<Record<string, string>> = {
  chat_id: "chat_id is empty",
  text: "message text is empty",
  message_id: "message identifier is not specified",
  message_ids: "message identifiers are not specified",
  from_chat_id: "chat_id is empty",
  user_id: "invalid user_id specified",
};

/** A custom issue speaks Telegram's words already; everything else names the parameter and what is wrong with it. */
function refusal(error: z.ZodError, params: unknown): BotApiError {
  const isMissing = (issue: z.core.$ZodIssue): boolean =>
    issue.path.length === 1 && (params as Readonly<Record<PropertyKey, unknown>>)[issue.path[0] ?? ""] === undefined;
  // Missing parameters first, then Telegram's own words, then the rest.
  const rank = (issue: z.core.$ZodIssue): number => (isMissing(issue) ? 0 : issue.code === "custom" ? 1 : 2);
  const [issue] = [...error.issues].sort((a, b) => rank(a) - rank(b));
  if (!issue) return badRequest("wrong parameters");
  if (issue.code === "unrecognized_keys" && issue.path.length === 0)
    return badRequest(`unknown parameter "${issue.keys[0]}" (the emulator is strict)`);
  const [parameter, ...inner] = issue.path;
  const name = String(parameter);
  if (isMissing(issue)) return badRequest(MISSING[name] ?? `parameter "${name}" is required`);
  if (issue.message === NOT_MODELLED) return badRequest(`parameter "${name}" is ${NOT_MODELLED}`);
  if (issue.code === "custom") return badRequest(issue.message);
  const where = inner.length > 0 ? ` at ${inner.join(".")}` : "";
  return badRequest(`can't parse parameter "${name}"${where}: ${issue.message}`);
}
