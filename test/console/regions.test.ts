import { describe, expect, it } from "vitest";
import { changedRegions, regionsOf } from "../../src/console/actor/regions.ts";

describe("what an event changed", () => {
  it("names only the regions that are different", () => {
    expect(
      changedRegions(
        ["billing.active.term.quiet", "intent.autoRenew", "access.open"],
        ["billing.revoked", "intent.autoRenew", "access.closed"],
      ),
    ).toEqual([
      { region: "billing", from: "active.term.quiet", to: "revoked" },
      { region: "access", from: "open", to: "closed" },
    ]);
  });

  it("has no region's name where a machine has one", () => {
    expect(changedRegions(["received"], ["applied"])).toEqual([{ region: "", from: "received", to: "applied" }]);
  });

  it("reads a record that holds nothing but what changed", () => {
    expect(changedRegions(["billing.active.term.reminding"], ["billing.active.term.quiet"])).toEqual([
      { region: "billing", from: "active.term.reminding", to: "active.term.quiet" },
    ]);
    expect(changedRegions(["granting.asking"], ["linkIssued"])).toEqual([
      { region: "", from: "granting.asking", to: "linkIssued" },
    ]);
  });

  it("is nothing where everything stayed", () => {
    expect(changedRegions(["a.b", "c.d"], ["a.b", "c.d"])).toEqual([]);
  });

  it("tells of an actor's beginning from nothing", () => {
    expect(changedRegions([], ["contact.reachable", "risk.clear"])).toEqual([
      { region: "", from: null, to: "contact.reachable" },
      { region: "", from: null, to: "risk.clear" },
    ]);
  });

  it("keeps states of a region within a region together", () => {
    expect(changedRegions(["a.x.one", "a.y.one"], ["a.x.one", "a.y.two"])).toEqual([
      { region: "a", from: "x.one + y.one", to: "x.one + y.two" },
    ]);
  });
});

describe("the regions that a forced state is chosen by", () => {
  it("each have their own targets", () => {
    expect(
      regionsOf(
        ["billing", "billing.lead", "billing.revoked", "intent", "intent.prepaid"],
        ["billing.lead", "intent.prepaid"],
      ),
    ).toEqual([
      { name: "billing", current: "billing.lead", targets: ["billing.lead", "billing.revoked"] },
      { name: "intent", current: "intent.prepaid", targets: ["intent.prepaid"] },
    ]);
  });

  it("are one where the machine has no regions", () => {
    expect(regionsOf(["received", "applied"], ["received"])).toEqual([
      { name: "", current: "received", targets: ["received", "applied"] },
    ]);
  });
});
