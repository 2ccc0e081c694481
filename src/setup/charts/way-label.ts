// What stands on a line: for each transition that takes it the event, and its guard below.
import type { ChartEdge } from "../../console/chart/outline.ts";
import { LINE_HEIGHT, TEXT_PX, textWidth } from "./boxes.ts";

export interface LabelRow {
  readonly text: string;
  readonly kind: "event" | "guard" | "delay";
}

export const ROW_HEIGHT = LINE_HEIGHT - 1;
const PADDING = 4;

/** The event and the guard of a label, apart. */
export function labelRows({ label, delay }: ChartEdge): LabelRow[] {
  const [event = "", guard] = label.split(" [");
  const rows: LabelRow[] = [{ text: event, kind: delay === null ? "event" : "delay" }];
  return guard === undefined ? rows : [...rows, { text: `[${guard}`, kind: "guard" }];
}

/** The rows of each transition of one line; an event with several guards is named once. */
export function wayRows(edges: readonly ChartEdge[]): { edge: ChartEdge; rows: LabelRow[] }[] {
  return edges.map((edge, index) => {
    const rows = labelRows(edge);
    const isSame = edges[index - 1]?.event === edge.event && rows.length > 1;
    return { edge, rows: isSame ? rows.slice(1) : rows };
  });
}

/** Unit: CSS pixels. */
export function labelSize(edges: readonly ChartEdge[]): { width: number; height: number } {
  const rows = wayRows(edges).flatMap((one) => one.rows);
  return {
    width: Math.max(...rows.map(({ text }) => textWidth(text, TEXT_PX))) + 2 * PADDING,
    height: rows.length * ROW_HEIGHT + PADDING,
  };
}
