// What came to a stop for good and waits for a decision: effects given up, actors that cannot be read, updates set aside.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { FailedEffectList, QuarantineList, UpdatesSetAside } from "../../support/answers/incidents.ts";
import { actorPath, send } from "../api.ts";
import { addressOfEffect } from "../event-names.ts";
import { type Command, Confirm } from "../parts/confirm.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { ActorLink, Id } from "../parts/id.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { useResource } from "../resource.ts";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    effects: "Failed effects",
    effectsNone: "No effect was given up.",
    quarantine: "Actors that cannot be read",
    quarantineNone: "Every actor can be read.",
    updates: "Updates set aside",
    updatesNone: "No update was set aside.",
    effect: "Effect",
    kind: "Kind",
    error: "Error",
    at: "When",
    actor: "Actor",
    problem: "Problem",
    update: "Update",
    person: "Person",
    money: "Money",
    fields: "Fields",
    action: "Action",
    retry: "Retry…",
    retryTitle: "Try the effect again",
    retryVerb: "Retry effect",
    release: "Release…",
    releaseTitle: "Let the actor go on",
    releaseVerb: "Release actor",
    forget: "Forget…",
    forgetTitle: "Take the update off the list",
    forgetVerb: "Forget update",
    forgetText: "It may be all that is left of a payment. Forget it only when what it says was put right by hand.",
  },
  ru: {
    effects: "Неудавшиеся действия",
    effectsNone: "Все действия удались.",
    quarantine: "Акторы, которые не читаются",
    quarantineNone: "Все акторы читаются.",
    updates: "Отложенные обновления",
    updatesNone: "Отложенных обновлений нет.",
    effect: "Действие",
    kind: "Вид",
    error: "Ошибка",
    at: "Когда",
    actor: "Актор",
    problem: "Что не так",
    update: "Обновление",
    person: "Человек",
    money: "Деньги",
    fields: "Поля",
    action: "Решение",
    retry: "Повторить…",
    retryTitle: "Выполнить действие ещё раз",
    retryVerb: "Повторить действие",
    release: "Отпустить…",
    releaseTitle: "Вернуть актора в работу",
    releaseVerb: "Отпустить актора",
    forget: "Убрать…",
    forgetTitle: "Убрать обновление из списка",
    forgetVerb: "Убрать обновление",
    forgetText: "Это может быть всё, что осталось от платежа. Уберите, только если всё исправлено вручную.",
  },
});

type FailedEffect = FailedEffectList["effects"][number];
type Quarantined = QuarantineList["actors"][number];
type SetAside = UpdatesSetAside["updates"][number];

export function Incidents() {
  return (
    <>
      <FailedEffects />
      <QuarantinedActors />
      <SetAsideUpdates />
    </>
  );
}

function FailedEffects() {
  const t = useWords(TEXTS);
  const failed = useResource<FailedEffectList>("/api/v1/failed-effects");
  const [chosen, setChosen] = useState<FailedEffect | null>(null);
  const columns: readonly Column<FailedEffect>[] = [
    { id: "effect", title: t.effect, cell: ({ effectId }) => <Id text={effectId} /> },
    { id: "kind", title: t.kind, cell: ({ kind }) => <code>{kind}</code> },
    { id: "code", title: t.error, cell: ({ code }) => <code>{code}</code> },
    { id: "at", title: t.at, cell: ({ at }) => <Time at={at} /> },
    {
      id: "actor",
      title: t.actor,
      cell: ({ effectId }) => {
        const address = addressOfEffect(effectId);
        return address ? <ActorLink address={address} /> : "—";
      },
    },
    {
      id: "action",
      title: t.action,
      cell: (line) => (
        <button type="button" class="quiet" aria-label={`${t.retry} ${line.effectId}`} onClick={() => setChosen(line)}>
          {t.retry}
        </button>
      ),
    },
  ];
  return (
    <Section id="failed-effects" title={t.effects}>
      <Loaded resource={failed}>
        {({ effects }) => (
          <Table
            caption={t.effects}
            columns={columns}
            rows={effects}
            keyOf={({ effectId }) => effectId}
            markOf={() => "bad"}
            empty={t.effectsNone}
          />
        )}
      </Loaded>
      {chosen && (
        <Decision
          title={t.retryTitle}
          verb={t.retryVerb}
          what={chosen.effectId}
          path={`/api/v1/failed-effects/${encodeURIComponent(chosen.effectId)}/retry`}
          onEnd={(isDone) => {
            setChosen(null);
            if (isDone) failed.reload();
          }}
        />
      )}
    </Section>
  );
}

function QuarantinedActors() {
  const t = useWords(TEXTS);
  const quarantine = useResource<QuarantineList>("/api/v1/quarantine");
  const [chosen, setChosen] = useState<Quarantined | null>(null);
  const columns: readonly Column<Quarantined>[] = [
    { id: "actor", title: t.actor, cell: ({ address }) => <ActorLink address={address} /> },
    { id: "problem", title: t.problem, cell: ({ problem }) => <code>{problem}</code> },
    { id: "at", title: t.at, cell: ({ at }) => <Time at={at} /> },
    {
      id: "action",
      title: t.action,
      cell: (line) => (
        <button type="button" class="quiet" aria-label={`${t.release} ${line.address}`} onClick={() => setChosen(line)}>
          {t.release}
        </button>
      ),
    },
  ];
  return (
    <Section id="quarantine" title={t.quarantine}>
      <Loaded resource={quarantine}>
        {({ actors }) => (
          <Table
            caption={t.quarantine}
            columns={columns}
            rows={actors}
            keyOf={({ address }) => address}
            markOf={() => "bad"}
            empty={t.quarantineNone}
          />
        )}
      </Loaded>
      {chosen && (
        <Decision
          title={t.releaseTitle}
          verb={t.releaseVerb}
          what={chosen.address}
          path={`${actorPath(chosen.address, "/api/v1/quarantine")}/release`}
          onEnd={(isDone) => {
            setChosen(null);
            if (isDone) quarantine.reload();
          }}
        />
      )}
    </Section>
  );
}

function SetAsideUpdates() {
  const t = useWords(TEXTS);
  const aside = useResource<UpdatesSetAside>("/api/v1/updates-set-aside");
  const [chosen, setChosen] = useState<SetAside | null>(null);
  const columns: readonly Column<SetAside>[] = [
    { id: "update", title: t.update, cell: ({ id }) => <Id text={id} /> },
    {
      id: "kind",
      title: t.kind,
      cell: ({ kind, problem }) => (
        <>
          <code>{kind}</code>
          <span class="cell-sub">{problem}</span>
        </>
      ),
    },
    { id: "fields", title: t.fields, cell: ({ fields }) => <code>{fields.join(", ") || "—"}</code> },
    {
      id: "person",
      title: t.person,
      cell: ({ userId }) => (userId ? <a href={`/console/customers/${userId}`}>{userId}</a> : "—"),
    },
    {
      id: "money",
      title: t.money,
      cell: ({ money }) => (Object.keys(money).length > 0 ? <code>{JSON.stringify(money)}</code> : "—"),
    },
    { id: "at", title: t.at, cell: ({ at }) => <Time at={at} /> },
    {
      id: "action",
      title: t.action,
      cell: (line) => (
        <button type="button" class="quiet" aria-label={`${t.forget} ${line.id}`} onClick={() => setChosen(line)}>
          {t.forget}
        </button>
      ),
    },
  ];
  return (
    <Section id="updates-set-aside" title={t.updates}>
      <Loaded resource={aside}>
        {({ updates }) => (
          <Table
            caption={t.updates}
            columns={columns}
            rows={updates}
            keyOf={({ id }) => id}
            markOf={({ money }) => (Object.keys(money).length > 0 ? "bad" : "warn")}
            empty={t.updatesNone}
          />
        )}
      </Loaded>
      {chosen && (
        <Decision
          danger
          title={t.forgetTitle}
          verb={t.forgetVerb}
          what={chosen.id}
          text={t.forgetText}
          path={`/api/v1/updates-set-aside/${encodeURIComponent(chosen.id)}/forget`}
          onEnd={(isDone) => {
            setChosen(null);
            if (isDone) aside.reload();
          }}
        />
      )}
    </Section>
  );
}

function Section({
  id,
  title,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** A decision with a reason about one thing. */
function Decision({
  title,
  verb,
  what,
  text,
  path,
  danger = false,
  onEnd,
}: {
  readonly title: string;
  readonly verb: string;
  readonly what: string;
  readonly text?: string;
  readonly path: string;
  readonly danger?: boolean;
  readonly onEnd: (isDone: boolean) => void;
}) {
  return (
    <Confirm
      title={title}
      verb={verb}
      danger={danger}
      run={(command: Command) => send(path, command)}
      onDone={() => onEnd(true)}
      onClose={() => onEnd(false)}
    >
      <p>
        <code>{what}</code>
      </p>
      {text && <p>{text}</p>}
    </Confirm>
  );
}
