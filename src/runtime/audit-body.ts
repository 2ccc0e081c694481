// What the audit says about a step: who caused what, from where to where, what was asked for.
import type { ActorAddress } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import type { AuditBody } from "./audit.ts";
import type { ActorEvent, SendOptions } from "./ports.ts";
import type { Step, StoredEffect } from "./step.ts";

interface Delivered {
  readonly address: ActorAddress;
  readonly definition: MachineDefinition;
  readonly event: ActorEvent;
  readonly options: SendOptions;
}

/** What goes on record about one step. `at`: epoch ms. */
export function auditBody(delivered: Delivered, step: Step, rev: number, at: number): AuditBody {
  const { address, definition, event, options } = delivered;
  return {
    address,
    rev,
    at,
    event: withoutPersonal(definition, event),
    cause: options.cause,
    outcome: step.outcome,
    ...(step.note === undefined ? {} : { note: step.note }),
    from: step.from,
    to: step.to,
    ...(step.effects.length === 0 ? {} : { effects: step.effects.map(describeEffect) }),
    timersSet: step.timersSet,
    timersCancelled: step.timersCancelled,
  };
}

/** The audit never holds what a person is called or wrote. */
export function withoutPersonal(definition: MachineDefinition, event: ActorEvent): ActorEvent {
  const personal = definition.personal[event.type];
  if (!personal) return event;
  return Object.fromEntries(
    Object.entries(event).map(([field, value]) => [field, personal.includes(field) ? "(personal)" : value]),
  ) as ActorEvent;
}

/** One line for people: what was asked for, of whom. */
export function describeEffect(stored: StoredEffect): string {
  if (stored.kind === "invoke") return `invoke ${stored.src}`;
  const { effect } = stored;
  switch (effect.kind) {
    case "tell":
      return `tell ${effect.to} ${effect.event.type}`;
    case "broadcast":
      return `broadcast ${effect.chatId} ${effect.event.type}`;
    case "notifyCustomer":
    case "notifyStaff":
      return `${effect.kind} ${effect.notice}`;
    default:
      return effect.kind;
  }
}
