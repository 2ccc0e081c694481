// How many inputs a fuzz test takes and from which seed. `npm run test:nightly` takes 100,000, FUZZ_RUNS another number; FUZZ_SEED=123 runs the same inputs again.
import { SEED } from "../../support/seeds.ts";

export const FUZZ_SEED: number = process.env.FUZZ_SEED === undefined ? SEED : Number(process.env.FUZZ_SEED);

/** All fuzz tests together. */
const RUNS = Number(process.env.FUZZ_RUNS ?? (process.env.NIGHTLY === undefined ? 4_000 : 100_000));

/** Inputs that are on their way at the same time. */
export const BATCH = 20;

export interface FuzzSize {
  readonly seed: number;
  /** Of batches. */
  readonly numRuns: number;
  /** Only the shrunk failure is printed, with the seed and the path to it. */
  readonly verbose: 0;
  readonly path?: string;
}

/** @param share of all inputs, 0 to 1. */
export const fuzzSize = (share: number): FuzzSize => ({
  seed: FUZZ_SEED,
  numRuns: Math.max(1, Math.ceil((RUNS * share) / BATCH)),
  verbose: 0,
  ...(process.env.TEST_PATH === undefined ? {} : { path: process.env.TEST_PATH }),
});

/** Half a second for each batch on a busy machine. Unit: milliseconds. */
export const fuzzTimeoutMs = (share: number): number => 60_000 + fuzzSize(share).numRuns * 500;
