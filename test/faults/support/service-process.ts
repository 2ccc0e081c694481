// One process of the service, to be killed, paused and ended.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until.ts";

export type LogLine = Readonly<Record<string, unknown>>;

export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  readonly #dataDir = mkdtempSync(join(tmpdir(), "tgs-fault-"));
  #out = "";
  #err = "";

  /** @param env the whole environment besides the path. */
  constructor(file: string, env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [file], {
      env: { PATH: process.env.PATH, DATA_DIR: this.#dataDir, PORT: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.#out += chunk.toString();
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#err += chunk.toString();
    });
    this.#exited = new Promise((resolve) =>
      this.#child.once("close", (code) => {
        rmSync(this.#dataDir, { recursive: true, force: true });
        resolve(code);
      }),
    );
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get stderr(): string {
    return this.#err;
  }

  log(): readonly LogLine[] {
    return this.#out
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** @returns where it listens. */
  async ready(): Promise<string> {
    const line = await until("the service is ready", () => {
      if (!this.isRunning)
        throw new Error(`the service ended while starting: ${this.#err.slice(-1_000)} ${this.#out.slice(-1_000)}`);
      return this.log().find(({ event }) => event === "app.ready") ?? null;
    });
    return String(line.url);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** @returns the exit code, null after a signal, and how long it took from now. Unit: milliseconds. */
  async ended(): Promise<{ readonly code: number | null; readonly afterMs: number }> {
    const from = performance.now();
    return { code: await this.#exited, afterMs: performance.now() - from };
  }

  /** SIGKILL: nothing is finished, nothing is given back. */
  async kill(): Promise<void> {
    this.signal("SIGCONT");
    this.signal("SIGKILL");
    await this.#exited;
  }
}
