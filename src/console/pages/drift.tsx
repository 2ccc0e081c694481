// What reconciliation found and what is not gone yet: of which kind, about whom, and what puts it right.
import { useLocation } from "preact-iso";
import type { Drift, DriftHealing, DriftKind, DriftList } from "../../support/answers/drift.ts";
import { useLiveReload } from "../live-reload.ts";
import { Chip } from "../parts/chips.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { FilterBar, SelectFilter } from "../parts/filters.tsx";
import { ActorLink } from "../parts/id.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { useWords, words } from "../words.ts";
import { DRIFT_NAMES } from "./drift-names.ts";

const TEXTS = words({
  en: {
    title: "Drift",
    lead: "Where Telegram’s books, our actors and the chats differ. Most of it puts itself right.",
    kind: "Kind",
    about: "About",
    since: "Since",
    heals: "Heals by",
    state: "State",
    open: "waits for people",
    healing: "under way",
    healed: "healed",
    empty: "Nothing differs.",
    closing: "closing its ticket, once you know who it is",
    counted: "Telegram counts",
    known: "on record",
  },
  ru: {
    title: "Расхождения",
    lead: "Где расходятся учёт Telegram, наши акторы и чаты. Почти всё исправляется само.",
    kind: "Вид",
    about: "О ком",
    since: "С",
    heals: "Исправит",
    state: "Состояние",
    open: "ждёт людей",
    healing: "исправляется",
    healed: "исправлено",
    empty: "Расхождений нет.",
    closing: "закрытие обращения, когда известно, кто это",
    counted: "по счёту Telegram",
    known: "в записях",
  },
});

export function DriftPage() {
  const t = useWords(TEXTS);
  const names = useWords(DRIFT_NAMES);
  const location = useLocation();
  const { kind = "" } = location.query;
  const list = useResource<DriftList>(withQuery("/api/v1/drift", { kind }));
  const live = useLiveReload("", list.reload);
  const columns: readonly Column<Drift>[] = [
    { id: "kind", title: t.kind, cell: (drift) => names[drift.kind] },
    { id: "about", title: t.about, cell: (drift) => <About {...drift} /> },
    { id: "since", title: t.since, cell: ({ since }) => <Time at={since} /> },
    { id: "heals", title: t.heals, cell: ({ healing }) => healing && <Healing {...healing} /> },
    {
      id: "state",
      title: t.state,
      cell: ({ state }) => <Chip tone={state === "open" ? "warn" : "plain"} text={t[state]} />,
    },
  ];
  return (
    <>
      <PageHead title={t.title} twin={withQuery("/drift", { kind })} live={live} lead={t.lead} />
      <FilterBar>
        <SelectFilter
          label={t.kind}
          value={kind}
          options={(Object.keys(names) as DriftKind[]).map((value) => ({ value, label: names[value] }))}
          onChange={(value) => location.route(withQuery("/console/drift", { kind: value }))}
        />
      </FilterBar>
      <Loaded resource={list}>
        {({ drifts }) => (
          <Table caption={t.title} columns={columns} rows={drifts} keyOf={({ id }) => id} empty={t.empty} />
        )}
      </Loaded>
    </>
  );
}

function Healing({ machine, id, event }: DriftHealing) {
  const t = useWords(TEXTS);
  if (machine !== "ticket") return <code>{event.type}</code>;
  return <a href={`/console/tickets/${encodeURIComponent(id)}`}>{t.closing}</a>;
}

function About({ about: { chargeId, userId, chatId }, evidence }: Pick<Drift, "about" | "evidence">) {
  const t = useWords(TEXTS);
  return (
    <>
      {chargeId !== null && <ActorLink address={`payment/${chargeId}`} />}
      {userId !== null && (
        <span class="cell-sub">
          <a href={`/console/customers/${userId}`}>
            <code>{userId}</code>
          </a>
        </span>
      )}
      {chatId !== null && <ActorLink address={`channel/${chatId}`} />}
      {evidence.from === "count" && (
        <span class="cell-sub">
          {t.counted} {evidence.telegram}, {t.known} {evidence.known}
        </span>
      )}
    </>
  );
}
