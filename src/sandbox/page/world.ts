// What the page may touch: the simulated Telegram and backend, the clock, and the actors as everybody reads them.
import type { CatalogSource } from "../../catalog-source.ts";
import type { ClockDriver } from "../../queues/advance-clock.ts";
import type { Actors } from "../../runtime/ports.ts";
import type { SimulatedBackend } from "../backend/backend.ts";
import type { TelegramEmulator } from "../telegram/emulator.ts";

export interface SandboxWorld {
  readonly emulator: TelegramEmulator;
  readonly product: SimulatedBackend;
  readonly actors: Actors;
  readonly catalog: CatalogSource;
  /** The plans as they are without a breakage, and a file that may be written in their place. */
  readonly plans: { readonly file: string; readonly changedFile: string };
  /** null: the real clock runs, nothing moves it. */
  readonly clock: ClockDriver | null;
  /** Whether data are collected, frozen and judged; null: this service never does. */
  readonly collecting: { isOn: boolean } | null;
  /** Epoch ms. */
  readonly now: () => number;
  /** Hears what failed for another reason than the visitor's. */
  readonly onError: (error: Error) => void;
}

/** Said to the visitor: why what they asked for does not happen. */
export class Trouble extends Error {}
