// Who of the staff chat is who: `STAFF_MEMBERS`.
import { z } from "zod";

export interface ListedStaff<Role extends string> {
  /** Telegram user id. */
  readonly userId: number;
  readonly name: string;
  readonly role: Role;
}

/** @param roles Allowed ones. @returns a schema for `telegramId:name:role[,…]` */
export function staffMembers<const Role extends string>(roles: readonly Role[]) {
  const entry = new RegExp(`^[1-9]\\d{0,14}:[\\w.-]{1,32}:(?:${roles.join("|")})$`);
  return (
    z
      .string()
      .transform((text) => text.split(",").map((part) => part.trim()))
      .pipe(
        z.array(
          z.string().regex(entry, {
            error: `each entry must be telegramId:name:role, the role one of ${roles.join(", ")}`,
            abort: true,
          }),
        ),
      )
      .transform((parts) =>
        parts.map((part): ListedStaff<Role> => {
          const [userId = "", name = "", role = ""] = part.split(":");
          return { userId: Number(userId), name, role: role as Role };
        }),
      )
      .refine((listed) => isUnique(listed.map(({ userId }) => userId)), "two entries have the same Telegram id")
      // Two persons must never be one name: what one asks for the other may approve.
      .refine((listed) => isUnique(listed.map(({ name }) => name)), "two entries have the same name")
  );
}

const isUnique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
