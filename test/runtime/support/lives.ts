// The same random life of an actor, once in the durable runtime and once in XState's interpreter: nothing may differ.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect } from "vitest";
import type { MachineDefinition } from "../../../machines/definition.ts";
import { type InvocationName, invocations } from "../../../machines/invocations.ts";
import { START } from "../../support/actors.ts";
import { arbitraryOf, eventsOf, type FieldArbitraries } from "../../support/arbitraries.ts";
import { seeded } from "../../support/seeds.ts";
import { Durable } from "./durable.ts";
import { Interpreter, type Observed } from "./interpreter.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const length = fc.constantFrom(1_000, HOUR, DAY, 3 * DAY, 30 * DAY);
const moment = fc.constantFrom(-DAY, 0, HOUR, DAY, 7 * DAY, 30 * DAY, 60 * DAY).map((offset) => START + offset);
/** Few values, so that the events of one life are about the same people, chats, orders and charges. */
const FIELDS: FieldArbitraries = {
  at: moment,
  chargeId: fc.constantFrom("c1", "c2", "c3"),
  chatId: fc.constantFrom("-1001", "-1002"),
  chats: fc.constantFrom(["-1001"], ["-1001", "-1002"]),
  date: fc.constantFrom("2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-12-01"),
  currency: fc.constantFrom("XTR", "XTR", "XTR", "EUR"),
  expiresAt: moment,
  asOf: fc.constantFrom("2026-11-20", "2026-11-27"),
  set: fc.constantFrom("2026-11-20-a", "2026-11-27-b"),
  verdicts: fc.constantFrom({ adv_sum: null }, { adv_sum: null, stocks_total: null }, { adv_sum: "no_gain" }),
  keys: fc.constantFrom(["adv_sum"], ["adv_sum", "stocks_total"]),
  firstDay: fc.constantFrom("2026-11-20", "2026-11-22"),
  seal: fc.constantFrom("a".repeat(64), "b".repeat(64)),
  from: moment,
  graceMs: fc.record({ prepaid: fc.constantFrom(0, DAY), autoRenew: fc.constantFrom(0, 3 * DAY) }),
  linkOwner: fc.constantFrom(7, 8),
  orderId: fc.constantFrom("o1", "o2"),
  outage: fc.constantFrom("out-1", "out-2"),
  payment: fc.constantFrom("payment/c1", "payment/c2"),
  about: fc.constantFrom("payment/c1", "order/o1"),
  periodMs: fc.constantFrom(DAY, 30 * DAY),
  planCode: fc.constantFrom("month", "year"),
  product: fc.constantFrom("p1", "p1", "p1", "p2"),
  reason: fc.constant("asked by phone"),
  reminderHours: fc.constantFrom({ from: 10, to: 20, utcOffsetMinutes: 180 }, { from: 0, to: 24, utcOffsetMinutes: 0 }),
  remindersMs: fc.constantFrom([], [DAY], [3 * DAY, DAY, HOUR]),
  winBackMs: fc.constantFrom([], [DAY], [3 * DAY, 30 * DAY]),
  since: moment,
  spreadsheetId: fc.constantFrom("1SpreadsheetOfThisLife", "1AnotherSpreadsheetOfIt"),
  readyMs: fc.constantFrom(HOUR, DAY),
  source: fc.constantFrom("subscription/7:p1", "subscription/7:p2"),
  subscription: fc.constantFrom("subscription/7:p1"),
  to: moment,
  until: moment,
  userId: fc.constantFrom(7, 7, 7, 8),
  ...Object.fromEntries(
    ["checkoutMs", "renewalSlackMs", "holdMs", "pauseMaxMs", "trialMs", "inviteTtlMs", "withinMs", "ms", "inMs"].map(
      (name) => [name, length],
    ),
  ),
};

const IDS: Readonly<Record<string, string>> = {
  customer: "7",
  subscription: "7:p1",
  order: "o1",
  payment: "c1",
  invite: "7:-1001",
  channel: "-1001",
  onboarding: "7:p1",
  ticket: "t1",
  dataset: "checklist:1SpreadsheetOfThisLife",
};

type Command =
  | { readonly kind: "event"; readonly event: { readonly type: string } }
  | { readonly kind: "wait"; readonly ms: number }
  /** To the next due time, and `late` beyond it. Unit: milliseconds. */
  | { readonly kind: "nextTimer"; readonly late: number }
  | {
      readonly kind: "result";
      readonly which: number;
      readonly outputs: Readonly<Record<string, unknown>>;
      readonly fails: boolean;
    }
  /** A result of work that was left, and a timer that is not armed: the durable runtime may hear of both. */
  | { readonly kind: "stale" };
interface Turn {
  readonly command: Command;
  /** Restored from stored JSON, in a process that does not remember the actor. */
  readonly fresh: boolean;
}

function lifeOf(definition: MachineDefinition): {
  readonly first: fc.Arbitrary<{ type: string }>;
  readonly turns: fc.Arbitrary<Turn[]>;
} {
  // A machine that throws has nothing to be compared by; what happens then is in actor-system.test.ts.
  const events = new Map([...eventsOf(definition.event, FIELDS)].filter(([type]) => type !== "probe.broke"));
  const creators = [...events].filter(([type]) => definition.creators.has(type)).map(([, arbitrary]) => arbitrary);
  const sources = Object.keys(definition.machine.implementations.actors) as InvocationName[];
  const outputs = fc.record(
    Object.fromEntries(sources.map((src) => [src, arbitraryOf(invocations[src].output as never, FIELDS)])),
  );
  const command = fc.oneof(
    { weight: 6, arbitrary: fc.oneof(...events.values()).map((event): Command => ({ kind: "event", event })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(0, 1_000, HOUR, 2 * DAY, 40 * DAY).map((ms): Command => ({ kind: "wait", ms })),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(0, 0, 1, HOUR, 10 * DAY).map((late): Command => ({ kind: "nextTimer", late })),
    },
    ...(sources.length === 0
      ? []
      : [
          {
            weight: 4,
            arbitrary: fc
              .record({ which: fc.nat(3), outputs, fails: fc.boolean() })
              .map((result): Command => ({ kind: "result", ...result })),
          },
        ]),
    { weight: 1, arbitrary: fc.constant<Command>({ kind: "stale" }) },
  );
  return {
    first: fc.oneof(...creators),
    turns: fc.array(fc.record({ command, fresh: fc.boolean() }), { minLength: 1, maxLength: 24, size: "max" }),
  };
}

interface Reached {
  steps: number;
  readonly states: Set<string>;
}

async function live(
  definition: MachineDefinition,
  first: { type: string },
  turns: readonly Turn[],
  reached: Reached,
): Promise<void> {
  const id = IDS[definition.name] ?? "p";
  const durable = new Durable(definition, id, START);
  const oracle = new Interpreter(definition, id, START);
  const left: { childId: string; effectId: string }[] = [];
  const same = async () => {
    const ours = await durable.observe();
    const live = oracle.observe();
    const theirs = JSON.parse(JSON.stringify(live)) as Observed;
    // A context that JSON changes (undefined, Date, Map) would be another one after the first restart.
    if (!isDeepStrictEqual(live.context, theirs.context)) expect(theirs.context).toStrictEqual(live.context);
    // `expect` alone takes as long as the runtime itself.
    if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs);
    if (!isDeepStrictEqual(durable.scheduled(), ours.timers)) expect(durable.scheduled()).toEqual(ours.timers);
    reached.steps += 1;
    reached.states.add(JSON.stringify(ours.value));
  };
  try {
    await durable.send(first, false);
    oracle.send(first);
    await same();
    for (const { command, fresh } of turns) {
      switch (command.kind) {
        case "event":
          await durable.send(command.event, fresh);
          oracle.send(command.event);
          break;
        case "wait":
        case "nextTimer": {
          const next = durable.store.nextDueAt();
          const time =
            command.kind === "wait"
              ? durable.clock.time + command.ms
              : Math.max(durable.clock.time, (next ?? durable.clock.time) + command.late);
          await durable.moveTo(time, fresh);
          oracle.moveTo(time);
          break;
        }
        case "result": {
          const running = await durable.running();
          const chosen = running[command.which % Math.max(1, running.length)];
          if (!chosen) continue;
          const result = command.fails
            ? ({ ok: false, error: { code: "effect.rejected", final: true } } as const)
            : ({ ok: true, output: command.outputs[chosen.src] } as const);
          await durable.end(chosen.childId, chosen.effectId, result, fresh);
          oracle.end(chosen.childId, result);
          left.push(chosen);
          break;
        }
        case "stale": {
          const [work] = left;
          if (work)
            expect(await durable.end(work.childId, work.effectId, { ok: false, error: {} }, fresh)).toBe("ignored");
          expect(await durable.fireUnarmed("nothing.like.that", fresh)).toBe("ignored");
          break;
        }
      }
      await same();
    }
    // Exactly what is waited for, and everything without a result, is still in the outbox.
    const waitedFor = (await durable.running()).map(({ effectId }) => effectId);
    const invoked = durable.store.asked
      .filter(({ body }) => body.startsWith('{"kind":"invoke"'))
      .map(({ effectId }) => effectId);
    expect(
      durable
        .outboxIds()
        .filter((effectId) => invoked.includes(effectId))
        .sort(),
    ).toEqual(waitedFor.sort());
    expect(await durable.verify()).toBe(true);
  } finally {
    oracle.stop();
  }
}

/**
 * @param runs how many lives. @returns how many steps were compared, and how many different states were reached.
 * @throws with the seed, the path and the shortest life that differs.
 */
export async function compareLives(
  definition: MachineDefinition,
  runs: number,
): Promise<{ readonly steps: number; readonly states: number }> {
  const { first, turns } = lifeOf(definition);
  const reached: Reached = { steps: 0, states: new Set() };
  await fc.assert(
    fc.asyncProperty(first, turns, (event, sequence) => live(definition, event, sequence, reached)),
    seeded(runs),
  );
  return { steps: reached.steps, states: reached.states.size };
}
