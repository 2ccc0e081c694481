import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Judged, makeBreaker } from "../../src/backend/breaker.ts";
import type { BackendWait } from "../../src/backend/wait.ts";
import { eachCall, makeTestClient, rejection } from "./support/client.ts";
import { startScriptedBackend } from "./support/scripted-backend.ts";

const GOOD = () => Promise.resolve({ isFailure: false });
const BAD = () => Promise.resolve({ isFailure: true });

/** The clocks that the breaker reads; sockets and Redis keep theirs. */
function fakeTime(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return (ms) => vi.advanceTimersByTime(ms);
}

function breakerOf() {
  const breaker = makeBreaker(() => 0);
  const times = async (count: number, attempt: () => Promise<Judged>) => {
    for (let n = 0; n < count; n += 1) await breaker.run(attempt);
  };
  return { breaker, times, held: (attempt = GOOD) => rejection(breaker.run(attempt)) as Promise<BackendWait> };
}

/** An attempt that ends when it is told to. */
function pending(): { readonly attempt: () => Promise<Judged>; end(isFailure: boolean): void } {
  let end: (isFailure: boolean) => void = () => {};
  const promise = new Promise<Judged>((resolve) => {
    end = (isFailure) => resolve({ isFailure });
  });
  return { attempt: () => promise, end: (isFailure) => end(isFailure) };
}

describe("a breaker", () => {
  it("opens after five failures in a row", async () => {
    fakeTime();
    const { times, held } = breakerOf();
    await times(5, BAD);
    expect(await held()).toMatchObject({ reason: "breakerOpen", retryInMs: 30_000, wasCalled: false });
  });

  it("stays closed when a success lies between", async () => {
    fakeTime();
    const { times } = breakerOf();
    await times(4, BAD);
    await times(1, GOOD);
    await times(4, BAD);
    await times(1, GOOD);
  });

  it("names the time that is left", async () => {
    const advance = fakeTime();
    const { times, held } = breakerOf();
    await times(5, BAD);
    advance(12_000);
    expect((await held()).retryInMs).toBe(18_000);
  });

  it("makes no call while it is open", async () => {
    const advance = fakeTime();
    const { times, held } = breakerOf();
    await times(5, BAD);
    advance(29_999);
    const attempt = vi.fn(GOOD);
    await held(attempt);
    expect(attempt).not.toHaveBeenCalled();
  });

  it("lets one call through after thirty seconds, and only one", async () => {
    const advance = fakeTime();
    const { breaker, times, held } = breakerOf();
    await times(5, BAD);
    advance(30_000);
    const trial = pending();
    const running = breaker.run(trial.attempt);
    expect(await held()).toMatchObject({ reason: "breakerOpen" });
    expect(() => breaker.check()).toThrow();
    trial.end(true);
    await running;
    expect((await held()).retryInMs).toBe(30_000);
  });

  it("closes after two successes, one at a time", async () => {
    const advance = fakeTime();
    const { breaker, times, held } = breakerOf();
    await times(5, BAD);
    advance(30_000);
    await times(1, GOOD);
    const second = pending();
    const running = breaker.run(second.attempt);
    expect(await held()).toMatchObject({ reason: "breakerOpen" });
    second.end(false);
    await running;
    // Closed: it takes five failures again, and calls run side by side.
    const [one, other] = [pending(), pending()];
    const both = [breaker.run(one.attempt), breaker.run(other.attempt)];
    one.end(true);
    other.end(true);
    await Promise.all(both);
    await times(2, BAD);
    await times(1, GOOD);
  });

  it("opens again when the second trial fails", async () => {
    const advance = fakeTime();
    const { times, held } = breakerOf();
    await times(5, BAD);
    advance(30_000);
    await times(1, GOOD);
    await times(1, BAD);
    expect((await held()).retryInMs).toBe(30_000);
    advance(30_000);
    await times(2, GOOD);
    await times(4, BAD);
    await times(1, GOOD);
  });

  it("spreads those who wait", async () => {
    fakeTime();
    const breaker = makeBreaker(() => 0.5);
    for (let n = 0; n < 5; n += 1) await breaker.run(BAD);
    expect(((await rejection(breaker.run(GOOD))) as BackendWait).retryInMs).toBe(31_000);
  });
});

describe("the breaker of a client", () => {
  const down = { status: 503, body: { success: false, code: "maintenance", message: "" } };
  const list = { body: { success: true, result: [] } };
  const ask = eachCall("getWbTokens");
  const fail = async (client: Parameters<typeof ask>[0], times: number) => {
    for (let n = 0; n < times; n += 1) await rejection(ask(client));
  };

  it.each([
    ["500", { status: 500, body: "" }],
    ["502", { status: 502, body: "" }],
    ["503", down],
    ["504", { status: 504, body: "" }],
    ["a broken connection", "reset"],
    ["garbage", { body: "<html>" }],
  ] as const)("opens after five of %s, and no call is made", async (_what, reply) => {
    fakeTime();
    const backend = await startScriptedBackend(reply);
    const { client } = makeTestClient(backend.url);
    await fail(client, 5);
    backend.answers(list);
    expect(await rejection(ask(client))).toMatchObject({ reason: "breakerOpen" });
    expect(backend.calls).toHaveLength(5);
  });

  it.each([
    ["a refusal for good", { status: 404, body: { success: false, code: "not_found", message: "" } }],
    ["busy", { status: 409, body: { success: false, code: "collector_busy", message: "" } }],
    ["a key in use", { status: 409, body: { success: false, code: "idempotency_in_progress", message: "" } }],
  ])("does not count %s", async (_what, reply) => {
    fakeTime();
    const backend = await startScriptedBackend(reply);
    const { client } = makeTestClient(backend.url);
    await fail(client, 7);
    expect(backend.calls).toHaveLength(7);
  });

  it("lets the waiting calls finish after recovery, each once", async () => {
    const advance = fakeTime();
    const backend = await startScriptedBackend(down);
    const { client } = makeTestClient(backend.url);
    await fail(client, 5);
    backend.answers(list);
    advance(30_000);
    let waiting = 6;
    for (let round = 0; waiting > 0 && round < 6; round += 1) {
      const ends = await Promise.allSettled(Array.from({ length: waiting }, () => ask(client)));
      for (const end of ends) {
        if (end.status === "fulfilled") waiting -= 1;
        else expect(end.reason).toMatchObject({ reason: "breakerOpen" });
      }
    }
    expect(waiting).toBe(0);
    expect(backend.calls).toHaveLength(11);
  });

  it("does not keep anybody from asking whether the backend lives", async () => {
    fakeTime();
    const backend = await startScriptedBackend(down);
    const { client } = makeTestClient(backend.url);
    await fail(client, 5);
    backend.answers({ body: { success: true, status: "degraded" } });
    expect(await eachCall("getHealth")(client)).toMatchObject({ status: "degraded" });
    expect(await rejection(ask(client))).toMatchObject({ reason: "breakerOpen" });
  });

  it("spends no share of the rate limit while it is open", async () => {
    fakeTime();
    const backend = await startScriptedBackend(down);
    const { client, gate } = makeTestClient(backend.url);
    await fail(client, 5);
    const take = vi.spyOn(gate, "take");
    await rejection(ask(client));
    expect(take).not.toHaveBeenCalled();
  });
});
