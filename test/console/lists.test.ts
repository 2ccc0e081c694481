import { describe, expect, it } from "vitest";
import { addressesIn, machineOf } from "../../src/console/bulk-scope.ts";
import { addressOfEffect, timerName } from "../../src/console/event-names.ts";
import { jobPath, jobVerbs } from "../../src/console/jobs.ts";
import { lateFirst } from "../../src/console/late-first.ts";
import { withQuery } from "../../src/console/query.ts";

describe("the address of a list", () => {
  it("holds the filters that are set, and only those", () => {
    expect(withQuery("/console/audit", { actor: "order/1", event: "", by: undefined })).toBe(
      "/console/audit?actor=order%2F1",
    );
    expect(withQuery("/console/audit", {})).toBe("/console/audit");
  });
});

describe("names for people", () => {
  it("split a timer into its delay and the state that waits", () => {
    expect(timerName("graceEnds.billing.pastDue.grace")).toEqual({
      delay: "graceEnds",
      state: "billing.pastDue.grace",
    });
    expect(timerName("linkTtl")).toEqual({ delay: "linkTtl", state: "" });
  });

  it("find the actor of an effect, whatever its id holds", () => {
    expect(addressOfEffect("payment/stx/a|3|0")).toBe("payment/stx/a");
    expect(addressOfEffect("orphan")).toBeNull();
  });
});

describe("timers", () => {
  it("are shown late ones first, then by due time", () => {
    const line = (id: string, dueAt: number, lateMs: number) => ({ address: "order/1", id, dueAt, lateMs });
    const sorted = lateFirst([line("soon", 50, 0), line("late", 20, 5), line("later", 90, 0), line("latest", 10, 15)]);
    expect(sorted.map(({ id }) => id)).toEqual(["latest", "late", "soon", "later"]);
  });
});

describe("jobs", () => {
  it("are found by ids that need encoding", () => {
    expect(jobPath("outside", "payment/c|3|0")).toBe("/console/queues/outside/jobs/payment%2Fc%7C3%7C0");
  });

  it("are left alone while a worker has them", () => {
    expect(jobVerbs("active")).toEqual([]);
    expect(jobVerbs("failed")).toContain("retry");
    expect(jobVerbs("delayed")).toContain("promote");
  });
});

describe("whom a command to many is meant for", () => {
  it("takes addresses however they are pasted, each once", () => {
    expect(addressesIn("order/1, order/2\n order/1\tpayment/a,b ")).toEqual(["order/1", "order/2", "payment/a,b"]);
  });

  it("says why a list will not do", () => {
    expect(machineOf(["order/1", "order/2"])).toEqual({ machine: "order" });
    expect(machineOf([])).toEqual({ problem: "none" });
    expect(machineOf(["7012345678"])).toEqual({ problem: "noAddress" });
    expect(machineOf(["order/1", "payment/2"])).toEqual({ problem: "manyMachines" });
  });
});
