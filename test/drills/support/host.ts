// A host on which the steps of a runbook are carried out as they stand: by bash and curl, with a `docker` that acts on a scene.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import type { Scene } from "../../journeys/support/scene.ts";
import { readRunbook } from "./runbooks.ts";

export const TOKEN = "token-of-the-person-on-call";
export const sha256 = (secret: string): string => createHash("sha256").update(secret).digest("hex");
export const ADMIN_TOKENS = `oncall:owner:${sha256(TOKEN)}`;

/** What `docker` is on this host: by the words behind it, up to the first that fits. @returns what it prints */
export type Docker = Readonly<Record<string, (args: readonly string[]) => Promise<string>>>;

export interface Answer {
  readonly status: number;
  /** What was printed, line by line; JSON where it is. */
  readonly lines: readonly string[];
  /** The answers of the API among them, in their order. */
  readonly json: readonly Record<string, unknown>[];
}

/** Real ones are reached through these two; everything else of a step runs as it is written. */
const PRELUDE = `set -eu -o pipefail
docker() { printf '%s\\0' "$@" | command curl -sS --fail-with-body --data-binary @- "$DRILL_HOST"; }
curl() { if [ "\${*: -1}" = - ]; then sed "s|https://api.telegram.org|$DRILL_TELEGRAM|" | command curl "$@"; else command curl "$@"; fi; }
`;

export class Host {
  readonly directory = mkdtempSync(join(tmpdir(), "tgs-drill-"));
  readonly #scene: () => Scene;
  readonly #docker: Docker;
  readonly #asked = new Set<string>();
  readonly #server = createServer((request, response) => {
    void text(request).then(async (body) => {
      try {
        response.end(await this.#runDocker(body.split("\0").slice(0, -1)));
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    });
  });

  constructor(scene: () => Scene, docker: Docker) {
    this.#scene = scene;
    this.#docker = docker;
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.writeEnv({});
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The `.env` of this host. */
  writeEnv(env: Readonly<Record<string, string>>): void {
    const lines = Object.entries({ BOT_TOKEN: this.#scene().telegram.token, ...env }).map(
      ([name, value]) => `${name}=${value}`,
    );
    writeFileSync(join(this.directory, ".env"), `${lines.join("\n")}\n`);
  }

  /** Carries a step out, and waits until all that follows from it has happened. @param vars What its reader sets first. */
  async does(page: string, step: string, vars: Readonly<Record<string, string | number>> = {}): Promise<Answer> {
    const [setup, commands] = [readRunbook("README").steps.get("setup"), readRunbook(page).steps.get(step)];
    if (setup === undefined || commands === undefined) throw new Error(`${page} has no step ${step}`);
    this.#asked.add(`${page} ${step}`);
    const { app } = this.#scene().stage;
    const script = `${PRELUDE}${setup.replace("http://127.0.0.1:8080", app.url).replace(/^tgs ".*$/m, "")}\n${commands}`;
    const child = spawn("bash", ["-c", script], {
      cwd: this.directory,
      env: {
        ...{ PATH: process.env.PATH, HOME: this.directory },
        DRILL_HOST: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
        DRILL_TELEGRAM: this.#scene().telegram.apiRoot,
        ...Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, String(value)])),
      },
    });
    child.stdin.end(`${TOKEN}\n`);
    const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
    const [out, problems, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    expect(status, `${page}, ${step}: ${problems}${out}`).toBe(0);
    const lines = out.split("\n").filter((line) => line !== "");
    return { status, lines, json: lines.flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : [])) };
  }

  /** That nothing on these pages is left that no drill has done. */
  expectAllDone(pages: readonly string[]): void {
    const wanted = pages.flatMap((page) => [...readRunbook(page).steps.keys()].map((step) => `${page} ${step}`));
    expect([...this.#asked].sort()).toEqual(wanted.sort());
  }

  async #runDocker(args: readonly string[]): Promise<string> {
    const line = args.join(" ");
    const found = Object.entries(this.#docker).find(([beginning]) => line.startsWith(beginning));
    if (!found) throw new Error(`docker ${line}: not on this host`);
    return await found[1](args);
  }
}
