// Random values of a zod schema, chosen small so that they meet: the same few people, chats, orders and lengths of time.
import fc from "fast-check";
import { z } from "zod";

/** The parts of JSON Schema that zod prints for our events and results. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** Values by field name, at any depth, where any value of the schema would hardly ever be an interesting one. */
export type FieldArbitraries = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/**
 * @param fields win over what the schema says, unless it lists the choices; what they give must still satisfy it.
 * @throws Error for a construct it does not know: better than events that are never generated.
 */
export function arbitraryOf<T>(schema: z.ZodType<T>, fields: FieldArbitraries = {}): fc.Arbitrary<T> {
  const json = z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as Schema;
  return build(json, fields, "(root)").map((value) => schema.parse(value));
}

/** One arbitrary per member of a discriminated union of events, by its type. */
export function eventsOf(
  schema: z.ZodType<{ readonly type: string }>,
  fields: FieldArbitraries,
): ReadonlyMap<string, fc.Arbitrary<{ readonly type: string }>> {
  const json = z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as Schema;
  const members = json.oneOf ?? json.anyOf ?? [json];
  return new Map(
    members.map((member) => {
      const type = String(member.properties?.type?.const);
      return [type, build(member, fields, type).map((value) => schema.parse(value))];
    }),
  );
}

function build(schema: Schema, fields: FieldArbitraries, path: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => build(choice, fields, path)));
  switch (schema.type) {
    case "object": {
      const entries = Object.entries(schema.properties ?? {});
      return fc.record(
        Object.fromEntries(entries.map(([name, field]) => [name, fieldOf(name, field, fields, `${path}.${name}`)])),
      );
    }
    case "array": {
      const minLength = schema.minItems ?? 0;
      return fc.array(build(schema.items ?? {}, fields, path), {
        minLength,
        maxLength: Math.min(schema.maxItems ?? minLength + 2, minLength + 2),
      });
    }
    case "string":
      if (schema.pattern) throw new Error(`${path}: give values for the pattern ${schema.pattern} by field name`);
      return fc
        .constantFrom("one", "two", "three")
        .map((text) => text.padEnd(schema.minLength ?? 0, ".").slice(0, schema.maxLength));
    case "integer":
    case "number": {
      const least = schema.exclusiveMinimum === undefined ? (schema.minimum ?? -10) : schema.exclusiveMinimum + 1;
      return fc.integer({ min: Math.max(least, -10), max: Math.min(schema.maximum ?? 10, Math.max(least, -10) + 10) });
    }
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      throw new Error(`${path}: no values for ${JSON.stringify(schema)}`);
  }
}

function fieldOf(name: string, schema: Schema, fields: FieldArbitraries, path: string): fc.Arbitrary<unknown> {
  const given = fields[name];
  // A list of choices says more than a field name does: `source` is one thing in a payment and another in an invite.
  if (!given || schema.enum) return build(schema, fields, path);
  const isNullable = (schema.anyOf ?? []).some(({ type }) => type === "null");
  return isNullable ? fc.option(given, { nil: null, freq: 3 }) : given;
}
