// A child process that runs the durable service and is killed without warning, by itself at a named point or by its parent.
import { appendFileSync } from "node:fs";
import { makeRedisConnections } from "../../src/redis/connect.ts";
import { makeStage } from "../support/stage.ts";
import type { ChildOptions, Delivery, ToChild, ToParent } from "./protocol.ts";

const options = JSON.parse(process.argv[2] ?? "") as ChildOptions;
const tell = (message: ToParent) => process.send?.(message);
/** The sweep's own pace is seconds; a campaign cannot wait that long after each of its kills. */
const SWEEP_EVERY_MS = 100;
/** The inbox's sweep looks for updates that have waited five seconds: its clock runs faster here. */
const INBOX_CLOCK_SPEED = 50;

let hits = 0;
const crashPoint = (name: string): void => {
  if (options.crash === null || name !== options.crash.point) return;
  hits += 1;
  if (hits < options.crash.hit) return;
  appendFileSync(options.crashFile, `${name}\n`);
  process.kill(process.pid, "SIGKILL");
};

const outside = (what: string): void => appendFileSync(options.outsideFile, `${what}\n`);

async function main(): Promise<void> {
  const connections = makeRedisConnections({ kind: "socket", path: options.socket });
  const stage = makeStage({
    client: await connections.command(),
    connect: (name) => connections.blocking(name),
    prefix: options.prefix,
    inboxClock: { now: () => Date.now() * INBOX_CLOCK_SPEED },
    recovery: { lockDuration: 1_000, stalledInterval: 250 },
    crashPoint,
    handle: async ({ number, address, event }: Delivery) => {
      await stage.actors.send(address, event, {
        cause: { kind: "update", id: String(number) },
        key: `update ${number}`,
      });
    },
    effects: {
      notifyCustomer: async ({ params }) => outside(`notify ${params.entry}`),
    },
    invocations: {
      checkMembership: async (_input, { effectId }) => {
        outside(`check ${effectId}`);
        return { membership: "left" };
      },
    },
  });
  stage.startAll();

  let sweeping = false;
  setInterval(() => {
    if (sweeping) return;
    sweeping = true;
    stage.clockWorker
      .sweep()
      .catch(() => {})
      .finally(() => {
        sweeping = false;
      });
  }, SWEEP_EVERY_MS);

  const deliver = async (delivery: Delivery): Promise<void> => {
    const { number, way, person, address, event } = delivery;
    if (way === "update") await stage.updates.receive(person, { update_id: number, ...delivery });
    else
      await stage.actors.send(address, event, {
        cause: { kind: "customer", id: String(number) },
        key: `direct ${number}`,
      });
    tell({ kind: "acknowledged", number });
  };
  process.on("message", (message: ToChild) => {
    if (message.kind === "stop") process.exit(0);
    // One that fails is not acknowledged, so it comes again.
    else deliver(message.delivery).catch(() => {});
  });
  process.on("disconnect", () => process.exit(0));
  tell({ kind: "ready" });
}

void main();
