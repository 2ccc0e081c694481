// By what a dataset is judged: tolerances, thresholds and the gate's parameters, with all defaults. Configuration: `policies.parity`.
import { z } from "zod";
import { GATE_DEFAULTS, type GateSettings } from "../../machines/dataset/gate.ts";
import { SpreadsheetId } from "../backend/contract/primitives.ts";
import { PARITY_KEYS, type ParityKey } from "../backend/contract/spreadsheet.ts";
import { looserThanYellow } from "./engine/tiers.ts";
import type { KeySettings, KeyTable, Limits } from "./model.ts";

/** The dataset whose two sides are compared. */
export const PARITY_DATASET = "checklist";

const Share = z.number().min(0).max(1);
const days = (least: number) => z.int().min(least).max(366);

const LimitSet = z
  .strictObject({
    exactMin: Share,
    coverageMin: Share,
    wapeMax: z.number().min(0),
    mapeMax: z.number().min(0),
    maeMax: z.number().min(0),
  })
  .partial();

const KeyOverride = z
  .strictObject({
    absTol: z.number().min(0),
    relTol: z.number().min(0),
    missingAsZero: z.boolean(),
    decimals: z.int().min(0).max(6),
    critical: z.boolean(),
    green: LimitSet,
    yellow: LimitSet,
  })
  .partial();

const KeyOverrides = z.partialRecord(z.enum(PARITY_KEYS), KeyOverride);

const GateOverride = z
  .strictObject({
    initialState: z.enum(["upstream", "local"]),
    enterRatio: Share,
    exitRatio: Share,
    enterDays: days(1),
    holdDays: days(1),
    minDwellDays: days(0),
    minRows: z.int().min(0).max(1_000_000),
    maxPoolDays: days(1),
    maxNoDataDays: days(0),
    backoffDays: days(0),
    requireCompleteness: z
      .strictObject({ days: days(1), pctNmContinuous: Share, pctDaysWithoutHoles: Share })
      .nullable(),
  })
  .partial();

const ScopeOverride = z.strictObject({
  spreadsheetId: SpreadsheetId,
  gate: GateOverride.optional(),
  keys: KeyOverrides.optional(),
});

/** `policies.parity` of the plans file. */
export const ParityPolicies = z
  .strictObject({
    gate: GateOverride.meta({
      description:
        "when a spreadsheet is served from our own data instead of the reference: `enterRatio`, `exitRatio`, `enterDays`, `holdDays`, `minDwellDays`, `minRows`, `maxPoolDays`, `maxNoDataDays`, `backoffDays`, `initialState`, and `requireCompleteness` (`null`, or `{ days, pctNmContinuous, pctDaysWithoutHoles }`). Those that are not given keep their default",
    }),
    keys: KeyOverrides.meta({
      description:
        "per column: `absTol`, `relTol`, `missingAsZero`, `decimals`, `critical`, and the limits `green` and `yellow` (`exactMin`, `coverageMin`, `wapeMax`, `mapeMax`, `maeMax`; shares, but `maeMax`). Green must not be looser than yellow. What is not given keeps its default",
    }),
    scopes: z.array(ScopeOverride).max(1_000).meta({
      description: "the same for single spreadsheets: `{ spreadsheetId, gate, keys }`",
    }),
  })
  .partial()
  .superRefine((given, context) => {
    for (const { path, reason } of problemsOf(given))
      context.addIssue({ code: "custom", path: [...path], message: reason });
  });
export type ParityPolicies = z.output<typeof ParityPolicies>;

const key = (
  [exactMin, wapeMax, coverageMin]: readonly [number, number, number],
  [exactYellow, wapeYellow, coverageYellow]: readonly [number, number, number],
  { critical = false, missingAsZero = false } = {},
): KeySettings => ({
  ...{ absTol: 0.01, relTol: 0.01, decimals: 2, critical, missingAsZero },
  green: { exactMin, wapeMax, coverageMin },
  yellow: { exactMin: exactYellow, wapeMax: wapeYellow, coverageMin: coverageYellow },
});

/** Limits in the order exact, wape, coverage. */
export const PARITY_KEY_DEFAULTS: Readonly<Record<ParityKey, KeySettings>> = {
  adv_sum: key([0.9, 0.05, 0.98], [0.85, 0.1, 0.95], { critical: true, missingAsZero: true }),
  stocks_total: key([0.92, 0.03, 0.98], [0.87, 0.06, 0.95], { critical: true }),
  stocks_enough_for: key([0.85, 0.1, 0.95], [0.75, 0.2, 0.9]),
  stocks_enough_for_with_buyout_perc: key([0.85, 0.1, 0.95], [0.75, 0.2, 0.9]),
  avg_price_with_spp: key([0.92, 0.02, 0.98], [0.87, 0.04, 0.95], { critical: true }),
  profit_with_adv: key([0.9, 0.08, 0.98], [0.85, 0.15, 0.95], { critical: true }),
  profit_without_adv: key([0.9, 0.06, 0.98], [0.85, 0.12, 0.95]),
};

export interface ParitySettings {
  readonly keys: KeyTable;
  readonly gate: GateSettings;
}

export interface ResolvedParity extends ParitySettings {
  /** By spreadsheet; the others are judged by the above. */
  readonly scopes: Readonly<Record<string, ParitySettings>>;
}

type Overrides = Pick<ParityPolicies, "gate" | "keys">;

/** What is said of a spreadsheet wins over what is said of all, and that over the defaults. */
export function resolveParity(given: ParityPolicies): ResolvedParity {
  const all = override({ keys: PARITY_KEY_DEFAULTS, gate: GATE_DEFAULTS }, given);
  const scopes = (given.scopes ?? []).map(({ spreadsheetId, ...own }) => [spreadsheetId, override(all, own)] as const);
  return { ...all, scopes: Object.fromEntries(scopes) };
}

export const settingsOf = ({ keys, gate, scopes }: ResolvedParity, spreadsheetId: string): ParitySettings =>
  scopes[spreadsheetId] ?? { keys, gate };

function override(base: ParitySettings, given: Overrides): ParitySettings {
  return {
    gate: { ...base.gate, ...givenOf(given.gate) },
    keys: Object.fromEntries(
      Object.entries(base.keys).map(([name, settings]): [string, KeySettings] => {
        const own = given.keys?.[name as ParityKey];
        const limits = (tier: "green" | "yellow"): Limits => ({ ...settings[tier], ...givenOf(own?.[tier]) });
        return [name, { ...settings, ...givenOf(own), green: limits("green"), yellow: limits("yellow") }];
      }),
    ),
  };
}

/** Without members that say nothing: those would hide the default. */
const givenOf = <T extends object>(values: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

interface Problem {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

function problemsOf(given: ParityPolicies): Problem[] {
  const all = resolveParity({ ...given, scopes: [] });
  const { scopes = [] } = given;
  const ids = scopes.map(({ spreadsheetId }) => spreadsheetId);
  return [
    ...problemsIn(all, []),
    ...scopes.flatMap(({ spreadsheetId: _, ...own }, index) => problemsIn(override(all, own), ["scopes", index])),
    ...ids.flatMap((id, index) =>
      ids.indexOf(id) < index ? [{ path: ["scopes", index, "spreadsheetId"], reason: "is listed twice" }] : [],
    ),
  ];
}

function problemsIn({ keys, gate }: ParitySettings, path: readonly (string | number)[]): Problem[] {
  return [
    ...Object.entries(keys).flatMap(([name, settings]) => {
      const limit = looserThanYellow(settings);
      return limit === null
        ? []
        : [{ path: [...path, "keys", name, "green", limit], reason: "green must not be looser than yellow" }];
    }),
    ...(gate.enterRatio < gate.exitRatio
      ? [{ path: [...path, "gate", "enterRatio"], reason: "must not be below exitRatio" }]
      : []),
  ];
}
