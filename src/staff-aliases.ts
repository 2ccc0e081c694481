// Which names of the staff are one person: `STAFF_ALIASES`, and names that are written alike.
import { z } from "zod";
import { isUnique, listOf } from "./config-forms.ts";

/** Names of one person each. */
export type StaffAliases = readonly (readonly string[])[];

/** @returns a schema for `name=name[=name…][,…]` */
export const staffAliases = () =>
  listOf(
    z
      .string()
      .regex(/^[\w.-]{1,32}(?:=[\w.-]{1,32})+$/, {
        error: "each entry must be name=name, the names of one person",
        abort: true,
      })
      .transform((names): readonly string[] => names.split("=")),
  ).refine((persons) => isUnique(persons.flat().map(folded)), "a name stands in it twice");

/** A mistyped alias would protect nothing. */
export function aliasProblems(env: {
  readonly STAFF_ALIASES?: StaffAliases | undefined;
  readonly ADMIN_TOKENS?: readonly { readonly name: string }[] | undefined;
  readonly STAFF_MEMBERS?: readonly { readonly name: string }[] | undefined;
}): string[] {
  const { STAFF_ALIASES: aliases = [], ADMIN_TOKENS: tokens = [], STAFF_MEMBERS: members = [] } = env;
  const known = new Set([...tokens, ...members].map(({ name }) => folded(name)));
  return aliases.flat().every((name) => known.has(folded(name)))
    ? []
    : ["STAFF_ALIASES: each name must be one of ADMIN_TOKENS or STAFF_MEMBERS"];
}

export type SamePerson = (one: string, other: string) => boolean;

/** The same name is the same person, in capitals or not, wherever they come in. */
export function makeSamePerson(aliases: StaffAliases): SamePerson {
  const persons = new Map(aliases.flatMap((names, person) => names.map((name) => [folded(name), person] as const)));
  const personOf = (name: string): number | string => persons.get(folded(name)) ?? folded(name);
  return (one, other) => personOf(one) === personOf(other);
}

const folded = (name: string): string => name.toLowerCase();
