import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { readSimEnvironment } from "../../../src/sandbox/backend/environment.ts";
import { VirtualClock } from "../../../src/sandbox/backend/virtual-clock.ts";
import { onClose, PATHS, SHEET, startBackend } from "./support.ts";

const MAIN = join(import.meta.dirname, "../../../src/sandbox/backend/main.ts");

function freshFile(): string {
  const dir = mkdtempSync(join(tmpdir(), "tgs-backend-"));
  onClose(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, "world.json");
}

function launch(env: Record<string, string>) {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "exit");
  onClose(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  return { child, exit };
}

describe("a backend that runs on its own", () => {
  it("says where it is, keeps the contract, and stops when asked", async () => {
    const { child, exit } = launch({
      SIM_PORT: "0",
      SIM_CONTROL: "1",
      SIM_NOW: "2026-02-18T12:00:00+03:00",
      SIM_CLOCK: "frozen",
      SIM_ADMIN_KEY: "an-operator",
      SIM_SELLERS: "1",
    });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const origin = /(http:\/\/127\.0\.0\.1:\d+)\/api/.exec(line)?.[1];
    const health = await fetch(`${origin}${PATHS.health}`);
    expect(await health.json()).toMatchObject({ success: true, time: "2026-02-18T12:00:00+03:00" });
    const registered = await fetch(`${origin}${PATHS.register}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": "an-operator" },
      body: JSON.stringify({ spreadsheet_id: SHEET }),
    });
    expect(registered.status).toBe(200);
    const world = await fetch(`${origin}/__sim/world`);
    expect(((await world.json()) as { result: { spreadsheets: unknown[] } }).result.spreadsheets).toHaveLength(2);
    child.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
  });

  it("does not start with a wrong configuration, and shows no value of it", async () => {
    const { child, exit } = launch({ SIM_PROFILE: "modern", SIM_PORT: "port", SIM_ADMIN_KEY: "with a space" });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    expect(await exit).toEqual([2, null]);
    for (const name of ["SIM_PROFILE", "SIM_PORT", "SIM_ADMIN_KEY"]) expect(said).toContain(name);
    expect(said).not.toMatch(/modern|with a space/);
  });
});

describe("the SIM_ variables", () => {
  it("have defaults; what is set to nothing counts as unset", () => {
    expect(readSimEnvironment({ SIM_SEED: " ", PATH: "/bin" })).toEqual({
      ok: true,
      start: {
        startAt: null,
        isFrozen: false,
        options: {
          profile: "full",
          control: false,
          host: "127.0.0.1",
          port: 8_081,
          seed: 1,
          world: { collect_slots: false },
          allowTestTokens: false,
          serviceId: null,
          stateFile: null,
        },
      },
    });
  });

  it("are all taken over", () => {
    const read = readSimEnvironment({
      SIM_PROFILE: "legacy",
      SIM_CONTROL: "1",
      SIM_PORT: "9999",
      SIM_SEED: "5",
      SIM_CLIENT_KEY: "a-client",
      SIM_STATE_FILE: "world.json",
      SIM_SELLERS: "2",
      SIM_NM_IDS: "10",
      SIM_DAYS: "40",
      SIM_DRIFT: "poor",
      SIM_SLOTS: "1",
      SIM_SERVICE_ID: "ours",
      SIM_TEST_TOKENS: "1",
    });
    expect(read).toMatchObject({
      ok: true,
      start: {
        options: {
          profile: "legacy",
          control: true,
          port: 9999,
          seed: 5,
          clientKey: "a-client",
          stateFile: "world.json",
          world: { sellers: 2, nm_ids: 10, days: 40, drift: "poor", collect_slots: true },
          serviceId: "ours",
          allowTestTokens: true,
        },
      },
    });
  });

  it("are refused by name, never by value", () => {
    const read = readSimEnvironment({ SIM_HOST: "0.0.0.0", SIM_SEED: "-1", SIM_NOW: "noon", SIM_CONTROL: "yes" });
    const problems = read.ok ? [] : read.problems;
    expect(problems.map((line) => line.split(":")[0])).toEqual(["SIM_CONTROL", "SIM_HOST", "SIM_SEED", "SIM_NOW"]);
    expect(problems.join()).not.toMatch(/0\.0\.0\.0|noon|yes/);
  });
});

describe("a world in a file", () => {
  it("is there again after a restart, without the tokens themselves", async () => {
    const stateFile = freshFile();
    const first = await startBackend({ stateFile });
    const text = first.token();
    await first.post(PATHS.addToken, { spreadsheet_id: SHEET, token: text }, { idempotencyKey: "onb:o_1:addingToken" });
    await first.collect();
    await first.advance(3_600_000);
    const rows = (await first.read({}, "local")).body.rows;
    await first.backend.stop();
    const kept = readFileSync(stateFile, "utf8");
    for (const part of text.split(".")) expect(kept).not.toContain(part);

    const second = await startBackend({ stateFile });
    // Its clock was set on to where the world had come.
    expect(second.clock.ms).toBe(first.clock.ms);
    expect((await second.read({}, "local")).body.rows).toEqual(rows);
    expect((await second.post(PATHS.getTokens, { ssId: SHEET })).body.result).toHaveLength(1);
    const body = { spreadsheet_id: SHEET, token: text };
    const replay = await second.post(PATHS.addToken, body, { idempotencyKey: "onb:o_1:addingToken" });
    expect(replay.headers.get("idempotent-replayed")).toBe("true");
    expect((await second.post(PATHS.addToken, body)).body.result.created).toBe(false);
  });

  it("that is something else stops the start", async () => {
    const stateFile = freshFile();
    writeFileSync(stateFile, '{"version":99}');
    await expect(startBackend({ stateFile })).rejects.toThrow("does not hold a world");
    writeFileSync(stateFile, "no JSON");
    await expect(startBackend({ stateFile })).rejects.toThrow("does not hold a world");
  });
});

describe("a virtual clock", () => {
  it("goes on from where it is set, or stands there", () => {
    const real = { ms: 1_000, now: () => real.ms };
    const running = new VirtualClock(real, { startAt: 50 });
    const standing = new VirtualClock(real, { startAt: 50, stands: true });
    real.ms += 7;
    expect([running.now(), standing.now()]).toEqual([57, 50]);
    running.set(500);
    standing.set(500);
    real.ms += 7;
    expect([running.now(), standing.now()]).toEqual([507, 500]);
    expect(new VirtualClock(real).now()).toBe(real.ms);
  });
});
