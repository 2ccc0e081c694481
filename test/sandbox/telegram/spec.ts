// The published description of the Bot API as JSON, and a check of values against it. Read only when a folder is named.
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Field {
  readonly name: string;
  readonly types: readonly string[];
  readonly required: boolean;
}

interface Entity {
  readonly name: string;
  readonly fields?: readonly Field[];
  readonly subtypes?: readonly string[];
  readonly returns?: readonly string[];
}

interface Spec {
  readonly methods: Readonly<Record<string, Entity>>;
  readonly types: Readonly<Record<string, Entity>>;
}

/** Fields newer than the description, known from the published types. */
const NEWER_FIELDS: Readonly<Record<string, readonly Field[]>> = {
  ChatMemberAdministrator: [{ name: "can_send_welcome_messages", types: ["Boolean"], required: true }],
};

export class BotApiSpec {
  readonly #spec: Spec;
  readonly #added: Readonly<Record<string, readonly Field[]>>;

  constructor(folder: string) {
    const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
    const base = read("api.json") as Spec;
    const additions = read("additions-10.2.json") as Spec & { readonly added_fields: Record<string, readonly Field[]> };
    this.#spec = {
      methods: { ...base.methods, ...additions.methods },
      types: { ...base.types, ...additions.types },
    };
    this.#added = additions.added_fields;
  }

  fields(kind: "methods" | "types", name: string): readonly Field[] {
    const entity = this.#spec[kind][name];
    if (!entity) throw new Error(`${name} is not documented.`);
    return [...(entity.fields ?? []), ...(this.#added[name] ?? []), ...(NEWER_FIELDS[name] ?? [])];
  }

  /** What is wrong with the result of a method; empty when nothing is. */
  checkResult(method: string, value: unknown): string[] {
    const returns = this.#spec.methods[method]?.returns;
    if (!returns) throw new Error(`${method} has no documented result.`);
    return this.#checkOneOf(returns, value, method);
  }

  check(type: string, value: unknown, path = type): string[] {
    const array = /^Array of (.+)$/.exec(type);
    if (array) {
      if (!Array.isArray(value)) return [`${path} is no array`];
      return value.flatMap((item, i) => this.check(array[1] ?? "", item, `${path}[${i}]`));
    }
    switch (type) {
      case "Integer":
        return Number.isSafeInteger(value) ? [] : [`${path} is no integer`];
      case "Float":
        return typeof value === "number" ? [] : [`${path} is no number`];
      case "String":
        return typeof value === "string" ? [] : [`${path} is no string`];
      case "Boolean":
        return typeof value === "boolean" ? [] : [`${path} is no boolean`];
      default:
        return this.#checkEntity(type, value, path);
    }
  }

  #checkEntity(type: string, value: unknown, path: string): string[] {
    const entity = this.#spec.types[type];
    if (!entity) return [`${path}: ${type} is not documented`];
    if (entity.subtypes && entity.subtypes.length > 0) return this.#checkOneOf(entity.subtypes, value, path);
    if (typeof value !== "object" || value === null) return [`${path} is no ${type}`];
    const fields = this.fields("types", type);
    const wrong: string[] = [];
    for (const field of fields) {
      const inner = (value as Record<string, unknown>)[field.name];
      if (inner !== undefined) wrong.push(...this.#checkOneOf(field.types, inner, `${path}.${field.name}`));
      else if (field.required) wrong.push(`${path}.${field.name} is missing`);
    }
    const known = new Set(fields.map((field) => field.name));
    for (const key of Object.keys(value))
      if (!known.has(key)) wrong.push(`${path}.${key} is not documented for ${type}`);
    return wrong;
  }

  #checkOneOf(types: readonly string[], value: unknown, path: string): string[] {
    const attempts = types.map((type) => this.check(type, value, path));
    if (attempts.some((wrong) => wrong.length === 0)) return [];
    return [...attempts].sort((a, b) => a.length - b.length)[0] ?? [`${path} has no type`];
  }
}
