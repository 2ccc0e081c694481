import { z } from "zod";
import {
  AddTokenAnswer,
  AddTokenRequest,
  RegisterAnswer,
  RegisterRequest,
  SetSourceAnswer,
  SetSourceRequest,
} from "./admin.ts";
import {
  API_PREFIX,
  CALLS,
  type CallName,
  type CallRow,
  COLLECTOR_ALIAS_PATH,
  COMMON_ERRORS,
  callRow,
} from "./calls.ts";
import { CollectorAction, CollectorDone, CollectorRun, CollectorStarted, Job } from "./collector.ts";
import { BACKEND_ERROR_CODES, type BackendErrorCode, ErrorBody, rowOf } from "./errors.ts";
import { COLLECTOR_ALIAS_EXAMPLE, EXAMPLES } from "./examples.ts";
import { HEADERS, IdempotencyKey, RequestId } from "./headers.ts";
import { Health } from "./health.ts";
import { DatasetName, Day, JobId, NmId, SourceChoice, SourceTag, SpreadsheetId } from "./primitives.ts";
import {
  DataAnswer,
  DataRequest,
  Row,
  TokenListAnswer,
  TokenListRequest,
  UpdateAnswer,
  UpdateRequest,
} from "./spreadsheet.ts";

/** Everything that gets a name of its own under components/schemas. */
const NAMED = {
  SpreadsheetId,
  Day,
  NmId,
  DatasetName,
  SourceTag,
  SourceChoice,
  RegisterRequest,
  RegisterAnswer,
  AddTokenRequest,
  AddTokenAnswer,
  TokenListRequest,
  TokenListAnswer,
  UpdateRequest,
  UpdateAnswer,
  DataRequest,
  DataAnswer,
  Row,
  SetSourceRequest,
  SetSourceAnswer,
  CollectorRun,
  CollectorAction,
  CollectorDone,
  CollectorStarted,
  Job,
  Health,
  Error: ErrorBody,
  IdempotencyKey,
  RequestId,
  JobId,
} as const;

const SUMMARIES: Readonly<Record<CallName, string>> = {
  registerSpreadsheet: "Register a spreadsheet, or confirm that it is registered",
  addWbToken: "Store a Wildberries token for a spreadsheet",
  getWbTokens: "Which active Wildberries tokens a spreadsheet has",
  updateDatasets: "Ask for a refresh of a spreadsheet, or of one dataset of it",
  runCollector: "Collect days of a spreadsheet; the only action is collector/run",
  readDataset: "Read rows of a dataset from one side",
  setDatasetSource: "Say which side serves a dataset",
  getJob: "State of a collection that was answered with 202",
  getHealth: "Liveness and a short status, without credentials",
};

type Json = Readonly<Record<string, unknown>>;

const JSON_TYPE = "application/json";
const ref = (kind: "schemas" | "headers" | "parameters" | "examples", name: string) => ({
  $ref: `#/components/${kind}/${name}`,
});

/** The OpenAPI 3.1 document of the backend's contract, made from the schemas that client and simulated backend use. Pure. */
export function makeOpenApi(): Json {
  const schemas = jsonSchemas();
  const schemaOf = (schema: z.ZodType) => {
    const name = Object.entries(NAMED).find(([, named]) => named === schema)?.[0];
    if (name === undefined) throw new TypeError("makeOpenApi: a schema of CALLS has no name in NAMED");
    return ref("schemas", name);
  };
  const content = (schema: Json, examples: Readonly<Record<string, unknown>>) => ({
    [JSON_TYPE]: {
      schema,
      examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
    },
  });

  const operation = (operationId: string, name: CallName, request: Json | null): Json => {
    const row = callRow(name);
    return {
      operationId,
      tags: [tagOf(row)],
      summary: SUMMARIES[name],
      ...(row.role === null ? { security: [] } : {}),
      parameters: parametersOf(row),
      ...(request === null ? {} : { requestBody: { required: true, content: request } }),
      responses: { ...answersOf(name), ...errorsOf(row) },
    };
  };
  const answersOf = (name: CallName): Json =>
    Object.fromEntries(
      Object.entries(callRow(name).answers).map(([status, schema]) => [
        status,
        {
          description: status === "202" ? "Started; ask for the job" : "Done",
          headers: answerHeaders(name, status),
          content: content(schemaOf(schema), (EXAMPLES[name].answers as Record<string, Json>)[status] ?? {}),
        },
      ]),
    );

  const paths: Record<string, Json> = {};
  for (const name of Object.keys(CALLS) as CallName[]) {
    const { path, method, request } = callRow(name);
    const body = request === null ? null : content(schemaOf(request), EXAMPLES[name].requests);
    paths[`${API_PREFIX}${path}`] = { [method.toLowerCase()]: operation(name, name, body) };
  }
  paths[`${API_PREFIX}${COLLECTOR_ALIAS_PATH}`] = {
    post: operation(
      "runCollectorByAlias",
      "runCollector",
      content(schemaOf(CollectorRun), { oneDay: COLLECTOR_ALIAS_EXAMPLE }),
    ),
  };

  return {
    openapi: "3.1.0",
    info: {
      title: "Product backend",
      version: "1.0.0",
      summary: "What this service asks of the product backend.",
      description:
        "Both sides ignore unknown members. Bodies hold at most 10 MiB of UTF-8 JSON. A 200 with success: false is a failure.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "http://localhost:8080", description: "The simulated backend" }],
    security: [{ bearerAuth: [] }, { apiKeyAuth: [] }],
    tags: [
      { name: "admin", description: "Role operator" },
      { name: "spreadsheet", description: "Role client, for the spreadsheets listed for its credential" },
      { name: "collector", description: "Role operator; one collection at a time" },
      { name: "health", description: "No credentials" },
    ],
    paths,
    components: {
      securitySchemes: {
        bearerAuth: { type: "http", scheme: "bearer" },
        apiKeyAuth: { type: "apiKey", in: "header", name: HEADERS.apiKey },
      },
      parameters: {
        IdempotencyKey: {
          name: HEADERS.idempotencyKey,
          in: "header",
          description: "Unique per intended effect, the same on every retry of it. Known for 24 hours.",
          schema: ref("schemas", "IdempotencyKey"),
        },
        RequestId: {
          name: HEADERS.requestId,
          in: "header",
          description: "Chosen by the client, returned in answers and errors.",
          schema: ref("schemas", "RequestId"),
        },
        JobId: { name: "job_id", in: "path", required: true, schema: ref("schemas", "JobId") },
      },
      headers: {
        RetryAfter: { description: "Seconds to wait", schema: { type: "integer", minimum: 0 } },
        IdempotentReplayed: {
          description: "Present when the stored answer of an earlier call is returned",
          schema: { type: "string", enum: ["true"] },
        },
        RequestId: { description: "As the client sent it", schema: ref("schemas", "RequestId") },
        SourceTag: { description: "The same as source_tag in the body", schema: ref("schemas", "SourceTag") },
      },
      examples: Object.fromEntries(BACKEND_ERROR_CODES.map((code) => [code, { value: errorExample(code) }])),
      schemas,
    },
  };
}

function jsonSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  // `input`: as the other side may write it; `output` would forbid the unknown members that both sides ignore.
  const { schemas } = z.toJSONSchema(registry, { io: "input", uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _dialect, $id: _id, ...schema }]) => [id, schema]),
  );
}

const tagOf = ({ path }: CallRow): string =>
  path.startsWith("/admin/")
    ? "admin"
    : path.startsWith("/ss/")
      ? "spreadsheet"
      : path === "/health"
        ? "health"
        : "collector";

const parametersOf = ({ path, isKeyed }: CallRow): Json[] => [
  ...(path.includes("{job_id}") ? [ref("parameters", "JobId")] : []),
  ...(isKeyed ? [ref("parameters", "IdempotencyKey")] : []),
  ref("parameters", "RequestId"),
];

const answerHeaders = (name: CallName, status: string): Json => ({
  [HEADERS.requestId]: ref("headers", "RequestId"),
  ...(callRow(name).isKeyed ? { [HEADERS.idempotentReplayed]: ref("headers", "IdempotentReplayed") } : {}),
  ...(name === "readDataset" ? { [HEADERS.sourceTag]: ref("headers", "SourceTag") } : {}),
  ...(status === "202" ? { [HEADERS.retryAfter]: ref("headers", "RetryAfter") } : {}),
});

function errorsOf({ role, request, errors }: CallRow): Json {
  const common = role === null ? (["internal", "rate_limited"] as const) : COMMON_ERRORS;
  const byStatus = new Map<number, BackendErrorCode[]>();
  for (const code of new Set<BackendErrorCode>([...errors, ...common])) {
    const { status, alsoStatus = [] } = rowOf(code);
    for (const each of request === null ? [status] : [status, ...alsoStatus])
      byStatus.set(each, [...(byStatus.get(each) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([one], [other]) => one - other)
      .map(([status, codes]) => [
        status,
        {
          description: codes.join(", "),
          ...(codes.some((code) => rowOf(code).retry === "after")
            ? { headers: { [HEADERS.retryAfter]: ref("headers", "RetryAfter") } }
            : {}),
          content: {
            [JSON_TYPE]: {
              schema: ref("schemas", "Error"),
              examples: Object.fromEntries(codes.map((code) => [code, ref("examples", code)])),
            },
          },
        },
      ]),
  );
}

const errorExample = (code: BackendErrorCode): z.input<typeof ErrorBody> => ({
  success: false,
  code,
  message: rowOf(code).text,
  request_id: "req_7f3c2a91",
  retryable: rowOf(code).retry !== "no",
  details: code === "invalid_wb_token" ? { reason: "expired" } : {},
});
