// What became of a command to many actors.
import type { Approval, BulkDone } from "../../support/answers/people.ts";
import { Note } from "../parts/feedback.tsx";
import { ActorLink } from "../parts/id.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { useWords } from "../words.ts";
import { Tile } from "./bulk-preview.tsx";
import { BULK_TEXTS } from "./bulk-words.ts";

type Failure = BulkDone["failed"][number];

export function BulkOutcome({
  outcome,
}: {
  readonly outcome: { readonly done: BulkDone } | { readonly approval: Approval };
}) {
  const t = useWords(BULK_TEXTS);
  if ("approval" in outcome) {
    return (
      <div role="status">
        <Note>
          {t.held} <a href="/console/approvals">{t.approvals}</a>
        </Note>
      </div>
    );
  }
  const { applied, ignored, duplicate, failed } = outcome.done;
  const columns: readonly Column<Failure>[] = [
    { id: "actor", title: t.actor, cell: ({ address }) => <ActorLink address={address} /> },
    { id: "code", title: t.error, cell: ({ code }) => <code>{code}</code> },
  ];
  return (
    <section class="card stack" aria-labelledby="outcome" role="status">
      <h2 id="outcome">{t.done}</h2>
      <dl class="tiles">
        <Tile name="applied" label={t.wasApplied} value={applied} />
        <Tile name="ignored" label={t.wasIgnored} value={ignored} />
        <Tile name="duplicate" label={t.duplicate} value={duplicate} />
        <Tile name="failed" label={t.failed} value={failed.length} />
      </dl>
      {failed.length > 0 && (
        <Table
          caption={t.failed}
          columns={columns}
          rows={failed}
          keyOf={({ address }) => address}
          markOf={() => "bad"}
          empty=""
        />
      )}
    </section>
  );
}
