// How large the campaigns are: small for every merge, large in the night (`npm run test:nightly`), any size by hand.

const isNight = process.env.NIGHTLY === "1";
const size = (name: string, small: number, large: number): number =>
  Number(process.env[name] ?? (isNight ? large : small));

/** How often a process is killed at a random moment of a purchase. */
export const FAULT_KILLS = size("FAULT_KILLS", 3, 60);
/** How long Redis stands still; workers lose their locks after five seconds. Unit: milliseconds. */
export const REDIS_PAUSE_MS = size("FAULT_REDIS_PAUSE_MS", 7_000, 30_000);
/** How often the append-only file is cut at a random byte. */
export const AOF_CUTS = size("FAULT_AOF_CUTS", 1, 20);
/** How many calls to Telegram fail, each in its own way. */
export const TELEGRAM_FAULTS = size("FAULT_TELEGRAM", 16, 60);
/** A machine that is busy with other things may take a multiple of what a test takes. Unit: milliseconds. */
export const PATIENCE_MS = isNight ? 3_600_000 : 180_000;
