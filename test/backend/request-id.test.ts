import { describe, expect, it } from "vitest";
import { RequestId } from "../../src/backend/contract/headers.ts";
import { requestIdOf } from "../../src/backend/request-id.ts";

describe("a request id", () => {
  it("is the same for every attempt at an effect, fits the header, and does not tell the effect's id", () => {
    const id = requestIdOf("onboarding/7012345678:wb-analytics|4|0");
    expect(requestIdOf("onboarding/7012345678:wb-analytics|4|0")).toBe(id);
    expect(requestIdOf("onboarding/7012345678:wb-analytics|4|1")).not.toBe(id);
    expect(RequestId.safeParse(id).success).toBe(true);
    expect(id).not.toContain("7012345678");
  });
});
