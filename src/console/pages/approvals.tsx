// What waits for a second person: who asked for what, and why.
import { useState } from "preact/hooks";
import type { Approval } from "../../support/answers/people.ts";
import { send } from "../api.ts";
import { useLiveReload } from "../live-reload.ts";
import { Chip, type Tone } from "../parts/chips.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { ActorLink } from "../parts/id.tsx";
import { NeedsRole } from "../parts/needs-role.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { useResource } from "../resource.ts";
import { useIsOwn, useMay } from "../roles.ts";
import { fill, useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    title: "Approvals",
    lead: "What is too much for one person. Somebody else approves it, and then it is done, once.",
    waiting: "Waiting",
    decided: "Decided",
    none: "Nothing waits for a second person.",
    noneDecided: "Nothing was decided yet.",
    what: "What",
    actor: "Actor",
    many: "{n} actors",
    asked: "Asked by",
    reason: "Reason",
    ends: "Ends",
    outcome: "Outcome",
    decision: "Decision",
    approve: "Approve…",
    refuse: "Refuse…",
    approveTitle: "Approve and do it now",
    refuseTitle: "Refuse: nothing is done",
    approveVerb: "Approve",
    refuseVerb: "Refuse",
    approved: "approved",
    refused: "refused",
    expired: "expired",
    open: "waiting",
    mine: "Your own: somebody else approves it",
    by: "by {name}",
  },
  ru: {
    title: "Согласования",
    lead: "То, что слишком велико для одного человека. Кто-то другой согласует, и оно выполнится, один раз.",
    waiting: "Ждут",
    decided: "Решены",
    none: "Ничто не ждёт второго человека.",
    noneDecided: "Решений ещё не было.",
    what: "Что",
    actor: "Актор",
    many: "акторов: {n}",
    asked: "Кто просит",
    reason: "Причина",
    ends: "До",
    outcome: "Итог",
    decision: "Решение",
    approve: "Согласовать…",
    refuse: "Отказать…",
    approveTitle: "Согласовать и сразу выполнить",
    refuseTitle: "Отказать: ничего не произойдёт",
    approveVerb: "Согласовать",
    refuseVerb: "Отказать",
    approved: "согласовано",
    refused: "отказано",
    expired: "истекло",
    open: "ждёт",
    mine: "Ваш запрос: согласует кто-то другой",
    by: "решил(а) {name}",
  },
});

const TONES: Readonly<Record<Approval["state"], Tone>> = {
  waiting: "info",
  approved: "good",
  refused: "bad",
  expired: "plain",
};

/** Nobody approves their own; who asked may take it back, whoever they are. */
function Decide({
  approval: { askedBy, askedRole },
  onChoose,
}: {
  readonly approval: Approval;
  readonly onChoose: (verb: Choice["verb"]) => void;
}) {
  const t = useWords(TEXTS);
  const isMine = useIsOwn()(askedBy);
  const may = useMay(askedRole);
  return (
    <span class="row">
      <button type="button" disabled={isMine || !may} onClick={() => onChoose("approve")}>
        {t.approve}
      </button>
      <button type="button" disabled={!isMine && !may} onClick={() => onChoose("refuse")}>
        {t.refuse}
      </button>
      {isMine ? <span class="missing">{t.mine}</span> : !may && <NeedsRole role={askedRole} />}
    </span>
  );
}

interface Choice {
  readonly approval: Approval;
  readonly verb: "approve" | "refuse";
}

export function ApprovalsPage() {
  const t = useWords(TEXTS);
  const list = useResource<{ approvals: readonly Approval[] }>("/api/v1/approvals");
  const live = useLiveReload("", list.reload);
  const [choice, setChoice] = useState<Choice | null>(null);
  const both: readonly Column<Approval>[] = [
    {
      id: "what",
      title: t.what,
      cell: ({ title, event }) => (
        <>
          <strong>{title}</strong>
          <code class="cell-sub">{event.type}</code>
        </>
      ),
    },
    {
      id: "actor",
      title: t.actor,
      cell: ({ address, count }) => (address ? <ActorLink address={address} /> : fill(t.many, { n: count })),
    },
    {
      id: "asked",
      title: t.asked,
      cell: ({ askedBy, askedAt }) => (
        <>
          {askedBy}
          <span class="cell-sub">
            <Time at={askedAt} />
          </span>
        </>
      ),
    },
    { id: "reason", title: t.reason, cell: ({ reason }) => reason },
  ];
  const waiting: readonly Column<Approval>[] = [
    ...both,
    { id: "ends", title: t.ends, cell: ({ endsAt }) => <Time at={endsAt} /> },
    {
      id: "decision",
      title: t.decision,
      cell: (approval) => <Decide approval={approval} onChoose={(verb) => setChoice({ approval, verb })} />,
    },
  ];
  const decided: readonly Column<Approval>[] = [
    ...both,
    {
      id: "outcome",
      title: t.outcome,
      cell: ({ state, decidedBy }) => (
        <>
          <Chip tone={TONES[state]} text={state === "waiting" ? t.open : t[state]} />
          {decidedBy && <span class="cell-sub">{fill(t.by, { name: decidedBy })}</span>}
        </>
      ),
    },
  ];
  const keyOf = ({ id }: Approval) => id;
  return (
    <>
      <PageHead title={t.title} twin="/approvals" live={live} lead={t.lead} />
      <Loaded resource={list}>
        {({ approvals }) => (
          <>
            <section class="stack" aria-labelledby="waiting">
              <h2 id="waiting">{t.waiting}</h2>
              <Table
                caption={t.waiting}
                columns={waiting}
                rows={approvals.filter(({ state }) => state === "waiting")}
                keyOf={keyOf}
                empty={t.none}
              />
            </section>
            <section class="stack" aria-labelledby="decided">
              <h2 id="decided">{t.decided}</h2>
              <Table
                caption={t.decided}
                columns={decided}
                rows={approvals.filter(({ state }) => state !== "waiting")}
                keyOf={keyOf}
                empty={t.noneDecided}
              />
            </section>
          </>
        )}
      </Loaded>
      {choice && (
        <Confirm
          title={t[`${choice.verb}Title`]}
          verb={t[`${choice.verb}Verb`]}
          danger={choice.verb === "approve"}
          count={choice.verb === "approve" && choice.approval.count > 1 ? choice.approval.count : null}
          run={({ reason }) =>
            send(`/api/v1/approvals/${encodeURIComponent(choice.approval.id)}/${choice.verb}`, { reason })
          }
          onDone={() => {
            setChoice(null);
            list.reload();
          }}
          onClose={() => setChoice(null)}
        >
          <dl class="facts">
            <dt>{t.what}</dt>
            <dd>{choice.approval.title}</dd>
            <dt>{t.asked}</dt>
            <dd>{choice.approval.askedBy}</dd>
            <dt>{t.reason}</dt>
            <dd>{choice.approval.reason}</dd>
          </dl>
        </Confirm>
      )}
    </>
  );
}
