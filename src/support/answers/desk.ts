// What the admin API answers to commands of the staff: done, previewed, or waiting for a second person.
import { z } from "zod";
import { Plan, Sent } from "./actors.ts";
import { BulkPlan } from "./bulk.ts";
import { Approval, BulkDone } from "./people.ts";

export const ApprovalList = z
  .object({ approvals: z.array(Approval).meta({ description: "newest first, decided ones included" }) })
  .meta({ id: "ApprovalList" });
export type ApprovalList = z.infer<typeof ApprovalList>;

/** Status 202: nothing was done yet. */
export const Held = z.object({ approval: Approval }).meta({ id: "Held" });
export type Held = z.infer<typeof Held>;

export const Decided = z
  .object({
    approval: Approval,
    sent: Sent.nullable().meta({ description: "what became of the event; null for a refusal, and for many actors" }),
    done: BulkDone.nullable().meta({ description: "what became of a command to many actors" }),
  })
  .meta({ id: "Decided" });
export type Decided = z.infer<typeof Decided>;

/** What an everyday command answers when it is done: `Plan` for a dry run. */
export const CommandAnswer = z.union([Sent, Plan]).meta({ id: "CommandAnswer" });
export const BulkAnswer = z.union([BulkPlan, BulkDone]).meta({ id: "BulkAnswer" });
