// The part of the staff's work that changes something, put together: single commands, and those that need two persons.
import type { MachineDefinition } from "../../machines/definition.ts";
import type { Catalog } from "../plans.ts";
import type { Foresight } from "../runtime/foresight-ports.ts";
import type { Actors, Clock } from "../runtime/ports.ts";
import type { ApprovalStore } from "./approval-port.ts";
import { type Approvals, makeApprovals } from "./approvals.ts";
import { makeCarryOutEvent, makeStaffCommands, type StaffCommands } from "./commands.ts";
import type { EverydayWorld } from "./everyday.ts";
import { makePreview, type Preview, type Told } from "./preview.ts";

export interface StaffDeskDeps {
  readonly actors: Actors;
  readonly definitions: readonly MachineDefinition[];
  readonly clock: Clock;
  readonly approvals: ApprovalStore;
  readonly catalog: () => Catalog;
  readonly timeZone: string;
  readonly foresight: Pick<Foresight, "plan">;
  readonly told: Told;
}

export interface StaffDesk {
  readonly approvals: Approvals;
  readonly commands: StaffCommands;
  readonly everyday: EverydayWorld;
  readonly preview: Preview["event"];
}

export function makeStaffDesk({
  actors,
  definitions,
  clock,
  approvals: store,
  catalog,
  timeZone,
  foresight,
  told,
}: StaffDeskDeps): StaffDesk {
  const approvals = makeApprovals({
    store,
    clock,
    carryOut: {
      event: makeCarryOutEvent(actors),
      bulk: async () => ({ applied: 0, ignored: 0, duplicate: 0, failed: [] }),
    },
  });
  const commands = makeStaffCommands({ actors, definitions, approvals, limits: () => catalog().limits.approval });
  return {
    approvals,
    commands,
    everyday: { actors, catalog, timeZone, now: clock.now.bind(clock) },
    preview: makePreview({ actors, foresight, told, needsApproval: commands.needsApproval }).event,
  };
}
