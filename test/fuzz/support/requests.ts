// Requests to the admin API, made from its OpenAPI document: mostly what it asks for, with a few changes anywhere.
import fc from "fast-check";
import { mutated, oddText, oddValue } from "./odd.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Fuzzed {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | undefined;
  /** A network of its own each: pace and lock-out have tests of their own. */
  readonly remoteAddress: string;
  /** Path of the document. */
  readonly path: string;
  /** Statuses that the document has for it. */
  readonly declared: readonly number[];
}

/** What means something to a handler: names, ids and events of actors that exist. */
export type Pool = Readonly<Record<string, readonly unknown[]>> & { readonly "*": readonly unknown[] };

const TOKENS = ["token-of-viewer", "token-of-support", "token-of-finance", "token-of-owner", "nobody", ""];
const ODD_HEADERS: readonly (readonly [string, string])[] = [
  ["origin", "https://evil.example"],
  ["origin", "null"],
  ["host", "evil.example"],
  ["sec-fetch-site", "cross-site"],
  ["x-http-method-override", "DELETE"],
  ["x-requested-with", "console"],
  ["cookie", "console_session=eyJ4Ijox.%ff; a=b; console_session="],
  ["x-forwarded-for", "127.0.0.1, ::1, x"],
  ["x-request-id", "../../x"],
  ["accept", "text/html"],
  ["accept-encoding", "br;q=1.0, *;q=0"],
  ["if-match", '"1"'],
  ["content-encoding", "gzip"],
  ["range", "bytes=0-1"],
  ["last-event-id", "9-9-9"],
  ["expect", "100-continue"],
];

function sample(schema: Schema, name: string, pool: Pool, document: Document, depth: number): fc.Arbitrary<unknown> {
  const known = Object.hasOwn(pool, name) ? pool[name] : undefined;
  if (known) return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: oddValue() });
  if (depth > 6) return fc.constantFrom(...pool["*"]);
  if (schema.$ref) {
    const target = document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {};
    return sample(target, name, pool, document, depth + 1);
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices && choices.length > 0)
    return fc.oneof(...choices.map((choice) => sample(choice, name, pool, document, depth + 1)));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "object":
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([key, part]) => [
            key,
            sample(part, key, pool, document, depth + 1),
          ]),
        ),
        { requiredKeys: [] },
      );
    case "array":
      return fc.array(sample(schema.items ?? {}, name, pool, document, depth + 1), { maxLength: 3 });
    case "integer":
    case "number":
      return fc.oneof(fc.constantFrom(0, 1, 2, 50, 100), fc.integer());
    case "boolean":
      return fc.boolean();
    default:
      return fc.oneof(fc.constantFrom(...pool["*"]), oddText());
  }
}

const asText = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** Lone halves of surrogate pairs have no percent-encoding. */
const encoded = (value: unknown): string => encodeURIComponent(Buffer.from(asText(value).slice(0, 3_000)).toString());

/** @param methods which operations of the document are asked for. */
export function requests(document: Document, pool: Pool, methods: readonly string[]): fc.Arbitrary<Fuzzed> {
  const operations = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod)
      .filter(([method]) => methods.includes(method.toUpperCase()))
      // The stream of events never ends; it has tests of its own.
      .filter(() => !path.endsWith("/live"))
      .map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const one = operations.map(({ path, method, operation }) => {
    const parameters = operation.parameters ?? [];
    const schema = operation.requestBody?.content["application/json"]?.schema;
    const values = (place: Parameter["in"]) =>
      fc.record(
        Object.fromEntries(
          parameters
            .filter((parameter) => parameter.in === place)
            .map(({ name, schema: form }) => [name, sample(form, name, pool, document, 0)]),
        ),
        { requiredKeys: place === "path" ? undefined : [] } as { requiredKeys?: [] },
      );
    return fc
      .record({
        params: values("path"),
        query: mutated(values("query"), 2),
        isQueryGiven: fc.boolean(),
        body: schema === undefined ? fc.constant(undefined) : mutated(sample(schema, "", pool, document, 0), 2),
        cut: fc.option(fc.nat({ max: 200 }), { freq: 15 }),
        token: fc.constantFrom(...TOKENS, "token-of-owner", "token-of-owner", "token-of-finance"),
        type: fc.constantFrom(...Array<string>(8).fill("application/json"), "text/plain", "application/xml"),
        odd: fc.option(fc.constantFrom(...ODD_HEADERS), { freq: 4 }),
        other: fc.option(fc.constantFrom<Fuzzed["method"]>("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"), { freq: 25 }),
        twin: fc.boolean(),
        address: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 0, max: 255 }))),
      })
      .map(({ params, query, isQueryGiven, body, cut, token, type, odd, other, twin, address }): Fuzzed => {
        const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
          encoded((params as Readonly<Record<string, unknown>>)[name]),
        );
        const pairs =
          isQueryGiven && typeof query === "object" && query !== null
            ? Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
            : [];
        const base = twin && method === "GET" ? filled.replace("/api/v1/", "/console/api/") : filled;
        const json = body === undefined ? undefined : (JSON.stringify(body) ?? "");
        const used = other !== null && !methods.includes("POST") && other !== "HEAD" ? null : other;
        return {
          method: used ?? (method as "GET" | "POST"),
          url: pairs.length > 0 ? `${base}?${pairs.join("&")}` : base,
          payload: cut === null ? json : json?.slice(0, cut),
          headers: {
            ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
            ...(json === undefined ? {} : { "content-type": type }),
            ...(odd === null ? {} : { [odd[0]]: odd[1] }),
          },
          remoteAddress: `10.${address.join(".")}`,
          path,
          declared: Object.keys(operation.responses).map(Number),
        };
      });
  });
  return fc.oneof(...one);
}
