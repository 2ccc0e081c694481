// How complete the local history is (contract, section 5).
import { dayNumber } from "../../../machines/dataset/days.ts";
import type { CatalogueEntry, DayWindow } from "../model.ts";
import { share } from "./metrics.ts";
import type { RowTable } from "./row-table.ts";

/** On which days an nm_id is expected, and on which local has it. Unit: days since 1970-01-01. */
interface Presence {
  readonly first: number;
  /** First day on which it is no longer expected. */
  readonly retired: number;
  /** In ascending order. */
  readonly present: readonly number[];
}

export type History = readonly Presence[];

/**
 * @param local all local rows at hand: the first of an nm_id counts as `first_seen` where the catalogue has none
 * @param catalogue null: there is none
 */
export function historyOf(
  local: RowTable,
  catalogue: ReadonlyMap<number, Pick<CatalogueEntry, "firstSeen" | "retiredAt">> | null,
): History {
  const byNmId = new Map<number, number[]>();
  for (let row = 0; row < local.size; row++) {
    const nmId = local.nmIds[row] ?? 0;
    const days = byNmId.get(nmId);
    if (days) days.push(local.days[row] ?? 0);
    else byNmId.set(nmId, [local.days[row] ?? 0]);
  }
  return [...new Set([...byNmId.keys(), ...(catalogue?.keys() ?? [])])].flatMap((nmId) => {
    const present = byNmId.get(nmId) ?? [];
    const { firstSeen = null, retiredAt = null } = catalogue?.get(nmId) ?? {};
    const first = firstSeen === null ? present[0] : dayNumber(firstSeen);
    if (first === undefined) return [];
    return [{ first, retired: retiredAt === null ? Number.POSITIVE_INFINITY : dayNumber(retiredAt), present }];
  });
}

/** Shares are null when there is nothing to divide by. */
export interface Completeness {
  /** nm_ids expected on at least one day. */
  readonly nmTotal: number;
  /** Those present on every day they are expected. */
  readonly nmContinuous: number;
  readonly pctNmContinuous: number | null;
  /** Days on which at least one nm_id is expected. */
  readonly daysTotal: number;
  /** Those on which every expected nm_id is present. */
  readonly daysWhole: number;
  readonly pctDaysWithoutHoles: number | null;
  /** Pairs of an nm_id and a day on which it is expected. */
  readonly expectedCells: number;
  readonly holes: number;
  readonly fillRatio: number | null;
  /** Consecutive expected days on which one nm_id is absent. */
  readonly longestGapDays: number;
}

export function completenessOf(history: History, window: DayWindow): Completeness {
  const [from, to] = [dayNumber(window.from), dayNumber(window.to)];
  const length = Math.max(0, to - from + 1);
  const starting = new Int32Array(length + 1); // nm_ids expected from this day on, less those no longer expected
  const presentOn = new Int32Array(length);
  let [nmTotal, nmContinuous, expectedCells, holes, longestGapDays] = [0, 0, 0, 0, 0];
  for (const { first, retired, present } of history) {
    const start = Math.max(from, first);
    const end = Math.min(to, retired - 1);
    if (start > end) continue;
    nmTotal += 1;
    expectedCells += end - start + 1;
    starting[start - from] = (starting[start - from] ?? 0) + 1;
    starting[end - from + 1] = (starting[end - from + 1] ?? 0) - 1;
    let last = start - 1; // the last day on which it was there
    let absent = 0;
    for (const day of present) {
      if (day < start || day > end) continue;
      presentOn[day - from] = (presentOn[day - from] ?? 0) + 1;
      absent += day - last - 1;
      longestGapDays = Math.max(longestGapDays, day - last - 1);
      last = day;
    }
    absent += end - last;
    longestGapDays = Math.max(longestGapDays, end - last);
    holes += absent;
    if (absent === 0) nmContinuous += 1;
  }
  const { daysTotal, daysWhole } = countDays(starting, presentOn);
  return {
    nmTotal,
    nmContinuous,
    pctNmContinuous: share(nmContinuous, nmTotal),
    daysTotal,
    daysWhole,
    pctDaysWithoutHoles: share(daysWhole, daysTotal),
    expectedCells,
    holes,
    fillRatio: share(expectedCells - holes, expectedCells),
    longestGapDays,
  };
}

function countDays(starting: Int32Array, presentOn: Int32Array): { daysTotal: number; daysWhole: number } {
  let [expected, daysTotal, daysWhole] = [0, 0, 0];
  for (const [day, present] of presentOn.entries()) {
    expected += starting[day] ?? 0;
    if (expected === 0) continue;
    daysTotal += 1;
    if (present === expected) daysWhole += 1;
  }
  return { daysTotal, daysWhole };
}
