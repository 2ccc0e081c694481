// A drawing as SVG. Every state and every transition is one element: `data-state="<path>"`, `data-edge="<id>"`.
import type { ChartEdge, Outline } from "../../console/chart/outline.ts";
import { HEADER_HEIGHT, LINE_HEIGHT, type Line, lineText, NAME_PX, TEXT_INSET, textWidth } from "./boxes.ts";
import type { Drawing, PlacedBox, Point, Rectangle, Way } from "./geometry.ts";
import { ECHO, type ToldEdge } from "./overview.ts";
import { labelRows, ROW_HEIGHT, wayRows } from "./way-label.ts";

/** @param css of the chart, so that the file looks the same alone as within a page. */
export function writeSvg({ machine, states, edges }: Outline, drawing: Drawing, css: string): string {
  const [width, height] = [Math.ceil(drawing.width), Math.ceil(drawing.height)];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(machine)}</title>`,
    `<desc>State chart of ${escaped(machine)}: ${states.length} states, ${edges.length} transitions.</desc>`,
    `<style>${escaped(css)}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...drawing.boxes.map(stateText),
    ...drawing.ways.map(wayText),
    ...drawing.starts.map(({ x, y }) => `<circle class="start" cx="${r(x)}" cy="${r(y)}" r="5"/>`),
    "</svg>",
  ].join("\n")}\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** To a tenth of a pixel: what the eye sees, and the same digits everywhere. */
const r = (value: number): string => String(Math.round(value * 10) / 10);

function stateText({ box: { state, isRegion, lines }, at }: PlacedBox): string {
  const classes = ["state", state.kind, ...(isRegion ? ["region"] : [])].join(" ");
  const { x, y, width } = at;
  const nameWidth = textWidth(state.key, NAME_PX);
  const middle = y + HEADER_HEIGHT / 2;
  return [
    `<g class="${classes}" data-state="${escaped(state.path)}">`,
    ...(state.description === null ? [] : [`<title>${escaped(state.description)}</title>`]),
    rect("box", at, 7),
    ...(state.kind === "final"
      ? [rect("inner", { x: x + 3, y: y + 3, width: width - 6, height: at.height - 6 }, 5)]
      : []),
    `<text class="name" x="${r(x + TEXT_INSET)}" y="${r(middle + 5)}">${escaped(state.key)}</text>`,
    `<circle class="dot" cx="${r(x + TEXT_INSET + nameWidth + 12)}" cy="${r(middle)}" r="4.5"/>`,
    ...(lines.length === 0 ? [] : [`<path class="rule" d="M${r(x)} ${r(y + HEADER_HEIGHT)}H${r(x + width)}"/>`]),
    ...lines.map((line, index) => boxLine(line, x + TEXT_INSET, y + HEADER_HEIGHT + (index + 1) * LINE_HEIGHT)),
    "</g>",
  ].join("\n");
}

const rect = (name: string, { x, y, width, height }: Rectangle, radius: number): string =>
  `<rect class="${name}" x="${r(x)}" y="${r(y)}" width="${r(width)}" height="${r(height)}" rx="${radius}"/>`;

function boxLine(line: Line, x: number, y: number): string {
  const place = `x="${r(x)}" y="${r(y)}"`;
  if (line.kind === "work") return `<text class="work" ${place}>${escaped(line.text)}</text>`;
  if (line.kind === "fold") return fold(line.edges, lineText(line), place);
  const target = line.target === "" ? "" : ` → ${escaped(line.target)}`;
  const words = labelRows(line.edge).map(({ text, kind }) => `<tspan class="${kind}">${escaped(text)}</tspan>`);
  const text = `<tspan class="mark">${line.mark}</tspan> ${words.join(" ")}${target}`;
  return `${opening(line.edge)}<text ${place}>${text}</text></g>`;
}

/** One line of text for several transitions: lit as soon as one of them is, and all of them are told on hover. */
function fold(edges: readonly ChartEdge[], text: string, place: string): string {
  const told = edges.map(({ label, actions }) => [label, ...actions.map((action) => `/ ${action}`)].join(" "));
  const held = edges.map(({ id }) => `<g class="edge" data-edge="${escaped(id)}"/>`).join("");
  return `<g class="way fold"><title>${escaped(told.join("\n"))}</title>${held}<text ${place}>${text}</text></g>`;
}

function opening(edge: ToldEdge): string {
  const { id, also = [] } = edge;
  const told = id === ECHO ? "" : ` data-edge="${escaped(id)}"`;
  const others = also.length === 0 ? "" : ` data-also="${escaped(also.join(" "))}"`;
  return `<g class="edge"${told}${others}><title>${escaped(hint(edge))}</title>`;
}

/** What does not stand on the line: where it leads, and what is done on the way. */
function hint({ source, label, targets, actions }: ChartEdge): string {
  const way = targets.length === 0 ? source : `${source} → ${targets.join(", ")}`;
  return [way, label, ...actions.map((action) => `/ ${action}`)].filter((line) => line !== "").join("\n");
}

function wayText({ edges, points, label }: Way): string {
  const parts = [`<path class="line" d="${rounded(points)}"/>`, arrowHead(points)];
  if (label === null) return `<g class="way initial">${parts.join("")}</g>`;
  const middle = label.x + label.width / 2;
  let row = 0;
  const texts = wayRows(edges).map(({ edge, rows }) => {
    const written = rows.map(({ text, kind }) => {
      row += 1;
      return `<text class="${kind}" x="${r(middle)}" y="${r(label.y + row * ROW_HEIGHT - 1)}">${escaped(text)}</text>`;
    });
    return `${opening(edge)}${written.join("")}</g>`;
  });
  return [`<g class="way label">${parts.join("")}`, rect("halo", label, 3), ...texts, "</g>"].join("\n");
}

const CORNER = 6;

/** A line of right angles with round corners, ending where the arrow's head begins. */
function rounded(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let path = `M${r(first.x)} ${r(first.y)}`;
  for (const [index, point] of rest.entries()) {
    const before = points[index] ?? point;
    const after = rest[index + 1];
    if (after === undefined) {
      const end = towards(point, before, 6);
      path += `L${r(end.x)} ${r(end.y)}`;
      continue;
    }
    const corner = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2);
    const [a, b] = [towards(point, before, corner), towards(point, after, corner)];
    path += `L${r(a.x)} ${r(a.y)}Q${r(point.x)} ${r(point.y)} ${r(b.x)} ${r(b.y)}`;
  }
  return path;
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

function towards(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const part = Math.min(1, by / length);
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function arrowHead(points: readonly Point[]): string {
  const [end, before] = [points.at(-1), points.at(-2)];
  if (end === undefined || before === undefined) return "";
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const [ux, uy] = [(end.x - before.x) / length, (end.y - before.y) / length];
  const [bx, by] = [end.x - ux * 8, end.y - uy * 8];
  const corners = [end, { x: bx - uy * 4, y: by + ux * 4 }, { x: bx + uy * 4, y: by - ux * 4 }];
  return `<path class="tip" d="M${corners.map(({ x, y }) => `${r(x)} ${r(y)}`).join("L")}Z"/>`;
}
