import { z } from "zod";
import { definitions } from "../../../machines/registry.ts";
import { Terms } from "../../../machines/terms.ts";
import { ADMIN_ROLES } from "../../environment.ts";
import { ERRORS } from "../../errors.ts";
import { ADMIN_ROUTES } from "../../http/admin.ts";
import { EXAMPLES, type Example } from "../../http/examples.ts";
import { type AdminRoute, COMMON_ERRORS } from "../../http/route.ts";
import { STAFF_EVENT_MEANINGS, shapeOf } from "../../support/staff-events.ts";
import { GENERATED, table } from "./markdown.ts";

export function renderAdminApi(): string {
  return `${GENERATED}

# Admin API

For people of the staff and their programs: under \`/api/v1\` on \`HOST:PORT\`, JSON in and out. Keep it off the public internet
([operations](operations.md#behind-a-reverse-proxy)).

## Who may call

\`Authorization: Bearer <token>\`. A token has a name and a role in \`ADMIN_TOKENS\`; each role may do what those before it may:
${ADMIN_ROLES.join(", ")}. In the sandbox, and only there, programs of the same machine need no token.

\`\`\`sh
token=$(openssl rand -hex 32)
echo "alice:owner:$(printf %s "$token" | sha256sum | cut -d' ' -f1)"   # goes into ADMIN_TOKENS; the token itself to Alice
\`\`\`

The console signs in with the same tokens: \`POST /console/session\` with \`{"token": "…"}\` sets a cookie for 12 hours, \`POST /console/session/end\` ends it. Every
other request than GET with it needs the header \`x-requested-with: console\` and must come from a page of the same origin. The API answers only by the
machine's own names, by \`HOST\` and by those in \`CONSOLE_HOSTS\`. As OpenAPI 3.1: \`GET /api/v1/openapi.json\`, or [admin-openapi.yaml](admin-openapi.yaml).

Ten wrong tokens from one address within a minute lock it out for a minute, the right one included.

## Routes

${table(
  ["route", "least role", "what it does"],
  ADMIN_ROUTES.map((route) => [`[\`${route.method} ${route.path}\`](#${anchorOf(route)})`, route.role, route.does]),
)}

\`:machine\` and \`:id\` name an actor; charge ids, ticket ids and effect ids are percent-encoded (\`/\` is \`%2F\`, \`|\` is \`%7C\`).

${table(
  ["`:machine`", "`:id`"],
  definitions.map(({ name, id }) => [`\`${name}\``, formOf(id)]),
)}

${ADMIN_ROUTES.map(section).join("\n\n")}

## Commands

Every \`POST\` but that of the clock is a command of a person:

- \`idempotencyKey\`: 8 to 128 characters of your choice, one per command; when an answer was lost, repeat the command with the same key. An actor
  remembers it for an hour, and among its last 16 keyed events however old, and does the thing once (\`duplicate\`); another person's same key is
  another command. For \`quarantine\`, \`failed-effects\` and \`updates-set-aside\` it stands in the log: what was settled is not there a second time.
- \`reason\`: 5 to 500 characters. It is kept with your name, in the actor's history or, where there is no actor, in the log
  (\`actor.released\`, \`effect.retried\`, \`update.forgotten\`). No names, no texts of customers: it cannot be taken out again.
  The reason of \`access.revoked\` is read by the customer as well; a dry run shows it in \`told\` as far as it is given.
- \`expectedSeq\`: optional, for events. The actor's \`rev\` as you saw it; if it has moved on, nothing happens and the answer is 409
  \`actor.staleRevision\`: look again, then decide again.
- \`dryRun\`: optional, for events: nothing happens, and the answer is the plan. Give its \`planHash\` back with the command, and it does what the plan
  says or nothing (409 \`actor.planChanged\`). Neither is a command, so \`reason\` and \`idempotencyKey\` may be left out.

## Events

What staff may send with \`POST /api/v1/actors/:machine/:id/events\`. All other events are words of Telegram, of customers or of the service itself.
Unknown fields are refused. Where an event has \`by\` and \`reason\`, they are filled in from your token and from the command's \`reason\`.

${table(["machine", "event", "least role", "fields", "what it does"], eventRows())}

## Errors

\`application/problem+json\` (RFC 9457):
\`{"type": "/docs/errors.md#<code>", "title": "…", "status": 404, "code": "<code>", "detail": "…", "fields": ["<field>: <what it must be>"], "requestId": "…"}\`;
\`fields\` only where it helps, never with what was given; of the query as \`query: <field>: …\`, of a body that is no JSON \`body: not valid JSON at line … column …\`.
A cursor belongs to its list and its filters: with any other the answer is 400, and without one the list begins anew. Match the code, not the texts.
\`requestId\` is in the header \`x-request-id\` of every answer too, and in the log line of a request that failed. Every route may answer these, and those listed with it; [errors](errors.md) has all of them.

${table(
  ["code", "status", "what happened, and what to do"],
  COMMON_ERRORS.map((code) => [`\`${code}\``, String(ERRORS[code].http), ERRORS[code].text]),
)}

## Examples

\`\`\`sh
API=http://127.0.0.1:8080 TOKEN=…
tgs() { curl -sS -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' "$@"; }
\`\`\`

${EXAMPLES.map(curl).join("\n\n")}
`;
}

function section(route: AdminRoute): string {
  const { method, path, role, does, answers, query, body, errors = [] } = route;
  return [
    `### ${method} ${path}`,
    `${does} Least role: ${role}. Answers ${answers}.${route.twin === undefined ? "" : ` The same at \`/console/api${route.twin}\`.`}`,
    ...(query ? [`Query:\n\n${fieldTable(query.shape)}`] : []),
    ...(body ? [`Body:\n\n${fieldTable(body.shape)}`] : []),
    ...(errors.length > 0 ? [`Errors: ${errors.map((code) => `\`${code}\` (${ERRORS[code].http})`).join(", ")}.`] : []),
  ].join("\n\n");
}

/** As Markdown renderers make one of the heading. */
const anchorOf = ({ method, path }: AdminRoute): string =>
  `${method} ${path}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, "")
    .replaceAll(" ", "-");

const fieldTable = (shape: Readonly<Record<string, z.ZodType>>): string =>
  table(
    ["field", "form", "meaning"],
    Object.entries(shape).map(([name, schema]) => {
      const json = jsonOf(schema);
      return [
        `\`${name}\``,
        [describeForm(json), presence(schema, json)].filter(Boolean).join("; "),
        json.description ?? "",
      ];
    }),
  );

function presence(schema: z.ZodType, { default: value }: JsonSchema): string {
  if (value !== undefined) return `otherwise ${JSON.stringify(value)}`;
  return schema.safeParse(undefined).success ? "optional" : "required";
}

const eventRows = (): string[][] =>
  definitions.flatMap((definition) =>
    Object.entries(definition.staffEvents).map(([type, role]) => [
      `\`${definition.name}\``,
      `\`${type}\``,
      role,
      fieldsOfEvent(shapeOf(definition, type)),
      STAFF_EVENT_MEANINGS[definition.name]?.[type]?.en ?? "",
    ]),
  );

/** Without those that are filled in. */
const fieldsOfEvent = (shape: Readonly<Record<string, z.ZodType>>): string =>
  Object.entries(shape)
    .filter(([name]) => name !== "by" && name !== "reason")
    .map(([name, schema]) => `\`${name}\`: ${schema === Terms ? TERMS : describeForm(jsonOf(schema))}`)
    .join("; ") || "—";

const TERMS = "the terms of a plan as a subscription or an order of that plan holds them: its `context.terms`";

/** The part of JSON Schema that our schemas turn into. */
interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

const jsonOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;

function describeForm(schema: JsonSchema): string {
  const { type, anyOf, enum: values } = schema;
  if (anyOf) return anyOf.map(describeForm).join(" or ");
  if (values) return values.map((value) => `\`${String(value)}\``).join(", ");
  if (type === "string") return withLimits("text", schema.minLength, schema.maxLength, "characters");
  if (type === "integer" || type === "number") return withLimits("whole number", leastOf(schema), mostOf(schema));
  // A query is text; what a field of it must be stands in its meaning and in the answer to a wrong one.
  return type ?? "number";
}

const leastOf = ({ minimum, exclusiveMinimum }: JsonSchema): number | undefined =>
  exclusiveMinimum === undefined ? safe(minimum) : exclusiveMinimum + 1;
const mostOf = ({ maximum }: JsonSchema): number | undefined => safe(maximum);
/** Zod writes the limits of safe integers down: nobody needs to read them. */
const safe = (limit: number | undefined): number | undefined =>
  limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER ? undefined : limit;

function withLimits(what: string, least: number | undefined, most: number | undefined, unit = ""): string {
  const limits =
    least !== undefined && most !== undefined
      ? `${least} to ${most}`
      : least !== undefined
        ? `${least} or more`
        : most !== undefined
          ? `at most ${most}`
          : "";
  return limits === "" ? what : `${what}, ${limits}${unit === "" ? "" : ` ${unit}`}`;
}

/** What a schema says to an id that none of them takes. */
const formOf = (id: z.ZodType<string>): string => {
  const message = id.safeParse("|").error?.issues[0]?.message ?? "";
  // Markdown would take <…> for HTML.
  return message.replace(/^expected /, "").replaceAll("<", "\\<");
};

function curl({ task, method, path, body, saveAs }: Example): string {
  const data = body === undefined ? "" : ` \\\n  -d '${JSON.stringify(body)}'`;
  const empty = method === "POST" && body === undefined ? " -X POST" : "";
  return `${task}:\n\n\`\`\`sh\ntgs${empty} "$API${path}"${data}${saveAs === undefined ? "" : ` -o ${saveAs}`}\n\`\`\``;
}
