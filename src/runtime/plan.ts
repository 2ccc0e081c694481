// What an event would do, as the same pure step tells that would do it; past the work that it begins, as if that work succeeded.
import type { ActorAddress } from "../../machines/address.ts";
import { assumedResults } from "../../machines/assumed-results.ts";
import type { Lookup } from "../../machines/definition.ts";
import type { Effect } from "../../machines/effects.ts";
import type { InvocationName } from "../../machines/invocations.ts";
import { AppError, isAppError } from "../errors.ts";
import { describeEffect } from "./audit-body.ts";
import { type Delivery, type Internal, type Known, stepOf, toView } from "./delivery.ts";
import type { ActorPlan, PlannedStep } from "./foresight-ports.ts";
import type { MachineCatalog } from "./machine-catalog.ts";
import { planHashOf } from "./plan-hash.ts";
import type { ActorEvent, ActorView } from "./ports.ts";
import { isEnd, nodeAt } from "./state-nodes.ts";
import type { LiveActor, Step, StoredEffect } from "./step.ts";

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
/** Why something follows. `assumes`: names of the work that has to succeed for it, in order. */
interface Chain {
  readonly depth: number;
  readonly assumes: readonly InvocationName[];
}
interface Message extends Chain {
  readonly to: ActorAddress;
  readonly event: ActorEvent;
  /** The end of work that the actor itself began. */
  readonly internal: Extract<Internal, { kind: "result" }> | null;
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
  const assumptions = new Map<Effect, string>();
  const follows: PlannedStep[] = [];
  const waiting: Message[] = [];
  /** Work takes longer than a word to another actor: its end is heard when all that was told is. */
  const working: Message[] = [];
  const hear = async (from: ActorAddress, step: Step | null, chain: Chain) => {
    for (const stored of step?.effects ?? []) {
      if (stored.kind === "invoke") {
        const end = endOf(from, stored, world.get(from)?.live, chain);
        if (end) working.push(end);
        continue;
      }
      effects.push(stored.effect);
      if (chain.assumes.length > 0) assumptions.set(stored.effect, assumedOf(chain));
      waiting.push(...(await messagesOf(deps, stored.effect, chain)));
    }
  };

  await hear(address, first.step, { depth: 1, assumes: [] });
  for (;;) {
    const message = waiting.shift() ?? working.shift();
    if (!message) break;
    if (wasLeft(message, world)) continue;
    if (follows.length >= MOST_FOLLOWERS || message.depth > DEEPEST) {
      const last = follows.pop();
      if (last) follows.push({ ...last, note: "there is more to follow than is shown" });
      break;
    }
    const { planned, step } = await follow(deps, world, message, at);
    follows.push(message.assumes.length === 0 ? planned : { ...planned, assumes: assumedOf(message) });
    await hear(message.to, step, { depth: message.depth + 1, assumes: message.assumes });
  }

  const foreseen = new Map<ActorAddress, ActorView>();
  for (const [one, then] of world) {
    const { definition, id } = deps.machines.of(one);
    if (then) foreseen.set(one, toView(one, definition, id, then));
  }
  const rev = known?.rev ?? 0;
  const then = world.get(address)?.live;
  const before = known?.live.states ?? [];
  return {
    planHash: first.step ? planHashOf(address, rev, event, first.planned, follows) : "",
    expectedRev: rev,
    before,
    after: (first.step?.next ?? known?.live)?.states ?? [],
    step: first.planned,
    follows,
    effects,
    assumptions,
    foreseen,
    entryEffects: [],
    final: first.step?.outcome === "applied" && then !== undefined && isFinal(then, before),
    stepped: first.step,
  };
}

const assumedOf = ({ assumes }: Chain): string => assumes.map((name) => `${name} succeeds`).join(", ");

/** The good end of work that was just begun; null for work whose result nobody can assume. */
function endOf(
  to: ActorAddress,
  { childId, src, input }: Extract<StoredEffect, { kind: "invoke" }>,
  live: LiveActor | undefined,
  chain: Chain,
): Message | null {
  const assumed = assumedResults[src] as ((input: unknown) => unknown) | undefined;
  const effectId = live?.envelope.invocations[childId]?.effectId;
  if (!assumed || effectId === undefined) return null;
  const event = { type: `xstate.done.actor.${childId}`, actorId: childId, output: assumed(input) };
  return {
    ...{ to, event, internal: { kind: "result", childId, effectId } },
    ...{ depth: chain.depth, assumes: [...chain.assumes, src] },
  };
}

/** Work that was left meanwhile is stopped, and nobody hears of its end. */
const wasLeft = ({ to, internal }: Message, world: ReadonlyMap<ActorAddress, Known | null>): boolean =>
  internal !== null && world.get(to)?.live.envelope.invocations[internal.childId]?.effectId !== internal.effectId;

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
  { to, event, internal }: Message,
  at: number,
): Promise<Foreseen> {
  try {
    const { definition } = deps.machines.of(to);
    if (!world.has(to)) world.set(to, await deps.peek(to));
    if (internal) return foresee(deps, world, { address: to, event, internal }, at);
    const checked = definition.event.safeParse(event);
    if (!checked.success) return { planned: { ...nothing(to, event), note: "it would refuse this event" }, step: null };
    return foresee(deps, world, { address: to, event: checked.data as ActorEvent, internal: null }, at);
  } catch (error) {
    if (!isAppError(error) || error.retry) throw error;
    return { planned: { ...nothing(to, event), note: error.code }, step: null };
  }
}

async function messagesOf({ find }: PlanDeps, effect: Effect, { depth, assumes }: Chain): Promise<readonly Message[]> {
  const chain = { depth, assumes, internal: null };
  if (effect.kind === "tell") return [{ ...chain, to: effect.to, event: effect.event }];
  if (effect.kind !== "broadcast") return [];
  const everybody = [...(await find(`chatId=${effect.chatId}`))].sort();
  const audience = everybody.filter((address) => effect.machines.some((machine) => address.startsWith(`${machine}/`)));
  return audience.slice(0, MOST_FOLLOWERS + 1).map((to) => ({ ...chain, to, event: effect.event }));
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

/** Whether it has come where it ends. @param before leaf states that it comes from. */
const isFinal = ({ envelope, snapshot, states }: LiveActor, before: readonly string[]): boolean =>
  envelope.snapshot.status !== "active" ||
  states.some((path) => {
    const node = before.includes(path) ? null : nodeAt(snapshot.machine, path);
    return node !== null && isEnd(node);
  });
