// The drill itself, at a small size, on a service in this process; `npm run drill` starts one as an operator would.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readArguments } from "../../../src/sandbox/drill/arguments.ts";
import { runDrill } from "../../../src/sandbox/drill/drill.ts";
import { type Found, reportOf, spreadOf, textOf } from "../../../src/sandbox/drill/report.ts";
import type { Staging } from "../../../src/sandbox/drill/staging.ts";
import { openStage, type Stage } from "../../../src/sandbox/play/stage.ts";

describe("a drill", () => {
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
  const adminToken = "token-of-the-drill";
  let stage: Stage;
  let staging: Staging;
  beforeAll(async () => {
    const sha256 = createHash("sha256").update(adminToken).digest("hex");
    stage = await openStage({ env: { ADMIN_TOKENS: `drill:finance:${sha256}` } });
    staging = { service: stage.app.url, emulator: stage.emulator.apiRoot, adminToken };
  });
  afterAll(() => stage.close());

  it("pays, joins, grants and revokes, and times each step", async () => {
    const lines: string[] = [];
    const found = await runDrill(staging, {
      ...{ payments: 3, cycles: 1, paceMs: 10, patienceMs: 20_000 },
      onProgress: (line) => lines.push(line),
    });
    expect(found.troubles).toEqual([]);
    const report = reportOf(found);
    expect(report).toMatchObject({
      ok: true,
      payments: { tried: 3, succeeded: 3 },
      cycles: { tried: 1, succeeded: 1 },
      times: { preCheckout: { count: 3 }, paidToMember: { count: 3 }, grantToLink: { count: 1 } },
    });
    expect(lines.sort()).toEqual(["grant and revoke 1 of 1", "payment 1 of 3", "payment 2 of 3", "payment 3 of 3"]);
    expect(stage.emulator.botStars).toBeGreaterThan(0);
  });

  it("says which person was left standing, and that a promise was missed", async () => {
    for (const channel of stage.emulator.channels.all()) channel.demoteBot();
    await stage.settle();
    const found = await runDrill(staging, { payments: 1, cycles: 0, paceMs: 0, patienceMs: 500 });
    expect(found.troubles).toEqual([expect.stringMatching(/^payment 1: an invoice did not come within 0.5 s/)]);
    expect(reportOf(found).ok).toBe(false);
  });
});

describe("the report of a drill", () => {
  const found = (overrides: Partial<Found> = {}): Found => ({
    times: {
      preCheckout: [20],
      paidToLink: [100],
      paidToMember: Array.from({ length: 100 }, (_, index) => (index + 1) * 600),
      grantToLink: [],
      revokeToRemoved: [],
    },
    payments: { tried: 100, succeeded: 97 },
    cycles: { tried: 0, succeeded: 0 },
    preCheckoutTimeouts: 0,
    doubleActivations: 0,
    troubles: [],
    ...overrides,
  });
  const missed = (overrides: Partial<Found>) =>
    reportOf(found(overrides))
      .promises.filter(({ kept }) => !kept)
      .map(({ promise }) => promise);

  it("takes the times that were measured, the highest of 95 of 100", () => {
    expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ count: 5, p50: 3, p95: 5, max: 5 });
    expect(reportOf(found())).toMatchObject({ ok: true, times: { paidToMember: { p95: 57_000, max: 60_000 } } });
    expect(spreadOf([])).toBeNull();
  });

  it.each([
    ["access that takes longer", { times: { ...found().times, paidToMember: [60_001] } }, /paid → in the channel/],
    ["nobody who got in", { times: { ...found().times, paidToMember: [] } }, /paid → in the channel/],
    ["fewer payments that succeed", { payments: { tried: 100, succeeded: 96 } }, /payments that succeed/],
    ["a checkout that was answered too late", { preCheckoutTimeouts: 1 }, /too late/],
    ["a double activation", { doubleActivations: 1 }, /double/],
    ["a revocation without effect", { cycles: { tried: 8, succeeded: 7 } }, /took effect/],
  ])("counts %s as a promise missed", (_what, overrides, promise) => {
    expect(missed(overrides)).toEqual([expect.stringMatching(promise)]);
    expect(textOf(reportOf(found(overrides)))).toMatch(/MISSED[\s\S]*A promise was missed/);
  });
});

describe("the arguments of a drill", () => {
  it("choose where: a stack of its own, a staging with its emulator, or by hand at the real Telegram", () => {
    expect(readArguments([], undefined)).toMatchObject({ staging: "private", payments: 25, cycles: 8, paceMs: 1_500 });
    expect(readArguments(["--target", "http://s:8080", "--emulator", "http://e:9000"], "t")).toMatchObject({
      staging: { service: "http://s:8080", emulator: "http://e:9000", adminToken: "t" },
    });
    expect(readArguments(["--target", "https://bot.example.org"], undefined)).toMatchObject({ staging: "byHand" });
  });
  it.each([
    [["--payments", "many"], /--payments must be a whole number/],
    [["--target", "http://s:8080/x", "--emulator", "http://e"], /--target must be/],
    [["--emulator", "http://e"], /--emulator needs --target/],
    [["--target", "http://s", "--emulator", "http://e"], /DRILL_TOKEN/],
    [["--fast"], /--fast/],
  ])("are refused with a sentence: %s", (args, sentence) => {
    expect(readArguments(args, undefined)).toEqual(expect.stringMatching(sentence));
  });
});
