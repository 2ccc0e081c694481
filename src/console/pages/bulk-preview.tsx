// What one event would do to all who are meant; nothing has changed yet.
import type { BulkGroup, BulkPlan } from "../../support/answers/bulk.ts";
import { PlanView } from "../actor/plan-view.tsx";
import { Moved } from "../parts/entry.tsx";
import { Note } from "../parts/feedback.tsx";
import { ActorLink } from "../parts/id.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { fill, useWords } from "../words.ts";
import { BULK_TEXTS } from "./bulk-words.ts";

type Line = BulkPlan["sample"][number];

export function BulkPreview({
  plan,
  verb,
  onGo,
}: {
  readonly plan: BulkPlan;
  readonly verb: string;
  readonly onGo: () => void;
}) {
  const t = useWords(BULK_TEXTS);
  const { count, would, groups, others, sample, final, approval } = plan;
  const columns: readonly Column<Line>[] = [
    { id: "actor", title: t.actor, cell: ({ address }) => <ActorLink address={address} /> },
    {
      id: "move",
      title: t.move,
      cell: ({ before, after }) => <Moved from={before} to={after} outcome="applied" />,
    },
    {
      id: "follows",
      title: t.follows,
      cell: ({ address, follows }) => {
        const heard = [...new Set(follows.map((follow) => follow.address))].filter((other) => other !== address);
        return heard.length === 0 ? "—" : heard.map((other) => <ActorLink key={other} address={other} />);
      },
    },
    {
      id: "told",
      title: t.told,
      cell: ({ told }) =>
        told.length === 0
          ? "—"
          : told.map(({ notice, text, language }) => (
              <p key={notice} lang={language}>
                {text}
              </p>
            )),
    },
    { id: "group", title: t.group, cell: ({ group }) => (group === null ? "—" : `№ ${group + 1}`) },
  ];
  return (
    <section class="card stack" aria-labelledby="preview" role="status">
      <div class="row">
        <h2 id="preview">{t.would}</h2>
        <span class="chip warn">{t.notYet}</span>
      </div>
      <dl class="tiles">
        <Tile name="meant" label={t.meant} value={count} />
        <Tile name="applied" label={t.applied} value={would.applied} />
        <Tile name="ignored" label={t.ignored} value={would.ignored} />
        <Tile name="unreadable" label={t.unreadable} value={would.unreadable} />
      </dl>
      {groups.length > 0 && <h3>{t.groups}</h3>}
      {groups.map((group, place) => (
        <Group key={group.example.step.address} group={group} place={place} />
      ))}
      {others > 0 && <Note>{fill(t.others, { n: others })}</Note>}
      {groups.length > 0 && <p class="small quiet-text">{t.apart}</p>}
      {sample.length > 0 && (
        <details>
          <summary>{fill(t.sample, { n: sample.length })}</summary>
          <Table
            caption={fill(t.sample, { n: sample.length })}
            columns={columns}
            rows={sample}
            keyOf={({ address }) => address}
            empty=""
          />
        </details>
      )}
      {final && <Note tone="warn">{fill(t.final, { n: would.final })}</Note>}
      {approval && <Note>{t.approval}</Note>}
      <div class="row end">
        {would.applied === 0 && <span class="missing">{t.nobodyWould}</span>}
        <button type="button" class="danger" disabled={would.applied === 0} onClick={onGo}>
          {verb}…
        </button>
      </div>
    </section>
  );
}

/** Those with which the same would happen: one of them told whole, in the words of each language. */
function Group({ group, place }: { readonly group: BulkGroup; readonly place: number }) {
  const t = useWords(BULK_TEXTS);
  const { count, example, told } = group;
  return (
    <div class="stack tight" data-group={count}>
      <div class="row">
        <strong>№ {place + 1}</strong> {fill(t.alike, { n: count })} <ActorLink address={example.step.address} />
      </div>
      <Moved from={example.before} to={example.after} outcome="applied" />
      <details open={place === 0}>
        <summary>{t.whole}</summary>
        <PlanView plan={{ ...example, told, approval: false }} />
      </details>
    </div>
  );
}

export function Tile({
  name,
  label,
  value,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: number;
}) {
  return (
    <div data-tile={name}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
