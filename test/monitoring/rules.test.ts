// Rules, their cases and the dashboard's queries, checked by Prometheus' own promtool.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findPromtool } from "../../src/setup/promtool.mjs";
import { METRICS } from "../../src/telemetry/metric-table.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";
import { isExported, metricsIn } from "./asked-metrics.ts";
import { MONITORING, readCases, readDashboardQueries, readRules } from "./read-monitoring.ts";

const alerts = readRules().flatMap(({ alert, ...rule }) => (alert === undefined ? [] : [{ alert, ...rule }]));

describe("an alert", () => {
  it("says what is wrong, how bad it is and where the runbook has it", () => {
    for (const { alert, labels, annotations } of alerts) {
      expect(labels?.severity, alert).toMatch(/^(?:page|ticket)$/);
      expect(annotations?.runbook, alert).toMatch(
        /^docs\/runbooks\/(?:paid-no-access|webhook-unavailable|parity-drift|mass-expiry|redis|bot-rights|leaked-token|restore)\.md$/,
      );
    }
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });
  it("has a case in which it fires and one in which it does not", () => {
    const cases = readCases();
    for (const { alert } of alerts)
      for (const fires of [true, false]) expect(cases, alert).toContainEqual({ alert, fires });
  });
});

describe("what rules and dashboard ask for", () => {
  const rules = readRules();
  const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
  it("is recorded by a rule, or exported by the service", async () => {
    const text = await makeMetrics({ withProcess: true }).text();
    const asked = [...rules.map(({ expr }) => expr), ...readDashboardQueries()].flatMap(metricsIn);
    expect(asked.length).toBeGreaterThan(50);
    for (const name of new Set(asked))
      expect([name, recorded.has(name) || name === "up" || isExported(name, text)]).toEqual([name, true]);
  });
  it("are labels and values that the metrics have", () => {
    const queries = [...rules.map(({ expr }) => expr), ...readDashboardQueries()];
    for (const [, name = "", matchers = ""] of queries.flatMap((expr) => [...expr.matchAll(/(\w+)\{([^}]*)\}/g)])) {
      const spec = Object.values(METRICS).find((one) => one.name === name.replace(/_(?:bucket|sum|count)$/, ""));
      if (spec === undefined) continue;
      for (const [, label = "", , value = ""] of matchers.matchAll(/(\w+)(=~|!=|=)"([^"]*)"/g)) {
        if (label !== "le") expect(spec.labels, name).toContain(label);
        const known = (spec as { values?: Record<string, readonly string[]> }).values?.[label];
        if (known && /^[\w|]+$/.test(value)) for (const one of value.split("|")) expect(known, name).toContain(one);
      }
    }
  });
});

const promtool = await findPromtool().catch((error: Error) => error);

/** Where nobody can have one, by name; CI must have it. */
const withPromtool = promtool instanceof Error && process.env.CI === undefined ? it.skip : it;

function check(args: readonly string[], input = ""): { readonly ok: boolean; readonly text: string } {
  if (promtool instanceof Error) throw promtool;
  const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: MONITORING, encoding: "utf8", input });
  return { ok: status === 0, text: stdout + stderr };
}

describe("promtool", () => {
  withPromtool("takes the rules", () => {
    expect(check(["check", "rules", "rules.yaml"])).toMatchObject({ ok: true });
  });
  withPromtool(
    "finds that every alert fires when it should, and only then",
    () => {
      const { ok, text } = check(["test", "rules", "rules.test.yaml", "rules.days.test.yaml"]);
      expect(ok, text.replace(/\n\s*\n/g, "\n")).toBe(true);
    },
    120_000,
  );
  withPromtool("takes every query of the dashboard", () => {
    const directory = mkdtempSync(join(tmpdir(), "tgs-dashboard-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const rules = readDashboardQueries().map((expr, index) => ({ record: `panel:${index}`, expr }));
    const file = join(directory, "rules.yaml");
    writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
    const { ok, text } = check(["check", "rules", file]);
    expect(ok, text).toBe(true);
  });
  withPromtool("has nothing against the names and texts of our metrics", async () => {
    const { text } = check(["check", "metrics"], await makeMetrics().text());
    expect(text).toBe("");
  });
});
