// The whole service in the sandbox, and the people's side of it: what a story is played on.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActorAddress } from "../../../machines/address.ts";
import { type App, startApp } from "../../app.ts";
import { readConfig } from "../../config.ts";
import type { ClockDriver } from "../../queues/advance-clock.ts";
import type { AuditEntry } from "../../runtime/audit.ts";
import type { ActorView } from "../../runtime/ports.ts";
import { makeLogger } from "../../telemetry/logger.ts";
import type { TelegramEmulator } from "../telegram/emulator.ts";
import type { Person } from "../telegram/people/person.ts";

export interface Stage {
  readonly app: App;
  readonly emulator: TelegramEmulator;
  /** Epoch ms, the sandbox's clock. */
  now(): Promise<number>;
  /** Waits until everything that was set off has happened. */
  settle(): Promise<void>;
  /** Moves the clock; what is due on the way happens in order. Unit: milliseconds. */
  advance(ms: number): Promise<void>;
  /** Moves the clock to this time, if it lies ahead. Epoch ms. */
  advanceTo(time: number): Promise<void>;
  read(address: ActorAddress): Promise<ActorView | null>;
  /** All actors of a person. */
  actorsOf(person: Person): Promise<readonly ActorAddress[]>;
  /** Audit entries written since the last call, oldest first. */
  news(people: readonly Person[]): Promise<readonly AuditEntry[]>;
  /** A call to the service's own HTTP API. */
  api(method: "GET" | "POST", path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown; readonly text: string }>;
  close(): Promise<void>;
}

/** @throws Error when the service does not start. */
export async function openStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-play-"));
  const read = readConfig({ PORT: "0", DATA_DIR: dataDir, LOG_LEVEL: "silent", ...env });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  let lost = "";
  const app = await startApp({
    config: read.config,
    logger: makeLogger({ level: read.config.logLevel }),
    onLost: (reason) => {
      lost = reason;
    },
  });
  const { sandbox, clockDriver } = app;
  if (!sandbox || !clockDriver) throw new Error("a story needs the sandbox and its clock; unset BOT_TOKEN and CLOCK");
  const { emulator } = sandbox;
  const driver: ClockDriver = clockDriver;
  const told = new Map<ActorAddress, number>();
  const alive = () => {
    if (lost !== "") throw new Error(lost);
  };

  const stage: Stage = {
    app,
    emulator,
    now: async () => app.now(),
    settle: () => {
      alive();
      return driver.settled();
    },
    async advance(ms) {
      alive();
      await driver.advance(ms);
    },
    async advanceTo(time) {
      const left = time - app.now();
      if (left > 0) await stage.advance(left);
    },
    read: (address) => app.core.actors.read(address),
    actorsOf: (person) => app.core.actors.find(`telegramId=${person.id}`),
    async news(people) {
      const entries: AuditEntry[] = [];
      for (const person of people) {
        for (const address of await stage.actorsOf(person)) {
          const since = told.get(address) ?? 0;
          const rev = (await stage.read(address))?.rev ?? 0;
          if (rev <= since) continue;
          entries.push(...(await app.core.actors.history(address, { limit: rev - since })));
          told.set(address, rev);
        }
      }
      return entries.sort((a, b) => a.at - b.at || a.entryId.localeCompare(b.entryId, "en", { numeric: true }));
    },
    async api(method, path, body) {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const response = await fetch(`${app.url}${path}`, init);
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") ?? false;
      return { status: response.status, body: isJson ? JSON.parse(text) : null, text };
    },
    async close() {
      await app.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return stage;
}
