import { describe, expect, it } from "vitest";
import { definitions } from "../../../machines/registry.ts";
import { highlight, initialLeaves, type LastEntry } from "../../../src/console/chart/highlight.ts";
import type { Outline } from "../../../src/console/chart/outline.ts";
import { outlineOf } from "../../../src/setup/charts/main.ts";

const outlines = new Map(definitions.map((definition) => [definition.name as string, outlineOf(definition)]));
function outline(machine: string): Outline {
  const found = outlines.get(machine);
  if (found === undefined) throw new Error(`no machine ${machine}`);
  return found;
}
const last = (machine: string, leaves: readonly string[], entry: Omit<LastEntry, "outcome">): string[] =>
  [...highlight(outline(machine), leaves, new Set(), { outcome: "applied", ...entry }).last].sort();
const possible = (machine: string, leaves: readonly string[], refused: readonly string[] = []): string[] => [
  ...highlight(outline(machine), leaves, new Set(refused), null).possible,
];

describe("current states", () => {
  it("include those around the leaves, up to the root", () => {
    const { current } = highlight(outline("invite"), ["granting.waiting"], new Set(), null);
    expect([...current]).toEqual(["granting.waiting", "granting", ""]);
  });
});

describe("what may happen now", () => {
  it("is what the leaf and the states around it have a use for, timers and results of work included", () => {
    expect(possible("order", ["open"])).toEqual([
      "open|checkout.approved|0",
      "open|checkout.refused|0",
      "open|order.withdrawn|0",
      "open|after.checkoutEnd|0",
      "|charge.presented|0",
      "|charge.presented|1",
      "|renewal.changed|0",
    ]);
    expect(possible("payment", ["refunding"])).toContain("refunding|done.refund|0");
  });
  it("leaves out what an inner state takes without a guard, and what does nothing", () => {
    const here = possible("invite", ["removing.attempting"]);
    expect(here.filter((id) => id.includes("member.left"))).toEqual([]);
    expect(here.filter((id) => id.includes("entitlement.changed"))).toEqual([
      "removing.attempting|entitlement.changed|0",
      "removing|entitlement.changed|0",
      "|entitlement.changed|0",
    ]);
  });
  it("leaves out what no event starts: it would have happened already", () => {
    expect(possible("subscription", ["access.closed"]).filter((id) => id.includes("always"))).toEqual([]);
  });
  it("leaves out the events that a guard refuses", () => {
    const whole = possible("order", ["open"]);
    expect(possible("order", ["open"], ["charge.presented", "renewal.changed"])).toEqual(whole.slice(0, 4));
  });
});

describe("what happened last", () => {
  it("is the branch that explains where the actor went", () => {
    expect(
      last("payment", ["applied"], {
        event: { type: "xstate.error.actor.refund" },
        from: ["refunding"],
        to: ["applied"],
      }),
    ).toEqual(["refunding|error.refund|0"]);
  });
  it("is a timer, by the name that XState gives it", () => {
    expect(
      last("invite", ["granting.creating"], {
        event: { type: "xstate.after.retryDelay.invite.granting.waiting" },
        from: ["granting.waiting"],
        to: ["granting.creating"],
      }),
    ).toEqual(["granting.waiting|after.retryDelay|0"]);
  });
  it("goes on with what follows by itself, in the same region and in others", () => {
    expect(
      last("subscription", ["billing.active.term.reminding", "intent.prepaid", "override.none", "access.open"], {
        event: { type: "term.granted" },
        from: ["billing.lead", "access.closed"],
        to: ["billing.active.term.reminding", "access.open"],
      }),
    ).toEqual(["access.closed|always|0", "billing.active.choosing|always|1", "billing|term.granted|0"]);
  });
  it("is a transition that stays home, where only one can have been meant", () => {
    expect(last("ticket", ["open"], { event: { type: "customer.wrote" }, from: [], to: [] })).toEqual([
      "open|customer.wrote|0",
    ]);
  });
  it("marks none where the record does not tell the branches apart", () => {
    expect(
      last("subscription", ["billing.revoked", "intent.prepaid", "override.none", "access.closed"], {
        event: { type: "payment.succeeded" },
        from: [],
        to: [],
      }),
    ).toEqual([]);
  });
  it("begins an actor's life at its initial states", () => {
    expect(initialLeaves(outline("subscription"), "")).toEqual([
      "billing.lead",
      "intent.prepaid",
      "override.none",
      "access.closed",
    ]);
    expect(last("ticket", ["open"], { event: { type: "ticket.opened" }, from: [], to: ["open"] })).toEqual([
      "unopened|ticket.opened|0",
    ]);
  });
  it("is the branch that the machine says it took, also where several stay home", () => {
    const stay = outline("payment").edges.filter(
      (edge) => edge.source === "applied" && edge.event === "refund.claimed",
    );
    expect(stay.length).toBeGreaterThan(1);
    const entry = { event: { type: "refund.claimed" }, from: [], to: [] };
    expect(last("payment", ["applied"], entry)).toEqual([]);
    const branch = stay.findIndex(({ actions }) => actions.length > 0);
    const taken = [{ source: "applied", event: "refund.claimed", branch }];
    expect(last("payment", ["applied"], { ...entry, taken })).toEqual([stay[branch]?.id]);
  });
  it("is nothing after an event that was ignored", () => {
    const entry = { event: { type: "ticket.opened" }, outcome: "ignored" };
    expect(highlight(outline("ticket"), ["open"], new Set(), entry).last.size).toBe(0);
  });
});
