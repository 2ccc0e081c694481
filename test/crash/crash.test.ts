// The service is killed again and again in the middle of everything, and afterwards nothing may be missing and nothing may be there twice.
// CRASH_KILLS=1000 for a long campaign, TEST_SEED=… for the same choices again.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
const EVENTS_PER_LIFE = 60;
/** As long as less is left each time, it is only a slow machine. Unit: milliseconds. */
const WITHOUT_PROGRESS_MS = 30_000;
const LOOK_EVERY_MS = 100;

const directory = mkdtempSync(join(tmpdir(), "tgs-crash-"));
const outsideFile = join(directory, "outside");
const crashFile = join(directory, "crashes");
let file: string;
beforeAll(() => {
  for (const path of [outsideFile, crashFile]) appendFileSync(path, "");
  file = bundle("worker.ts", directory);
});
afterAll(() => {
  for (const child of children) child.process.kill("SIGKILL"); // whatever a failed test left behind
  rmSync(directory, { recursive: true, force: true });
});

const children = new Set<Child>();
function start(options: ChildOptions): Child {
  const child = startChild(file, options);
  children.add(child);
  void child.exited.then(() => children.delete(child));
  return child;
}

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

async function untilNothingIsLeft(look: () => Promise<readonly number[]>): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let progressAt = performance.now();
  for (;;) {
    const left = await look();
    const sum = left.reduce((total, count) => total + count, 0);
    if (sum === 0) return;
    if (sum < least) [least, progressAt] = [sum, performance.now()];
    if (performance.now() - progressAt > WITHOUT_PROGRESS_MS) {
      throw new Error(
        `no progress for ${WITHOUT_PROGRESS_MS} ms; left: events, updates, effects, timers ${left.join(", ")}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
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
      const child = start({ ...options, crash });
      await run(child, workload, fromOutside ? 150 + random.below(400) : PATIENCE_MS, EVENTS_PER_LIFE);
    }
    // On a slow machine a life may be over before it comes to its point: those get lives of their own.
    const notReached = () =>
      CRASH_POINTS.filter((point) => !readFileSync(crashFile, "utf8").split("\n").includes(point));
    for (let again = 0; KILLS >= 60 && again < 5 && notReached().length > 0; again += 1) {
      for (const point of notReached()) {
        await run(start({ ...options, crash: { point, hit: 1 } }), workload, 4 * PATIENCE_MS, EVENTS_PER_LIFE);
      }
    }
    const killedAt = performance.now();

    // The last one lives until everything is done.
    const survivor = start(options);
    const stage = makeStage({ client, connect: () => server.client(), prefix: options.prefix });
    const done = run(survivor, workload, 300_000, 0);
    await untilNothingIsLeft(async () => [
      workload.unacknowledged.length,
      (await stage.inbox.pending(1_000)).length,
      await stage.pendingEffects(),
      await stage.armedTimers(),
    ]);
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
