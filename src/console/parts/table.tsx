// Tables of rows: a real table on wide screens, one card per row on narrow ones, never wider than the page.
import type { ComponentChildren } from "preact";

export interface Column<T> {
  readonly id: string;
  /** What stands above it, and before the value on a card. */
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
  /** Numbers stand at the right. */
  readonly number?: boolean;
}

export function Table<T>({
  caption,
  columns,
  rows,
  keyOf,
  empty,
  markOf,
}: {
  /** Read out, not shown: what the rows are. */
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** What it means that there are none. */
  readonly empty: ComponentChildren;
  readonly markOf?: (row: T) => "warn" | "bad" | null;
}) {
  if (rows.length === 0) return <div class="card empty">{empty}</div>;
  return (
    <div class="scroll card table-card">
      <table class="rows">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ id, title, number }) => (
              <th key={id} scope="col" {...(number ? { class: "number" } : {})}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            const mark = markOf?.(row);
            return (
              <tr key={key} data-row={key} {...(mark ? { class: mark } : {})}>
                {columns.map(({ id, title, cell, number }) => (
                  <td key={id} data-label={title} {...(number ? { class: "number" } : {})}>
                    <div>{cell(row)}</div>
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
