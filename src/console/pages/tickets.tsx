// What customers asked, and what the service wants looked at.
import { useLocation } from "preact-iso";
import type { TicketPage } from "../../support/answers/incidents.ts";
import type { TicketLine } from "../../support/answers/people.ts";
import { useFilters } from "../filters.ts";
import { useLiveReload } from "../live-reload.ts";
import { Chip } from "../parts/chips.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { FilterBar, Pager, SelectFilter } from "../parts/filters.tsx";
import { ActorLink } from "../parts/id.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { PersonLink } from "../parts/person.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { usePreference } from "../preferences.ts";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { useWords, words } from "../words.ts";
import { SUBJECTS, TICKET_STATE_NAMES, TICKET_STATES, toneOf } from "./ticket-words.ts";

const TEXTS = words({
  en: {
    title: "Tickets",
    state: "State",
    subject: "Subject",
    since: "Since",
    customer: "Customer",
    about: "About",
    messages: "Messages",
    empty: "No ticket is like that.",
    unread: "cannot be read",
  },
  ru: {
    title: "Обращения",
    state: "Состояние",
    subject: "Тема",
    since: "С",
    customer: "Клиент",
    about: "О чём",
    messages: "Сообщений",
    empty: "Таких обращений нет.",
    unread: "не читается",
  },
});

export function TicketsPage() {
  const t = useWords(TEXTS);
  const states = useWords(TICKET_STATE_NAMES);
  const subjects = SUBJECTS[usePreference("language")];
  const { values, set, href } = useFilters(["state"]);
  const cursor = useLocation().query.cursor ?? "";
  const query = { ...values, cursor };
  const tickets = useResource<TicketPage>(withQuery("/api/v1/tickets", query));
  const live = useLiveReload("", tickets.reload);
  const columns: readonly Column<TicketLine>[] = [
    {
      id: "subject",
      title: t.subject,
      cell: ({ id, subject, detail }) => (
        <>
          <a href={`/console/tickets/${encodeURIComponent(id)}`} data-ticket={id}>
            {subject ? (subjects[subject] ?? subject) : id}
          </a>
          {detail && <code class="cell-sub">{detail}</code>}
        </>
      ),
    },
    {
      id: "state",
      title: t.state,
      cell: ({ state, problem }) =>
        problem ? (
          <Chip tone="bad" text={t.unread} />
        ) : (
          <Chip tone={toneOf(state)} text={states[state as keyof typeof states] ?? state ?? ""} />
        ),
    },
    { id: "since", title: t.since, cell: ({ since }) => <Time at={since ?? null} /> },
    {
      id: "customer",
      title: t.customer,
      cell: ({ customer }) => <PersonLink person={customer ?? null} />,
    },
    { id: "about", title: t.about, cell: ({ about }) => (about ? <ActorLink address={about} /> : "—") },
    { id: "messages", title: t.messages, number: true, cell: ({ messages }) => messages ?? "—" },
  ];
  return (
    <>
      <PageHead title={t.title} twin={withQuery("/tickets", query)} live={live} />
      <FilterBar>
        <SelectFilter
          label={t.state}
          value={values.state}
          options={TICKET_STATES.map((state) => ({ value: state, label: states[state] }))}
          onChange={(state) => set({ state })}
        />
      </FilterBar>
      <Loaded resource={tickets}>
        {(page) => (
          <>
            <Table caption={t.title} columns={columns} rows={page.tickets} keyOf={({ id }) => id} empty={t.empty} />
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
