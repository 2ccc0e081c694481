import { defineConfig } from "vitest/config";

// Vitest reads its configuration from a default export.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/bench/**"],
    pool: "forks",
    // Files share a process per worker: loading the service again for each of them cost more than its tests. Leak check and end-of-file.ts keep them apart.
    isolate: false,
    maxWorkers: "100%", // by default one core is left free, so that two cores run one file at a time
    globalSetup: ["test/support/global-redis.ts"],
    setupFiles: ["test/support/leak-check.ts"],
    reporters: ["./test/support/skipped-reporter.ts", ["default", { summary: false }]],
    testTimeout: 10_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
  },
});
