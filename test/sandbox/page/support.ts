// The sandbox as its page meets it: the whole service, and calls of a browser of this machine.
import { afterAll, beforeAll, vi } from "vitest";
import { openStage, type Stage, type StageOptions } from "../../../src/sandbox/play/stage.ts";
import type { Deed, SandboxState, Seed } from "../../../src/support/answers/sandbox.ts";

/** A seed plays a whole life; a machine that is busy takes longer. Unit: milliseconds. */
const PATIENCE_MS = 60_000;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export class PageClient {
  readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.stage.app.url}/sandbox/api${path}`, {
      method,
      headers: {
        "x-requested-with": "console",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
  }

  async state(): Promise<SandboxState> {
    return (await this.call("GET", "/state")).body as SandboxState;
  }

  /** Waits until nothing moves any more. */
  async settled(): Promise<SandboxState> {
    return vi.waitFor(
      async () => {
        const state = await this.state();
        if (state.clock.status === "moving") throw new Error(`still moving: ${state.clock.doing}`);
        return state;
      },
      { timeout: PATIENCE_MS, interval: 50 },
    );
  }

  async does(...deeds: readonly Deed[]): Promise<SandboxState> {
    for (const deed of deeds) {
      const { status, body } = await this.call("POST", "/do", deed);
      if (status !== 200 && status !== 202) throw new Error(JSON.stringify(body));
    }
    return this.settled();
  }

  async begins(seed: Seed, language: "ru" | "en" = "ru"): Promise<SandboxState> {
    const { status, body } = await this.call("POST", "/reset", { seed, language });
    if (status !== 200 && status !== 202) throw new Error(JSON.stringify(body));
    return this.settled();
  }
}

export const statesOf = (state: SandboxState, machine: string): readonly string[] =>
  state.actors.find((actor) => actor.machine === machine)?.states ?? [];

/** What the bot wrote, as plain text. */
export const textsOf = (state: SandboxState): string[] =>
  state.chat.flatMap((item) => (item.kind === "bubble" && item.from === "bot" ? [item.text] : []));

export const linesOf = (state: SandboxState): string[] =>
  state.chat.flatMap((item) => (item.kind === "line" ? [item.what] : []));

export function usePage(options: StageOptions = {}): { readonly current: PageClient } {
  vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });
  let client: PageClient | null = null;
  beforeAll(async () => {
    client = new PageClient(await openStage(options));
  });
  afterAll(() => client?.stage.close());
  return {
    get current() {
      if (!client) throw new Error("the sandbox did not open");
      return client;
    },
  };
}
