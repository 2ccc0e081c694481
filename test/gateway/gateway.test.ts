import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Side } from "../../machines/dataset/gate.ts";
import { AppError } from "../../src/errors.ts";
import { makeGateway } from "../../src/gateway/gateway.ts";
import type { SideRows, UpstreamAnswer } from "../../src/gateway/ports.ts";
import { makeUpstreamBreaker, UPSTREAM_BREAKER } from "../../src/gateway/upstream-breaker.ts";

const SCOPE = { dataset: "checklist", spreadsheetId: "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg" };
const WINDOW = { from: "2026-11-21", to: "2026-11-22" };
const rowsOf = (side: Side): SideRows => ({ rows: [{ date: "2026-11-22", nm_id: 1, side }], capturedAt: 1 });

function world({ inForce = "upstream" as Side, local = rowsOf("local") as SideRows | null | Error } = {}) {
  const served: string[] = [];
  const troubles: Side[] = [];
  let calls = 0;
  let upstream: UpstreamAnswer | Error = { kind: "rows", ...rowsOf("upstream") };
  const sides: Side[] = [inForce];
  const gateway = makeGateway({
    inForce: { sideOf: async () => sides[0] ?? "upstream" },
    upstream: {
      read: async () => {
        calls += 1;
        if (upstream instanceof Error) throw upstream;
        return upstream;
      },
    },
    local: {
      read: async () => {
        if (local instanceof Error) throw local;
        return local;
      },
    },
    breaker: makeUpstreamBreaker(),
    onServed: (_dataset, { source, isDegraded }) => served.push(`${source}${isDegraded ? " degraded" : ""}`),
    onTrouble: (side) => troubles.push(side),
  });
  return {
    ...{ gateway, served, troubles },
    calls: () => calls,
    setUpstream: (next: UpstreamAnswer | Error) => {
      upstream = next;
    },
    read: (asked?: Side | "auto") => gateway.readRows(SCOPE, WINDOW, asked),
  };
}

const away = new AppError("backend.unavailable");

describe("7.9 a response", () => {
  it("is served from the side that the gate says", async () => {
    for (const inForce of ["upstream", "local"] as const) {
      const here = world({ inForce });
      expect(await here.read()).toEqual({
        ...rowsOf(inForce),
        ...{ source: inForce, requestedSource: "auto", isDegraded: false },
      });
    }
  });

  it("comes from our own data, and says so, when upstream is away", async () => {
    const here = world();
    here.setUpstream(away);
    expect(await here.read()).toMatchObject({ source: "local", isDegraded: true });
    expect(here.served).toEqual(["local degraded"]);
    expect(here.troubles).toEqual(["upstream"]);
  });

  it("comes from upstream, and says so, when our own data are not there or cannot be read", async () => {
    for (const local of [null, new Error("the disk is away")]) {
      const here = world({ inForce: "local", local });
      expect(await here.read()).toMatchObject({ source: "upstream", isDegraded: true });
    }
  });

  it("is an error that has a name when neither side is there", async () => {
    const here = world({ local: null });
    here.setUpstream(away);
    await expect(here.read()).rejects.toMatchObject({ code: "gateway.noSource" });
    expect(here.served).toEqual([]);
  });

  it("never falls back from a side that was asked for by name", async () => {
    const here = world();
    here.setUpstream(away);
    await expect(here.read("upstream")).rejects.toMatchObject({ code: "gateway.noSource" });
    expect(await here.read("local")).toMatchObject({ source: "local", requestedSource: "local", isDegraded: false });
  });

  it("falls back from a refusal too, which says nothing of upstream's health", async () => {
    const here = world();
    here.setUpstream({ kind: "refused", code: "backend.datasetNotFound" });
    for (let n = 0; n < 2 * UPSTREAM_BREAKER.failures; n += 1)
      expect(await here.read()).toMatchObject({ source: "local", isDegraded: true });
    expect(here.calls()).toBe(2 * UPSTREAM_BREAKER.failures);
  });

  it("does not hide that Redis is away", async () => {
    const here = world({ local: new AppError("redis.unreachable") as Error, inForce: "local" });
    await expect(here.read()).rejects.toMatchObject({ code: "redis.unreachable" });
  });
});

describe("7.8 the breaker", () => {
  it("spares an upstream that failed five times in a row, and the rows come all the same", async () => {
    const here = world();
    here.setUpstream(away);
    for (let n = 0; n < UPSTREAM_BREAKER.failures + 3; n += 1)
      expect(await here.read()).toMatchObject({ source: "local", isDegraded: true });
    expect(here.calls()).toBe(UPSTREAM_BREAKER.failures);
  });

  it("lets a call through after half a minute, and upstream that is back serves again", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const here = world();
    here.setUpstream(away);
    for (let n = 0; n < UPSTREAM_BREAKER.failures; n += 1) await here.read();
    here.setUpstream({ kind: "rows", ...rowsOf("upstream") });
    expect(await here.read()).toMatchObject({ source: "local", isDegraded: true });
    vi.advanceTimersByTime(UPSTREAM_BREAKER.trialAfterMs);
    expect(await here.read()).toMatchObject({ source: "upstream", isDegraded: false });
    expect(here.calls()).toBe(UPSTREAM_BREAKER.failures + 1);
  });
});
