// What one event would do to all who are meant; nothing has changed yet.
import type { BulkPlan } from "../../support/answers/people.ts";
import { Moved } from "../parts/entry.tsx";
import { Note } from "../parts/feedback.tsx";
import { ActorLink } from "../parts/id.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { useWords } from "../words.ts";
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
  const { count, would, sample, final, approval } = plan;
  const columns: readonly Column<Line>[] = [
    { id: "actor", title: t.actor, cell: ({ address }) => <ActorLink address={address} /> },
    {
      id: "move",
      title: t.move,
      cell: ({ before, after }) => <Moved from={before} to={after} outcome="applied" />,
    },
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
      {sample.length > 0 && <h3>{t.sample}</h3>}
      {sample.length > 0 && (
        <Table caption={t.sample} columns={columns} rows={sample} keyOf={({ address }) => address} empty="" />
      )}
      {final && <Note tone="warn">{t.final}</Note>}
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
