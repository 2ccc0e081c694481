import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { z } from "zod";
import { RegisterRequest } from "../../src/backend/contract/admin.ts";
import { CALLS, type CallName, callRow } from "../../src/backend/contract/calls.ts";
import { CollectorRun } from "../../src/backend/contract/collector.ts";
import { BACKEND_ERROR_CODES, BACKEND_ERRORS, ErrorBody } from "../../src/backend/contract/errors.ts";
import { COLLECTOR_ALIAS_EXAMPLE, EXAMPLES } from "../../src/backend/contract/examples.ts";
import { makeOpenApi } from "../../src/backend/contract/openapi.ts";
import { SpreadsheetId, spreadsheetIdOf } from "../../src/backend/contract/primitives.ts";
import { renderBackendOpenApi } from "../../src/setup/docs/backend-openapi.ts";

interface Media {
  readonly schema: { readonly $ref: string };
  readonly examples: Record<string, { readonly value?: unknown; readonly $ref?: string }>;
}
interface Operation {
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly content: Record<string, Media> }>;
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, object>;
    readonly examples: Record<string, { readonly value: unknown }>;
  };
}

const document = makeOpenApi() as unknown as Document;
const names = Object.keys(CALLS) as CallName[];

/** Every body of the document with its schema: [where, schema's reference, examples]. */
const bodies = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.values(operations).flatMap(({ requestBody, responses }) =>
    [
      ...(requestBody ? [["request", requestBody] as const] : []),
      ...Object.entries(responses).map(([status, response]) => [status, response] as const),
    ].map(([where, { content }]) => ({ where: `${path} ${where}`, media: content["application/json"] as Media })),
  ),
);

function makeAjv() {
  // "One of two names" requires members that stand beside it, which strictRequired does not look for.
  const options = { strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true };
  const ajv = addFormats.default(new Ajv2020(options));
  ajv.addVocabulary(["components"]);
  return ajv.addSchema({ $id: "api", components: document.components });
}

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect(result).toEqual({ valid: true });
  });

  it("shows at least one example of every body, and each validates against the schema beside it", () => {
    const ajv = makeAjv();
    const problems = bodies.flatMap(({ where, media }) => {
      const validate = ajv.compile({ $ref: `api${media.schema.$ref}` });
      const examples = Object.entries(media.examples);
      if (examples.length === 0) return [`${where}: no example`];
      return examples.flatMap(([name, { value, $ref }]) => {
        const shown = $ref ? document.components.examples[$ref.split("/").at(-1) ?? ""]?.value : value;
        return validate(shown) ? [] : [`${where} ${name}: ${ajv.errorsText(validate.errors)}`];
      });
    });
    expect(problems).toEqual([]);
    expect(bodies.length).toBeGreaterThan(60);
  });

  it("refuses what the schemas refuse", () => {
    const validate = makeAjv().compile({ $ref: "api#/components/schemas/RegisterRequest" });
    expect(validate({ owner_email: "owner@example.com" })).toBe(false);
    expect(validate({ spreadsheet_id: "2PACX-1vAbCdEfGhIjKlMnOpQr" })).toBe(false);
    expect(validate({ ssId: "1AbCdEfGhIjKlMnOpQrStUvWxYz", unknown: 1 })).toBe(true);
  });

  it("has all nine calls and the collector's second address", () => {
    expect(Object.keys(document.paths).sort()).toEqual(
      [
        "/api/actions",
        "/api/admin/datasets/source",
        "/api/admin/spreadsheets/register",
        "/api/admin/wb/tokens/add",
        "/api/collector/run",
        "/api/health",
        "/api/jobs/{job_id}",
        "/api/ss/datasets/data",
        "/api/ss/datasets/update",
        "/api/ss/wb/token/get",
      ].sort(),
    );
  });

  it("points nowhere in vain", () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? "");
    const isThere = (path: string) =>
      path.split("/").reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
    expect([...new Set(refs)].filter((path) => isThere(path) === undefined)).toEqual([]);
    expect(refs.length).toBeGreaterThan(100);
  });

  it("is printed as YAML that says the same", () => {
    expect(parse(renderBackendOpenApi())).toEqual(JSON.parse(JSON.stringify(document)));
  });
});

describe("the documented examples", () => {
  it.each(names)("of %s are taken by the schemas that client and simulated backend use", (name) => {
    const { request, answers } = callRow(name);
    for (const example of Object.values(EXAMPLES[name].requests)) expect(accepts(request, example)).toBe(true);
    for (const [status, examples] of Object.entries(EXAMPLES[name].answers))
      for (const example of Object.values(examples as Record<string, unknown>))
        expect(accepts(answers[Number(status)] ?? null, example)).toBe(true);
  });
  it("of the collector's second address are, too", () => {
    expect(accepts(CollectorRun, COLLECTOR_ALIAS_EXAMPLE)).toBe(true);
  });
  it("of errors are bodies of errors", () => {
    for (const { value } of Object.values(document.components.examples)) expect(accepts(ErrorBody, value)).toBe(true);
  });
});

const accepts = (schema: z.ZodType | null, value: unknown) => schema?.safeParse(value).success ?? false;

describe("a request about a spreadsheet", () => {
  const [one, other] = ["1AbCdEfGhIjKlMnOpQrStUvWxYz", "1ZyXwVuTsRqPoNmLkJiHgFeDcBa"];
  it("may name it either way, or both ways when they agree", () => {
    for (const request of [{ spreadsheet_id: one }, { ssId: one }, { spreadsheet_id: one, ssId: one }])
      expect(spreadsheetIdOf(RegisterRequest.parse(request))).toBe(one);
  });
  it("is refused when it names none, or two", () => {
    expect(accepts(RegisterRequest, {})).toBe(false);
    expect(accepts(RegisterRequest, { spreadsheet_id: one, ssId: other })).toBe(false);
  });
});

describe("a spreadsheet id", () => {
  it.each([
    ["1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd", true],
    ["a".repeat(20), true],
    ["a".repeat(128), true],
    ["a".repeat(19), false],
    ["a".repeat(129), false],
    ["2PACX-1vAbCdEfGhIjKlMnOpQrStUv", false],
    ["1AbCdEfGhIjKlMnOpQrSt/edit", false],
    ["1AbCdEfGhIjKlMnOpQrStÜvWxYz", false],
    ["1AbCdEfGhIjKlMnOpQrStUvWxYz\n", false],
  ])("%j: %s", (id, isValid) => {
    expect(accepts(SpreadsheetId, id)).toBe(isValid);
  });
});

describe("the table of error codes", () => {
  it("has each code with its status, and says which are worth a retry and after how long", () => {
    const printed = BACKEND_ERROR_CODES.map((code) => {
      const row = BACKEND_ERRORS[code];
      return [code, row.status, row.retry, "defaultRetryAfterMs" in row ? row.defaultRetryAfterMs : null];
    });
    expect(printed).toEqual([
      ["invalid_request", 400, "no", null],
      ["invalid_spreadsheet_id", 400, "no", null],
      ["invalid_date_range", 400, "no", null],
      ["unauthorized", 401, "no", null],
      ["forbidden", 403, "no", null],
      ["spreadsheet_inactive", 403, "no", null],
      ["not_found", 404, "no", null],
      ["spreadsheet_not_found", 404, "no", null],
      ["dataset_not_found", 404, "no", null],
      ["job_not_found", 404, "no", null],
      ["collector_busy", 409, "after", 60_000],
      ["idempotency_in_progress", 409, "after", 2_000],
      ["idempotency_conflict", 409, "no", null],
      ["owner_conflict", 409, "no", null],
      ["stale_decision", 409, "no", null],
      ["slice_sealed", 409, "no", null],
      ["invalid_wb_token", 422, "no", null],
      ["unsupported_dataset", 422, "no", null],
      ["rate_limited", 429, "after", 30_000],
      ["internal", 500, "yes", null],
      ["upstream_error", 502, "yes", null],
      ["wb_error", 502, "yes", null],
      ["no_source_available", 503, "after", 30_000],
      ["maintenance", 503, "after", 30_000],
      ["upstream_timeout", 504, "yes", null],
    ]);
  });
});
