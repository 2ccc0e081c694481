import { z } from "zod";
import type {
  CalibrationBook,
  CalibrationRecord,
  CoefficientSet,
  NewestVerdict,
} from "../quality/calibration/ports.ts";
import type { Scope } from "../quality/daily/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { StoredSums as Sums } from "./stored-sums.ts";

const MOST_RUNS = 8;
/** The one in use, and the one before it: a reader may be at it. */
const MOST_SETS = 2;

const Day = z.iso.date();
const count = z.int().nonnegative();
const Window = z.object({ from: Day, to: Day });
const ByKey = z.record(z.string(), Sums);
const StoredRun: z.ZodType<CalibrationRecord> = z.object({
  ...{ id: z.string(), asOf: Day, train: Window, holdout: Window },
  keys: z.record(
    z.string(),
    z.object({
      verdict: z.enum(["accepted", "rejected"]),
      reason: z.string().nullable(),
      ...{ before: Sums, after: Sums, betterDays: count, days: count, changedCells: count, coefficients: count },
      withdrawnOn: Day.nullable(),
    }),
  ),
  combined: z.object({ before: ByKey, after: ByKey }),
  release: z
    .object({
      verdict: z.enum(["allow", "deny"]),
      reason: z.string().nullable(),
      improvedCount: count,
      status: z.record(z.string(), z.enum(["improved", "flat", "worse"])),
    })
    .nullable(),
  ...{ paramsHash: z.string(), slicesHash: z.string(), judgedAt: z.number() },
}) as unknown as z.ZodType<CalibrationRecord>;
const StoredVerdicts = z.record(z.string(), z.enum(["accepted", "rejected", "withdrawn"]));
const StoredSet: z.ZodType<CoefficientSet> = z.record(z.string(), z.record(z.string(), z.number()));

/** Fits of every scope and the coefficients in use: hashes. */
export function makeRedisCalibrationBook(
  client: RedisClient,
  keys: Pick<Keys, "calibrationRuns" | "calibrationVerdicts" | "coefficients">,
): CalibrationBook {
  const readRuns = async ({ dataset, spreadsheetId }: Scope): Promise<readonly CalibrationRecord[]> => {
    const json = await asUnreachable(() => client.hget(keys.calibrationRuns(dataset), spreadsheetId));
    return json === null ? [] : z.array(StoredRun).parse(JSON.parse(json));
  };

  async function write({ dataset, spreadsheetId }: Scope, runs: readonly CalibrationRecord[]): Promise<void> {
    const [newest] = runs;
    if (newest === undefined) return;
    const verdicts = Object.entries(newest.keys).map(([key, { verdict, withdrawnOn }]): [string, NewestVerdict] => [
      key,
      withdrawnOn === null ? verdict : "withdrawn",
    ]);
    await asUnreachable(() => client.hset(keys.calibrationRuns(dataset), spreadsheetId, JSON.stringify(runs)));
    await asUnreachable(() =>
      client.hset(keys.calibrationVerdicts(dataset), spreadsheetId, JSON.stringify(Object.fromEntries(verdicts))),
    );
  }

  return {
    runs: readRuns,
    async putRun(scope, run) {
      const others = (await readRuns(scope)).filter(({ asOf }) => asOf !== run.asOf);
      const all = [run, ...others].sort((a, b) => (a.asOf < b.asOf ? 1 : -1));
      await write(scope, all.slice(0, MOST_RUNS));
    },
    async noteWithdrawn(scope, id, names, day) {
      const noted = (await readRuns(scope)).map((run) =>
        run.id !== id
          ? run
          : {
              ...run,
              keys: Object.fromEntries(
                Object.entries(run.keys).map(([key, said]) => [
                  key,
                  names.includes(key) ? { ...said, withdrawnOn: said.withdrawnOn ?? day } : said,
                ]),
              ),
            },
      );
      await write(scope, noted);
    },
    async newestVerdicts(dataset) {
      const all = await asUnreachable(() => client.hvals(keys.calibrationVerdicts(dataset)));
      const counts: Record<string, Partial<Record<NewestVerdict, number>>> = {};
      for (const json of all)
        for (const [key, verdict] of Object.entries(StoredVerdicts.parse(JSON.parse(json)))) {
          const ofKey = counts[key] ?? {};
          ofKey[verdict] = (ofKey[verdict] ?? 0) + 1;
          counts[key] = ofKey;
        }
      return counts;
    },
    async putCoefficients({ dataset, spreadsheetId }, id, coefficients) {
      const key = keys.coefficients(dataset, spreadsheetId);
      await asUnreachable(() => client.hset(key, id, JSON.stringify(coefficients)));
      // Ids begin with the day, so the newest sort last.
      const old = (await asUnreachable(() => client.hkeys(key))).sort().reverse().slice(MOST_SETS);
      if (old.length > 0) await asUnreachable(() => client.hdel(key, ...old));
    },
    async coefficients({ dataset, spreadsheetId }, id) {
      const json = await asUnreachable(() => client.hget(keys.coefficients(dataset, spreadsheetId), id));
      return json === null ? null : StoredSet.parse(JSON.parse(json));
    },
  };
}
