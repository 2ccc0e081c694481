// Which metrics a query of Prometheus asks for. Enough of PromQL for our own rules and panels; promtool checks the rest of it.
const KEYWORDS = new Set([
  "and",
  "or",
  "unless",
  "offset",
  "bool",
  "by",
  "without",
  "on",
  "ignoring",
  "group_left",
  "group_right",
]);

/** @returns names of metrics, those of a histogram without `_bucket`, `_sum` and `_count`. */
export function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, "")
    .replace(/\{[^}]*\}/g, "")
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, "");
  const names = [...bare.matchAll(/(?<![\w:.])[a-zA-Z_][\w:]*(?!\s*\()(?![\w:])/g)].map(([name]) => name);
  return names.filter((name) => !KEYWORDS.has(name));
}

/** Whether a text of /metrics has it; a histogram is asked for by its parts. */
export function isExported(name: string, text: string): boolean {
  const base = name.replace(/_(?:bucket|sum|count)$/, "");
  return text.includes(`# TYPE ${name} `) || text.includes(`# TYPE ${base} histogram\n`);
}
