export type Values = Readonly<Record<string, string | number | undefined>>;

/** `withQuery("/console/audit", { actor: "order/1", event: "" })` → `/console/audit?actor=order%2F1`: empty ones are left out. */
export function withQuery(path: string, values: Values): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}
