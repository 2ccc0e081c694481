// What is written in a state's box, and how large that makes it. Unit: CSS pixels, whole numbers.
import type { ChartEdge, ChartState, Outline } from "../../console/chart/outline.ts";

/** Width of a glyph of every font in the list of chart.css, as part of the font's size: so no font is ever measured. */
const GLYPH_EM = 0.602;
export const NAME_PX = 13;
export const TEXT_PX = 11;
export const LINE_HEIGHT = 15;
export const HEADER_HEIGHT = 30;
export const TEXT_INSET = 11;
/** Room for the mark of the current state, right of the name. */
const DOT_ROOM = 20;
const BELOW_TEXT = 8;

export const textWidth = (text: string, px: number): number => Math.ceil(text.length * px * GLYPH_EM);

export type Line =
  | { readonly kind: "work"; readonly text: string }
  | { readonly kind: "edge"; readonly edge: ChartEdge; readonly mark: string; readonly target: string }
  /** Several transitions that end where they began, counted. */
  | { readonly kind: "fold"; readonly edges: readonly ChartEdge[] };

export interface Box {
  readonly state: ChartState;
  readonly isRegion: boolean;
  readonly lines: readonly Line[];
  /** Of the header and the lines; what lies within a compound state comes on top. */
  readonly width: number;
  readonly height: number;
  /** Of the lines alone. */
  readonly textWidth: number;
}

/**
 * @param compact Without what is done on entry and exit and what is invoked, and with what stays home as a number.
 * @param notes One more line, by path.
 */
export function boxesOf(
  { states, edges }: Outline,
  compact: boolean,
  notes: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, Box> {
  const kinds = new Map(states.map(({ path, kind }) => [path, kind]));
  return new Map(
    states.map((state) => {
      const listed = edges.filter(({ source, drawn }) => source === state.path && !drawn);
      const own = compact ? folded(listed) : listed.map(edgeLine);
      const note = notes.get(state.path);
      const noted: Line[] = note === undefined ? [] : [{ kind: "work", text: note }];
      const lines = [...noted, ...(compact ? [] : workLines(state)), ...own];
      const isRegion = state.parent !== null && kinds.get(state.parent) === "parallel";
      return [state.path, { state, isRegion, lines, ...sizeOf(state, lines) }];
    }),
  );
}

function workLines({ entry, exit, invoke }: ChartState): Line[] {
  return [
    ...entry.map((name) => `entry / ${name}`),
    ...invoke.map(({ src }) => `invoke ${src}`),
    ...exit.map((name) => `exit / ${name}`),
  ].map((text) => ({ kind: "work", text }));
}

const staysHome = ({ kind }: ChartEdge): boolean => kind === "internal" || kind === "reenter";

/** What leads elsewhere stays in words. One that stays home, too: its number would take as much room. */
function folded(listed: readonly ChartEdge[]): Line[] {
  const home = listed.filter(staysHome);
  if (home.length < 2) return listed.map(edgeLine);
  return [...listed.filter((edge) => !staysHome(edge)).map(edgeLine), { kind: "fold", edges: home }];
}

const MARKS = { internal: "•", reenter: "↻", child: "↳", external: "⇢" } as const;

function edgeLine(edge: ChartEdge): Line {
  const [target] = edge.targets;
  const leads = edge.kind === "child" || edge.kind === "external";
  return {
    kind: "edge",
    edge,
    mark: MARKS[edge.kind],
    target: leads && target !== undefined ? seenFrom(edge.source, target) : "",
  };
}

/** A target's path without what it shares with the source: as short as can be without being wrong. */
export function seenFrom(source: string, target: string): string {
  const from = source === "" ? [] : source.split(".");
  const to = target.split(".");
  let shared = 0;
  while (shared < to.length - 1 && from[shared] === to[shared]) shared += 1;
  return to.slice(shared).join(".");
}

export function lineText(line: Line): string {
  if (line.kind === "work") return line.text;
  if (line.kind === "fold") return `+${line.edges.length} at home`;
  return `${line.mark} ${line.edge.label}${line.target === "" ? "" : ` → ${line.target}`}`;
}

function sizeOf({ key }: ChartState, lines: readonly Line[]): Pick<Box, "width" | "height" | "textWidth"> {
  const wide = Math.max(...lines.map((line) => textWidth(lineText(line), TEXT_PX)), 50);
  const text = lines.length === 0 ? 0 : lines.length * LINE_HEIGHT + BELOW_TEXT;
  return { width: Math.max(wide + 2 * TEXT_INSET, nameWidth(key)), height: HEADER_HEIGHT + text, textWidth: wide };
}

/** Of a header with this name. */
export const nameWidth = (key: string): number => textWidth(key, NAME_PX) + DOT_ROOM + 2 * TEXT_INSET;
