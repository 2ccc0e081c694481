import type { MetricSpec } from "../../telemetry/metric-spec.ts";
import { METRIC_GROUPS } from "../../telemetry/metric-table.ts";
import { GENERATED, table } from "./markdown.ts";

const TITLES: Record<keyof typeof METRIC_GROUPS, string> = {
  money: "Money",
  access: "Access",
  onboarding: "Set-up of the product",
  promises: "Promises",
  parity: "Data quality",
  collection: "Collection of data",
  engine: "Engine",
  redis: "Redis",
};

export function renderMetrics(): string {
  const groups = Object.entries(METRIC_GROUPS).map(
    ([group, specs]) => `## ${TITLES[group as keyof typeof METRIC_GROUPS]}\n\n${tableOf(Object.values(specs))}`,
  );
  return `${GENERATED}

# Metrics

\`GET /metrics\`, in Prometheus' text format; keep it off the public internet. Rules, alerts and a dashboard: [monitoring](monitoring/README.md); what is
promised: [SLO](slo.md). Node's own metrics (\`process_*\`, \`nodejs_*\`) are there as well.

Payments, access and set-ups are counted when a step of an actor is durable, in the process that made it: an update that comes twice, a
race that was lost and a step that was ignored count nothing, so the counts of all processes add up (\`sum\`). A process that dies takes with
it what it counted since the last scrape, and what it made durable without hearing Redis' answer is counted by nobody. Counters are for rates
and alerts; the exact numbers are in the books (\`GET /api/v1/ledger.csv\`) and in the audit.

Gauges are read where the thing lies, so every process shows the same: take the largest (\`max\`), not the sum. One that cannot be read
just now is NaN or absent. No label holds anything of a person.

${groups.join("\n\n")}
`;
}

const tableOf = (specs: readonly MetricSpec[]): string =>
  table(
    ["metric", "type", "labels", "meaning", "from"],
    specs.map((spec) => [`\`${spec.name}\``, spec.type, labelsOf(spec), spec.help, spec.source]),
  );

function labelsOf({ labels, values, buckets }: MetricSpec): string {
  const named = labels.map((label) => {
    const known = values?.[label];
    return known ? `\`${label}\`: ${known.map((value) => `\`${value}\``).join(", ")}` : `\`${label}\``;
  });
  const bounds = buckets ? [`buckets: ${buckets.join(", ")}`] : [];
  return [...named, ...bounds].join("; ") || "—";
}
