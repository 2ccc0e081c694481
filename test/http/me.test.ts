import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Me } from "../../src/support/answers/operations.ts";
import { type Office, openOffice } from "./support/office.ts";

let office: Office;
beforeEach(() => {
  office = openOffice();
});
afterEach(() => office.server.close());

describe("the question who I am", () => {
  it.each(["/api/v1/me", "/console/api/me"])("is answered to everybody of the staff: %s", async (url) => {
    const answer = await office.get(url, { role: "viewer" });
    expect(Me.strict().parse(answer.json())).toMatchObject({
      name: "viewer-1",
      role: "viewer",
      now: office.clock.now(),
    });
  });
  it("is answered to nobody else, at either address", async () => {
    for (const url of ["/api/v1/me", "/console/api/me"])
      expect((await office.get(url, { role: null })).statusCode).toBe(401);
  });
});
