// The work of the service: queues, and what came to a stop in them.
import type { JobState, Queues } from "../../support/answers/operations.ts";
import { JOB_STATES } from "../jobs.ts";
import { useLiveReload } from "../live-reload.ts";
import { Loaded } from "../parts/feedback.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { useWords, words } from "../words.ts";
import { Incidents } from "./incidents.tsx";
import { JOB_STATE_NAMES } from "./job-words.ts";

type QueueLine = Queues["queues"][number];

const TEXTS = words({
  en: {
    title: "Queues",
    queue: "Queue",
    shards: "Shards",
    empty: "There are no queues.",
    updates: "updates of Telegram, one person after the other",
    actors: "effects that tell other actors",
    outside: "effects that call Telegram and the product",
    clock: "timers that are due",
  },
  ru: {
    title: "Очереди",
    queue: "Очередь",
    shards: "Частей",
    empty: "Очередей нет.",
    updates: "обновления Telegram, по одному на человека",
    actors: "действия, которые извещают других акторов",
    outside: "действия, которые зовут Telegram и продукт",
    clock: "таймеры, которым пора",
  },
});

export function QueuesPage() {
  const t = useWords(TEXTS);
  const states = useWords(JOB_STATE_NAMES);
  const queues = useResource<Queues>("/api/v1/queues");
  const live = useLiveReload("", queues.reload);
  const about: Readonly<Record<string, string>> = t;
  const count = (state: JobState): Column<QueueLine> => ({
    id: state,
    title: states[state],
    number: true,
    cell: ({ name, counts }) => (
      <a
        class={state === "failed" && counts.failed > 0 ? "chip bad" : ""}
        href={withQuery(`/console/queues/${encodeURIComponent(name)}`, { state })}
        data-count={`${name} ${state}`}
      >
        {counts[state]}
      </a>
    ),
  });
  const columns: readonly Column<QueueLine>[] = [
    {
      id: "queue",
      title: t.queue,
      cell: ({ name }) => (
        <>
          <a href={`/console/queues/${encodeURIComponent(name)}`}>
            <code>{name}</code>
          </a>
          {about[name] && <span class="cell-sub">{about[name]}</span>}
        </>
      ),
    },
    ...JOB_STATES.map(count),
    { id: "shards", title: t.shards, number: true, cell: ({ shards }) => shards },
  ];
  return (
    <>
      <PageHead title={t.title} twin="/queues" live={live} />
      <Loaded resource={queues}>
        {(known) => (
          <Table caption={t.title} columns={columns} rows={known.queues} keyOf={({ name }) => name} empty={t.empty} />
        )}
      </Loaded>
      <Incidents />
    </>
  );
}
