// Random tests say which seed they ran with, and run again with it: TEST_SEED=123 npx vitest run <file>.

/** The seed of this run; put it into the test's name. */
export const SEED: number =
  process.env.TEST_SEED === undefined ? Math.floor(Math.random() * 0x7fff_ffff) : Number(process.env.TEST_SEED);

/** Parameters for fc.assert. TEST_PATH is the path that a failure prints. */
export const seeded = (
  numRuns: number,
): { readonly seed: number; readonly numRuns: number; readonly path?: string } => ({
  seed: SEED,
  numRuns,
  ...(process.env.TEST_PATH === undefined ? {} : { path: process.env.TEST_PATH }),
});
