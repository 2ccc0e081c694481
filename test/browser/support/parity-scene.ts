// A sandbox whose data are collected and judged: one visitor, connected, served from our own data, broken, fallen back.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { SAMPLE_PLANS_FILE } from "../../../src/catalog-source.ts";
import { openStage, type Stage } from "../../../src/sandbox/play/stage.ts";
import { type Deed, SandboxState, type Seed } from "../../../src/support/answers/sandbox.ts";

const DAY_MS = 86_400_000;
/** After the real time, so that the frozen clock shows the same in every run: 09:00 in Moscow. */
const BEGINS_AT = Date.UTC(2030, 0, 14, 6);

export interface ParityScene {
  readonly stage: Stage;
  readonly url: string;
  /** Does it as the sandbox's page would. */
  does(...deeds: readonly Deed[]): Promise<SandboxState>;
  begins(seed: Seed): Promise<SandboxState>;
  days(days: number): Promise<SandboxState>;
  /** `<dataset>:<spreadsheet id>` of the visitor. */
  scope(): Promise<string>;
  close(): Promise<void>;
}

/** A gate that takes two days where the one of the service takes a week, and judges each day by itself: what it does is the same. */
const QUICK = { enterDays: 2, minDwellDays: 0, minRows: 1 };

/**
 * Everything over HTTP.
 * @param isQuick whether the gate is one for tests; else as it is by default
 * @throws Error when the sandbox does not do what it is asked for
 */
export async function openParityScene({ isQuick = true } = {}): Promise<ParityScene> {
  const folder = mkdtempSync(join(tmpdir(), "tgs-parity-"));
  const plans = join(folder, "plans.yaml");
  const document = parseDocument(readFileSync(SAMPLE_PLANS_FILE, "utf8"));
  if (isQuick) document.setIn(["policies", "parity", "gate"], QUICK);
  writeFileSync(plans, document.toString());
  // Forty cells that are a little off fail a day now and then; a week of them does not.
  const stage = await openStage({
    env: { PLANS_FILE: plans },
    ...(isQuick ? { backend: { world: { drift: "none" } } } : {}),
  });
  // Nothing is collected on the way: there would be a morning of each day of years.
  await stage.advanceTo(BEGINS_AT);
  await stage.restart(undefined, { COLLECTION: "on" });
  const ask = async (path: string, body: unknown): Promise<SandboxState> => {
    const { status, text } = await stage.api("POST", `/sandbox/api/${path}`, body);
    if (status !== 200 && status !== 202) throw new Error(`${path} answered ${status}: ${text}`);
    for (;;) {
      const state = SandboxState.parse((await stage.api("GET", "/sandbox/api/state")).body);
      if (state.trouble !== null) throw new Error(state.trouble.text);
      if (state.clock.status !== "moving") return state;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const does = async (...deeds: readonly Deed[]): Promise<SandboxState> => {
    let state: SandboxState | null = null;
    for (const deed of deeds) state = await ask("do", deed);
    if (state === null) throw new Error("nothing to do");
    return state;
  };
  return {
    stage,
    get url() {
      return stage.app.url;
    },
    does,
    begins: (seed) => ask("reset", { seed, language: "en" }),
    days: (days) => does({ do: "advance", ms: days * DAY_MS }),
    async scope() {
      const { body } = await stage.api("GET", "/api/v1/datasets");
      const line = (body as { datasets: { dataset: string; spreadsheetId: string }[] }).datasets[0];
      if (!line) throw new Error("no spreadsheet was judged");
      return `${line.dataset}:${line.spreadsheetId}`;
    },
    async close() {
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
