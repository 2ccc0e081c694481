import { defineConfig } from "vitest/config";

// Vitest reads its configuration from a default export.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/bench/**"],
    pool: "forks", // a process per file: what a file leaves open cannot reach the next one
    globalSetup: ["test/support/global-redis.ts"],
    setupFiles: ["test/support/leak-check.ts"],
    reporters: ["./test/support/skipped-reporter.ts", ["default", { summary: false }]],
    testTimeout: 10_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
  },
});
