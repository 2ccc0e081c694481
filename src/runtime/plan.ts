// What an event would do, as the same pure step tells that would do it.
import type { ActorAddress } from "../../machines/address.ts";
import type { Lookup } from "../../machines/definition.ts";
import type { Effect } from "../../machines/effects.ts";
import { AppError, isAppError } from "../errors.ts";
import { describeEffect } from "./audit-body.ts";
import { type Delivery, type Internal, type Known, stepOf, toView } from "./delivery.ts";
import type { ActorPlan, PlannedStep } from "./foresight-ports.ts";
import type { MachineCatalog } from "./machine-catalog.ts";
import { planHashOf } from "./plan-hash.ts";
import type { ActorEvent, ActorView } from "./ports.ts";
import { leadsOut, nodeAt } from "./state-nodes.ts";
import type { LiveActor, Step } from "./step.ts";

/** A plan is for people: nobody reads more of what follows, and a chat may have a hundred thousand actors. */
const MOST_FOLLOWERS = 50;
/** Longest chain of events that cause one another. No real one is half as long. */
const DEEPEST = 8;

export interface PlanDeps {
  readonly machines: MachineCatalog;
  readonly peek: (address: ActorAddress) => Promise<Known | null>;
  readonly find: (lookup: Lookup) => Promise<readonly ActorAddress[]>;
}

interface Foreseen {
  readonly planned: PlannedStep;
  readonly step: Step | null;
}
interface Message {
  readonly to: ActorAddress;
  readonly event: ActorEvent;
  readonly depth: number;
}

/**
 * @param event checked against the machine's own events unless it comes from inside.
 * @param at epoch ms, the time at which it would happen; what follows happens at the same time, as far as it is told here.
 * @throws AppError actor.machineFailed where the machine itself throws
 */
export async function planOf(
  deps: PlanDeps,
  address: ActorAddress,
  event: ActorEvent,
  at: number,
  internal: Internal | null = null,
): Promise<ActorPlan & { readonly stepped: Step | null }> {
  /** The actors as they would stand. */
  const world = new Map<ActorAddress, Known | null>();
  const known = await deps.peek(address);
  world.set(address, known);
  const first = foresee(deps, world, { address, event, internal }, at);
  const effects: Effect[] = [];
  const follows: PlannedStep[] = [];
  const waiting: Message[] = [];
  const hear = async (step: Step | null, depth: number) => {
    for (const stored of step?.effects ?? []) {
      if (stored.kind !== "effect") continue;
      effects.push(stored.effect);
      waiting.push(...(await messagesOf(deps, stored.effect, depth)));
    }
  };

  await hear(first.step, 1);
  for (let message = waiting.shift(); message; message = waiting.shift()) {
    if (follows.length >= MOST_FOLLOWERS || message.depth > DEEPEST) {
      const last = follows.pop();
      if (last) follows.push({ ...last, note: "there is more to follow than is shown" });
      break;
    }
    const { planned, step } = await follow(deps, world, message, at);
    follows.push(planned);
    await hear(step, message.depth + 1);
  }

  const foreseen = new Map<ActorAddress, ActorView>();
  for (const [one, then] of world) {
    const { definition, id } = deps.machines.of(one);
    if (then) foreseen.set(one, toView(one, definition, id, then));
  }
  return {
    planHash: first.step ? planHashOf(address, known?.rev ?? 0, event, first.step) : "",
    expectedRev: known?.rev ?? 0,
    before: known?.live.states ?? [],
    after: (first.step?.next ?? known?.live)?.states ?? [],
    step: first.planned,
    follows,
    effects,
    foreseen,
    entryEffects: [],
    final: first.step?.outcome === "applied" && isFinal(first.step.next, first.step.to),
    stepped: first.step,
  };
}

/** One event at one actor of the world, which then stands as it would after it. */
function foresee(
  { machines }: PlanDeps,
  world: Map<ActorAddress, Known | null>,
  message: { readonly address: ActorAddress; readonly event: ActorEvent; readonly internal: Internal | null },
  at: number,
): Foreseen {
  const { address, event, internal } = message;
  const { definition, id } = machines.of(address);
  const known = world.get(address) ?? null;
  if (!known && (internal || !definition.creators.has(event.type)))
    return { planned: { ...nothing(address, event), outcome: "noActor" }, step: null };
  const rev = (known?.rev ?? 0) + 1;
  const options = { cause: { kind: "system", id: "plan" } } as const;
  const delivery: Delivery = { address, definition, id, event, options, internal, ends: null };
  let step: Step;
  try {
    step = stepOf(delivery, known, rev, at);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("actor.machineFailed", { cause, details: { address, event: event.type } });
  }
  world.set(address, { rev, live: step.next, keys: known?.keys ?? [], head: known?.head ?? "" });
  return { planned: plannedOf(address, event, step), step };
}

/** The same for an event of another actor: what is wrong there is part of what the plan tells. */
async function follow(
  deps: PlanDeps,
  world: Map<ActorAddress, Known | null>,
  { to, event }: Message,
  at: number,
): Promise<Foreseen> {
  try {
    const { definition } = deps.machines.of(to);
    if (!world.has(to)) world.set(to, await deps.peek(to));
    const checked = definition.event.safeParse(event);
    if (!checked.success) return { planned: { ...nothing(to, event), note: "it would refuse this event" }, step: null };
    return foresee(deps, world, { address: to, event: checked.data as ActorEvent, internal: null }, at);
  } catch (error) {
    if (!isAppError(error) || error.retry) throw error;
    return { planned: { ...nothing(to, event), note: error.code }, step: null };
  }
}

async function messagesOf({ find }: PlanDeps, effect: Effect, depth: number): Promise<readonly Message[]> {
  if (effect.kind === "tell") return [{ to: effect.to, event: effect.event, depth }];
  if (effect.kind !== "broadcast") return [];
  const everybody = await find(`chatId=${effect.chatId}`);
  const audience = everybody.filter((address) => effect.machines.some((machine) => address.startsWith(`${machine}/`)));
  return audience.slice(0, MOST_FOLLOWERS + 1).map((to) => ({ to, event: effect.event, depth }));
}

const nothing = (address: ActorAddress, { type }: ActorEvent): PlannedStep => ({
  ...{ address, event: type, outcome: "ignored", from: [], to: [], effects: [], timersSet: [], timersCancelled: [] },
});

const plannedOf = (address: ActorAddress, { type }: ActorEvent, step: Step): PlannedStep => ({
  address,
  event: type,
  outcome: step.outcome,
  ...(step.note === undefined ? {} : { note: step.note }),
  from: step.from,
  to: step.to,
  effects: step.effects.map(describeEffect),
  timersSet: Object.entries(step.timersSet).map(([id, { dueAt }]) => ({ id, dueAt })),
  timersCancelled: step.timersCancelled,
});

/** @param entered leaf states that were entered. */
const isFinal = ({ envelope, snapshot }: LiveActor, entered: readonly string[]): boolean =>
  envelope.snapshot.status !== "active" ||
  entered.some((path) => {
    const node = nodeAt(snapshot.machine, path);
    return node !== null && !leadsOut(node);
  });
