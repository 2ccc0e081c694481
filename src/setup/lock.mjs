// One lock per directory for the set-up scripts: two `npm start` on a fresh clone must not run `npm ci` into each other.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 100;

/** Lock files this process holds: a file with our process id that is not among them was left by an earlier process. */
const held = new Set();
let attempts = 0;

/**
 * Runs `work` while holding the lock file; waits for whoever holds it. A holder that died is replaced.
 * @template T
 * @param {string} lockFile
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (holderPid: number) => void, timeoutMs?: number }} [options] `onWait` is called once, when there is a holder.
 * @returns {Promise<T>}
 */
export async function withLock(lockFile, work, { onWait = () => {}, timeoutMs = 600_000 } = {}) {
  mkdirSync(dirname(lockFile), { recursive: true });
  attempts += 1;
  const mine = `${lockFile}.${process.pid}.${attempts}`;
  writeFileSync(mine, String(process.pid));
  try {
    let waited = false;
    const giveUpAt = performance.now() + timeoutMs;
    while (!tryLink(mine, lockFile)) {
      const holder = readHolder(lockFile);
      if (holder === undefined) continue; // released between the two calls
      if (!isAlive(holder, lockFile)) {
        evict(lockFile, holder, mine);
        continue;
      }
      if (performance.now() > giveUpAt) {
        throw new Error(
          `Waited ${timeoutMs / 1000} s for process ${holder}, which holds ${lockFile}. If it hangs, end it and try again.`,
        );
      }
      if (!waited) onWait(holder);
      waited = true;
      await sleep(POLL_MS);
    }
    held.add(lockFile);
    try {
      return await work();
    } finally {
      rmSync(lockFile, { force: true });
      held.delete(lockFile);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** link() is atomic and fails when the name exists: unlike open-then-write, nobody ever reads an empty lock file. */
function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(lockFile) {
  try {
    return Number(readFileSync(lockFile, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(pid, lockFile) {
  if (pid === process.pid) return held.has(lockFile); // numbers repeat, above all in restarted containers
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Moves a dead holder's file away; when someone else replaced it a moment before us, theirs is put back. */
function evict(lockFile, deadPid, mine) {
  const aside = `${mine}.evicted`;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readHolder(aside) !== deadPid) tryLink(aside, lockFile);
  rmSync(aside, { force: true });
}
