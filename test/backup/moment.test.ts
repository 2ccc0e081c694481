// An export while the service works shows one moment: what was sent by then is heard once after the restore, and nothing else is.
import { expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { ticketDefinition } from "../../machines/ticket/definition.ts";
import type { BackupSource } from "../../src/backup/ports.ts";
import { until } from "../queues/support.ts";
import { type BookContext, book } from "../support/book.ts";
import { makeRandom } from "../support/random.ts";
import { type PrivateRedis, startPrivateRedis } from "../support/redis.ts";
import { SEED } from "../support/seeds.ts";
import { makeStage, type Stage } from "../support/stage.ts";
import { exportTo, importFrom, newFile } from "./support/copy.ts";

const BOOKS = 40;
const machines = [book, ticketDefinition];

const stageOn = (server: PrivateRedis): Stage =>
  makeStage({ client: server.client(), connect: () => server.client(), prefix: "tgs", definitions: machines });

/** Books that write, tell each other, ask and wait, until it is stopped. */
function busy(stage: Stage) {
  const random = makeRandom(SEED);
  let isOn = true;
  let sent = 0;
  const one = async () => {
    while (isOn) {
      sent += 1;
      const address = addressOf.order(`b${random.below(BOOKS)}`);
      const chance = random.below(10);
      const event =
        chance < 7
          ? { type: "book.written", entry: `w${sent}`, to: `b${random.below(BOOKS)}` }
          : chance < 9
            ? { type: "book.armed", inMs: random.below(60) }
            : { type: "book.asked" };
      await stage.actors.send(address, event, { cause: { kind: "customer", id: String(sent) }, key: `k${sent}` });
    }
  };
  const loops = Promise.all(Array.from({ length: 8 }, one));
  return {
    sent: () => sent,
    stop: async () => {
      isOn = false;
      await loops;
    },
  };
}

/** What is wrong among the books when nothing is under way any more. */
async function judge(stage: Stage): Promise<{ readonly entries: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  const told: string[] = [];
  const noted: string[] = [];
  const written: string[] = [];
  for (let number = 0; number < BOOKS; number += 1) {
    const address = addressOf.order(`b${number}`);
    const view = await stage.actors.read(address);
    if (!view) continue;
    const context = view.context as unknown as BookContext;
    const chain = await stage.actors.verify(address);
    if (!chain.ok || chain.entries !== view.rev) wrong.push(`${address}: ${chain.problem} ${chain.entries}`);
    written.push(...context.entries.map((entry) => `${context.id} ${entry}`));
    noted.push(...context.notes);
    for (const entry of await stage.actors.history(address, { limit: 10_000 }))
      if (entry.event.type === "book.written") told.push(`${context.id} ${String(entry.event.entry)}`);
    if (context.armed !== context.fired.length)
      wrong.push(`${address}: ${context.armed} armed, ${context.fired.length} fired`);
    if (context.asked !== context.answers.length)
      wrong.push(`${address}: asked ${context.asked}, ${context.answers.length} answers`);
  }
  const rows: string[] = [];
  for await (const { row } of stage.ledger.rows()) rows.push(row);
  const [sum] = await stage.ledger.sums();
  if (sum?.rows !== rows.length) wrong.push(`sums of ${sum?.rows} rows, of ${rows.length}`);
  const compare = (what: string, found: string[]) => {
    const lost = written.filter((entry) => !found.includes(entry));
    const more = found.filter((entry) => !written.includes(entry));
    if (lost.length + more.length + found.length - new Set(found).size > 0)
      wrong.push(`${what}: lost ${lost.length}, unknown ${more.length}, of ${found.length}`);
  };
  compare("heard by another", noted);
  compare("in the books", rows);
  compare("in the history", told);
  return { entries: written.length, wrong };
}

async function exportedAndGoneOn(around?: (source: BackupSource) => BackupSource) {
  const [here, there] = [await startPrivateRedis(), await startPrivateRedis()];
  const path = newFile();
  const stage = stageOn(here);
  stage.startAll();
  await stage.clockWorker.scheduleSweep();
  const work = busy(stage);
  await until(work.sent, (sent) => sent > 200);
  const report = await exportTo(path, here.client(), { machines, ...(around ? { around } : {}) });
  const sentBy = work.sent();
  await until(work.sent, (sent) => sent > sentBy + 50);
  await work.stop();
  await stage.stop();

  await importFrom(path, there.client());
  const restored = stageOn(there);
  const atCut = await restored.pendingEffects();
  restored.startAll();
  await restored.clockWorker.scheduleSweep();
  await restored.clockWorker.sweep();
  await until(
    async () => (await restored.pendingEffects()) + (await restored.armedTimers()),
    (left) => left === 0,
    20_000,
  );
  const judged = await judge(restored);
  await restored.stop();
  return { ...judged, report, atCut };
}

it(`an export while everything moves is of one moment (seed ${SEED})`, { timeout: 60_000 }, async () => {
  const { wrong, entries, report, atCut } = await exportedAndGoneOn();
  expect(wrong).toEqual([]);
  expect(entries).toBeGreaterThan(100);
  expect(atCut, "nothing was under way: the test shows nothing").toBeGreaterThan(0);
  expect(report.actors).toBe(BOOKS);
  expect(report.heldMs).toBeLessThan(1_000);
});
