// A machine's chart and outline, with one actor in it where there is one.
import { useCallback, useMemo, useState } from "preact/hooks";
import { ProblemNote } from "../parts/feedback.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { fill, useWords, words } from "../words.ts";
import { useChart } from "./chart-files.ts";
import { ChartView } from "./chart-view.tsx";
import { highlight, type LastEntry } from "./highlight.ts";
import { OutlineView } from "./outline-view.tsx";
import { isPublic } from "./public-event.ts";
import type { Zoom } from "./zoom.ts";
import "./chart.css";
import "./live-chart.css";

const TEXTS = words({
  en: {
    views: "Chart or outline",
    chart: "Chart",
    outline: "Outline",
    zoom: "Size of the chart",
    auto: "Auto",
    fit: "Fit",
    full: "100 %",
    loading: "The chart is being loaded…",
    name: "State chart of {label}",
    now: "Current states: {states}.",
    nowhere: "No actor is shown.",
    legend: "What the marks mean",
    current: "current",
    possible: "possible now",
    last: "last taken",
    initial: "initial",
    region: "region",
    final: "final",
    entry: "on entry",
    exit: "on exit",
    invoke: "invokes",
    stays: "stays",
    again: "entered again",
  },
  ru: {
    views: "Диаграмма или список",
    chart: "Диаграмма",
    outline: "Списком",
    zoom: "Размер диаграммы",
    auto: "Авто",
    fit: "Вся",
    full: "100 %",
    loading: "Диаграмма загружается…",
    name: "Диаграмма состояний: {label}",
    now: "Текущие состояния: {states}.",
    nowhere: "Участник не показан.",
    legend: "Что значат отметки",
    current: "сейчас здесь",
    possible: "возможно сейчас",
    last: "последний переход",
    initial: "начальное",
    region: "область",
    final: "конечное",
    entry: "при входе",
    exit: "при выходе",
    invoke: "запускает",
    stays: "остаётся",
    again: "входит заново",
  },
});

const ZOOMS: readonly Zoom[] = ["auto", "fit", "full"];
const NONE: readonly string[] = [];

export function LiveChart({
  machine,
  states = NONE,
  refused = NONE,
  last = null,
  label = machine,
  onPickEvent,
}: {
  readonly machine: string;
  /** Paths of the leaf states; none: the machine alone. */
  readonly states?: readonly string[];
  /** Event types that a guard refuses now, as far as known: they are not marked as possible. */
  readonly refused?: readonly string[];
  /** Newest entry of the history that is shown. */
  readonly last?: LastEntry | null;
  /** Who or what is shown, for its name. */
  readonly label?: string;
  readonly onPickEvent?: (type: string) => void;
}) {
  const t = useWords(TEXTS);
  const { files, error, again } = useChart(machine);
  const [view, setView] = useState("chart");
  const [zoom, setZoom] = useState<Zoom>("auto");
  // Parents make these arrays anew with every drawing; what counts is what is in them.
  const key = JSON.stringify([states, refused, last]);
  const marks = useMemo(() => files && highlight(files.outline, states, new Set(refused), last), [files, key]);
  const leaves = useMemo(() => states, [key]);
  const pick = useCallback(
    (id: string) => {
      const edge = files?.outline.edges.find((one) => one.id === id);
      if (edge && isPublic(edge)) onPickEvent?.(edge.event);
    },
    [files, onPickEvent],
  );
  if (error) return <ProblemNote error={error} onAgain={again} />;
  if (!files || !marks) return <p class="quiet-text">{t.loading}</p>;
  const onPick = onPickEvent === undefined ? null : pick;
  return (
    <div class="chart-panel" data-machine={machine}>
      <Tabs
        tabs={[
          { id: "chart", label: t.chart },
          { id: "outline", label: t.outline },
        ]}
        active={view}
        onChoose={setView}
        label={t.views}
      >
        <div class="chart-bar">
          {states.length > 0 && <Legend t={t} />}
          {view === "chart" && (
            <fieldset class="chart-zoom">
              <legend class="visually-hidden">{t.zoom}</legend>
              {ZOOMS.map((one) => (
                <button key={one} type="button" class="small" aria-pressed={zoom === one} onClick={() => setZoom(one)}>
                  {t[one]}
                </button>
              ))}
            </fieldset>
          )}
        </div>
        {view === "chart" ? (
          <ChartView
            files={files}
            marks={marks}
            leaves={leaves}
            zoom={zoom}
            name={fill(t.name, { label })}
            description={states.length === 0 ? t.nowhere : fill(t.now, { states: states.join(", ") })}
            onPick={onPick}
          />
        ) : (
          <OutlineView name={fill(t.name, { label })} outline={files.outline} marks={marks} t={t} onPick={onPick} />
        )}
      </Tabs>
    </div>
  );
}

function Legend({
  t,
}: {
  readonly t: { readonly legend: string; readonly current: string; readonly possible: string; readonly last: string };
}) {
  return (
    <ul class="chart-legend" aria-label={t.legend}>
      {(["current", "possible", "last"] as const).map((mark) => (
        <li key={mark}>
          <svg aria-hidden="true" width="26" height="14" viewBox="0 0 26 14" class={`sample-${mark}`}>
            {mark === "current" ? (
              <>
                <rect x="1.5" y="1.5" width="23" height="11" rx="3" />
                <circle cx="13" cy="7" r="3" />
              </>
            ) : (
              <path d="M1 7H25" />
            )}
          </svg>
          {t[mark]}
        </li>
      ))}
    </ul>
  );
}
