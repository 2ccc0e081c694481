// All that the chart says, as a nested list: for screen readers, for narrow screens, for searching in the page.
import type { Highlight } from "./highlight.ts";
import type { ChartEdge, ChartState, Outline } from "./outline.ts";
import { isPublic } from "./public-event.ts";

export interface OutlineWords {
  readonly current: string;
  readonly possible: string;
  readonly last: string;
  readonly initial: string;
  readonly region: string;
  readonly final: string;
  readonly entry: string;
  readonly exit: string;
  readonly invoke: string;
  readonly stays: string;
  readonly again: string;
}

interface Shown {
  /** Of the list. */
  readonly name: string;
  readonly outline: Outline;
  readonly marks: Highlight;
  readonly t: OutlineWords;
  readonly onPick: ((edge: string) => void) | null;
}

export function OutlineView(shown: Shown) {
  const roots = shown.outline.states.filter(({ parent }) => parent === null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="chart-scroll outline-scroll" tabIndex={0} aria-label={shown.name}>
      <ul class="outline">{roots.map((state) => StateItem({ state, shown }))}</ul>
    </section>
  );
}

function StateItem({ state, shown }: { readonly state: ChartState; readonly shown: Shown }) {
  const { outline, marks, t } = shown;
  const inner = outline.states.filter(({ parent }) => parent === state.path);
  const edges = outline.edges.filter(({ source }) => source === state.path);
  const isCurrent = marks.current.has(state.path);
  const around = outline.states.find(({ path }) => path === state.parent);
  return (
    <li key={state.path} data-outline-state={state.path} class={isCurrent ? "current" : undefined}>
      <b class="state-name">{state.key}</b> {isCurrent && <span class="mark-current">● {t.current}</span>}{" "}
      {around?.kind === "parallel" && <span class="quiet-text">{t.region}</span>}
      {around?.kind === "compound" && state.initial && <span class="quiet-text">{t.initial}</span>}
      {state.kind === "final" && <span class="quiet-text">{t.final}</span>}
      {state.description !== null && <p>{state.description}</p>}
      <Work word={t.entry} names={state.entry} />
      <Work word={t.invoke} names={state.invoke.map(({ src }) => src)} />
      <Work word={t.exit} names={state.exit} />
      {edges.length > 0 && <ul class="outline-edges">{edges.map((edge) => EdgeItem({ edge, shown }))}</ul>}
      {inner.length > 0 && <ul>{inner.map((child) => StateItem({ state: child, shown }))}</ul>}
    </li>
  );
}

const Work = ({ word, names }: { readonly word: string; readonly names: readonly string[] }) =>
  names.length === 0 ? null : (
    <p class="quiet-text">
      {word}: {names.join(", ")}
    </p>
  );

function EdgeItem({ edge, shown: { marks, t, onPick } }: { readonly edge: ChartEdge; readonly shown: Shown }) {
  const isPossible = marks.possible.has(edge.id);
  const isLast = marks.last.has(edge.id);
  const classes = [isPossible ? "possible" : "", isLast ? "last" : ""].join(" ").trim();
  const leads =
    edge.kind === "reenter" ? t.again : edge.targets.length === 0 || edge.kind === "internal" ? t.stays : "";
  return (
    <li key={edge.id} data-outline-edge={edge.id} class={classes === "" ? undefined : classes}>
      {onPick && isPossible && isPublic(edge) ? (
        <button type="button" class="small" onClick={() => onPick(edge.id)}>
          {edge.label}
        </button>
      ) : (
        <span class="edge-label">{edge.label}</span>
      )}{" "}
      {leads === "" ? <span>→ {edge.targets.join(", ")}</span> : <span class="quiet-text">{leads}</span>}
      {edge.actions.length > 0 && <span class="quiet-text"> / {edge.actions.join(", ")}</span>}{" "}
      {isPossible && <span class="mark-possible">{t.possible}</span>}{" "}
      {isLast && <span class="mark-last">{t.last}</span>}
    </li>
  );
}
