// Reads fields by the table of log-fields.ts: what is not listed, or has another form, is left out and counted.
import { AppError } from "../errors.ts";
import { isLogField, LOG_FIELDS, type LogForm } from "./log-fields.ts";

/** Replaces secrets in a text. */
export type Mask = (text: string) => string;

const MAX_SENTENCE_LENGTH = 500;
const MAX_LIST = 50;
const MAX_FRAMES = 6;
const MAX_CAUSES = 3;
const MAX_DEPTH = 3;

const WORD = /^[\w.:-]{1,100}$/;
const ID = /^[\w:.|/%=~+,-]{1,300}$/;
/** A stack's head repeats the message, and a message may have several lines. */
const FRAME = /^at (?:async |new )?(?:[\w$.<>#[\] ]{1,120} )?\(?(?:file:\/\/\/|node:|\/)[^\s()?]{1,300}:\d+:\d+\)?$/;

export interface Allowed {
  readonly fields: Readonly<Record<string, unknown>>;
  /** How many fields were left out. */
  readonly dropped: number;
}

/** @param mask for texts that are cut: what is left of a secret would look like none. */
export function allowedFields(given: unknown, mask: Mask, depth = 0): Allowed {
  if (typeof given !== "object" || given === null || Array.isArray(given) || depth > MAX_DEPTH)
    return { fields: {}, dropped: given === undefined ? 0 : 1 };
  // An error given in place of fields: what it holds is nobody's choice.
  if (given instanceof Error) return { fields: { err: describeError(given, mask) }, dropped: 0 };
  const fields: Record<string, unknown> = {};
  let dropped = 0;
  for (const [name, value] of Object.entries(given)) {
    // Says that there is none, as an absent field does.
    if (value === undefined || value === null) continue;
    const read = isLogField(name) ? READERS[LOG_FIELDS[name].form](value, mask, depth) : NOT_ALLOWED;
    if (read.value === undefined) dropped += 1;
    else fields[name] = read.value;
    dropped += read.dropped ?? 0;
  }
  return { fields, dropped };
}

interface Read {
  /** undefined: not of this form. */
  readonly value: unknown;
  /** Fields within it that were left out. */
  readonly dropped?: number;
}
const NOT_ALLOWED: Read = { value: undefined };

type Reader = (value: unknown, mask: Mask, depth: number) => Read;

const textOf =
  (form: RegExp): Reader =>
  (value) => ({ value: typeof value === "string" && form.test(value) ? value : undefined });
const word = textOf(WORD);
const id: Reader = (value, mask, depth) => (Number.isSafeInteger(value) ? { value } : textOf(ID)(value, mask, depth));
const sentence: Reader = (value, mask) => ({
  value: typeof value === "string" ? mask(value).slice(0, MAX_SENTENCE_LENGTH) : undefined,
});
const flag: Reader = (value) => ({ value: typeof value === "boolean" ? value : undefined });

/** The entries that have the form. */
const listOf =
  (entry: Reader): Reader =>
  (value, mask, depth) => {
    if (!Array.isArray(value)) return NOT_ALLOWED;
    const read = value.slice(0, MAX_LIST).map((one) => entry(one, mask, depth).value);
    return {
      value: read.filter((one) => one !== undefined),
      dropped: read.filter((one) => one === undefined).length,
    };
  };

const place: Reader = (value, mask, depth) => {
  if (typeof value === "string") return sentence(value, mask, depth);
  if (typeof value !== "object" || value === null) return NOT_ALLOWED;
  const { path, reason } = value as { path?: unknown; reason?: unknown };
  if (!Array.isArray(path) || typeof reason !== "string") return NOT_ALLOWED;
  return { value: { path: path.map((part) => mask(String(part)).slice(0, 64)), reason: mask(reason).slice(0, 200) } };
};

const READERS: Readonly<Record<LogForm, Reader>> = {
  word,
  words: listOf(word),
  id,
  ids: listOf(id),
  number: (value) => ({ value: typeof value === "number" && Number.isFinite(value) ? value : undefined }),
  flag,
  scalar: (value, mask, depth) => (typeof value === "boolean" ? flag(value, mask, depth) : id(value, mask, depth)),
  sentence,
  sentences: listOf(sentence),
  problems: listOf(place),
  url(value) {
    if (typeof value !== "string" || !URL.canParse(value)) return NOT_ALLOWED;
    const { protocol, host, pathname } = new URL(value);
    return { value: `${protocol}//${host}${pathname === "/" ? "" : pathname}` };
  },
  frames: (value) => ({ value: typeof value === "string" ? framesIn(value.split(" | ")).join(" | ") : undefined }),
  error: (value, mask) =>
    typeof value === "string" && /^\w{1,64}$/.test(value) ? { value } : { value: describeError(value, mask) },
  details(value, mask, depth) {
    if (typeof value !== "object" || value === null) return NOT_ALLOWED;
    const { fields, dropped } = allowedFields(value, mask, depth + 1);
    return { value: fields, dropped };
  },
};

export interface ErrorDescription {
  readonly name: string;
  readonly code?: string | number;
  /** Of errors whose words are known to be about the program. Others may repeat what they were given. */
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Names and codes of what led to it. Their messages and fields stay out: libraries put requests and answers into them. */
  readonly causes?: readonly string[];
  /** Where an unplanned error came from. */
  readonly at?: readonly string[];
}

/** Their messages name our own variables, functions and limits. A SyntaxError quotes what it could not read. */
const SPEAK_OF_CODE = new Set(["TypeError", "ReferenceError"]);

/** What of an error may be logged. A plain object, so that nothing else of it ever is. */
export function describeError(error: unknown, mask: Mask = (text) => text): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: "a value that is no Error was thrown" };
  const code = codeOf(error);
  const causes = causesOf(error);
  const message = messageOf(error);
  return {
    name: nameOf(error),
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message: mask(message).slice(0, MAX_SENTENCE_LENGTH) }),
    ...(error instanceof AppError
      ? { details: allowedFields(error.details, mask, 1).fields }
      : { at: framesIn((error.stack ?? "").split("\n")) }),
    ...(causes.length > 0 && { causes }),
  };
}

function messageOf(error: Error): string | undefined {
  if (error instanceof AppError || SPEAK_OF_CODE.has(error.name)) return error.message;
  const { syscall, description } = error as { syscall?: unknown; description?: unknown };
  // The system's own: `connect`, `listen`; the address behind it is in the configuration.
  if (typeof syscall === "string" && WORD.test(syscall)) return `${syscall} ${String(codeOf(error) ?? "")}`.trim();
  // Telegram's reason. The rest of that error holds what was sent.
  return error.name === "GrammyError" && typeof description === "string" ? description : undefined;
}

const nameOf = ({ name }: Error): string => (WORD.test(name) ? name : "Error");

/** Node and AppError say `code`, grammY says `error_code`, Redis begins with it: `OOM command not allowed …`. */
function codeOf(error: Error): string | number | undefined {
  const { code, error_code } = error as { code?: unknown; error_code?: unknown };
  const ofRedis = error.name === "ReplyError" ? /^[A-Z]{2,20}(?= )/.exec(error.message)?.[0] : undefined;
  return [code, error_code, ofRedis].find(
    (value): value is string | number => (typeof value === "string" && WORD.test(value)) || Number.isSafeInteger(value),
  );
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < MAX_CAUSES; cause = cause.cause)
    causes.push([nameOf(cause), codeOf(cause)].filter((part) => part !== undefined).join(" "));
  return causes;
}

const framesIn = (lines: readonly string[]): string[] =>
  lines
    .map((line) => line.trim())
    .filter((line) => FRAME.test(line))
    .slice(0, MAX_FRAMES);
