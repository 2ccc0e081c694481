import { z } from "zod";
import type { MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";

/** `generation` is the revision that armed the timer, so that an older firing is told from a newer one. `dueAt`: epoch ms. */
export const StoredTimer = z.object({
  generation: z.int(),
  dueAt: z.int(),
  /** Only for a delayed event that is not named like its timer. */
  event: z.looseObject({ type: z.string() }).optional(),
});
export type StoredTimer = z.infer<typeof StoredTimer>;

/** How a timer lies in the store: every renewal writes some, so without the names. */
const TimerTuple = z
  .union([z.tuple([z.int(), z.int()]), z.tuple([z.int(), z.int(), z.looseObject({ type: z.string() })])])
  .transform(([generation, dueAt, event]): StoredTimer => ({ generation, dueAt, ...(event ? { event } : {}) }));
const writeTimer = ({ generation, dueAt, event }: StoredTimer): readonly unknown[] =>
  event === undefined ? [generation, dueAt] : [generation, dueAt, event];

/** An invoked effect that runs: `generation` is the revision that started it; `effectId` its outbox entry. */
export const StoredInvocation = z.object({ generation: z.int(), src: z.string(), effectId: z.string() });
export type StoredInvocation = z.infer<typeof StoredInvocation>;

/** What is stored of an actor between two events. */
export const Envelope = z.object({
  /** Version of the machine that wrote it. */
  version: z.int().positive(),
  snapshot: z.object({
    status: z.enum(["active", "done", "error", "stopped"]),
    value: z.union([z.string(), z.record(z.string(), z.unknown())]),
    context: z.record(z.string(), z.unknown()),
    children: z.record(z.string(), z.unknown()).optional(),
    historyValue: z.record(z.string(), z.unknown()).optional(),
    output: z.unknown().optional(),
    error: z.unknown().optional(),
  }),
  timers: z.record(z.string(), TimerTuple).default({}),
  invocations: z.record(z.string(), StoredInvocation).default({}),
});
export type Envelope = z.output<typeof Envelope>;

/** The JSON that is stored: most actors wait for nothing most of the time, so empty maps are left out. */
export function writeEnvelope({ version, snapshot, timers, invocations }: Envelope): string {
  const stored: z.input<typeof Envelope> = { version, snapshot };
  if (!isEmpty(timers)) {
    const written: Record<string, readonly unknown[]> = {};
    for (const id in timers) {
      const timer = timers[id];
      if (timer) written[id] = writeTimer(timer);
    }
    stored.timers = written as never;
  }
  if (!isEmpty(invocations)) stored.invocations = invocations;
  return JSON.stringify(stored);
}

export function isEmpty(record: object): boolean {
  for (const _key in record) return false;
  return true;
}

/**
 * Reads a stored envelope, migrating it to the present version of its machine.
 * @throws AppError actor.quarantined for JSON that is no envelope; actor.unknownVersion for a version without a way to the
 * present one. Nothing is guessed and nothing is reset.
 */
export function readEnvelope(definition: MachineDefinition, address: string, json: string): Envelope {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (cause) {
    throw new AppError("actor.quarantined", { cause, details: { address, problem: "notJson" } });
  }
  const version = z.looseObject({ version: z.int().positive() }).safeParse(raw);
  if (!version.success) throw new AppError("actor.quarantined", { details: { address, problem: "noVersion" } });
  let current = version.data.version;
  if (current > definition.version) {
    throw new AppError("actor.unknownVersion", { details: { address, stored: current, known: definition.version } });
  }
  while (current < definition.version) {
    const migrate = definition.migrations[current];
    if (!migrate)
      throw new AppError("actor.unknownVersion", { details: { address, stored: current, known: definition.version } });
    raw = migrate(raw);
    current += 1;
  }
  const parsed = Envelope.safeParse(raw);
  if (!parsed.success) throw new AppError("actor.quarantined", { details: { address, problem: "notAnEnvelope" } });
  return { ...parsed.data, version: definition.version };
}
