// Every test file, at its end: whatever it opened (sockets, servers, child processes) must be closed, as in production.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { endFile } from "./end-of-file.ts";

const WATCHED = new Set(["PipeWrap", "PipeServerWrap", "TCPSocketWrap", "TCPServerWrap", "ProcessWrap", "Worker"]);
const GRACE_MS = 1_000;

function countOpen(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    if (WATCHED.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

const atStart = countOpen();

const leaks = (): string[] =>
  [...countOpen()]
    .map(([kind, count]) => ({ kind, extra: count - (atStart.get(kind) ?? 0) }))
    .flatMap(({ kind, extra }) => (extra > 0 ? [`${extra} ${kind}`] : []));

// Hooks run last in, first out, and setup files come first: this one sees the file's own clean-up done.
afterAll(async () => {
  await endFile();
  const giveUpAt = performance.now() + GRACE_MS; // a closed socket needs a few turns of the event loop to go
  while (leaks().length > 0 && performance.now() < giveUpAt) await sleep(10);
  const left = leaks();
  if (left.length > 0)
    throw new Error(
      `This test file left open: ${left.join(", ")}. Close what it starts, in afterAll or onTestFinished.`,
    );
});
