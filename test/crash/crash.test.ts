// The service is killed again and again in the middle of everything, and afterwards nothing may be missing and nothing may be there twice.
// CRASH_KILLS=1000 for a long campaign, TEST_SEED=… for the same choices again.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../queues/support.ts";
import { makeRandom } from "../support/random.ts";
import { startPrivateRedis } from "../support/redis.ts";
import { SEED } from "../support/seeds.ts";
import { makeStage } from "../support/stage.ts";
import { bundle, type Child, startChild } from "./child.ts";
import { judge } from "./judge.ts";
import { type ChildOptions, CRASH_POINTS, type ToChild, type ToParent } from "./protocol.ts";
import { Workload } from "./workload.ts";

const KILLS = Number(process.env.CRASH_KILLS ?? 60);
/** Every so many kills one comes from outside, at any moment. */
const OUTSIDE_KILL_EVERY = 4;
/** A child that does not come to its point in this time is killed from outside. Unit: milliseconds. */
const PATIENCE_MS = 1_500;
/** Few enough for the next lives to catch up: what is looked for is what a crash does, not what a backlog does. */
const EVENTS_PER_LIFE = 40;

const directory = mkdtempSync(join(tmpdir(), "tgs-crash-"));
const outsideFile = join(directory, "outside");
const crashFile = join(directory, "crashes");
let file: string;
beforeAll(() => {
  for (const path of [outsideFile, crashFile]) appendFileSync(path, "");
  file = bundle("worker.ts", directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** One life of the child: what is open comes again, new work follows; ends with the child or with the time. */
async function run(child: Child, workload: Workload, killAfterMs: number, newEvents: number): Promise<void> {
  const enough = workload.deliveries.length + newEvents;
  const send = (message: ToChild) => {
    if (child.process.connected) child.process.send(message, () => {}); // the channel may break at any moment: that is the point
  };
  const deliver = () => {
    if (workload.deliveries.length < enough)
      for (const delivery of workload.next()) send({ kind: "deliver", delivery });
  };
  child.process.on("message", (message: ToParent) => {
    if (message.kind === "ready") for (const delivery of workload.unacknowledged) send({ kind: "deliver", delivery });
    else workload.acknowledged(message.number);
    deliver();
  });
  const timer = setTimeout(() => child.process.kill("SIGKILL"), killAfterMs);
  await child.exited;
  clearTimeout(timer);
}

describe(`a service that is killed ${KILLS} times (seed ${SEED})`, () => {
  it("has applied every acknowledged event once, carried out every effect, and lost no timer", async () => {
    const server = await startPrivateRedis({ args: ["--appendfsync", "no"] }); // the server is not what is killed here
    const client = server.client();
    const random = makeRandom(SEED);
    const workload = new Workload(random);
    const options: ChildOptions = { socket: server.target.path, prefix: "crash", outsideFile, crashFile, crash: null };

    const startedAt = performance.now();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const fromOutside = kill % OUTSIDE_KILL_EVERY === 0;
      const point = CRASH_POINTS[kill % CRASH_POINTS.length] ?? "after-commit";
      const crash = fromOutside ? null : { point, hit: 1 + random.below(12) };
      const child = startChild(file, { ...options, crash });
      await run(child, workload, fromOutside ? 150 + random.below(400) : PATIENCE_MS, EVENTS_PER_LIFE);
    }
    const killedAt = performance.now();

    // The last one lives until everything is done.
    const survivor = startChild(file, options);
    const stage = makeStage({ client, connect: () => server.client(), prefix: options.prefix });
    const done = run(survivor, workload, 60_000, 0);
    await until(
      async () => ({
        unacknowledged: workload.unacknowledged.length,
        updates: (await stage.inbox.pending(1_000)).length,
        effects: await stage.pendingEffects(),
        timers: await stage.armedTimers(),
      }),
      (left) => Object.values(left).every((count) => count === 0),
      30_000,
    );
    survivor.process.send({ kind: "stop" } satisfies ToChild);
    await done;
    const settledAt = performance.now();

    const wrong = await judge(stage, client, {
      written: workload.written,
      deliveries: workload.deliveries,
      outsideFile,
    });
    await stage.queues.close();
    const crashed = readFileSync(crashFile, "utf8").trim().split("\n");
    console.log(
      `seed ${SEED}: ${KILLS} kills (${crashed.length} at named points) in ${Math.round(killedAt - startedAt)} ms, settled in ` +
        `${Math.round(settledAt - killedAt)} ms; ${workload.deliveries.length} events, ${workload.written.length} of them entries`,
    );
    expect(wrong).toEqual([]);
    expect(workload.written.length).toBeGreaterThan(KILLS);
    if (KILLS >= 60) expect([...new Set(crashed)].sort()).toEqual([...CRASH_POINTS].sort());
  }, 600_000);
});
