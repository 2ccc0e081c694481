import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";

const MODULE = join(import.meta.dirname, "../../src/setup/lock.mjs");
const { withLock } = (await import(pathToFileURL(MODULE).href)) as {
  withLock<T>(
    file: string,
    work: () => Promise<T>,
    options?: { onWait?: (pid: number) => void; timeoutMs?: number },
  ): Promise<T>;
};

function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "tgs-lock-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A number no process has: above the kernel's limit. */
const DEAD_PID = 4_194_305;

describe("a lock file", () => {
  it("lets one process in at a time", async () => {
    const dir = freshDir();
    const counter = join(dir, "counter");
    writeFileSync(counter, "0");
    const script = `
      import { readFileSync, writeFileSync } from "node:fs";
      import { setImmediate as turn } from "node:timers/promises";
      import { withLock } from ${JSON.stringify(pathToFileURL(MODULE).href)};
      for (let i = 0; i < 5; i++) await withLock(${JSON.stringify(join(dir, "lock"))}, async () => {
        const value = Number(readFileSync(${JSON.stringify(counter)}, "utf8"));
        await turn();
        writeFileSync(${JSON.stringify(counter)}, String(value + 1));
      });`;
    await Promise.all(
      [1, 2, 3].map(() => promisify(execFile)(process.execPath, ["--input-type=module", "-e", script])),
    );
    expect(readFileSync(counter, "utf8")).toBe("15");
    expect(readdirSync(dir)).toEqual(["counter"]);
  });
  it("makes the second caller of one process wait as well, and tells it for whom", async () => {
    const lock = join(freshDir(), "lock");
    const order: string[] = [];
    let leave = () => {};
    const first = withLock(lock, () =>
      new Promise<void>((resolve) => (leave = resolve)).then(() => void order.push("first")),
    );
    const waitedFor: number[] = [];
    const second = withLock(lock, async () => void order.push("second"), {
      onWait: (pid) => {
        waitedFor.push(pid);
        leave();
      },
    });
    await Promise.all([first, second]);
    expect(order).toEqual(["first", "second"]);
    expect(waitedFor).toEqual([process.pid]);
  });
  it("of a process that is gone is taken over", async () => {
    const lock = join(freshDir(), "lock");
    writeFileSync(lock, String(DEAD_PID));
    expect(await withLock(lock, async () => "in")).toBe("in");
  });
  it("of an earlier process with our number is taken over", async () => {
    const lock = join(freshDir(), "lock");
    writeFileSync(lock, String(process.pid));
    expect(await withLock(lock, async () => "in")).toBe("in");
  });
  it("is waited for only so long", async () => {
    const lock = join(freshDir(), "lock");
    writeFileSync(lock, String(process.ppid));
    await expect(withLock(lock, async () => "in", { timeoutMs: 0 })).rejects.toThrow(String(process.ppid));
  });
  it("is gone after work that failed", async () => {
    const lock = join(freshDir(), "lock");
    await expect(withLock(lock, () => Promise.reject(new Error("work failed")))).rejects.toThrow("work failed");
    expect(existsSync(lock)).toBe(false);
  });
});
