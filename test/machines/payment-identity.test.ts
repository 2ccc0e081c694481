import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpaqueId } from "../../machines/address.ts";
import { ChargeId, orderIdOf, providerChargeIdOf } from "../../machines/payment/identity.ts";

describe("a provider's charge id", () => {
  it.each([
    ["stxA_b-9", "stxA_b-9"],
    ["a|b", "a%7Cb"],
    ["a%7Cb", "a%257Cb"],
    ["\u0000\n\u009f", "%00%0A%9F"],
  ])("%j is kept as %s, and leads back", (given, kept) => {
    expect(ChargeId.parse(given)).toBe(kept);
    expect(providerChargeIdOf(kept)).toBe(given);
  });
  it.each(["", "x".repeat(257), 5, null])("%j is none", (given) => {
    expect(ChargeId.safeParse(given).success).toBe(false);
  });
});

it("whatever it is, never becomes another one's, and fits into keys", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 80, unit: "binary" }), (given) => {
      const kept = ChargeId.parse(given);
      expect(OpaqueId.safeParse(kept).success).toBe(true);
      expect(providerChargeIdOf(kept)).toBe(given);
    }),
  );
});

describe("an order's payload", () => {
  it.each([
    ["ord_1", "ord_1"],
    ["a|b", "unreadable"],
    ["", "unreadable"],
  ])("%j is order %s", (payload, order) => {
    expect(orderIdOf(payload)).toBe(order);
  });
});
