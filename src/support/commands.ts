// One command of the staff, whoever carries it here: signed with their name, held for a second person above the limit, sent once.
import type { ActorAddress } from "../../machines/address.ts";
import { parseAddress } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import type { PaymentContext } from "../../machines/payment/types.ts";
import { AppError } from "../errors.ts";
import type { ApprovalLimits } from "../policies.ts";
import type { ActorEvent, Actors, ActorView, SendOptions, SendResult } from "../runtime/ports.ts";
import type { Approval } from "./answers/people.ts";
import type { Approvals, CarryOut, Order } from "./approvals.ts";
import { noActor } from "./no-actor.ts";
import type { StaffMember } from "./staff.ts";
import { signedEvent } from "./staff-events.ts";

/** The one event that a second person may have to approve. */
export const NEEDS_TWO = "refund.requested";

export interface StaffCommand {
  readonly member: StaffMember;
  readonly address: ActorAddress;
  /** Unchecked and unsigned. */
  readonly event: ActorEvent;
  readonly reason: string;
  readonly idempotencyKey: string;
  /** Refuse when the actor moved on, or the event would do something else, since it was looked at. */
  readonly guards?: Pick<SendOptions, "expectedRev" | "planHash">;
}

export type Answered =
  | { readonly kind: "sent"; readonly result: SendResult }
  /** Nothing was done yet: a second person has to approve it. */
  | { readonly kind: "held"; readonly approval: Approval };

export interface StaffCommands {
  /** The event as it would be sent. @throws AppError actor.unknownMachine, actor.notForStaff, http.forbidden */
  sign(command: Pick<StaffCommand, "member" | "address" | "event" | "reason">): ActorEvent;
  /** @throws AppError what `sign` and `Actors.send` throw; actor.noActor; command.keyReused */
  send(command: StaffCommand): Promise<Answered>;
  /**
   * For commands that are sent elsewhere: what has to wait for a second person, or did. Null: go on.
   * @param event Signed.
   */
  hold(command: StaffCommand, event: ActorEvent): Promise<Approval | null>;
  /** Whether one event to this actor needs a second person. */
  needsApproval(view: ActorView, event: Pick<ActorEvent, "type">): boolean;
}

export interface CommandsDeps {
  readonly actors: Pick<Actors, "read" | "send">;
  readonly definitions: readonly MachineDefinition[];
  readonly approvals: Pick<Approvals, "ask" | "askedBefore">;
  readonly limits: () => ApprovalLimits;
}

export function makeStaffCommands({ actors, definitions, approvals, limits }: CommandsDeps): StaffCommands {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));

  const sign: StaffCommands["sign"] = ({ address, event, member, reason }) => {
    const definition = byName.get(parseAddress(address).machine);
    if (!definition) throw new AppError("actor.unknownMachine");
    return signedEvent(definition, event, member, reason);
  };

  const needsApproval: StaffCommands["needsApproval"] = (view, { type }) => {
    if (view.machine !== "payment" || type !== NEEDS_TWO) return false;
    const { amountMinor, currency } = view.context as unknown as PaymentContext;
    const limit = limits().refundAbove[currency];
    return limit !== undefined && amountMinor > limit && isRefundable(view);
  };

  const hold: StaffCommands["hold"] = async ({ member, address, reason, idempotencyKey, guards }, event) => {
    if (event.type !== NEEDS_TWO) return null;
    const view = await actors.read(address);
    const before = await approvals.askedBefore(member, idempotencyKey);
    if (!view || (before === null && !needsApproval(view, event))) return null;
    const expectedRev = guards?.expectedRev;
    if (before === null && expectedRev !== undefined && expectedRev !== view.rev) {
      throw new AppError("actor.staleRevision", { details: { address, expected: expectedRev, actual: view.rev } });
    }
    const { amountMinor, currency } = view.context as unknown as PaymentContext;
    return approvals.ask({
      ...{ member, reason, idempotencyKey },
      title: `${event.type} ${amountMinor} ${currency}`,
      deed: { kind: "event", address, event, expectedSeq: view.rev },
    });
  };

  return {
    sign,
    hold,
    needsApproval,
    async send(command) {
      const { address, member, reason, idempotencyKey, guards = {} } = command;
      const event = sign(command);
      const approval = await hold(command, event);
      if (approval) return { kind: "held", approval };
      const result = await actors.send(address, event, {
        cause: { kind: "staff", id: idempotencyKey, by: member.name, reason },
        key: `staff ${member.name} ${idempotencyKey}`,
        ...guards,
      });
      if (result.outcome === "noActor") throw noActor(address);
      return { kind: "sent", result };
    },
  };
}

/** Elsewhere the machine has no use for the event: nobody has to approve that nothing happens. */
const isRefundable = ({ states }: ActorView): boolean =>
  states.some((state) => state === "applied" || state === "quarantined");

/** Carries an approved event out: on the actor as it was when it was asked for, and once for ever. */
export const makeCarryOutEvent =
  (actors: Pick<Actors, "send">): CarryOut["event"] =>
  (deed, { id, by, reason }: Order) =>
    actors.send(deed.address, deed.event, {
      cause: { kind: "staff", id, by, reason },
      key: `approval ${id}`,
      once: `approval ${id}`,
      expectedRev: deed.expectedSeq,
    });
