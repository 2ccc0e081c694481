// What the admin API answers about the plans on sale: what a person of the staff chooses from.
import { z } from "zod";
import { ProductCode } from "../../../machines/address.ts";

export const PlanOnSale = z
  .object({
    code: z.string(),
    product: ProductCode,
    title: z.object({ en: z.string(), ru: z.string() }),
    price: z.object({
      currency: z.string(),
      amountMinor: z.int().meta({ description: "whole Stars; for other currencies their smallest unit" }),
    }),
    periodMs: z.int().nullable().meta({ description: "paid time; null: for life. Unit: milliseconds" }),
    recurring: z.boolean(),
    terms: z
      .looseObject({ planCode: z.string(), planVersion: z.string() })
      .meta({ description: "what somebody would agree to now: `terms` of an event, as it is" }),
  })
  .meta({ id: "PlanOnSale" });
export type PlanOnSale = z.infer<typeof PlanOnSale>;

const RolloutStage = z
  .object({
    stage: z.enum(["team", "pilot", "all"]),
    team: z.int().meta({ description: "how many are on the team's list" }),
    listed: z.int().meta({ description: "how many are on the pilot's list" }),
    percent: z.number().meta({ description: "of everybody else, in the stage `pilot`" }),
  })
  .nullable()
  .meta({ description: "who may buy, while the service opens step by step; null: everybody" });

export const PlansOnSale = z.object({ plans: z.array(PlanOnSale), rollout: RolloutStage }).meta({ id: "PlansOnSale" });
export type PlansOnSale = z.infer<typeof PlansOnSale>;
