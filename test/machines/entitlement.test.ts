import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EntitlementFacts, entitled, explainEntitlement } from "../../machines/entitlement.ts";

const NOW = 1_800_000_000_000;
const facts = (some: Partial<EntitlementFacts> = {}): EntitlementFacts => ({
  ...{ billing: null, riskBlocked: false, overrideUntil: null },
  ...some,
});
const decidedBy = (some: Partial<EntitlementFacts>) =>
  explainEntitlement(facts(some), NOW).find(({ decides }) => decides);

describe("the rule of access", () => {
  it("closes for a blocked person, whatever was paid or allowed", () => {
    expect(decidedBy({ riskBlocked: true, overrideUntil: NOW + 1, billing: "active.term" })).toEqual({
      ...{ fact: "risk", effect: "closes", decides: true },
    });
  });

  it("opens by an override until its end, whatever billing says", () => {
    expect(decidedBy({ overrideUntil: NOW + 1, billing: "expired" })).toMatchObject({
      ...{ fact: "override", effect: "opens" },
    });
    expect(decidedBy({ overrideUntil: NOW, billing: "expired" })).toMatchObject({ fact: "billing", effect: "closes" });
  });

  it.each(["trialing", "active.term", "active.lifetime", "renewalSlack", "pastDue.grace"])(
    "opens by billing in %s",
    (billing) => {
      expect(decidedBy({ billing })).toMatchObject({ fact: "billing", effect: "opens" });
    },
  );

  it.each([null, "lead", "checkout", "pastDue.hold", "paused", "expired", "refunded", "revoked", "activeX", "trial"])(
    "closes by billing in %s",
    (billing) => {
      expect(decidedBy({ billing })).toMatchObject({ fact: "billing", effect: "closes" });
    },
  );

  it("says what the later facts would have said, without their deciding", () => {
    const [, override, billing] = explainEntitlement(facts({ riskBlocked: true, billing: "active.term" }), NOW);
    expect(override).toEqual({ fact: "override", effect: "none", decides: false });
    expect(billing).toEqual({ fact: "billing", effect: "opens", decides: false });
  });

  it("is the explanation: exactly one fact decides, and says what the rule says", () => {
    const anyFacts = fc.record({
      billing: fc.constantFrom(null, "lead", "active.term", "pastDue.grace", "pastDue.hold", "revoked", "trialing"),
      riskBlocked: fc.boolean(),
      overrideUntil: fc.option(fc.integer({ min: NOW - 2, max: NOW + 2 })),
    });
    fc.assert(
      fc.property(anyFacts, (some) => {
        const deciding = explainEntitlement(some, NOW).filter(({ decides }) => decides);
        expect(deciding).toHaveLength(1);
        expect(deciding[0]?.effect).toBe(entitled(some, NOW) ? "opens" : "closes");
      }),
    );
  });
});
