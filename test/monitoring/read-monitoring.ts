import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

export const MONITORING = join(import.meta.dirname, "../../docs/monitoring");

const Rule = z.strictObject({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(["page", "ticket"]) }).optional(),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook: z.string() }).optional(),
});
const Rules = z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(Rule) })) });
const Cases = z.object({
  tests: z.array(
    z.object({
      alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })).default([]),
    }),
  ),
});
const Dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })),
});

const textOf = (file: string): string => readFileSync(join(MONITORING, file), "utf8");

export const readRules = () => Rules.parse(parse(textOf("rules.yaml"))).groups.flatMap(({ rules }) => rules);

/** Of every case, in both files: which alert, and whether it fires. */
export const readCases = (): readonly { readonly alert: string; readonly fires: boolean }[] =>
  ["rules.test.yaml", "rules.days.test.yaml"].flatMap((file) =>
    Cases.parse(parse(textOf(file))).tests.flatMap(({ alert_rule_test }) =>
      alert_rule_test.map(({ alertname, exp_alerts }) => ({ alert: alertname, fires: exp_alerts.length > 0 })),
    ),
  );

/** With Grafana's own variable replaced by what it stands for. */
export const readDashboardQueries = (): readonly string[] =>
  Dashboard.parse(JSON.parse(textOf("dashboard.json"))).panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "1m")),
  );
