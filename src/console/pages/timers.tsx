// Every pending timer by due time; late ones on top, because the service should have fired them.
import { useLocation } from "preact-iso";
import type { Timers } from "../../support/answers/operations.ts";
import { timerName } from "../event-names.ts";
import { lateFirst } from "../late-first.ts";
import { useLiveReload } from "../live-reload.ts";
import { Chip } from "../parts/chips.tsx";
import { Loaded, Note } from "../parts/feedback.tsx";
import { Pager } from "../parts/filters.tsx";
import { ActorLink } from "../parts/id.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { duration, setServiceNow, Time } from "../parts/time.tsx";
import { usePreference } from "../preferences.ts";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { fill, useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    title: "Timers",
    lead: "Each wakes its actor once, at or after its time.",
    late: "late by {time}",
    lateNote: "Late timers: {n}. If they become more, no worker drains the clock.",
    clock: "Queue “clock”",
    due: "Due",
    left: "Left",
    timer: "Timer",
    state: "In state",
    actor: "Actor",
    empty: "No timer is pending.",
    shown: "{shown} of {n}",
  },
  ru: {
    title: "Таймеры",
    lead: "Каждый будит своего актора один раз, в срок или чуть позже.",
    late: "опоздал на {time}",
    lateNote: "Опоздавших таймеров: {n}. Если их всё больше, часы никто не разбирает.",
    clock: "Очередь «clock»",
    due: "Срок",
    left: "Осталось",
    timer: "Таймер",
    state: "В состоянии",
    actor: "Актор",
    empty: "Ни один таймер не взведён.",
    shown: "{shown} из {n}",
  },
});

type Line = Timers["timers"][number];
type Page = Timers & { readonly cursor?: string | null };

export function TimersPage() {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const cursor = useLocation().query.cursor ?? "";
  const timers = useResource<Page>(withQuery("/api/v1/timers", { cursor }));
  const live = useLiveReload("", timers.reload);
  return (
    <>
      <PageHead title={t.title} twin={withQuery("/timers", { cursor })} live={live} lead={t.lead} />
      <Loaded resource={timers}>
        {(page) => {
          setServiceNow(page.now);
          const columns: readonly Column<Line>[] = [
            { id: "due", title: t.due, cell: ({ dueAt }) => <Time at={dueAt} /> },
            {
              id: "left",
              title: t.left,
              cell: ({ dueAt, lateMs }) =>
                lateMs > 0 ? (
                  <Chip tone="warn" text={fill(t.late, { time: duration(lateMs, language) })} />
                ) : (
                  duration(dueAt - page.now, language)
                ),
            },
            { id: "timer", title: t.timer, cell: ({ id }) => <code title={id}>{timerName(id).delay}</code> },
            { id: "state", title: t.state, cell: ({ id }) => <code>{timerName(id).state}</code> },
            { id: "actor", title: t.actor, cell: ({ address }) => <ActorLink address={address} /> },
          ];
          return (
            <>
              {page.late > 0 && (
                <Note tone="warn">
                  {fill(t.lateNote, { n: page.late })} <a href="/console/queues/clock">{t.clock}</a>
                </Note>
              )}
              <Table
                caption={t.title}
                columns={columns}
                rows={lateFirst(page.timers)}
                keyOf={({ address, id }) => `${address} ${id}`}
                markOf={({ lateMs }) => (lateMs > 0 ? "warn" : null)}
                empty={t.empty}
              />
              <p class="small quiet-text">{fill(t.shown, { shown: page.timers.length, n: page.total })}</p>
              <Pager
                firstHref={cursor === "" ? null : "/console/timers"}
                nextHref={page.cursor ? withQuery("/console/timers", { cursor: page.cursor }) : null}
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}
