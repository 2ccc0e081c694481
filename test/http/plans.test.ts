import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Terms } from "../../machines/terms.ts";
import { PlansOnSale } from "../../src/support/answers/plans.ts";
import { type Office, openOffice } from "./support/office.ts";

let office: Office;
beforeEach(() => {
  office = openOffice();
});
afterEach(() => office.server.close());

describe("the plans on sale", () => {
  it("come to a viewer with their price, and with the terms that a grant takes", async () => {
    const answer = await office.get("/api/v1/plans", { role: "viewer" });
    const { plans } = PlansOnSale.parse(answer.json());
    expect(plans.length).toBeGreaterThan(0);
    for (const { code, product, price, periodMs, terms } of plans)
      expect(Terms.parse(terms)).toMatchObject({ planCode: code, product, price, periodMs });
  });

  it("say nothing of a payment provider's token", async () => {
    expect((await office.get("/api/v1/plans")).body).not.toMatch(/provider/i);
  });
});
