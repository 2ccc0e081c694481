// The OpenAPI 3.1 document of the admin API, made from the tables of routes that are registered. Pure.
import { z } from "zod";
import { MachineName } from "../../machines/address.ts";
import { ERRORS, type ErrorCode } from "../errors.ts";
import { Problem } from "../support/answers/operations.ts";
import { EXAMPLES } from "./examples.ts";
import { PROBLEM_TYPE, REQUEST_ID_HEADER } from "./problem.ts";
import { type AdminRoute, COMMON_ERRORS } from "./route.ts";
import { SESSION_COOKIE } from "./staff-door.ts";

type Json = Readonly<Record<string, unknown>>;

const TAGS: Readonly<Record<string, string>> = {
  me: "Who you are, and what kind of service this is",
  actors: "Any actor: looked at, explained, sent an event",
  machines: "Actors by machine and state",
  customers: "People who buy, and what is done for them every day",
  approvals: "What a second person has to approve",
  tickets: "What customers asked",
  quarantine: "Actors that cannot be read",
  ledger: "The books",
  audit: "Every event of every actor, as a list",
  live: "Every event of every actor, as it happens",
  timers: "What the service waits for",
  queues: "Jobs: what waits, what runs, what comes back later",
  clock: "The test clock",
};

export function makeAdminOpenApi(routes: readonly AdminRoute[]): Json {
  const schemas: Record<string, unknown> = {};
  /** A schema as it stands in the document; what has a name goes to the components. */
  const schemaOf = (schema: z.ZodType): unknown => {
    // `input`: as it is written; `output` would forbid members that come later. A wrapper, so that a named schema becomes a reference.
    const json = z.toJSONSchema(z.object({ it: schema }), { io: "input", unrepresentable: "any" });
    const { $defs = {}, properties = {} } = hoisted(json) as { $defs?: Json; properties?: Json };
    for (const [name, { id: _, ...named }] of Object.entries($defs as Record<string, Json>)) schemas[name] = named;
    return properties.it;
  };

  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, schemaOf) };
  }
  schemaOf(Problem);
  return {
    openapi: "3.1.0",
    info: {
      title: "Admin API",
      version: "1.0.0",
      summary: "For people of the staff and their programs.",
      description: "docs/admin-api.md says the same in words. Match the codes of problems, not their texts.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "http://127.0.0.1:8080", description: "HOST and PORT as they are unless set" }],
    security: [{ token: [] }, { session: [] }],
    tags: [...new Set(routes.map(tagOf))].sort().map((name) => ({ name, description: TAGS[name] ?? `About ${name}` })),
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A token of ADMIN_TOKENS" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: SESSION_COOKIE,
          description: "Of the console's pages; a POST with it needs the header `x-requested-with: console` as well",
        },
      },
      headers: {
        RequestId: { description: "Names this request in the log too", schema: { type: "string" } },
        RetryAfter: { description: "Seconds to wait", schema: { type: "integer", minimum: 0 } },
      },
      schemas: Object.fromEntries(Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1))),
    },
  };
}

function operation(route: AdminRoute, schemaOf: (schema: z.ZodType) => unknown): Json {
  const { does, answers, role, twin, body, answer, held } = route;
  const headers = { [REQUEST_ID_HEADER]: ref("headers", "RequestId") };
  const content =
    answer instanceof z.ZodType
      ? { "application/json": { schema: schemaOf(answer) } }
      : { [answer.mediaType]: { schema: { type: "string" } } };
  return {
    operationId: operationIdOf(route),
    tags: [tagOf(route)],
    summary: does.split(/[.;:](?= |$)/, 1)[0],
    description: `${does} Answers ${answers}. Least role: ${role}.`,
    "x-role": role,
    ...(twin === undefined ? {} : { "x-twin": `/console/api${twin}` }),
    ...parametersOf(route, schemaOf),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(body), ...examplesOf(route) } },
          },
        }),
    responses: {
      "200": { description: "Done", headers, content },
      ...(held === undefined
        ? {}
        : {
            "202": {
              description: "Nothing was done yet: it waits for a second person",
              headers,
              content: { "application/json": { schema: schemaOf(held) } },
            },
          }),
      ...problemsOf(route),
    },
  };
}

const ref = (kind: "schemas" | "headers", name: string) => ({ $ref: `#/components/${kind}/${name}` });

const tagOf = ({ path }: AdminRoute): string => (path.split("/")[3] ?? "").replace(/\.\w+$/, "").replace(/-table$/, "");

/** `GET /api/v1/actors/:machine/:id/history` is `getActorsByMachineAndIdHistory`. */
function operationIdOf({ method, path }: AdminRoute): string {
  const words = path
    .slice("/api/v1/".length)
    .replaceAll("/:", " by ")
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${method.toLowerCase()}${words.join("").replace(/By(\w+?)By/, "By$1And")}`;
}

function parametersOf({ path, query }: AdminRoute, schemaOf: (schema: z.ZodType) => unknown): Json {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    description: name === "machine" ? "Which machine" : "Percent-encoded",
    schema: name === "machine" ? schemaOf(MachineName) : { type: "string" },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const schema = field as z.ZodType;
    const { description, ...json } = schemaOf(schema) as { readonly description?: string };
    return {
      ...{ name, in: "query", required: !schema.safeParse(undefined).success },
      ...(description === undefined ? {} : { description }),
      schema: json,
    };
  });
  const parameters = [...inPath, ...inQuery];
  return parameters.length === 0 ? {} : { parameters };
}

function examplesOf({ method, path }: AdminRoute): Json {
  const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}(?:\\?|$)`);
  const found = EXAMPLES.filter((example) => example.method === method && pattern.test(example.path) && example.body);
  if (found.length === 0) return {};
  return {
    examples: Object.fromEntries(
      found.map(({ task, body }, index) => [`example${index + 1}`, { summary: task, value: body }]),
    ),
  };
}

function problemsOf({ errors = [] }: AdminRoute): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set<ErrorCode>([...errors, ...COMMON_ERRORS])) {
    const { http } = ERRORS[code];
    byStatus.set(http, [...(byStatus.get(http) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([one], [other]) => one - other)
      .map(([status, codes]) => [
        String(status),
        {
          description: codes.join(", "),
          headers: {
            [REQUEST_ID_HEADER]: ref("headers", "RequestId"),
            ...(status === 429 ? { "retry-after": ref("headers", "RetryAfter") } : {}),
          },
          content: { [PROBLEM_TYPE]: { schema: ref("schemas", "Problem") } },
        },
      ]),
  );
}

/** References of a schema by itself, made into those of the document. */
const hoisted = (json: unknown): unknown =>
  JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/'));
