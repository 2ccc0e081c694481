// What calibration found at its last fit: key by key, before and after, on days that it had not seen.
import type { CalibrationRun, DatasetCalibration } from "../../support/answers/datasets.ts";
import { Chip } from "../parts/chips.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { useResource } from "../resource.ts";
import { fill, useWords } from "../words.ts";
import { PARITY_TEXTS } from "./parity-words.ts";
import { useShare } from "./tier-chip.tsx";

type Line = CalibrationRun["keys"][number];

/** @param path of the spreadsheet, in the API */
export function Calibration({ path }: { readonly path: string }) {
  const t = useWords(PARITY_TEXTS);
  const share = useShare();
  const runs = useResource<DatasetCalibration>(`${path}/calibration`);
  const columns: readonly Column<Line>[] = [
    { id: "key", title: t.key, cell: ({ key }) => <code>{key}</code> },
    {
      id: "verdict",
      title: t.verdict,
      cell: ({ verdict, reason, isLive, withdrawnOn }) => (
        <>
          <Chip
            text={withdrawnOn === null ? (isLive ? t.released : t[verdict]) : fill(t.withdrawn, { day: withdrawnOn })}
            tone={isLive ? "good" : withdrawnOn === null ? "plain" : "warn"}
          />
          {reason !== null && <code class="cell-sub">{reason}</code>}
        </>
      ),
    },
    ...(["exactRatio", "wape"] as const).map((field) => ({
      ...{ id: field, title: field === "wape" ? t.wapeBefore : t.ratioBefore, number: true },
      cell: ({ before, after }: Line) => (
        <>
          {share(before[field])} → {share(after[field])}
        </>
      ),
    })),
  ];
  return (
    <>
      <h3>{t.calibration}</h3>
      <Loaded resource={runs}>
        {({ runs: [run] }) =>
          run === undefined ? (
            <p class="card empty">{t.noCalibration}</p>
          ) : (
            <>
              <p class="quiet-text">
                {fill(t.calibrationOf, {
                  train: `${run.train.from} – ${run.train.to}`,
                  holdout: `${run.holdout.from} – ${run.holdout.to}`,
                })}{" "}
                {run.release?.verdict === "deny" && fill(t.denied, { why: run.release.reason ?? "" })}
              </p>
              <Table caption={t.calibration} columns={columns} rows={run.keys} keyOf={({ key }) => key} empty="" />
            </>
          )
        }
      </Loaded>
    </>
  );
}
