// One frozen day of one scope: its slices in, what the gate is told out. The same slices and settings give the same answer.
import { addDays, daysBetween, daysOf } from "../../../machines/dataset/days.ts";
import type { Day, Side } from "../../../machines/dataset/gate.ts";
import type { DayJudged } from "../../../machines/dataset/types.ts";
import { type Completeness, completenessOf, historyOf } from "../engine/history.ts";
import { type DayMeasure, measureDay } from "../engine/measure-day.ts";
import { evaluateDay } from "../engine/replay-gate.ts";
import { tableOf } from "../engine/row-table.ts";
import { tiersOf } from "../engine/tiers.ts";
import { hashOf } from "../hash-of.ts";
import { isAsOfSkewed } from "../ports.ts";
import type { ParitySettings } from "../settings.ts";
import type { FrozenSlice, FrozenSlices, Scope, ScopeDay } from "./ports.ts";

/** Where nothing is required of the history, this much of it is measured all the same. */
const HISTORY_DAYS = 14;

export interface ScopeFindings {
  readonly event: DayJudged;
  readonly day: ScopeDay;
}

/** @param from first evaluated day of the scope; nothing before it is looked at. */
export async function evaluateScopeDay(
  slices: FrozenSlices,
  {
    scope,
    from,
    date,
    settings,
  }: { readonly scope: Scope; readonly from: Day; readonly date: Day; readonly settings: ParitySettings },
): Promise<ScopeFindings> {
  const { keys, gate } = settings;
  const read = makeReader(slices, scope);
  const { days, evidence } = await measureWindow(read, { from, date, settings });
  const seen = await slices.firstSeen(scope, from, date);
  const local = await historyWindow(read, seen, { from, date, days: gate.requireCompleteness?.days ?? HISTORY_DAYS });
  const today = days.get(date) ?? emptyDay(date, keys);
  const { verdict, numericExactRatio, windowDays, tiers, completeness } = evaluateDay(
    today,
    { days, from, keys, settings: gate },
    local.history,
  );
  return {
    event: {
      type: "dataset.dayJudged",
      ...{ date, status: today.status, asofSkew: today.asofSkew, verdict, numericExactRatio, windowDays },
      tiers: { ...tiers },
      completeness:
        completeness === null
          ? null
          : {
              pctNmContinuous: completeness.pctNmContinuous,
              pctDaysWithoutHoles: completeness.pctDaysWithoutHoles,
            },
      evidence: { paramsHash: hashOf(settings), slices: [...evidence] },
      settings: gate,
    },
    day: {
      ...{ status: today.status, asofSkew: today.asofSkew, sums: today.sums },
      tiers: tiersOf(today.sums, keys),
      history: countsOf(local.completeness),
    },
  };
}

type Read = (side: Side, day: Day) => Promise<FrozenSlice | null>;

/** Each slice once, however often it is asked for. */
function makeReader(slices: FrozenSlices, scope: Scope): Read {
  const known = new Map<string, Promise<FrozenSlice | null>>();
  return (side, day) => {
    const name = `${side} ${day}`;
    const before = known.get(name) ?? slices.readFrozen(scope, side, day);
    known.set(name, before);
    return before;
  };
}

interface Span {
  readonly from: Day;
  readonly date: Day;
}

/** Backwards from the day, and no further than its verdict reaches: a large scope is judged on one day. */
async function measureWindow(read: Read, { from, date, settings }: Span & { readonly settings: ParitySettings }) {
  const { keys, gate } = settings;
  const keyCount = Object.keys(keys).length;
  const days = new Map<Day, DayMeasure>();
  const evidence: DayJudged["evidence"]["slices"] = [];
  let rows = 0;
  for (let back = 0; back < gate.maxPoolDays; back += 1) {
    const day = addDays(date, -back);
    if (daysBetween(from, day) < 0) break;
    const [upstream, local] = await Promise.all([compared(read, "upstream", day), compared(read, "local", day)]);
    const asofSkew = upstream !== null && local !== null && isAsOfSkewed(upstream, local);
    const sides = {
      upstream: tableOf(upstream?.rows ?? [], keyCount),
      local: tableOf(local?.rows ?? [], keyCount),
      keys,
    };
    const measure = measureDay(sides, day, { asofSkew });
    days.set(day, measure);
    for (const [side, slice] of [
      ["upstream", upstream],
      ["local", local],
    ] as const)
      if (slice !== null) evidence.push({ side, date: day, version: slice.version, seal: slice.seal });
    if (measure.status === "ok" && !asofSkew) rows += measure.rows;
    // A day without a comparison needs no window.
    else if (back === 0) break;
    if (rows >= gate.minRows) break;
  }
  return { days, evidence };
}

async function compared(read: Read, side: Side, day: Day): Promise<FrozenSlice | null> {
  const slice = await read(side, day);
  return slice?.origin === "collection" ? slice : null;
}

/** @param seen since when each article is there, also before the window: one that is gone by then is still expected (5.1). */
async function historyWindow(
  read: Read,
  seen: ReadonlyMap<number, Day>,
  { from, date, days }: Span & { readonly days: number },
) {
  const start = addDays(date, 1 - days);
  const window = { from: start < from ? from : start, to: date };
  const found = await Promise.all(daysOf(window).map((day) => read("local", day)));
  // Only who was there when: values are of no account.
  const history = historyOf(
    tableOf(
      found.flatMap((slice) => slice?.rows ?? []),
      0,
    ),
    new Map([...seen].map(([nmId, firstSeen]) => [nmId, { firstSeen, retiredAt: null }])),
  );
  return { history, completeness: completenessOf(history, window) };
}

const countsOf = ({ nmTotal, nmContinuous, daysTotal, daysWhole }: Completeness) => ({
  ...{ nmTotal, nmContinuous, daysTotal, daysWhole },
});

const emptyDay = (date: Day, keys: ParitySettings["keys"]): DayMeasure =>
  measureDay({ upstream: tableOf([], 0), local: tableOf([], 0), keys }, date);
