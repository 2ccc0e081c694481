// Who asks for something, and what their role allows: the same over HTTP and in the staff chat.
import type { StaffRole } from "../../machines/definition.ts";
import { ADMIN_ROLES } from "../config.ts";

export interface StaffMember {
  readonly name: string;
  readonly role: StaffRole;
}

export const mayDo = (role: StaffRole, least: StaffRole): boolean =>
  ADMIN_ROLES.indexOf(role) >= ADMIN_ROLES.indexOf(least);
