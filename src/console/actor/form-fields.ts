// The fields of an event as a form asks for them, from their JSON schemas: people think in days and dates, events in milliseconds.
import type { EventField } from "../../support/answers/actors.ts";

const DAY_MS = 86_400_000;

export type FieldKind = "text" | "number" | "days" | "date" | "choice" | "flag" | "plan" | "json";

export interface FormField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly isRequired: boolean;
  /** Whether "none" is an answer of its own. */
  readonly isNullable: boolean;
  readonly choices: readonly string[];
  readonly least: number | null;
  readonly most: number | null;
  readonly help: string | null;
}

type Schema = Readonly<Record<string, unknown>>;

export function formField({ name, required, schema }: EventField): FormField {
  const variants = (schema.anyOf ?? schema.oneOf) as readonly Schema[] | undefined;
  const types = Array.isArray(schema.type) ? (schema.type as readonly unknown[]) : [];
  const isNullable = types.includes("null") || (variants?.some(({ type }) => type === "null") ?? false);
  const main: Schema = {
    ...schema,
    ...(variants?.find(({ type }) => type !== "null") ?? {}),
    ...(types.length > 0 ? { type: types.find((type) => type !== "null") } : {}),
  };
  const choices = Array.isArray(main.enum) ? main.enum.map(String) : [];
  return {
    name,
    kind: kindOf(name, main, choices.length > 0),
    isRequired: required,
    isNullable,
    choices,
    least: numberIn(main.minimum) ?? above(main.exclusiveMinimum),
    most: numberIn(main.maximum),
    help: typeof main.description === "string" ? main.description : null,
  };
}

function kindOf(name: string, { type, description }: Schema, isChoice: boolean): FieldKind {
  if (isChoice) return "choice";
  if (type === "boolean") return "flag";
  if (type === "integer" || type === "number") {
    if (name === "ms" || name.endsWith("Ms")) return "days";
    const isInstant = /^(at|until|since)$|(At|Until|Since)$/.test(name) || /epoch ms/i.test(String(description ?? ""));
    return isInstant ? "date" : "number";
  }
  // What was bought or is given: nobody writes that by hand.
  if (type === "object" && name === "terms") return "plan";
  return type === "string" ? "text" : "json";
}

const numberIn = (value: unknown): number | null => (typeof value === "number" ? value : null);
const above = (value: unknown): number | null => (typeof value === "number" ? value + 1 : null);

/** What stands in the form's inputs: text, or null for "none". */
export type FormValues = Readonly<Record<string, string | null>>;

/**
 * @param preset what the event is known to say already; @param context of the actor: a field of the same name is the best guess
 * @param now epoch ms
 */
export function initialValues(
  fields: readonly FormField[],
  preset: Readonly<Record<string, unknown>>,
  context: Readonly<Record<string, unknown>>,
  now: number,
): FormValues {
  return Object.fromEntries(
    fields.map((field) => {
      const known = field.name in preset ? preset[field.name] : undefined;
      if (known === null) return [field.name, null];
      if (known !== undefined) return [field.name, shownAs(field, known)];
      return [field.name, guess(field, context, now)];
    }),
  );
}

function guess(field: FormField, context: Readonly<Record<string, unknown>>, now: number): string {
  switch (field.kind) {
    case "days":
      return "7";
    case "date":
      return shownAs(field, now + 7 * DAY_MS);
    case "choice":
      return field.choices[0] ?? "";
    case "flag":
      return "";
    default: {
      const same = context[field.name];
      return same === undefined || same === null ? "" : shownAs(field, same);
    }
  }
}

function shownAs({ kind }: FormField, value: unknown): string {
  if (kind === "days") return String(Number(value) / DAY_MS);
  if (kind === "date") return localInput(Number(value));
  if (kind === "plan") return JSON.stringify(value);
  if (kind === "json") return JSON.stringify(value, null, 2);
  if (kind === "flag") return value === true ? "true" : "";
  return String(value);
}

/** As `<input type="datetime-local">` wants it. */
function localInput(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** Fields that are empty or wrong, or the event's fields. */
export type Filled =
  | { readonly ok: true; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly wrong: readonly string[] };

export function filledIn(fields: readonly FormField[], values: FormValues): Filled {
  const wrong: string[] = [];
  const filled: Record<string, unknown> = {};
  for (const field of fields) {
    const text = values[field.name];
    if (text === null || text === undefined) {
      if (field.isNullable) filled[field.name] = null;
      else if (field.isRequired) wrong.push(field.name);
      continue;
    }
    if (text.trim() === "" && field.kind !== "flag") {
      if (field.isRequired) wrong.push(field.name);
      continue;
    }
    const value = valueIn(field, text);
    if (value === undefined) wrong.push(field.name);
    else filled[field.name] = value;
  }
  return wrong.length > 0 ? { ok: false, wrong } : { ok: true, fields: filled };
}

/** @returns undefined where the text means nothing */
function valueIn({ kind, choices, least, most }: FormField, text: string): unknown {
  switch (kind) {
    case "flag":
      return text === "true";
    case "choice":
      return choices.includes(text) ? text : undefined;
    case "text":
      return text;
    case "plan":
    case "json":
      try {
        return JSON.parse(text);
      } catch {
        return undefined;
      }
    case "date":
      return whole(new Date(text).getTime(), least, most);
    case "days":
      return whole(Math.round(Number(text.replace(",", ".")) * DAY_MS), least, most);
    case "number":
      return whole(Number(text), least, most);
  }
}

function whole(value: number, least: number | null, most: number | null): number | undefined {
  if (!Number.isSafeInteger(value)) return undefined;
  return value < (least ?? value) || value > (most ?? value) ? undefined : value;
}
