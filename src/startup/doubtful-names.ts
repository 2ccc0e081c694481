// Whether one person could be two: in the staff chat by one name, with a token by another.
import type { Config } from "../config.ts";
import { makeSamePerson } from "../staff-aliases.ts";
import { LEAST_ROLES, mayDo } from "../support/staff.ts";

/**
 * Those who may approve and are known in one place only. Only names on both sides make a doubt: where everybody of one side is known on the
 * other, each name is somebody of their own.
 * @returns null where there is none
 */
export function doubtfulNames({
  adminTokens,
  staffMembers,
  staffAliases,
}: Pick<Config, "adminTokens" | "staffMembers" | "staffAliases">): {
  readonly members: readonly string[];
  readonly tokens: readonly string[];
} | null {
  const isSamePerson = makeSamePerson(staffAliases);
  type Listed = Config["staffMembers"][number] | Config["adminTokens"][number];
  const unmatched = (listed: readonly Listed[], others: readonly Listed[]): readonly string[] =>
    listed
      .filter(({ role }) => mayDo(role, LEAST_ROLES.approvals))
      .filter(({ name }) => !others.some((other) => isSamePerson(name, other.name)))
      .map(({ name }) => name);
  const members = unmatched(staffMembers, adminTokens);
  const tokens = unmatched(adminTokens, staffMembers);
  return members.length > 0 && tokens.length > 0 ? { members, tokens } : null;
}
