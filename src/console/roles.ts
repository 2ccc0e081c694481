// Who may open what. The service decides; the pages only offer nothing that it refuses.
import { createStore } from "@xstate/store";
import { useSelector } from "@xstate/store-preact";
import type { Me } from "../support/answers/operations.ts";

export type Role = Me["role"];

/** Each may do what those before it may. */
const ROLES: readonly Role[] = ["viewer", "support", "finance", "owner"];

export const mayOpen = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

const own = createStore({
  context: { role: "viewer" as Role },
  on: { known: (_, { role }: { role: Role }) => ({ role }) },
});

/** Called with what `me` answers. */
export const setRole = (role: Role): void => {
  if (own.getSnapshot().context.role !== role) own.trigger.known({ role });
};

/** Whether whoever is logged in has at least this role. */
export const useMay = (least: Role): boolean =>
  mayOpen(
    useSelector(own, ({ context }) => context.role),
    least,
  );
