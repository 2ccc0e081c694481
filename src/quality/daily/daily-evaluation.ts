// After each freeze: the frozen day of every active scope is judged, in order of days, and the gate hears of it.
import { addressOf } from "../../../machines/address.ts";
import type { Day } from "../../../machines/dataset/gate.ts";
import type { DatasetContext } from "../../../machines/dataset/types.ts";
import { isAppError } from "../../errors.ts";
import type { Actors, Clock } from "../../runtime/ports.ts";
import type { JudgedScope } from "../calibration/calibrate-scope.ts";
import { type ResolvedParity, settingsOf } from "../settings.ts";
import { dueDays, FREEZE_MS, isOverdue, lastFrozen } from "./due-days.ts";
import { evaluateScopeDay } from "./evaluate-scope.ts";
import { poolFleet } from "./pool-fleet.ts";
import type { ActiveScopes, FrozenSlices, ParityBook, Scope } from "./ports.ts";

export interface DailyEvaluationDeps {
  readonly actors: Pick<Actors, "read" | "send">;
  readonly slices: FrozenSlices;
  readonly scopes: ActiveScopes;
  readonly book: ParityBook;
  /** Of a judged day; null: nothing is ever corrected. */
  readonly calibrate: ((judged: JudgedScope) => Promise<void>) | null;
  /** As configured now. */
  readonly settings: () => ResolvedParity;
  readonly clock: Clock;
  /** How long after its end a day is frozen, as configured now. Unit: milliseconds. */
  readonly freezeMs?: () => number;
  /** Of one scope: the others go on. */
  readonly onError: (where: string, error: Error) => void;
  readonly onFinished: (day: Day, scopes: number) => void;
}

/** One call of the sweep works for about so long. Unit: milliseconds. */
const TURN_MS = 3_000;
/** Between two rounds over scopes whose slices are not there yet. Unit: milliseconds. */
const PAUSE_MS = 60_000;

/**
 * Judges one scope up to a day: what was missed comes first, and what was judged stays as it is. Two processes at it do no harm: a
 * verdict depends on sealed slices only, and the actor takes each day once.
 * @returns false: a slice of the day is not there yet
 */
export async function judgeScope(deps: DailyEvaluationDeps, scope: Scope, upTo: Day): Promise<boolean> {
  const { actors, slices, book, clock } = deps;
  const freezeMs = deps.freezeMs?.() ?? FREEZE_MS;
  const address = addressOf.dataset(scope.dataset, scope.spreadsheetId);
  const settings = settingsOf(deps.settings(), scope.spreadsheetId);
  const view = await actors.read(address);
  const known = view === null ? null : (view.context as unknown as DatasetContext);
  const from = known?.from ?? upTo;
  const days = dueDays({ from, last: known?.days.at(-1)?.date ?? null, upTo });
  for (const date of days) {
    if (!isOverdue(clock.now(), date, freezeMs) && !(await isWhole(slices, scope, date))) return false;
    const { event, day } = await evaluateScopeDay(slices, { scope, from, date, settings });
    const cause = { kind: "system", id: `parity ${date}` } as const;
    if (known === null)
      await actors.send(
        address,
        { type: "dataset.opened", firstDay: from, side: settings.gate.initialState },
        { cause, key: "opened" },
      );
    // Written first: whoever finds the day judged finds its numbers as well.
    await book.putScope(scope, date, day);
    await calibrateOrTell(deps, { scope, from, date, windowDays: event.windowDays, keys: settings.keys });
    await actors.send(address, event, { cause, key: `judged ${date}` });
  }
  return true;
}

/** Corrections are worth less than the decision: it is made without them too, and they are looked at again the next day. */
async function calibrateOrTell(deps: DailyEvaluationDeps, judged: Omit<JudgedScope, "known">): Promise<void> {
  const { actors, calibrate, onError } = deps;
  if (calibrate === null) return;
  try {
    const view = await actors.read(addressOf.dataset(judged.scope.dataset, judged.scope.spreadsheetId));
    if (view !== null) await calibrate({ ...judged, known: view.context as unknown as DatasetContext });
  } catch (error) {
    if (isAppError(error, "redis.unreachable")) throw error;
    onError("calibration", error instanceof Error ? error : new Error(String(error)));
  }
}

async function isWhole(slices: FrozenSlices, scope: Scope, day: Day): Promise<boolean> {
  const sides = await Promise.all([slices.readFrozen(scope, "upstream", day), slices.readFrozen(scope, "local", day)]);
  return sides.every((slice) => slice !== null);
}

/** @returns one call of the sweep; it goes on where the last one of this process ended. */
export function makeDailyEvaluation(deps: DailyEvaluationDeps): () => Promise<void> {
  const { clock, scopes, onError } = deps;
  let finished: Day | null = null;
  let round: { readonly day: Day; readonly left: Scope[]; readonly all: readonly Scope[]; isWhole: boolean } | null =
    null;
  let pausedUntil = 0;

  return async () => {
    const now = clock.now();
    const day = lastFrozen(now, deps.freezeMs?.());
    if (day === finished || (round === null && now < pausedUntil && pausedUntil - now <= PAUSE_MS)) return;
    if (round === null || round.day !== day) {
      const all = await scopes.list();
      round = { day, all, left: [...all], isWhole: true };
    }
    const started = performance.now();
    while (performance.now() - started < TURN_MS) {
      const scope = round.left.shift();
      if (scope === undefined) break;
      try {
        if (!(await judgeScope(deps, scope, day))) round.isWhole = false;
      } catch (error) {
        round.isWhole = false;
        onError("parity", error instanceof Error ? error : new Error(String(error)));
      }
    }
    if (round.left.length > 0) return;
    const { all, isWhole } = round;
    round = null;
    pausedUntil = now + PAUSE_MS;
    await poolDay(deps, day, all);
    if (!isWhole) return;
    finished = day;
    deps.onFinished(day, all.length);
  };
}

/** Written after each round, so that the numbers of a day are there before its last scope is. */
async function poolDay({ book, settings }: DailyEvaluationDeps, day: Day, scopes: readonly Scope[]): Promise<void> {
  for (const dataset of new Set(scopes.map((scope) => scope.dataset))) {
    const said = await book.scopesOf(dataset, day);
    if (said.length > 0) await book.putDay(dataset, poolFleet(day, said, settings().keys));
  }
}
