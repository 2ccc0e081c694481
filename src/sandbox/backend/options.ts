// What can be chosen about a simulated backend, with defaults for all of it.
import { z } from "zod";
import { ROLES } from "../../backend/contract/calls.ts";
import { SpreadsheetId } from "../../backend/contract/primitives.ts";
import { WorldPlan } from "./world/plan.ts";

/** As it stands in a header. */
export const Key = z
  .string()
  .regex(/^[\x21-\x7e]{1,512}$/, "expected printable characters without spaces, at most 512");

export const Credential = z.strictObject({
  key: Key,
  role: z.enum(ROLES),
  /** What a client may see; all by default. Operators see all. */
  spreadsheets: z.array(SpreadsheetId).exactOptional(),
});
export type Credential = z.output<typeof Credential>;

export const PROFILES = ["full", "legacy"] as const;

export const BackendOptionsSchema = z.strictObject({
  /** `full` keeps the contract; `legacy` shows the deviations that clients must accept. */
  profile: z.enum(PROFILES).default("full"),
  /** Opens `/__sim/...`. */
  control: z.boolean().default(false),
  host: z.enum(["127.0.0.1", "::1", "localhost"]).default("127.0.0.1"),
  /** 0: any free port. */
  port: z.int().min(0).max(65_535).default(0),
  seed: z.int().default(1),
  /** Role operator. */
  adminKey: Key.default("sandbox-operator-key"),
  /** Role client, for all spreadsheets. null: there is none. */
  clientKey: Key.nullable().default("sandbox-client-key"),
  /** More of them. */
  credentials: z.array(Credential).default([]),
  world: WorldPlan.default(() => WorldPlan.parse({})),
  /** Service tokens must be made out to `asid:<this>`. */
  serviceId: z.string().min(1).nullable().default(null),
  /** Test and sandbox tokens are accepted, as in a demo. */
  allowTestTokens: z.boolean().default(false),
  allowPersonalTokens: z.boolean().default(false),
  /** Calls per minute and credential, where they differ from the contract's. */
  limits: z
    .strictObject({
      admin: z.int().positive().exactOptional(),
      actions: z.int().positive().exactOptional(),
      other: z.int().positive().exactOptional(),
    })
    .default({}),
  /** Keeps the world from one start to the next. null: in memory only. */
  stateFile: z.string().min(1).nullable().default(null),
  /** Calls that the journal remembers. */
  journalSize: z.int().positive().default(10_000),
});
export type BackendOptions = z.input<typeof BackendOptionsSchema>;
export type ResolvedOptions = z.output<typeof BackendOptionsSchema>;
