// Who asks for something, and what their role allows: the same over HTTP and in the staff chat.
import type { StaffRole } from "../../machines/definition.ts";
import { ADMIN_ROLES } from "../environment.ts";
import { AppError } from "../errors.ts";

export interface StaffMember {
  readonly name: string;
  readonly role: StaffRole;
}

/**
 * The least role for what is no event of an actor's: who somebody is and why they are in or out, what customers wrote and the answer to it,
 * the second person's word. Routes name these roles, and whoever does the work asks `demand` itself, so that no door can forget to.
 */
export const LEAST_ROLES = {
  customers: "viewer",
  tickets: "support",
  approvals: "support",
} as const satisfies Readonly<Record<string, StaffRole>>;

export const mayDo = (role: StaffRole, least: StaffRole): boolean =>
  ADMIN_ROLES.indexOf(role) >= ADMIN_ROLES.indexOf(least);

/** @throws AppError http.forbidden */
export function demand({ role }: StaffMember, work: keyof typeof LEAST_ROLES): void {
  if (!mayDo(role, LEAST_ROLES[work])) throw roleMissing(LEAST_ROLES[work]);
}

/** @param field What of the request asks for it. */
export const roleMissing = (needs: StaffRole, field?: string): AppError =>
  new AppError("http.forbidden", {
    details: { needs, fields: [`${field === undefined ? "" : `${field}: `}needs the role ${needs}`] },
  });
