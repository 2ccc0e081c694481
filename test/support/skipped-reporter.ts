// Names what the run skipped, and why, right above the summary: a skipped test must not pass for a passed one.
import type { Reporter, TestModule } from "vitest/node";

class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((module) =>
      [...module.children.allTests("skipped")].map((test) => {
        const result = test.result();
        const reason =
          (result.state === "skipped" && result.note) || `marked "${test.options.mode ?? "skip"}" in the file`;
        return `  - ${module.relativeModuleId} > ${test.fullName}: ${reason}`;
      }),
    );
    if (lines.length > 0) console.log(`\nSkipped (${lines.length}):\n${lines.join("\n")}`);
  }
}

// Vitest loads a reporter given by path through its default export.
export default SkippedReporter;
