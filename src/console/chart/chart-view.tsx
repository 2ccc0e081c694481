// The drawing with an actor in it: the file's SVG as part of the page, with classes on its states and transitions.
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { ChartFiles } from "./chart-files.ts";
import type { Highlight } from "./highlight.ts";
import { mark } from "./mark.ts";
import { isTooSmallWhole, type Size, scaleFor, type Zoom } from "./zoom.ts";

export function ChartView({
  files,
  marks,
  leaves,
  zoom,
  name,
  description,
  onPick,
}: {
  readonly files: ChartFiles;
  readonly marks: Highlight;
  readonly leaves: readonly string[];
  readonly zoom: Zoom;
  readonly name: string;
  readonly description: string;
  /** Of an edge's id; null: nothing can be picked. */
  readonly onPick: ((edge: string) => void) | null;
}) {
  const area = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement | null>(null);
  const [chart, setChart] = useState<Size | null>(null);
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  const id = useId();
  const whole = useMemo(() => sizeIn(files.svg), [files]);
  const isAtAGlance = files.overview !== null && isTooSmallWhole(zoom, whole, room);
  const shown = isAtAGlance && files.overview !== null ? files.overview : files.svg;

  useEffect(() => {
    const parsed = new DOMParser().parseFromString(shown, "image/svg+xml").documentElement;
    if (!(parsed instanceof SVGSVGElement) || !area.current) return;
    svg.current = document.importNode(parsed, true);
    area.current.replaceChildren(svg.current);
    const { width, height } = svg.current.viewBox.baseVal;
    setChart({ width, height });
  }, [shown]);

  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const measure = () => setRoom({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const drawing = svg.current;
    if (!drawing || !chart) return;
    mark(drawing, marks, onPick !== null);
    const [title, text] = [drawing.querySelector(":scope > title"), drawing.querySelector(":scope > desc")];
    if (title && text) {
      [title.textContent, text.textContent] = [name, description];
      [title.id, text.id] = [`${id}-title`, `${id}-text`];
      drawing.setAttribute("aria-labelledby", title.id);
      drawing.setAttribute("aria-describedby", text.id);
    }
  }, [chart, marks, name, description, onPick, id]);

  const scale = chart === null ? 1 : scaleFor(zoom, chart, room);
  useEffect(() => {
    const drawing = svg.current;
    if (!drawing || !chart || !area.current) return;
    drawing.setAttribute("width", String(Math.floor(chart.width * scale)));
    drawing.setAttribute("height", String(Math.floor(chart.height * scale)));
    showState(area.current, drawing, leaves, scale);
  }, [chart, scale, leaves]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the outline does the same with buttons
    <section
      ref={area}
      class="chart-scroll"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={name}
      data-zoom={zoom}
      data-overview={isAtAGlance}
      onClick={({ target }) => {
        const edge = target instanceof Element ? target.closest(".edge.choosable")?.getAttribute("data-edge") : null;
        if (edge) onPick?.(edge);
      }}
    />
  );
}

/** As the file says it. Unit: CSS pixels. */
function sizeIn(svg: string): Size {
  const [, width = "0", height = "0"] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** Moves as little as needed for the first of the current states to be seen. */
function showState(area: HTMLElement, drawing: SVGSVGElement, leaves: readonly string[], scale: number): void {
  const [leaf] = leaves;
  const element = leaf === undefined ? null : drawing.querySelector(`[data-state="${CSS.escape(leaf)}"]`);
  if (!(element instanceof SVGGraphicsElement)) return;
  const { x, y, width, height } = element.getBBox();
  const [left, top] = [x * scale, y * scale];
  const isSeen =
    left >= area.scrollLeft &&
    top >= area.scrollTop &&
    left + width * scale <= area.scrollLeft + area.clientWidth &&
    top + height * scale <= area.scrollTop + area.clientHeight;
  if (isSeen) return;
  area.scrollLeft = left + (width * scale - area.clientWidth) / 2;
  area.scrollTop = top + (height * scale - area.clientHeight) / 2;
}
