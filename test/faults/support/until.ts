// Waiting for something outside this process, which nobody announces.
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 40;
/** Healthy things take tenths of a second; a busy machine takes its time. Unit: milliseconds. */
const PATIENCE_MS = 60_000;

/** @returns what `look` found. @throws Error naming what was waited for */
export async function until<T>(what: string, look: () => T | null | Promise<T | null>, withinMs = PATIENCE_MS) {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > giveUpAt) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
