// What needs a person first, then how many actors are where.
import { useState } from "preact/hooks";
import type { DriftKind } from "../../support/answers/drift.ts";
import type { Need, Overview } from "../../support/answers/operations.ts";
import { send } from "../api.ts";
import { useLiveReload } from "../live-reload.ts";
import { MACHINE_NAMES } from "../machine-names.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Loaded, Note } from "../parts/feedback.tsx";
import { Icon } from "../parts/icon.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Time } from "../parts/time.tsx";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { fill, useWords, words } from "../words.ts";
import { DRIFT_NAMES } from "./drift-names.ts";
import { NEED_NAMES } from "./need-names.ts";

const TEXTS = words({
  en: {
    title: "Overview",
    needs: "Needs a person",
    calm: "Nothing waits for a person.",
    since: "since",
    oldest: "the oldest since",
    customer: "customer",
    release: "Release…",
    releaseTitle: "Release {n} removals",
    releaseVerb: "Release {n} removals",
    releaseText:
      "The breaker stopped removals from {address}, because too many came at once. When released, all of them go on: everybody who has no right any more is removed.",
    drift: "Drift",
    where: "Actors by state",
    total: "{n} in all",
    none: "none yet",
  },
  ru: {
    title: "Обзор",
    needs: "Ждёт человека",
    calm: "Ничто не ждёт человека.",
    since: "с",
    oldest: "самое старое с",
    customer: "клиент",
    release: "Отпустить…",
    releaseTitle: "Отпустить удаления: {n}",
    releaseVerb: "Отпустить удаления: {n}",
    releaseText:
      "Предохранитель остановил удаления из {address}: их стало слишком много сразу. Если отпустить, они продолжатся: каждый, у кого больше нет права, будет удалён.",
    drift: "Расхождения",
    where: "Акторы по состояниям",
    total: "всего {n}",
    none: "пока нет",
  },
});

/** What customers feel at once. */
const URGENT: ReadonlySet<Need["kind"]> = new Set([
  "channelLost",
  "breakerTripped",
  "paidOutside",
  "failedEffect",
  "quarantine",
]);

export function OverviewPage() {
  const t = useWords(TEXTS);
  const overview = useResource<Overview>("/api/v1/overview");
  const live = useLiveReload("", overview.reload);
  const [releasing, setReleasing] = useState<Need | null>(null);
  return (
    <>
      <PageHead title={t.title} twin="/overview" live={live} />
      <Loaded resource={overview}>
        {({ needs, machines, drift }) => (
          <>
            <section class="stack" aria-labelledby="needs">
              <h2 id="needs">{t.needs}</h2>
              {needs.length === 0 ? (
                <Note tone="good">{t.calm}</Note>
              ) : (
                <ul class="needs">
                  {needs.map((need) => (
                    <NeedLine key={`${need.kind} ${need.address}`} need={need} onRelease={() => setReleasing(need)} />
                  ))}
                </ul>
              )}
            </section>
            <section class="stack" aria-labelledby="counts">
              <h2 id="counts">{t.where}</h2>
              <div class="machines">
                <DriftCard counts={drift} />
                {machines.map((line) => (
                  <MachineCard key={line.machine} line={line} />
                ))}
              </div>
            </section>
          </>
        )}
      </Loaded>
      {releasing && (
        <Release
          need={releasing}
          onClose={() => setReleasing(null)}
          onDone={() => {
            setReleasing(null);
            overview.reload();
          }}
        />
      )}
    </>
  );
}

function NeedLine({ need, onRelease }: { readonly need: Need; readonly onRelease: () => void }) {
  const t = useWords(TEXTS);
  const names = useWords(NEED_NAMES);
  const { kind, count, address, customer, since, href, text, held } = need;
  const isCounted = (held ?? count) > 1 || kind === "ticket" || kind === "paidOutside";
  return (
    <li class={URGENT.has(kind) ? "need bad" : "need"} data-need={kind}>
      <Icon name="warn" />
      <div class="grow">
        <a href={href}>
          {names[kind]}
          {isCounted ? `: ${held ?? count}` : ""}
        </a>
        {address && (
          <>
            {" "}
            <code>{address}</code>
          </>
        )}
        {customer !== null && (
          <span class="cell-sub">
            <a href={`/console/customers/${customer}`}>
              {t.customer} <code>{customer}</code>
            </a>
          </span>
        )}
        {text !== "" && <span class="cell-sub">{text}</span>}
      </div>
      {since !== null && (
        <span class="small quiet-text">
          {kind === "ticket" ? t.oldest : t.since} <Time at={since} />
        </span>
      )}
      {kind === "breakerTripped" && held !== null && (
        <button type="button" onClick={onRelease}>
          {t.release}
        </button>
      )}
    </li>
  );
}

function Release({
  need,
  onClose,
  onDone,
}: {
  readonly need: Need;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const t = useWords(TEXTS);
  const held = need.held ?? 0;
  const chatId = need.address?.slice("channel/".length) ?? "";
  return (
    <Confirm
      danger
      title={fill(t.releaseTitle, { n: held })}
      verb={fill(t.releaseVerb, { n: held })}
      count={held}
      run={(command) => send(`/api/v1/channels/${encodeURIComponent(chatId)}/release-removals`, { ...command, held })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{fill(t.releaseText, { address: need.address ?? "" })}</p>
    </Confirm>
  );
}

/** What reconciliation found and what is not gone yet. */
function DriftCard({ counts }: { readonly counts: Overview["drift"] }) {
  const t = useWords(TEXTS);
  const names = useWords(DRIFT_NAMES);
  const found = (Object.keys(names) as DriftKind[]).filter((kind) => counts[kind] > 0);
  return (
    <section class="card" aria-labelledby="drift">
      <div class="row apart">
        <h3 id="drift">
          <a href="/console/drift">{t.drift}</a>
        </h3>
        {found.length === 0 && <span class="small quiet-text">{t.none}</span>}
      </div>
      <ul class="counts">
        {found.map((kind) => (
          <li key={kind}>
            <a href={withQuery("/console/drift", { kind })}>
              {names[kind]}
              <b>{counts[kind]}</b>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function MachineCard({ line: { machine, total, states } }: { readonly line: Overview["machines"][number] }) {
  const t = useWords(TEXTS);
  const names = useWords(MACHINE_NAMES);
  const counts = Object.entries(states).sort(([one], [other]) => one.localeCompare(other));
  return (
    <section class="card" aria-labelledby={`of-${machine}`}>
      <div class="row apart">
        <h3 id={`of-${machine}`}>
          <a href={withQuery("/console/actors", { machine })}>{names[machine]}</a>
        </h3>
        <span class="small quiet-text">{total === 0 ? t.none : fill(t.total, { n: total })}</span>
      </div>
      {counts.length > 0 && (
        <ul class="counts">
          {counts.map(([state, count]) => (
            <li key={state}>
              <a href={withQuery("/console/actors", { machine, state })} data-count={`${machine} ${state}`}>
                <code>{state}</code>
                <b>{count}</b>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
