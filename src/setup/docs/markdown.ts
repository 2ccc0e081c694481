export const GENERATED = "<!-- Printed from the code by `npm run docs`; edit there. -->";

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `| ${head.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** A line break or a bar would end the cell. */
const cell = (text: string): string => text.replaceAll("\n", " ").replaceAll("|", "\\|");
