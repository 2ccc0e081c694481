// The part of the staff's work that changes something, put together: single commands, and those that need two persons.
import type { MachineDefinition } from "../../machines/definition.ts";
import type { ApprovalLimits } from "../policies.ts";
import type { Actors, Clock } from "../runtime/ports.ts";
import type { ApprovalStore } from "./approval-port.ts";
import { type Approvals, makeApprovals } from "./approvals.ts";
import { makeCarryOutEvent, makeStaffCommands, type StaffCommands } from "./commands.ts";

export interface StaffDeskDeps {
  readonly actors: Actors;
  readonly definitions: readonly MachineDefinition[];
  readonly clock: Clock;
  readonly approvals: ApprovalStore;
  readonly limits: () => ApprovalLimits;
}

export interface StaffDesk {
  readonly approvals: Approvals;
  readonly commands: StaffCommands;
}

export function makeStaffDesk({ actors, definitions, clock, approvals: store, limits }: StaffDeskDeps): StaffDesk {
  const approvals = makeApprovals({
    store,
    clock,
    carryOut: {
      event: makeCarryOutEvent(actors),
      bulk: async () => ({ applied: 0, ignored: 0, duplicate: 0, failed: [] }),
    },
  });
  return { approvals, commands: makeStaffCommands({ actors, definitions, approvals, limits }) };
}
