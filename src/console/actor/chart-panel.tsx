// The machine's chart with this actor in it.
import { StateChips } from "../parts/chips.tsx";

export function ChartPanel({
  states,
}: {
  readonly machine: string;
  readonly states: readonly string[];
  /** The event that led here. */
  readonly last: { readonly event: string; readonly from: readonly string[]; readonly to: readonly string[] } | null;
  readonly onEvent?: (event: string) => void;
}) {
  return (
    <div class="pad">
      <StateChips states={states} />
    </div>
  );
}
