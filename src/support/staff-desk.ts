// The part of the staff's work that changes something, put together: single commands, and those that need two persons.
import type { ActorAddress } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import type { Catalog } from "../plans.ts";
import type { ActorEvent, Actors, Clock } from "../runtime/ports.ts";
import type { Plan } from "./answers/actors.ts";
import type { ApprovalStore } from "./approval-port.ts";
import { type Approvals, makeApprovals } from "./approvals.ts";
import { makeCarryOutEvent, makeStaffCommands, type StaffCommands } from "./commands.ts";
import type { EverydayWorld } from "./everyday.ts";

export interface StaffDeskDeps {
  readonly actors: Actors;
  readonly definitions: readonly MachineDefinition[];
  readonly clock: Clock;
  readonly approvals: ApprovalStore;
  readonly catalog: () => Catalog;
  readonly timeZone: string;
  /** What a signed event would do. */
  readonly preview: (address: ActorAddress, event: ActorEvent) => Promise<Plan>;
}

export interface StaffDesk {
  readonly approvals: Approvals;
  readonly commands: StaffCommands;
  readonly everyday: EverydayWorld;
  readonly preview: StaffDeskDeps["preview"];
}

export function makeStaffDesk({
  actors,
  definitions,
  clock,
  approvals: store,
  catalog,
  timeZone,
  preview,
}: StaffDeskDeps): StaffDesk {
  const approvals = makeApprovals({
    store,
    clock,
    carryOut: {
      event: makeCarryOutEvent(actors),
      bulk: async () => ({ applied: 0, ignored: 0, duplicate: 0, failed: [] }),
    },
  });
  return {
    approvals,
    commands: makeStaffCommands({ actors, definitions, approvals, limits: () => catalog().limits.approval }),
    everyday: { actors, catalog, timeZone, now: clock.now.bind(clock) },
    preview,
  };
}
