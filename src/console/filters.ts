// Filters of a page live in its address: whoever opens the link sees the same rows.
import { useLocation } from "preact-iso";
import { type Values, withQuery } from "./query.ts";

export interface Filters<K extends string> {
  /** What the address says; "" where it says nothing. */
  readonly values: Readonly<Record<K, string>>;
  /** Goes to the same page with other filters, from its first rows. */
  readonly set: (change: Partial<Record<K, string>>) => void;
  /** Address of this page with other filters. */
  readonly href: (change: Values) => string;
}

export function useFilters<const K extends string>(names: readonly K[]): Filters<K> {
  const { path, query, route } = useLocation();
  const values = Object.fromEntries(names.map((name) => [name, query[name] ?? ""])) as Record<K, string>;
  const href = (change: Values) => withQuery(path, { ...values, ...change });
  return { values, href, set: (change) => route(href(change)) };
}
