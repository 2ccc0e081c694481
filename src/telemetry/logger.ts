// JSON lines on stdout, without secrets: errors are cut down to chosen fields, and every line is masked as a whole.
import { type DestinationStream, type Level, type Logger, pino } from "pino";
import { AppError } from "../errors.ts";

export type { Logger } from "pino";

/**
 * Whatever looks like one is masked, also in libraries' messages and URLs: a bot token (in URLs it follows `bot`
 * without a gap), a JWT (as product APIs issue them).
 */
const SECRET_SHAPES = /\d{5,}:[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g;
const MASK = "[secret]";
/** Shorter ones would mask ordinary words. */
const MIN_SECRET_LENGTH = 8;
const MAX_MESSAGE_LENGTH = 500;
const MAX_CAUSES = 3;

export interface LoggerOptions {
  readonly level: Level | "silent";
  /** Masked wherever they appear: tokens, keys and passwords of this installation. A function is asked for each line: some come later. */
  readonly secrets?: readonly string[] | (() => readonly string[]);
  /** Default: stdout. */
  readonly destination?: DestinationStream;
}

export function makeLogger({ level, secrets = [], destination }: LoggerOptions): Logger {
  const known = typeof secrets === "function" ? secrets : () => secrets;
  const mask = maskOf(known, makeMask);
  const maskText = maskOf(known, makeTextMask);
  const err = (error: unknown) => describeError(error, maskText);
  return pino(
    {
      level,
      base: null, // one process per container: pid and host name are the supervisor's to add
      formatters: { level: (label) => ({ level: label }) },
      serializers: {
        err,
        error: (error: unknown) => (isName(error) ? error : err(error)),
        req: describeRequest,
        res: describeResponse,
      },
      hooks: { streamWrite: mask },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  );
}

/** Whoever says in fields of its own what may be logged of an error, gives its name only. */
const isName = (error: unknown): boolean => typeof error === "string" && /^\w{1,64}$/.test(error);

type Mask = (text: string) => string;

/** Made again only when the list is another one. */
function maskOf(secrets: () => readonly string[], make: (secrets: readonly string[]) => Mask): Mask {
  let made: { readonly of: readonly string[]; readonly mask: Mask } | undefined;
  return (text) => {
    const now = secrets();
    if (made?.of !== now) made = { of: now, mask: make(now) };
    return made.mask(text);
  };
}

/** @returns a function that replaces secrets in one line of JSON and leaves it valid. */
export const makeMask = (secrets: readonly string[]): Mask =>
  makeTextMask(
    secrets.filter(isMaskable).map((secret) => JSON.stringify(secret).slice(1, -1)), // as it appears inside a line of JSON
  );

function makeTextMask(secrets: readonly string[]): Mask {
  const literals = [...new Set(secrets)].filter(isMaskable).sort((a, b) => b.length - a.length); // one may be a part of another
  return (text) => {
    let masked = text.replace(SECRET_SHAPES, MASK);
    for (const literal of literals) masked = masked.replaceAll(literal, MASK);
    return masked;
  };
}

const isMaskable = (secret: string): boolean => secret.length >= MIN_SECRET_LENGTH;

export interface ErrorDescription {
  readonly name: string;
  readonly code?: string | number;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Names and codes of what led to it. Their messages and fields stay out: libraries put requests and answers into them. */
  readonly causes?: readonly string[];
  /** Where an unplanned error came from. */
  readonly at?: readonly string[];
}

/**
 * What of an error may be logged. A plain object, so that nothing else of it ever is.
 * @param mask Before the message is cut: what is left of a secret would look like none.
 */
export function describeError(error: unknown, mask: Mask = makeTextMask([])): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: "a value that is no Error was thrown" };
  const code = codeOf(error);
  const causes = causesOf(error);
  return {
    name: error.name,
    ...(code !== undefined && { code }),
    message: mask(error.message).slice(0, MAX_MESSAGE_LENGTH),
    ...(error instanceof AppError ? { details: error.details } : { at: framesOf(error) }),
    ...(causes.length > 0 && { causes }),
  };
}

/** Neither headers (authorization) nor the query (may hold a token or a search for a person). */
const describeRequest = ({ method, url }: { method?: string; url?: string }) => ({
  method,
  path: url?.split("?", 1)[0],
});
const describeResponse = ({ statusCode }: { statusCode?: number }) => ({ statusCode });

/** Node and AppError say `code`, grammY says `error_code`. */
function codeOf(error: Error): string | number | undefined {
  const { code, error_code } = error as { code?: unknown; error_code?: unknown };
  return [code, error_code].find((value) => typeof value === "string" || typeof value === "number") as
    | string
    | number
    | undefined;
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < MAX_CAUSES; cause = cause.cause) {
    causes.push([cause.name, codeOf(cause)].filter((part) => part !== undefined).join(" "));
  }
  return causes;
}

/** The stack without its head, which repeats the message. */
const framesOf = (error: Error): string[] =>
  (error.stack ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, 5);
