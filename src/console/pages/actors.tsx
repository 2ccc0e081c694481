// The table of actors: filters in the address, several chosen for one command.
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { ActorLine } from "../../support/answers/actors.ts";
import { timerName } from "../event-names.ts";
import { useFilters } from "../filters.ts";
import { MACHINE_NAMES, MACHINES } from "../machine-names.ts";
import { StateChips } from "../parts/chips.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { FilterBar, Pager, SelectFilter, TextFilter } from "../parts/filters.tsx";
import { ActorLink } from "../parts/id.tsx";
import { LinkFor } from "../parts/needs-role.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { PersonLink } from "../parts/person.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { useStates } from "../states.ts";
import { fill, useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    title: "Actors",
    machine: "Machine",
    state: "State",
    search: "Whose or which",
    searchHint: "Telegram id, @username, charge…",
    csv: "CSV",
    actor: "Actor",
    states: "State",
    since: "Since",
    nextTimer: "Next timer",
    customer: "Customer",
    choose: "Choose",
    chosen: "{n} chosen",
    bulk: "Send an event to them…",
    clear: "Choose none",
    empty: "No actor is like that.",
    all: "All that match: bulk…",
  },
  ru: {
    title: "Акторы",
    machine: "Машина",
    state: "Состояние",
    search: "Чей или какой",
    searchHint: "Telegram id, @username, платёж…",
    csv: "CSV",
    actor: "Актор",
    states: "Состояние",
    since: "С",
    nextTimer: "Ближайший таймер",
    customer: "Клиент",
    choose: "Выбрать",
    chosen: "Выбрано: {n}",
    bulk: "Отправить им событие…",
    clear: "Снять выбор",
    empty: "Таких акторов нет.",
    all: "Все подходящие: массово…",
  },
});

interface ActorsTable {
  readonly actors: readonly ActorLine[];
  readonly cursor: string | null;
}

export function ActorsPage() {
  const t = useWords(TEXTS);
  const names = useWords(MACHINE_NAMES);
  const { values, set, href } = useFilters(["machine", "state", "q"]);
  const cursor = useLocation().query.cursor ?? "";
  const table = useResource<ActorsTable>(withQuery("/api/v1/actors-table", { ...values, cursor }));
  const states = useStates(values.machine);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  useEffect(() => setChosen([]), [values.machine, values.state, values.q, cursor]);
  const toggle = (address: string) =>
    setChosen((before) =>
      before.includes(address) ? before.filter((known) => known !== address) : [...before, address],
    );

  const columns: readonly Column<ActorLine>[] = [
    {
      id: "choose",
      title: t.choose,
      cell: ({ address }) => (
        <label class="choose">
          <input
            type="checkbox"
            aria-label={`${t.choose}: ${address}`}
            checked={chosen.includes(address)}
            onChange={() => toggle(address)}
          />
        </label>
      ),
    },
    { id: "actor", title: t.actor, cell: ({ address }) => <ActorLink address={address} /> },
    {
      id: "states",
      title: t.states,
      cell: (line) =>
        line.problem ? <span class="chip bad">{line.problem}</span> : <StateChips states={line.states} />,
    },
    { id: "since", title: t.since, cell: ({ since }) => <Time at={since} /> },
    { id: "timer", title: t.nextTimer, cell: ({ nextTimer }) => <NextTimer timer={nextTimer} /> },
    { id: "customer", title: t.customer, cell: ({ customer }) => <PersonLink person={customer} /> },
  ];

  return (
    <>
      <PageHead title={t.title} twin={withQuery("/actors", { ...values, cursor })}>
        <a class="button small" href={withQuery("/api/v1/actors-table", { ...values, format: "csv" })} download>
          {t.csv}
        </a>
        {values.machine !== "" && values.state !== "" && (
          <LinkFor
            small
            least="support"
            href={withQuery("/console/bulk", { machine: values.machine, state: values.state })}
          >
            {t.all}
          </LinkFor>
        )}
      </PageHead>
      <FilterBar>
        <SelectFilter
          label={t.machine}
          value={values.machine}
          options={MACHINES.map((machine) => ({ value: machine, label: names[machine] }))}
          onChange={(machine) => set({ machine, state: "" })}
        />
        <SelectFilter label={t.state} value={values.state} options={states} onChange={(state) => set({ state })} />
        <TextFilter label={t.search} placeholder={t.searchHint} value={values.q} onChange={(q) => set({ q })} />
      </FilterBar>
      <Loaded resource={table}>
        {({ actors, cursor: next }) => (
          <>
            <Table caption={t.title} columns={columns} rows={actors} keyOf={({ address }) => address} empty={t.empty} />
            <Pager
              firstHref={cursor === "" ? null : href({})}
              nextHref={next === null ? null : href({ cursor: next })}
            />
          </>
        )}
      </Loaded>
      {chosen.length > 0 && (
        <div class="card row apart bar" role="status">
          <span>{fill(t.chosen, { n: chosen.length })}</span>
          <span class="row">
            <button type="button" onClick={() => setChosen([])}>
              {t.clear}
            </button>
            <LinkFor least="support" href={withQuery("/console/bulk", { addresses: chosen.join("\n") })}>
              {t.bulk}
            </LinkFor>
          </span>
        </div>
      )}
    </>
  );
}

function NextTimer({ timer }: { readonly timer: ActorLine["nextTimer"] }) {
  if (!timer) return <span>—</span>;
  return (
    <>
      <code title={timer.id}>{timerName(timer.id).delay}</code>
      <span class="cell-sub">
        <Time at={timer.dueAt} />
      </span>
    </>
  );
}
