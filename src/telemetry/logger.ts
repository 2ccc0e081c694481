// JSON lines on stdout that hold listed fields only (log-fields.ts); every line is masked as a whole besides.
import { type DestinationStream, type Level, pino } from "pino";
import { allowedFields, describeError, type Mask } from "./allowed-fields.ts";
import type { LogFields } from "./log-fields.ts";

export { describeError };

/** A message is a sentence of ours; what it is about stands in fields. */
type Write = (fields: LogFields, message: string) => void;

export interface Logger {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  readonly fatal: Write;
}

/**
 * Whatever looks like one is masked, also in libraries' messages and URLs: a bot token (in URLs it follows `bot`
 * without a gap), a JWT (as product APIs issue them).
 */
const SECRET_SHAPES = /\d{5,}:[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g;
const MASK = "[secret]";
/** Shorter ones would mask ordinary words. */
const MIN_SECRET_LENGTH = 8;
const MAX_MESSAGE_LENGTH = 600;

export interface LoggerOptions {
  readonly level: Level | "silent";
  /** Masked wherever they appear: tokens, keys and passwords of this installation. A function is asked for each line: some come later. */
  readonly secrets?: readonly string[] | (() => readonly string[]);
  /** Default: stdout. */
  readonly destination?: DestinationStream;
  /** Is told of fields that were left out of a line: somebody logs what is not listed. */
  readonly onDropped?: (fields: number) => void;
}

export function makeLogger({ level, secrets = [], destination, onDropped = () => {} }: LoggerOptions): Logger {
  const known = typeof secrets === "function" ? secrets : () => secrets;
  const mask = maskOf(known, makeMask);
  const maskText = maskOf(known, makeTextMask);
  const lines = pino(
    {
      level,
      base: null, // one process per container: pid and host name are the supervisor's to add
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: mask },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  );
  const at =
    (of: keyof Logger): Write =>
    (given, message) => {
      if (!lines.isLevelEnabled(of)) return;
      const { fields, dropped } = allowedFields(given, maskText);
      if (dropped > 0) onDropped(dropped);
      // Nothing but these two arguments: a third one would be printed into the message.
      lines[of](
        { ...fields, ...(dropped > 0 && { fieldsDropped: dropped }) },
        typeof message === "string" ? maskText(message).slice(0, MAX_MESSAGE_LENGTH) : "",
      );
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), fatal: at("fatal") };
}

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
