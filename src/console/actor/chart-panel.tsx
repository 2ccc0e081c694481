// The machine's chart with this actor in it.
import { LiveChart } from "../chart/live-chart.tsx";

export function ChartPanel({
  machine,
  states,
  last,
  onEvent,
}: {
  readonly machine: string;
  readonly states: readonly string[];
  /** The event that led here. */
  readonly last: { readonly event: string; readonly from: readonly string[]; readonly to: readonly string[] } | null;
  readonly onEvent?: (event: string) => void;
}) {
  return (
    <div class="pad chart-frame">
      <LiveChart
        machine={machine}
        states={states}
        last={last && { event: { type: last.event }, outcome: "applied", from: last.from, to: last.to }}
        {...(onEvent && { onPickEvent: onEvent })}
      />
    </div>
  );
}
