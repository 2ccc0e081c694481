import { describe, expect, it } from "vitest";
import { filledIn, formField, initialValues } from "../../src/console/actor/form-fields.ts";

const DAY_MS = 86_400_000;
const field = (name: string, schema: Record<string, unknown>, required = true) => formField({ name, required, schema });

describe("a field of an event", () => {
  it("asks for days where the event wants milliseconds", () => {
    const ms = field("ms", { type: "integer", exclusiveMinimum: 0, maximum: 9_007_199_254_740_991 });
    expect(ms.kind).toBe("days");
    expect(filledIn([ms], { ms: "1.5" })).toEqual({ ok: true, fields: { ms: 1.5 * DAY_MS } });
    expect(filledIn([ms], { ms: "0" })).toEqual({ ok: false, wrong: ["ms"] });
  });

  it("asks for a date where the event wants an instant, and comes back to the same minute", () => {
    const until = field("until", { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }] });
    expect(until).toMatchObject({ kind: "date", isNullable: true });
    const now = Date.UTC(2026, 4, 5, 12, 30);
    const values = initialValues([until], {}, {}, now);
    expect(filledIn([until], values)).toEqual({ ok: true, fields: { until: now + 7 * DAY_MS } });
  });

  it("takes none for an answer where the event does", () => {
    const until = field("until", { anyOf: [{ type: "integer" }, { type: "null" }] });
    expect(filledIn([until], { until: null })).toEqual({ ok: true, fields: { until: null } });
    expect(filledIn([field("until", { type: "integer" })], { until: null })).toEqual({ ok: false, wrong: ["until"] });
  });

  it("offers the choices of the schema, the first one chosen", () => {
    const access = field("access", { type: "string", enum: ["policy", "revoke", "keep"] });
    expect(access).toMatchObject({ kind: "choice", choices: ["policy", "revoke", "keep"] });
    expect(initialValues([access], {}, {}, 0)).toEqual({ access: "policy" });
    expect(filledIn([access], { access: "steal" })).toEqual({ ok: false, wrong: ["access"] });
  });

  it("starts with what the actor knows by the same name", () => {
    const terms = field("terms", { type: "object" });
    const values = initialValues([terms], {}, { terms: { plan: "month" } }, 0);
    expect(filledIn([terms], values)).toEqual({ ok: true, fields: { terms: { plan: "month" } } });
  });

  it("asks for a plan where the event wants the terms of one", () => {
    expect(field("terms", { type: "object" }).kind).toBe("plan");
    expect(field("rights", { type: "object" }).kind).toBe("json");
  });

  it("starts with what the advice says rather than a guess", () => {
    const ms = field("ms", { type: "integer" });
    expect(initialValues([ms], { ms: 3 * DAY_MS }, {}, 0)).toEqual({ ms: "3" });
  });

  it("may be left out where it is optional", () => {
    expect(filledIn([field("note", { type: "string" }, false)], { note: "" })).toEqual({ ok: true, fields: {} });
  });

  it("is wrong where it is no JSON", () => {
    expect(filledIn([field("terms", { type: "object" })], { terms: "{" })).toEqual({ ok: false, wrong: ["terms"] });
  });
});
