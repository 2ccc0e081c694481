// How large a chart is shown. Scales are factors: 1 is as drawn.

export type Zoom = "auto" | "fit" | "full";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Below it the text is too small to read, and seeing a part of the chart is better than seeing all of it. */
const SMALLEST_READABLE = 0.6;
const PART = 0.75;

/** Below it the boxes are dots, and a machine that has an overview is better seen as that. */
const SMALLEST_SEEN = 0.45;

/** Whether a chart that is wanted whole is too small that way. @param room nothing is known of it before the first layout: then 0 */
export const isTooSmallWhole = (zoom: Zoom, chart: Size, room: Size): boolean =>
  zoom === "fit" && room.width > 0 && room.height > 0 && fitting(chart, room) < SMALLEST_SEEN;

/** A chart is never blown up. */
export const fitting = (chart: Size, room: Size): number =>
  Math.min(1, room.width / chart.width, room.height / chart.height);

/** @param room What is to be seen at once. Unit: CSS pixels. Nothing is known of it before the first layout: then 0. */
export function scaleFor(zoom: Zoom, chart: Size, room: Size): number {
  const fit = room.width > 0 && room.height > 0 ? fitting(chart, room) : PART;
  if (zoom === "full") return 1;
  return zoom === "fit" || fit >= SMALLEST_READABLE ? fit : PART;
}
