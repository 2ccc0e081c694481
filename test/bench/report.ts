// What a measurement hands back, and how it is shown.

/** A value that was promised, and what was measured. */
export interface Goal {
  readonly name: string;
  /** As in "at least 0.55 of the bare script". */
  readonly asked: string;
  readonly measured: string;
  readonly met: boolean;
  /** Repeats lay far apart or others used the machine: read with care. */
  readonly noisy: boolean;
}

/** Numbers of this machine, for reading only. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

export interface Report {
  readonly goals: readonly Goal[];
  readonly tables: readonly Table[];
}

export interface Run {
  /** Seconds instead of minutes: shows that the bench works, measures nothing worth quoting. */
  readonly quick: boolean;
  /** One line about what happens now. */
  progress(text: string): void;
}

/** Shares of foreign processor time and spreads of repeats beyond these are marked. */
export const NOISY_FOREIGN = 0.12;
export const NOISY_SPREAD = 0.35;

export const perSecond = (value: number): string => Math.round(value).toLocaleString("en");
export const ms = (value: number): string =>
  value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
export const ratio = (value: number): string => value.toFixed(2);

export function markdown({ title, columns, rows, notes }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `### ${title}`,
    "",
    line(columns),
    line(columns.map(() => "---")),
    ...rows.map(line),
    ...notes.flatMap((note) => ["", note]),
    "",
  ].join("\n");
}

export function goalsTable(goals: readonly Goal[]): Table {
  return {
    title: "Goals",
    columns: ["goal", "asked", "measured", ""],
    rows: goals.map(({ name, asked, measured, met, noisy }) => [
      name,
      asked,
      `${measured}${noisy ? " (noisy)" : ""}`,
      met ? "met" : "**not met**",
    ]),
    notes: [],
  };
}
