// visualizations/README.md: all charts on one page, and how to read them.
import type { Outline } from "../../console/chart/outline.ts";
import { overviewOf } from "./overview.ts";

/** @param outlines in the order of the page. */
export function writeIndex(outlines: readonly Outline[]): string {
  return `${[
    "# State charts",
    "",
    "Printed from the machines in [`machines/`](../machines) by `npm run charts`; CI fails when they differ. Do not edit.",
    "",
    LEGEND,
    ...outlines.map(section),
  ].join("\n")}`;
}

const LEGEND = `## How to read them

| drawing | meaning |
| --- | --- |
| box | a state; a box with boxes in it is in exactly one of them |
| dashed box | a region: the machine is in one state of each region at the same time |
| double border | a final state: nothing leads out of it |
| dot with an arrow | where a state begins |
| **event** and *[guard]* on a line | leads on when the event comes and the guard allows it; of several branches of an event the first that is allowed is taken, and \`[else]\` is the last |
| \`after 3 d\` | leads on by itself after that time; \`after periodEnd\`: after a time that depends on the actor |
| \`always\` | leads on at once, as soon as the guard allows it |
| \`done\`, \`error\` | how the work ended that the state has invoked |
| • event | stays here and does something |
| ↻ event | leaves this state and enters it again: its timers begin anew |
| ↳ event → target | leads to a state within this one |
| ⇢ event → target | leads to another state like the lines of others do; written instead of drawn, to keep the chart readable |

In the console a chart shows an actor as well: where it is (green, thick border, ●), what may happen now (blue, thicker), what happened last (amber, dashed).
Effects are shown on hover and in the outline.

| file | what it is |
| --- | --- |
| \`<machine>.svg\` | the chart, light or dark as the reader's system is |
| \`<machine>-compact.svg\` | the same without what is done on entry and exit and what is invoked; \`+3 at home\` counts the transitions that end where they began, and names them on hover |
| \`<machine>-overview.svg\` | a large machine at a glance: what stands right within its regions, and one line for all that leads from one box to another; \`+2\` counts the events that are not named, "6 states within" what is not drawn. What is possible wherever a region is stands at the region; a box whose other lines all lead back gets a line for it as well |
| \`<machine>.json\` | all states and transitions as data; its types are in [\`outline.ts\`](../src/console/chart/outline.ts) |
| \`<machine>.mmd\` | the same as text, for diffs |
`;

function section(outline: Outline): string {
  const { machine, description, states, edges } = outline;
  const small = overviewOf(outline) !== null;
  return `## ${machine}

${description === null ? "" : `${description} `}${states.length} states, ${edges.length} transitions.
[Words](../machines/${machine}/CONTEXT.md) · ${small ? `[whole chart](${machine}.svg) · ` : ""}[compact](${machine}-compact.svg) · [outline](${machine}.json) · [text](${machine}.mmd)

${small ? `[![Overview of the state chart of ${machine}](${machine}-overview.svg)](${machine}.svg)` : `![State chart of ${machine}](${machine}.svg)`}
`;
}
