// The part of the admin API that changes something for customers: everyday commands, and what two persons decide.
import type { FastifyInstance } from "fastify";
import { APPROVAL_ROUTES, type ApprovalsDeps, registerApprovals } from "./approvals.ts";
import { BULK_ROUTES, type BulkDeps, registerBulk } from "./bulk.ts";
import { EVERYDAY_ROUTES, type EverydayDeps, registerEveryday } from "./everyday.ts";
import type { AdminRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface DeskDeps extends ApprovalsDeps, BulkDeps, EverydayDeps {}

export const DESK_ROUTES: Readonly<Record<string, AdminRoute>> = {
  ...EVERYDAY_ROUTES,
  ...BULK_ROUTES,
  ...APPROVAL_ROUTES,
};

export function registerDesk(server: FastifyInstance, door: StaffDoor, deps: DeskDeps): void {
  registerEveryday(server, door, deps);
  registerBulk(server, door, deps);
  registerApprovals(server, door, deps);
}
