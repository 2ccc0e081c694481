// What the controls can do; the simulated backend does it.
import type { Faults } from "../faults.ts";
import type { CallFilter, CallRecord } from "../journal.ts";
import type { CollectorSettings } from "../world/collector.ts";
import type { DriftChange, DriftProfile } from "../world/drift.ts";
import type { WorldPlan } from "../world/plan.ts";
import type { Upstream } from "../world/world.ts";

/** Members that may be absent, or there and undefined. */
export type Partly<T> = { readonly [K in keyof T]?: T[K] | undefined };

export interface Overview {
  readonly seed: number;
  /** RFC 3339. */
  readonly now: string;
  readonly upstream: Upstream;
  readonly collector: CollectorSettings;
  readonly spreadsheets: readonly {
    readonly spreadsheet_id: string;
    readonly owner_email: string | null;
    readonly active: boolean;
    /** Sellers with an active token. */
    readonly sids: readonly string[];
    readonly nm_ids: number;
    readonly source: string;
    readonly first_day: string | null;
    readonly last_day: string | null;
    readonly days_collected: number;
    readonly days_sealed: number;
  }[];
}

export interface Controllable {
  readonly faults: Faults;
  /** Epoch ms. */
  now(): number;
  calls(filter?: CallFilter): readonly CallRecord[];
  overview(): Overview;
  /** A fresh world; what is not given is as it was when the simulator was made. */
  reset(
    input?: Partly<WorldPlan> & { readonly seed?: number | string | undefined; readonly now?: number | undefined },
  ): Promise<Overview>;
  /** Forward only. Epoch ms. */
  moveClock(now: number): Promise<void>;
  /** From the current day on. */
  changeDrift(spreadsheetId: string, dataset: string, key: DriftChange["key"], profile: DriftProfile): DriftChange;
  setUpstream(input: Partly<Upstream>): Upstream;
  setCollector(input: Partly<CollectorSettings>): CollectorSettings;
  /** Switches it off or on, or makes it another customer's; registers it where it is unknown. */
  setSpreadsheet(id: string, active?: boolean, belongsTo?: string): Overview["spreadsheets"][number];
}
