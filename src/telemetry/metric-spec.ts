// What a metric says of itself.
export interface MetricSpec {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** One line: what it says, in which unit. */
  readonly help: string;
  /** Where a number comes from: which step of which machine, which call, which read. */
  readonly source: string;
  readonly labels: readonly string[];
  /** The values of a label, where there are only so many: such series begin at 0, so that the first one counts as a rise. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}
