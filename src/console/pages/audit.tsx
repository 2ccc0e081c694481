// All events and commands, newest first: who, when, why, from → to.
import { useLocation } from "preact-iso";
import type { HistoryEntry } from "../../support/answers/actors.ts";
import type { AuditPage as Entries } from "../../support/answers/operations.ts";
import { Effects } from "../actor/entry-detail.tsx";
import { eventName } from "../actor/telling.ts";
import { actorPath } from "../api.ts";
import { useFilters } from "../filters.ts";
import { useLiveReload } from "../live-reload.ts";
import { Moved, Who } from "../parts/entry.tsx";
import { Loaded, Note } from "../parts/feedback.tsx";
import { FilterBar, Pager, TextFilter } from "../parts/filters.tsx";
import { ActorLink } from "../parts/id.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { useWords, words } from "../words.ts";
import { ChainCheck } from "./chain-check.tsx";

const TEXTS = words({
  en: {
    title: "Audit",
    lead: "Each event and each command, with its author and reason. The event's name leads to the actor as it was then.",
    person: "Telegram id",
    event: "Event",
    actor: "Actor",
    by: "Staff member",
    when: "When",
    who: "Who and why",
    move: "From → to, and effects",
    empty: "No entry is like that.",
    csv: "CSV",
    check: "Choose one actor to check the chain of its history.",
  },
  ru: {
    title: "Журнал",
    lead: "Каждое событие и каждая команда, с автором и причиной. Имя события ведёт к актору, каким он был тогда.",
    person: "Telegram id",
    event: "Событие",
    actor: "Актор",
    by: "Сотрудник",
    when: "Когда",
    who: "Кто и почему",
    move: "Было → стало и действия",
    empty: "Таких записей нет.",
    csv: "CSV",
    check: "Выберите одного актора, чтобы проверить цепочку его истории.",
  },
});

export function AuditPage() {
  const t = useWords(TEXTS);
  const { values, set, href } = useFilters(["person", "type", "address", "by"]);
  const cursor = useLocation().query.cursor ?? "";
  const query = { ...values, cursor };
  const entries = useResource<Entries>(withQuery("/api/v1/audit", query));
  // Whoever turned the page reads on in peace.
  const live = useLiveReload(cursor === "" ? "" : null, entries.reload);
  const columns: readonly Column<HistoryEntry>[] = [
    { id: "when", title: t.when, cell: ({ at }) => <Time at={at} /> },
    { id: "who", title: t.who, cell: ({ cause }) => <Who cause={cause} /> },
    {
      id: "event",
      title: t.event,
      cell: ({ address, seq, event }) => (
        <a href={`${actorPath(address)}/events/${seq}`} title={event.type} data-seq={seq}>
          <code>{eventName(event.type)}</code>
        </a>
      ),
    },
    { id: "actor", title: t.actor, cell: ({ address, seq }) => <ActorLink address={address} seq={seq} /> },
    {
      id: "move",
      title: t.move,
      cell: (entry) => (
        <>
          <Moved {...entry} />
          <Effects effects={entry.effects ?? []} />
        </>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t.title} twin={withQuery("/audit", query)} lead={t.lead} {...(cursor === "" ? { live } : {})}>
        <a class="button small" href={withQuery("/api/v1/audit", { ...values, format: "csv" })} download>
          {t.csv}
        </a>
      </PageHead>
      <FilterBar>
        <TextFilter label={t.person} value={values.person} onChange={(person) => set({ person })} />
        <TextFilter label={t.event} value={values.type} onChange={(type) => set({ type })} />
        <TextFilter label={t.actor} value={values.address} onChange={(address) => set({ address })} />
        <TextFilter label={t.by} value={values.by} onChange={(by) => set({ by })} />
      </FilterBar>
      {values.address.includes("/") ? <ChainCheck address={values.address} /> : <Note>{t.check}</Note>}
      <Loaded resource={entries}>
        {(page) => (
          <>
            <Table
              caption={t.title}
              columns={columns}
              rows={page.entries}
              keyOf={({ address, seq, entryId }) => `${address} ${seq} ${entryId}`}
              markOf={({ outcome }) => (outcome === "failed" ? "bad" : null)}
              empty={t.empty}
            />
            <Pager
              firstHref={cursor === "" ? null : href({})}
              nextHref={page.cursor === null ? null : href({ cursor: page.cursor })}
            />
          </>
        )}
      </Loaded>
    </>
  );
}
