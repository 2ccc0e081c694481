// One key over the days: what its limits are about, and the tier that follows from them.
import type { DatasetDay, ParityDays } from "../../support/answers/datasets.ts";
import { Curve, type CurveLimit } from "../parts/curve.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { fill, useWords } from "../words.ts";
import { PARITY_TEXTS } from "./parity-words.ts";
import { type Tier, TierChip, useShare } from "./tier-chip.tsx";

interface Day {
  readonly date: string;
  /** null: nothing was compared, or it is not kept any more. */
  readonly measures: NonNullable<DatasetDay["keys"]>[string] | null;
  readonly tier: Tier;
}
type Limits = ParityDays["keys"][number];
const MEASURES = [
  { measure: "exact", field: "exactRatio", limit: "exactMin", sign: "≥" },
  { measure: "wape", field: "wape", limit: "wapeMax", sign: "≤" },
  { measure: "coverage", field: "coverage", limit: "coverageMin", sign: "≥" },
] as const;

export function KeyCurves({
  title,
  limits,
  days,
}: {
  readonly title: string;
  readonly limits: Limits;
  /** Oldest first, at least one. */
  readonly days: readonly Day[];
}) {
  const t = useWords(PARITY_TEXTS);
  const share = useShare();
  const columns: readonly Column<Day>[] = [
    { id: "day", title: t.day, cell: ({ date }) => date },
    { id: "tier", title: t.tier, cell: ({ tier }) => <TierChip tier={tier} /> },
    ...MEASURES.map(({ measure, field }) => ({
      ...{ id: measure, title: t[measure], number: true },
      cell: (day: Day) => share(day.measures?.[field]),
    })),
    { id: "cells", title: t.cells, number: true, cell: ({ measures }) => measures?.nCells ?? "—" },
  ];
  return (
    <section class="card stack" aria-label={title}>
      <h3>{title}</h3>
      <div class="curves">
        {MEASURES.map(({ measure, field, limit, sign }) => {
          const marks = (["green", "yellow"] as const).flatMap((tone): CurveLimit[] => {
            const value = limits[tone][limit];
            return value === undefined ? [] : [{ tone, value, text: `${sign} ${share(value)}` }];
          });
          const points = days.map(({ date, measures, tier }) => {
            const value = measures?.[field] ?? null;
            return { date, value, text: `${date}: ${share(value)}, ${t[tier]}` };
          });
          const sentence = fill(t.curve, {
            what: t[measure],
            from: points[0]?.date ?? "",
            to: points.at(-1)?.date ?? "",
            last: String(share(points.at(-1)?.value)),
          });
          return (
            <Curve
              key={measure}
              title={t[measure]}
              label={[sentence, ...marks.map(({ tone, text }) => `${t[tone as "green"]} ${text}`)].join("; ")}
              points={points}
              limits={marks}
              isErrorMeasure={measure === "wape"}
            />
          );
        })}
      </div>
      <span class="small quiet-text">{t.tier}</span>
      <div class="tiers" aria-hidden="true">
        {days.map(({ date, tier }) => (
          <i key={date} class={tier} title={`${date}: ${t[tier]}`} />
        ))}
      </div>
      <details>
        <summary>{t.dayByDay}</summary>
        <Table caption={title} columns={columns} rows={[...days].reverse()} keyOf={({ date }) => date} empty="" />
      </details>
    </section>
  );
}
