// SIM_*: how a simulated backend that runs on its own is started.
import { z } from "zod";
import { type BackendOptions, Key, PROFILES } from "./options.ts";

const flag = z.enum(["0", "1"], "expected 0 or 1").transform((text) => text === "1");
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, "expected a whole number")
    .transform(Number)
    .pipe(z.int().min(least).max(most));

export const SimEnv = z.object({
  /** `full` keeps the contract, `legacy` shows its deviations. */
  SIM_PROFILE: z.enum(PROFILES, "expected full or legacy").default("full"),
  /** 1 opens /__sim/. */
  SIM_CONTROL: flag.default(false),
  SIM_HOST: z.enum(["127.0.0.1", "::1", "localhost"], "expected a loopback address").default("127.0.0.1"),
  SIM_PORT: whole(0, 65_535).default(8_081),
  SIM_SEED: whole(0, Number.MAX_SAFE_INTEGER).default(1),
  /** Where the virtual clock begins. Unset: now. */
  SIM_NOW: z.iso
    .datetime({ offset: true, error: "expected an instant such as 2026-02-18T06:00:00+03:00" })
    .transform((text) => Date.parse(text))
    .optional(),
  /** `running` goes on from there, `frozen` moves by /__sim/clock only. */
  SIM_CLOCK: z.enum(["running", "frozen"], "expected running or frozen").default("running"),
  SIM_ADMIN_KEY: Key.optional(),
  SIM_CLIENT_KEY: Key.optional(),
  /** Keeps the world in this file. Unset: in memory. */
  SIM_STATE_FILE: z.string().optional(),
  SIM_SELLERS: whole(0, 200).optional(),
  SIM_NM_IDS: whole(1, 5_000).optional(),
  SIM_DAYS: whole(1, 1_500).optional(),
  SIM_DRIFT: z
    .enum(["mixed", "none", "good", "biased", "poor"], "expected mixed, none, good, biased or poor")
    .optional(),
  /** 1: the backend also collects by itself, four times a day. */
  SIM_SLOTS: flag.default(false),
  /** `asid` of the service that service tokens must be made out to. */
  SIM_SERVICE_ID: z.string().optional(),
  /** 1: test tokens are accepted. */
  SIM_TEST_TOKENS: flag.default(false),
});

export interface SimStart {
  readonly options: BackendOptions;
  readonly startAt: number | null;
  readonly isFrozen: boolean;
}

export type SimStartResult =
  | { readonly ok: true; readonly start: SimStart }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Every problem at once, by name and reason; no value appears. A variable set to nothing counts as unset. */
export function readSimEnvironment(env: Readonly<Record<string, string | undefined>>): SimStartResult {
  const parsed = SimEnv.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim())));
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) };
  const sim = parsed.data;
  const world = {
    ...(sim.SIM_SELLERS === undefined ? {} : { sellers: sim.SIM_SELLERS }),
    ...(sim.SIM_NM_IDS === undefined ? {} : { nm_ids: sim.SIM_NM_IDS }),
    ...(sim.SIM_DAYS === undefined ? {} : { days: sim.SIM_DAYS }),
    ...(sim.SIM_DRIFT === undefined ? {} : { drift: sim.SIM_DRIFT }),
    collect_slots: sim.SIM_SLOTS,
  };
  const options: BackendOptions = {
    profile: sim.SIM_PROFILE,
    control: sim.SIM_CONTROL,
    host: sim.SIM_HOST,
    port: sim.SIM_PORT,
    seed: sim.SIM_SEED,
    world,
    allowTestTokens: sim.SIM_TEST_TOKENS,
    serviceId: sim.SIM_SERVICE_ID ?? null,
    stateFile: sim.SIM_STATE_FILE ?? null,
    ...(sim.SIM_ADMIN_KEY === undefined ? {} : { adminKey: sim.SIM_ADMIN_KEY }),
    ...(sim.SIM_CLIENT_KEY === undefined ? {} : { clientKey: sim.SIM_CLIENT_KEY }),
  };
  return { ok: true, start: { options, startAt: sim.SIM_NOW ?? null, isFrozen: sim.SIM_CLOCK === "frozen" } };
}
