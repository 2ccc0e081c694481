// How long somebody who has paid waits for the first question of the set-up, with the whole service in one process: webhook, inbox, bot, actors,
// effects and the simulated Telegram. Beside it what one job of raw BullMQ takes on the same Redis while that goes on.
import { setImmediate as nextTurn } from "node:timers/promises";
import { Queue, Worker } from "bullmq";
import { openStage, type Stage } from "../../src/sandbox/play/stage.ts";
import type { Person } from "../../src/sandbox/telegram/people/person.ts";
import { ms, type Report, type Run, ratio } from "./report.ts";
import { type BenchServer, inParallel, startServer } from "./service.ts";
import { percentile } from "./stats.ts";

const PLAN = "pro-month";
const AT_ONCE = 8;
/** A customer who waits longer than this stops the measurement. Unit: milliseconds. */
const PATIENCE_MS = 60_000;

export async function measureOnboarding(run: Run): Promise<Report> {
  const { alone, many } = run.quick ? { alone: 4, many: 16 } : { alone: 100, many: 400 };
  run.progress(`onboarding: customers pay and begin to connect, ${alone} one by one, ${many} ${AT_ONCE} at a time`);
  const server = await startServer("always");
  const stage = await openStage({ redis: server.target });
  try {
    await firstQuestions(stage, AT_ONCE, AT_ONCE); // unmeasured: the compiler's turn
    const measured = async (people: number, atOnce: number) => {
      const probe = await startProbe(server);
      const waits = await firstQuestions(stage, people, atOnce);
      return { waits, queue: await probe.stop() };
    };
    const calm = await measured(alone, 1);
    const busy = await measured(many, AT_ONCE);
    const shareOf = ({ waits, queue }: typeof calm) => ratio(percentile(waits, 95) / percentile(queue, 95));
    const row = (name: string, values: readonly number[]) => [
      name,
      String(values.length),
      ...[50, 95, 99].map((percent) => ms(percentile(values, percent))),
    ];
    return {
      goals: [],
      tables: [
        {
          title: "From the payment to the first question of the set-up, appendfsync always",
          columns: ["", "measured", "p50, ms", "p95, ms", "p99, ms"],
          rows: [
            row("paid → first question, one customer at a time", calm.waits),
            row("one raw BullMQ job meanwhile, added → taken", calm.queue),
            row(`paid → first question, ${AT_ONCE} customers at a time`, busy.waits),
            row("one raw BullMQ job meanwhile, added → taken", busy.queue),
          ],
          notes: [
            `The customer presses “Connect the product” as soon as the message about the payment shows it. On the way lie the payment, its way through order, payment, customer, subscription, invite and onboarding, the messages about it, and the press: p95 is ${shareOf(calm)} times that of a bare job, ${shareOf(busy)} times with ${AT_ONCE} at once. Customers, Telegram and the service share one process here.`,
          ],
        },
      ],
    };
  } finally {
    await stage.close();
    await server.close();
  }
}

/** @returns waits, one per person. Unit: milliseconds. */
async function firstQuestions(stage: Stage, count: number, atOnce: number): Promise<number[]> {
  const people = Array.from({ length: count }, (_, index) =>
    stage.emulator.people.add({ firstName: `B${index}`, languageCode: "en", stars: 10_000 }),
  );
  const waits: number[] = [];
  await inParallel(count, atOnce, async (index) => {
    const person = people[index] as Person;
    person.start();
    await until(() => buttonOf(person, /^v1:plans:/) !== null);
    person.press("v1:plans:");
    await until(() => buttonOf(person, new RegExp(`^v1:plan:${PLAN}`)) !== null);
    person.press(`v1:plan:${PLAN}`);
    await until(() => linkOf(person) !== null);
    const paid = await person.payInvoice(linkOf(person) ?? "");
    if (paid.kind !== "paid") throw new Error(`the payment was ${paid.kind}`);
    const from = performance.now();
    await until(() => buttonOf(person, /^v1:connect:/) !== null);
    person.press(buttonOf(person, /^v1:connect:/) ?? "");
    await until(() => person.screen()?.text.includes("Step 1 of 3") ?? false);
    waits.push(performance.now() - from);
  });
  return waits;
}

const buttonOf = (person: Person, data: RegExp): string | null => {
  const button = person
    .screen()
    ?.buttons.flat()
    .find((one) => one.kind === "callback" && data.test(one.data));
  return button?.kind === "callback" ? button.data : null;
};

const linkOf = (person: Person): string | null => {
  const button = person
    .screen()
    ?.buttons.flat()
    .find((one) => one.kind === "url" && /\/\$/.test(one.url));
  return button?.kind === "url" ? button.url : null;
};

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error("a customer waited in vain");
    await nextTurn();
  }
}

/** Sends one bare job after the other, each timed from adding it to the moment when a worker has it. */
async function startProbe(server: BenchServer): Promise<{ stop(): Promise<number[]> }> {
  const options = { prefix: "{probe}" };
  const queue = new Queue("probe", { ...options, connection: server.plainClient() });
  let arrived = (): void => {};
  const worker = new Worker("probe", async () => arrived(), { ...options, connection: server.plainClient() });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  const waits: number[] = [];
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      const from = performance.now();
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      await queue.add("job", {}, { removeOnComplete: true });
      await arrival;
      waits.push(performance.now() - from);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await running;
      await worker.close();
      await queue.close();
      return waits;
    },
  };
}
