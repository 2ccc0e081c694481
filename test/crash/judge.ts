// Looks at what is left after the last restart, with its own connection, and says everything that is wrong.
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";
import { PARTITIONS } from "../../src/redis/partitions.ts";
import type { BookContext } from "../support/book.ts";
import type { Stage } from "../support/stage.ts";
import type { Delivery } from "./protocol.ts";
import type { Written } from "./workload.ts";

const countOf = (list: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
};

/** @returns one line per thing that is lost, doubled or left over; none when all is well. */
export async function judge(
  stage: Stage,
  client: Redis,
  {
    written,
    deliveries,
    outsideFile,
  }: { readonly written: readonly Written[]; readonly deliveries: readonly Delivery[]; readonly outsideFile: string },
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const exactlyOnce = (what: string, expected: readonly string[], found: readonly string[]) => {
    const counts = countOf(found);
    for (const item of expected) {
      const count = counts.get(item) ?? 0;
      if (count !== 1) wrong.push(`${what} ${item}: ${count === 0 ? "lost" : `${count} times`}`);
      counts.delete(item);
    }
    for (const item of counts.keys()) wrong.push(`${what} ${item}: nobody asked for it`);
  };

  const contexts = new Map<string, BookContext>();
  const causes: string[] = [];
  const places = new Map<string, string[]>();
  const outsideCalls = new Set(readFileSync(outsideFile, "utf8").split("\n"));
  for (const id of new Set([
    ...deliveries.map(({ address }) => address.slice("order/".length)),
    ...written.flatMap(({ to }) => to ?? []),
  ])) {
    const address = `order/${id}` as const;
    const view = await stage.actors.read(address);
    if (!view) continue;
    const context = view.context as unknown as BookContext;
    contexts.set(id, context);
    const chain = await stage.actors.verify(address);
    if (!chain.ok) wrong.push(`${address}: its history is broken, ${chain.problem}`);
    const history = await stage.actors.history(address, { limit: 10_000 });
    if (history.length !== view.rev)
      wrong.push(`${address}: revision ${view.rev}, but ${history.length} audit entries`);
    for (const entry of history) {
      if (entry.cause.kind === "update" || entry.cause.kind === "customer") {
        causes.push(entry.cause.id);
        places.set(entry.cause.id, [
          ...(places.get(entry.cause.id) ?? []),
          `${address} revision ${entry.rev} at ${entry.at} (${entry.outcome})`,
        ]);
      }
      if (
        entry.event.type === "xstate.done.actor.check" &&
        entry.outcome === "applied" &&
        !outsideCalls.has(`check ${entry.cause.id}`)
      ) {
        wrong.push(`${address}: ${entry.cause.id} has a result, but was never carried out`);
      }
      if (entry.outcome === "failed") wrong.push(`${address}: the machine failed at ${entry.event.type}`);
    }
    if (context.armed !== context.fired.length)
      wrong.push(`${address}: ${context.armed} timers armed, ${context.fired.length} fired`);
    if (context.asked !== context.answers.length + context.dropped) {
      wrong.push(
        `${address}: asked ${context.asked} times, ${context.answers.length} answers, dropped ${context.dropped} times`,
      );
    }
    if (Object.keys(view.timers).length + Object.keys(view.invocations).length > 0)
      wrong.push(`${address}: still waits for something`);
  }

  // An event for an actor that is not there yet leaves no trace, and the workload does not ask for one.
  const traceable = deliveries.filter(({ event }) => event.type !== "book.dropped").map(({ number }) => String(number));
  const traced = new Set(traceable);
  exactlyOnce(
    "event",
    traceable,
    causes.filter((id) => traced.has(id)),
  );
  for (const [id, seen] of places)
    if (seen.length > 1) wrong.push(`event ${id} was taken ${seen.length} times: ${seen.join(", ")}`);
  exactlyOnce(
    "entry",
    written.map(({ book, entry }) => `${book} ${entry}`),
    [...contexts].flatMap(([id, { entries }]) => entries.map((entry) => `${id} ${entry}`)),
  );
  exactlyOnce(
    "tell",
    written.flatMap(({ book, entry, to }) => (to === null ? [] : [`${to} from ${book} ${entry}`])),
    [...contexts].flatMap(([id, { notes }]) => notes.map((note) => `${id} from ${note}`)),
  );
  for (const { book, entry } of written)
    if (!outsideCalls.has(`notify ${book} ${entry}`)) wrong.push(`notice of ${book} ${entry}: never carried out`);
  const rows: string[] = [];
  for await (const { row } of stage.ledger.rows()) rows.push(row);
  exactlyOnce(
    "ledger row",
    written.map(({ book, entry }) => `${book} ${entry}`),
    rows,
  );
  const [sum] = await stage.ledger.sums();
  if (sum?.rows !== rows.length || sum.amountMinor !== rows.length)
    wrong.push(`the ledger's sums are ${JSON.stringify(sum)}, its rows ${rows.length}`);

  // One person's updates to one book are in the order in which they were sent.
  for (const [id, { entries }] of contexts) {
    const last = new Map<string, number>();
    for (const { number, person, way } of entries.flatMap(
      (entry) => written.find((one) => one.entry === entry) ?? [],
    )) {
      if (way !== "update") continue;
      if ((last.get(person) ?? 0) > number)
        wrong.push(`order/${id}: update ${number} of ${person} came after ${last.get(person)}`);
      last.set(person, number);
    }
  }

  const failed = await stage.failed.list();
  for (const { effectId, code } of failed) wrong.push(`${effectId} was given up: ${code}`);
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const left = {
      outbox: await client.hlen(stage.keys.outbox(partition)),
      inbox: await client.zcard(stage.keys.inboxPending(partition)),
      timers: await client.zcard(stage.keys.timers(partition)),
      quarantine: await client.hlen(stage.keys.quarantine(partition)),
    };
    for (const [what, count] of Object.entries(left))
      if (count > 0) wrong.push(`partition ${partition}: ${count} left in ${what}`);
  }
  return wrong;
}
