// Who may force which state: by default the machine's role, more where the state is worth money.
import type { MachineDefinition, StaffRole } from "../../machines/definition.ts";
import { forcible } from "../runtime/force.ts";
import type { ActorPage } from "./answers/actors.ts";
import { mayDo, roleMissing, type StaffMember } from "./staff.ts";

/** @param path of a state; one that the machine does not have is for whoever may force at all to hear of. */
export function forceRoleOf({ forceRole, forceRoles }: MachineDefinition, path: string): StaffRole {
  const special = Object.entries(forceRoles).find(([state]) => path === state || path.startsWith(`${state}.`));
  return special?.[1] ?? forceRole;
}

/** @throws AppError http.forbidden, naming the first state that is not for this role */
export function demandForce(definition: MachineDefinition, targets: readonly string[], { role }: StaffMember): void {
  if (!mayDo(role, definition.forceRole)) throw roleMissing(definition.forceRole, "targets");
  for (const path of targets) {
    const least = forceRoleOf(definition, path);
    if (!mayDo(role, least)) throw roleMissing(least, `targets: ${path}`);
  }
}

/** What an actor's page says about it. */
export function forceChoices(definition: MachineDefinition, role: StaffRole): ActorPage["force"] {
  const targets = forcible(definition);
  const others = targets
    .map((path) => [path, forceRoleOf(definition, path)] as const)
    .filter(([, least]) => least !== definition.forceRole);
  return {
    ...{ role: definition.forceRole, mayYou: mayDo(role, definition.forceRole), targets: [...targets] },
    roles: Object.fromEntries(others),
    notYours: targets.filter((path) => !mayDo(role, forceRoleOf(definition, path))),
  };
}
