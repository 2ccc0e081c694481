// Who may come in over HTTP, and as whom: `ADMIN_TOKENS`.
import { z } from "zod";
import { isUnique, listOf } from "./config-forms.ts";

export interface ListedToken<Role extends string> {
  readonly name: string;
  readonly role: Role;
  /** Of the token, hex. */
  readonly sha256: string;
}

/** @param roles Allowed ones. @returns a schema for `name:role:sha256-of-token[,…]` */
export function adminTokens<const Role extends string>(roles: readonly Role[]) {
  const entry = new RegExp(`^[\\w.-]{1,32}:(?:${roles.join("|")}):[0-9a-fA-F]{64}$`);
  return (
    listOf(
      z
        .string()
        .regex(entry, {
          error: `each entry must be name:role:sha256, the role one of ${roles.join(", ")}, sha256 the token's digest in 64 hex digits`,
          abort: true,
        })
        .transform((part): ListedToken<Role> => {
          const [name = "", role = "", sha256 = ""] = part.split(":");
          return { name, role: role as Role, sha256: sha256.toLowerCase() };
        }),
    )
      .refine((tokens) => isUnique(tokens.map(({ name }) => name)), "two tokens have the same name")
      // Nobody could tell afterwards who it was.
      .refine((tokens) => isUnique(tokens.map(({ sha256 }) => sha256)), "two names have the same token")
  );
}
