import { Queue } from "bullmq";
import { expect, it, onTestFinished } from "vitest";
import { PatientWorker, REFUSED_PAUSE_MS } from "../../src/queues/patient-worker.ts";
import { fileRedis, freshPrefix, testRedis } from "../support/redis.ts";
import { gate } from "./support.ts";

it("a worker whose Redis refuses to write asks about once a second, and works again when it is let", async () => {
  const admin = fileRedis();
  const user = `reader-${process.pid}`;
  await admin.call("ACL", "SETUSER", user, "on", "nopass", "~*", "&*", "+@all", "-evalsha", "-eval");
  onTestFinished(async () => void (await admin.call("ACL", "DELUSER", user)));
  const prefix = freshPrefix();
  const queue = new Queue("clock", { connection: testRedis(), prefix });
  onTestFinished(() => queue.close());
  await queue.add("wake", {});

  const refused = testRedis({ username: user, password: "any" });
  onTestFinished(() => refused.disconnect());
  const worked = gate();
  const worker = new PatientWorker("clock", async () => worked.open(), { connection: refused, prefix });
  onTestFinished(() => worker.close());
  const seen: { at: number; message: string }[] = [];
  const second = gate();
  worker.on("error", ({ message }) => {
    if (seen.push({ at: performance.now(), message }) === 2) second.open();
  });
  await second.opened;
  const [one, two] = seen;
  expect(one?.message).toMatch(/^NOPERM/);
  expect((two?.at ?? 0) - (one?.at ?? 0)).toBeGreaterThan(REFUSED_PAUSE_MS * 0.9);

  await admin.call("ACL", "SETUSER", user, "+@all");
  await worked.opened;
});
