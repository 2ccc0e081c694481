// The jobs of one queue, by their state.
import { useRoute } from "preact-iso";
import type { JobLine } from "../../support/answers/operations.ts";
import { useFilters } from "../filters.ts";
import { JOB_STATES, jobPath } from "../jobs.ts";
import { useLiveReload } from "../live-reload.ts";
import { Loaded } from "../parts/feedback.tsx";
import { ActorLink } from "../parts/id.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Time } from "../parts/time.tsx";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { fill, useWords, words } from "../words.ts";
import { JOB_STATE_NAMES } from "./job-words.ts";

const TEXTS = words({
  en: {
    title: "Queue {name}",
    lead: "Jobs go by the wall clock, whatever the service’s own clock says.",
    back: "All queues",
    states: "State of the jobs",
    job: "Job",
    effect: "Effect",
    actor: "Actor",
    attempts: "Attempts",
    added: "Added",
    due: "Runs",
    now: "at once",
    error: "Error",
    empty: "No job is in this state.",
    gone: "Empty by design: a job goes at once when it is finished, done or given up. Effects that were given up have a list of their own:",
    failedEffects: "failed effects",
    shown: "{shown} of {n}",
  },
  ru: {
    title: "Очередь {name}",
    lead: "Задания идут по настоящему времени, что бы ни показывали часы сервиса.",
    back: "Все очереди",
    states: "Состояние заданий",
    job: "Задание",
    effect: "Действие",
    actor: "Актор",
    attempts: "Попыток",
    added: "Добавлено",
    due: "Начнётся",
    now: "сразу",
    error: "Ошибка",
    empty: "В этом состоянии заданий нет.",
    gone: "Здесь и должно быть пусто: законченное задание, удачное или нет, убирается сразу. У действий, от которых отказались, есть свой список:",
    failedEffects: "несостоявшиеся действия",
    shown: "{shown} из {n}",
  },
});

/** States that a job is never left in. */
const GONE_AT_ONCE: ReadonlySet<string> = new Set(["failed", "completed"]);

interface Jobs {
  readonly jobs: readonly JobLine[];
  readonly total: number;
}

export function QueuePage() {
  const t = useWords(TEXTS);
  const names = useWords(JOB_STATE_NAMES);
  const { name = "" } = useRoute().params;
  const { values, set } = useFilters(["state"]);
  const state = JOB_STATES.find((known) => known === values.state) ?? "waiting";
  const path = `/queues/${encodeURIComponent(name)}`;
  const jobs = useResource<Jobs>(withQuery(`/api/v1${path}/jobs`, { state }));
  const live = useLiveReload("", jobs.reload);
  const columns: readonly Column<JobLine>[] = [
    {
      id: "job",
      title: t.job,
      cell: ({ id, name: kind }) => (
        <>
          <a href={jobPath(name, id)} data-job={id}>
            <code>{id}</code>
          </a>
          {kind !== id && <span class="cell-sub">{kind}</span>}
        </>
      ),
    },
    { id: "effect", title: t.effect, cell: ({ effect }) => (effect ? <code>{effect}</code> : "—") },
    { id: "actor", title: t.actor, cell: ({ address }) => (address ? <ActorLink address={address} /> : "—") },
    { id: "attempts", title: t.attempts, number: true, cell: ({ attempts }) => attempts },
    { id: "added", title: t.added, cell: ({ at }) => <Time at={at} /> },
    { id: "due", title: t.due, cell: ({ dueAt }) => (dueAt === null ? t.now : <Time at={dueAt} />) },
    { id: "error", title: t.error, cell: ({ error }) => (error ? <code>{error}</code> : "—") },
  ];
  return (
    <>
      <PageHead title={fill(t.title, { name })} twin={withQuery(path, { state })} live={live} lead={t.lead}>
        <a class="button small" href="/console/queues">
          {t.back}
        </a>
      </PageHead>
      <Tabs
        label={t.states}
        tabs={JOB_STATES.map((id) => ({ id, label: names[id] }))}
        active={state}
        onChoose={(id) => set({ state: id })}
      >
        <Loaded resource={jobs}>
          {(known) => (
            <div class="stack">
              {GONE_AT_ONCE.has(state) && (
                <p class="small quiet-text">
                  {t.gone} <a href="/console/queues#failed-effects">{t.failedEffects}</a>
                </p>
              )}
              <Table
                caption={names[state]}
                columns={columns}
                rows={known.jobs}
                keyOf={({ id }) => id}
                markOf={() => (state === "failed" ? "bad" : null)}
                empty={t.empty}
              />
              {known.total > known.jobs.length && (
                <p class="small quiet-text">{fill(t.shown, { shown: known.jobs.length, n: known.total })}</p>
              )}
            </div>
          )}
        </Loaded>
      </Tabs>
    </>
  );
}
