// A machine as Mermaid text: one line per state and transition, so that a change of a machine is read in a diff. The pictures are SVG.
import type { ChartState, Outline } from "../../console/chart/outline.ts";

export function writeMermaid({ states, edges }: Outline): string {
  const lines = ["stateDiagram-v2"];
  const within = (path: string): ChartState[] => states.filter(({ parent }) => parent === path);
  const write = (state: ChartState, depth: number): void => {
    const pad = "  ".repeat(depth);
    const inner = within(state.path);
    lines.push(`${pad}state "${state.key}" as ${idOf(state.path)}${inner.length > 0 ? " {" : ""}`);
    for (const [index, child] of inner.entries()) {
      if (state.kind === "parallel" && index > 0) lines.push(`${pad}  --`);
      if (state.kind === "compound" && child.initial) lines.push(`${pad}  [*] --> ${idOf(child.path)}`);
      write(child, depth + 1);
    }
    if (inner.length > 0) lines.push(`${pad}}`);
    if (state.kind === "final") lines.push(`${pad}${idOf(state.path)} --> [*]`);
  };
  for (const root of states.filter(({ parent }) => parent === null)) write(root, 1);
  for (const { source, targets, label, actions } of edges) {
    const does = actions.length === 0 ? "" : ` / ${actions.join(", ")}`;
    lines.push(`  ${idOf(source)} --> ${idOf(targets[0] ?? source)}: ${label}${does}`);
  }
  return `${lines.join("\n")}\n`;
}

const idOf = (path: string): string => (path === "" ? "root" : path.replace(/\W/g, "_"));
