// Who may open what. The service decides; the pages only offer nothing that it refuses.
import { createStore } from "@xstate/store";
import { useSelector } from "@xstate/store-preact";
import type { Me } from "../support/answers/operations.ts";

export type Role = Me["role"];

/** Each may do what those before it may. */
const ROLES: readonly Role[] = ["viewer", "support", "finance", "owner"];

export const mayOpen = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

/** The one that the fewest need to be given; null of none. */
export const leastOf = (roles: readonly Role[]): Role | null => ROLES.find((role) => roles.includes(role)) ?? null;

const own = createStore({
  context: { name: "", role: "viewer" as Role },
  on: { known: (_, { name, role }: { name: string; role: Role }) => ({ name, role }) },
});

/** Called with what `me` answers. */
export const setOwn = ({ name, role }: Pick<Me, "name" | "role">): void => {
  const { context } = own.getSnapshot();
  if (context.role !== role || context.name !== name) own.trigger.known({ name, role });
};

/** Whether this name is the reader's own, in capitals or not. */
export const useIsOwn = (): ((name: string) => boolean) => {
  const mine = useSelector(own, ({ context }) => context.name).toLowerCase();
  return (name) => name.toLowerCase() === mine;
};

/** Whether whoever is logged in has at least this role. */
export const useMay = (least: Role): boolean =>
  mayOpen(
    useSelector(own, ({ context }) => context.role),
    least,
  );
