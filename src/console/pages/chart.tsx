// One machine: its chart and outline, and how many actors are in each state now.
import { useRoute } from "preact-iso";
import { LiveChart } from "../chart/live-chart.tsx";
import { useLiveReload } from "../live-reload.ts";
import { MACHINE_NAMES } from "../machine-names.ts";
import { Loaded } from "../parts/feedback.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    back: "All charts",
    svg: "SVG",
    mmd: "Mermaid",
    counts: "Actors by state",
    none: "There is no actor of this machine yet.",
  },
  ru: {
    back: "Все диаграммы",
    svg: "SVG",
    mmd: "Mermaid",
    counts: "Акторы по состояниям",
    none: "Акторов этой машины ещё нет.",
  },
});

export function ChartPage() {
  const t = useWords(TEXTS);
  const names: Readonly<Record<string, string>> = useWords(MACHINE_NAMES);
  const { machine = "" } = useRoute().params;
  const states = useResource<{ states: Readonly<Record<string, number>> }>(`/api/v1/machines/${machine}/states`);
  const live = useLiveReload("", states.reload);
  return (
    <>
      <PageHead title={names[machine] ?? machine} live={live}>
        <a class="button small" href="/console/charts">
          {t.back}
        </a>
        <a class="button small" href={`/console/charts/${machine}.svg`} download>
          {t.svg}
        </a>
        <a class="button small" href={`/console/charts/${machine}.mmd`} download>
          {t.mmd}
        </a>
      </PageHead>
      <div class="beside">
        <div class="card">
          <LiveChart machine={machine} label={names[machine] ?? machine} />
        </div>
        <section class="card stack" aria-labelledby="counts">
          <h2 id="counts">{t.counts}</h2>
          <Loaded resource={states}>
            {(known) => <Counts machine={machine} states={known.states} none={t.none} />}
          </Loaded>
        </section>
      </div>
    </>
  );
}

function Counts({
  machine,
  states,
  none,
}: {
  readonly machine: string;
  readonly states: Readonly<Record<string, number>>;
  readonly none: string;
}) {
  const counts = Object.entries(states).sort(([one], [other]) => one.localeCompare(other));
  if (counts.length === 0) return <p class="quiet-text">{none}</p>;
  return (
    <ul class="counts">
      {counts.map(([state, count]) => (
        <li key={state}>
          <a href={withQuery("/console/actors", { machine, state })} data-count={state}>
            <code>{state}</code>
            <b>{count}</b>
          </a>
        </li>
      ))}
    </ul>
  );
}
