// One job: what it works for, how often it was tried, and what stops it.
import { useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import type { JobPage as Job } from "../../support/answers/operations.ts";
import { send } from "../api.ts";
import { type JobVerb, jobPath, jobVerbs } from "../jobs.ts";
import { Chip } from "../parts/chips.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Loaded, Note } from "../parts/feedback.tsx";
import { ActorLink, Id } from "../parts/id.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Time } from "../parts/time.tsx";
import { useResource } from "../resource.ts";
import { fill, useWords, words } from "../words.ts";
import { JOB_STATE_NAMES } from "./job-words.ts";

const TEXTS = words({
  en: {
    title: "Job",
    back: "Queue {name}",
    state: "State",
    effect: "Effect",
    actor: "Actor",
    attempts: "Attempts",
    added: "Added",
    due: "Runs",
    now: "at once",
    error: "Error",
    data: "Data",
    masked: "It identifies the work. Contents of messages and secrets are masked.",
    retry: "Retry…",
    promote: "Run now…",
    remove: "Remove…",
    retryTitle: "Try this job again",
    promoteTitle: "Run this job now",
    removeTitle: "Remove this job",
    retryVerb: "Retry job",
    promoteVerb: "Run job now",
    removeVerb: "Remove job",
    removeText: "Only the job goes. What it works for stays in the outbox, and the sweeper makes a new job for it.",
    done: "Done. Below is the job as it was.",
  },
  ru: {
    title: "Задание",
    back: "Очередь {name}",
    state: "Состояние",
    effect: "Действие",
    actor: "Актор",
    attempts: "Попыток",
    added: "Добавлено",
    due: "Начнётся",
    now: "сразу",
    error: "Ошибка",
    data: "Данные",
    masked: "По ним видно, что это за работа. Тексты сообщений и секреты скрыты.",
    retry: "Повторить…",
    promote: "Выполнить сейчас…",
    remove: "Удалить…",
    retryTitle: "Выполнить задание ещё раз",
    promoteTitle: "Выполнить задание сейчас",
    removeTitle: "Удалить задание",
    retryVerb: "Повторить задание",
    promoteVerb: "Выполнить сейчас",
    removeVerb: "Удалить задание",
    removeText: "Удалится только задание. То, ради чего оно было, останется в outbox, и для него появится новое.",
    done: "Готово. Ниже — задание, каким оно было.",
  },
});

export function JobPage() {
  const t = useWords(TEXTS);
  const { name = "", id = "" } = useRoute().params;
  const path = jobPath(name, id, "/api/v1/queues");
  const job = useResource<Job>(path);
  const [verb, setVerb] = useState<JobVerb | null>(null);
  const [isDone, setDone] = useState(false);
  return (
    <>
      <PageHead title={t.title} twin={jobPath(name, id, "/queues")}>
        <a class="button small" href={`/console/queues/${encodeURIComponent(name)}`}>
          {fill(t.back, { name })}
        </a>
        {!isDone &&
          jobVerbs(job.data?.state ?? "active").map((each) => (
            <button key={each} type="button" onClick={() => setVerb(each)}>
              {t[each]}
            </button>
          ))}
      </PageHead>
      {isDone && (
        <div role="status">
          <Note tone="good">{t.done}</Note>
        </div>
      )}
      <Loaded resource={job}>{(known) => <JobCard job={known} />}</Loaded>
      {verb && (
        <Confirm
          title={t[`${verb}Title`]}
          verb={t[`${verb}Verb`]}
          danger={verb === "remove"}
          run={(command) => send(`${path}/${verb}`, command)}
          onDone={() => {
            setVerb(null);
            // The job has moved on, and may be gone: what it was stays in sight.
            setDone(true);
          }}
          onClose={() => setVerb(null)}
        >
          <p>
            <code>{id}</code>
          </p>
          {verb === "remove" && <p>{t.removeText}</p>}
        </Confirm>
      )}
    </>
  );
}

function JobCard({ job }: { readonly job: Job }) {
  const t = useWords(TEXTS);
  const states = useWords(JOB_STATE_NAMES);
  const { id, state, effect, address, attempts, at, dueAt, error, data } = job;
  return (
    <>
      <section class="card">
        <dl class="facts">
          <dt>{t.title}</dt>
          <dd>
            <Id text={id} copy />
          </dd>
          <dt>{t.state}</dt>
          <dd>
            <Chip tone={state === "failed" ? "bad" : "plain"} text={states[state]} />
          </dd>
          <dt>{t.actor}</dt>
          <dd>{address ? <ActorLink address={address} /> : "—"}</dd>
          <dt>{t.effect}</dt>
          <dd>{effect ? <code>{effect}</code> : "—"}</dd>
          <dt>{t.attempts}</dt>
          <dd>{attempts}</dd>
          <dt>{t.added}</dt>
          <dd>
            <Time at={at} />
          </dd>
          <dt>{t.due}</dt>
          <dd>{dueAt === null ? t.now : <Time at={dueAt} />}</dd>
        </dl>
      </section>
      {error && (
        <section class="card stack" aria-labelledby="job-error">
          <h2 id="job-error">{t.error}</h2>
          <pre class="data">{error}</pre>
        </section>
      )}
      <section class="card stack" aria-labelledby="job-data">
        <h2 id="job-data">{t.data}</h2>
        <p class="small quiet-text">{t.masked}</p>
        <pre class="data">{JSON.stringify(data, null, 2)}</pre>
      </section>
    </>
  );
}
