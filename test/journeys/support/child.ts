// The service as an operator runs it: a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { serviceBundle } from "../../faults/support/service-bundle.ts";

const ROOT = join(import.meta.dirname, "../../..");
const STARTED_WITHIN_MS = 45_000;

export interface Child {
  /** Lines of the log, parsed. */
  log(): readonly Record<string, unknown>[];
  stderr(): string;
  /** Waits for the log event. */
  logs(event: string): Promise<Record<string, unknown>>;
  signal(name: NodeJS.Signals): void;
  /** @returns the exit code, and how long it took from now. Unit: milliseconds. */
  ended(): Promise<{ readonly code: number | null; readonly afterMs: number }>;
}

export type AtEnd = (cleanUp: () => Promise<void>) => void;

/**
 * @param env the whole environment besides the path: nothing of the test's own leaks into it.
 * @param atEnd of the test that starts it: tests that run beside each other cannot do without.
 */
export async function startChild(env: Readonly<Record<string, string>>, atEnd: AtEnd): Promise<Child> {
  const service = await serviceBundle();
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-child-"));
  const child: ChildProcess = spawn(process.execPath, [service], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  atEnd(async () => {
    if (child.exitCode === null) child.kill("SIGKILL");
    await exit;
    rmSync(dataDir, { recursive: true, force: true });
  });
  const log = () =>
    out
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    log,
    stderr: () => err,
    logs: (event) =>
      vi.waitFor(
        () => {
          const found = log().find((line) => line.event === event);
          if (!found) throw new Error(`no ${event} in the log yet; stderr: ${err.slice(-2_000)}`);
          return found;
        },
        { timeout: STARTED_WITHIN_MS, interval: 50 },
      ),
    signal: (name) => child.kill(name),
    async ended() {
      const from = performance.now();
      const code = await exit;
      return { code, afterMs: performance.now() - from };
    },
  };
}
