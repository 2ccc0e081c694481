// A weekly fit as staff see it.
import { correctedKeys } from "../../machines/dataset/policy.ts";
import type { DatasetContext } from "../../machines/dataset/types.ts";
import type { CalibrationRecord } from "../quality/calibration/ports.ts";
import { metricsOf } from "../quality/engine/metrics.ts";
import { emptySums } from "../quality/engine/sums.ts";
import type { Sums } from "../quality/model.ts";
import type { CalibrationRun } from "./answers/datasets.ts";

/** @param context of the scope, which says what is in use; null: nobody has judged it */
export function runOf(run: CalibrationRecord, context: Pick<DatasetContext, "corrections"> | null): CalibrationRun {
  const { id, asOf, train, holdout, keys, combined, release, paramsHash, slicesHash, judgedAt } = run;
  const inUse = context?.corrections?.set === id ? correctedKeys(context) : [];
  return {
    ...{ id, asOf, train, holdout, paramsHash, slicesHash, judgedAt },
    keys: Object.entries(keys).map(([key, { before, after, ...said }]) => ({
      ...{ key, ...said, before: shown(before), after: shown(after) },
      isLive: inUse.includes(key),
    })),
    combined: Object.entries(combined.before).map(([key, before]) => ({
      ...{ key, before: shown(before), after: shown(combined.after[key] ?? emptySums()) },
    })),
    release: release === null ? null : { ...release, status: { ...release.status } },
  };
}

function shown(sums: Sums) {
  const { exactRatio, wape, mae } = metricsOf(sums);
  return { exactRatio, wape, mae, nPaired: sums.nPaired };
}
