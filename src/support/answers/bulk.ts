// What the admin API answers about a command to many actors, before it is meant.
import { z } from "zod";
import { Plan } from "./actors.ts";

/** Actors for which the same would happen, whoever they are. */
export const BulkGroup = z
  .object({
    count: z.int(),
    example: Plan.meta({ description: "the plan of one of them, whole" }),
    told: Plan.shape.told.meta({
      description: "what customers of this group read, of each language one that was found among its first members",
    }),
  })
  .meta({ id: "BulkGroup" });
export type BulkGroup = z.infer<typeof BulkGroup>;

export const BulkPlan = z
  .object({
    planHash: z.string().meta({
      description:
        "give it back with the command: refused when other actors are meant by then, or when something else would happen to one of them or of those that would hear of it",
    }),
    count: z.int().meta({ description: "how many actors are meant; type this number to go on" }),
    would: z.object({
      applied: z.int(),
      ignored: z.int(),
      unreadable: z.int(),
      final: z.int().meta({ description: "of those that would change: how many end where nothing leads out" }),
    }),
    groups: z.array(BulkGroup).meta({
      description:
        "those that would change, by what would happen: from where to where, effects, what follows at others, notices. At most 20, the largest first",
    }),
    others: z.int().meta({ description: "how many would change in yet other ways, which are not listed" }),
    sample: z
      .array(
        Plan.extend({
          address: z.string(),
          group: z.int().nullable().meta({ description: "its place in `groups`; null: not listed there" }),
        }),
      )
      .meta({ description: "the plans of the first 20 that would change, by address" }),
    final: z.boolean(),
    approval: z.boolean(),
  })
  .meta({ id: "BulkPlan" });
export type BulkPlan = z.infer<typeof BulkPlan>;
