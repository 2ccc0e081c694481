// The OpenAPI document of the admin API: what linters say of it, and whether answers are what it says.
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { addressOf } from "../../machines/address.ts";
import { ADMIN_ROUTES } from "../../src/http/admin.ts";
import { makeAdminOpenApi } from "../../src/http/openapi.ts";
import { renderAdminOpenApi } from "../../src/setup/docs/admin-openapi.ts";
import { Problem } from "../../src/support/answers/operations.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice } from "./support/office.ts";

const document = JSON.parse(JSON.stringify(makeAdminOpenApi(ADMIN_ROUTES)));
const ANNA = 7_012_345_678;
const KEY = { reason: "asked by phone", idempotencyKey: "command-1" };

describe("the document", () => {
  it("pleases the linter, with all that it recommends", async () => {
    const config = await createConfig({ extends: ["recommended"] });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });
  it("is valid by the specification's own schema", async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toMatchObject({ valid: true });
  });
  it("is the same in docs, and has every route with its role", () => {
    expect(parse(renderAdminOpenApi())).toEqual(document);
    for (const { method, path, role, does } of ADMIN_ROUTES) {
      const operation = document.paths[path.replaceAll(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];
      expect([path, operation?.["x-role"]]).toEqual([path, role]);
      expect(does.startsWith(operation.summary)).toBe(true);
    }
  });
});

describe("an answer that waits for a second person", () => {
  it("is in the document for each command that may be held, and for no other", () => {
    const held = Object.entries<Record<string, { responses: Record<string, unknown> }>>(document.paths).flatMap(
      ([path, operations]) =>
        Object.values(operations).flatMap(({ responses }) => (responses["202"] ? [[path, responses["202"]]] : [])),
    );
    expect(held.map(([path]) => path).sort()).toEqual([
      "/api/v1/actors/{machine}/{id}/events",
      "/api/v1/bulk",
      "/api/v1/payments/{chargeId}/refund",
    ]);
    for (const [, answer] of held)
      expect(answer).toMatchObject({
        content: { "application/json": { schema: { $ref: "#/components/schemas/Held" } } },
      });
  });
});

describe("an answer", () => {
  let office: Office;
  beforeEach(async () => {
    office = openOffice({ advanceClock: async (ms) => ms });
    const event = { type: "contact.seen", username: "anna", firstName: "Anna", language: "en", ref: null };
    await office.actors.send(addressOf.customer(ANNA), event, { cause: CAUSE });
    const opened = { userId: ANNA, subject: "question", about: null, detail: null, messageRef: "m1" };
    await office.actors.send(addressOf.ticket("t1"), { type: "ticket.opened", ...opened }, { cause: CAUSE });
  });
  afterEach(() => office.server.close());

  const answerOf = (path: string, method = "GET"): z.ZodType => {
    const { answer } = ADMIN_ROUTES.find((route) => route.path === path && route.method === method) ?? {};
    if (!(answer instanceof z.ZodType)) throw new Error(`no answer for ${path}`);
    // As strict as can be: what is answered and not described would be missing in every client made from the document.
    return answer instanceof z.ZodObject ? answer.strict() : answer;
  };

  it.each([
    ["/api/v1/me", "/api/v1/me"],
    ["/api/v1/actors", `/api/v1/actors?telegramId=${ANNA}`],
    ["/api/v1/actors/:machine/:id", `/api/v1/actors/customer/${ANNA}`],
    ["/api/v1/actors/:machine/:id/history", `/api/v1/actors/customer/${ANNA}/history`],
    ["/api/v1/actors/:machine/:id/verify", `/api/v1/actors/customer/${ANNA}/verify`],
    ["/api/v1/machines/:machine/states", "/api/v1/machines/customer/states"],
    ["/api/v1/machines/:machine/actors", "/api/v1/machines/customer/actors"],
    ["/api/v1/tickets", "/api/v1/tickets"],
    ["/api/v1/tickets/:id", "/api/v1/tickets/t1"],
    ["/api/v1/quarantine", "/api/v1/quarantine"],
    ["/api/v1/failed-effects", "/api/v1/failed-effects"],
    ["/api/v1/updates-set-aside", "/api/v1/updates-set-aside"],
    ["/api/v1/ledger", "/api/v1/ledger"],
    ["/api/v1/openapi.json", "/api/v1/openapi.json"],
  ])("is what the document says: %s", async (path, url) => {
    const response = await office.get(url);
    expect(response.statusCode).toBe(200);
    const schema = path.endsWith("openapi.json") ? z.looseObject({}) : answerOf(path);
    expect(schema.safeParse(response.json()).error).toBeUndefined();
    if (path.endsWith("openapi.json")) expect(response.json()).toEqual(document);
  });

  it.each([
    ["/api/v1/tickets/:id/close", "/api/v1/tickets/t1/close", KEY],
    ["/api/v1/failed-effects/:id/retry", "/api/v1/failed-effects/payment%2Fc%7C3%7C0/retry", KEY],
    ["/api/v1/quarantine/:machine/:id/release", `/api/v1/quarantine/customer/${ANNA}/release`, KEY],
    ["/api/v1/clock/advance", "/api/v1/clock/advance", { ms: 1 }],
  ])("to a command is what the document says: %s", async (path, url, body) => {
    const response = await office.post(url, body);
    expect([response.statusCode, response.payload]).toEqual([200, expect.anything()]);
    expect(answerOf(path, "POST").safeParse(response.json()).error).toBeUndefined();
  });

  it("that is no is a problem, with a status that the document has", async () => {
    const response = await office.get("/api/v1/actors/customer/1");
    const { status } = Problem.strict().parse(response.json());
    expect(Object.keys(document.paths["/api/v1/actors/{machine}/{id}"].get.responses)).toContain(String(status));
  });
});
