// The part of the staff's work that changes something, put together: single commands, and those that need two persons.
import type { MachineDefinition } from "../../machines/definition.ts";
import type { TicketTexts } from "../bot/ports.ts";
import type { Catalog } from "../plans.ts";
import type { Foresight } from "../runtime/foresight-ports.ts";
import type { Actors, Clock } from "../runtime/ports.ts";
import type { SamePerson } from "../staff-aliases.ts";
import type { ApprovalStore } from "./approval-port.ts";
import { type Approvals, makeApprovals } from "./approvals.ts";
import { type Bulk, type BulkStore, makeBulk } from "./bulk.ts";
import { makeBulkForesight } from "./bulk-foresight.ts";
import { makeCarryOutEvent, makeStaffCommands, type StaffCommands } from "./commands.ts";
import type { EverydayWorld } from "./everyday.ts";
import { makePreview, type Preview, type Told } from "./preview.ts";
import { makeTickets, type Tickets } from "./tickets.ts";

export interface StaffDeskDeps {
  readonly actors: Actors;
  readonly definitions: readonly MachineDefinition[];
  readonly clock: Clock;
  readonly approvals: ApprovalStore;
  readonly bulks: BulkStore;
  readonly messages: TicketTexts;
  readonly catalog: () => Catalog;
  readonly timeZone: string;
  readonly foresight: Pick<Foresight, "plan" | "planForce">;
  readonly told: Told;
  readonly isSamePerson: SamePerson;
}

export interface StaffDesk {
  readonly approvals: Approvals;
  readonly commands: StaffCommands;
  readonly everyday: EverydayWorld;
  readonly tickets: Tickets;
  readonly bulk: Bulk;
  readonly preview: Preview["event"];
  readonly previewForce: Preview["force"];
}

export function makeStaffDesk({
  actors,
  definitions,
  clock,
  approvals: store,
  bulks,
  messages,
  catalog,
  timeZone,
  foresight,
  told,
  isSamePerson,
}: StaffDeskDeps): StaffDesk {
  const approvals = makeApprovals({
    ...{ store, clock, isSamePerson },
    carryOut: {
      event: makeCarryOutEvent(actors),
      bulk: (deed, order) => bulk.carryOut(deed, order),
    },
  });
  const limits = () => catalog().limits.approval;
  const commands = makeStaffCommands({ actors, definitions, approvals, limits });
  const preview = makePreview({ actors, foresight, told, needsApproval: commands.needsApproval });
  const foresee = makeBulkForesight({ actors, foresight, preview, needsApproval: commands.needsApproval });
  const bulk = makeBulk({ actors, commands, approvals, store: bulks, foresee, limits });
  return {
    approvals,
    commands,
    bulk,
    tickets: makeTickets({ actors, messages, now: clock.now.bind(clock) }),
    everyday: { actors, catalog, timeZone, now: clock.now.bind(clock) },
    preview: preview.event,
    previewForce: preview.force,
  };
}
