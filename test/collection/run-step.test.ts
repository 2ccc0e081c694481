import { expect, it } from "vitest";
import { BackendWait, type WaitReason } from "../../src/backend/wait.ts";
import { stepRun } from "../../src/collection/run-step.ts";
import { firstState } from "../../src/collection/state.ts";
import { PARITY_KEY_DEFAULTS } from "../../src/quality/settings.ts";

const AT = Date.UTC(2026, 10, 23, 8);
const SCOPE = { spreadsheetId: "s".repeat(44), dataset: "checklist" };
const FREEZE_MS = 6 * 3_600_000;

/** A run that has collected and reads: local is there, upstream answers only that it has to be waited for. */
async function readsWhile(reason: WaitReason) {
  const row = { date: "2026-11-23", nm_id: 1, adv_sum: 1 };
  const page = {
    ...{ source: "local", isSourceNamed: true, isDegraded: false, capturedAt: null, zeroFilledKeys: [] },
    ...{ nextCursor: null, rows: [row], bytes: new Uint8Array(), request: "{}" },
  };
  const problems: string[] = [];
  let [now, localReads] = [AT, 0];
  const deps = {
    ...{ collector: {}, keysOf: () => PARITY_KEY_DEFAULTS, now: () => now, random: () => 0.5 },
    sides: {
      local: { client: { readRawDataset: async () => page }, isOneSided: false },
      upstream: {
        client: { readRawDataset: async () => Promise.reject(new BackendWait(reason, 30_000)) },
        isOneSided: false,
      },
    },
    slices: {
      putOpen: async () => {
        localReads += 1;
        return "stored";
      },
      head: async () => null,
      restate: async () => null,
    },
    store: { takeCollector: async () => true, freeCollector: async () => {} },
    settings: () => ({ freezeAfterMs: FREEZE_MS, backfillDays: 0 }),
    onProblem: (_scope: unknown, what: string) => void problems.push(what),
  } as unknown as Parameters<typeof stepRun>[0];
  const reading = {
    ...{
      purpose: "slot",
      slot: AT,
      from: "2026-11-23",
      to: "2026-11-23",
      phase: "reading",
      startedAt: AT,
      jobId: null,
    },
    ...{ intent: 0, again: 0, stored: [], isPartial: false, busy: 0, failures: 0, nextAt: AT },
  };
  let state = { ...firstState(SCOPE, AT, FREEZE_MS), run: reading } as unknown as Parameters<typeof stepRun>[1];
  let ended: string | null = null;
  while (state.run !== null) {
    now = Math.max(now, state.run.nextAt);
    const next = await stepRun(deps, state, state.run, async () => {}, new AbortController().signal);
    state = next.state;
    ended = next.ended;
  }
  return { ended, localReads, problems, tookMs: now - AT };
}

it.each(["breakerOpen", "unauthorized", "maintenance", "noSource"] as const)(
  "an upstream that is away (%s) is a day without its reference, after a minute and not after hours; what is ours is kept",
  async (reason) => {
    const { ended, localReads, problems, tookMs } = await readsWhile(reason);
    expect(ended).toBe("success");
    expect(localReads).toBe(5);
    expect(problems).toEqual(["upstream"]);
    expect(tookMs).toBeLessThan(60_000);
  },
);
