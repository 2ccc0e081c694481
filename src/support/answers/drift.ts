// What differs between Telegram's books, our actors and who is in the chats: each difference a value, with what heals it.
import { z } from "zod";
import { MachineName } from "../../../machines/address.ts";
import { At } from "./actors.ts";

export const DriftKind = z.enum([
  "paidNoActor",
  "paidNoAccess",
  "accessNoRight",
  "refundedStillIn",
  "chargedBack",
  "doubleCharge",
  "unknownMember",
  "notInBooks",
]);
export type DriftKind = z.infer<typeof DriftKind>;

/** What a difference rests on. */
export const DriftEvidence = z.discriminatedUnion("from", [
  z.object({
    from: z.literal("transaction").meta({ description: "a row of Telegram's list of Star transactions" }),
    chargeId: z.string(),
    at: At.nullable(),
  }),
  z.object({
    from: z.literal("membership").meta({ description: "what Telegram said of the person" }),
    membership: z.string(),
    at: At,
  }),
  z.object({
    from: z.literal("actor").meta({ description: "an entry of an actor's history" }),
    address: z.string(),
    state: z.string(),
    seq: z.int(),
  }),
  z.object({
    from: z.literal("ledger").meta({ description: "a line of our books" }),
    row: z.string(),
    amountMinor: z.int(),
    at: At,
  }),
  z.object({
    from: z.literal("count").meta({ description: "members of a chat: as Telegram counts them, and as we know them" }),
    telegram: z.int(),
    known: z.int(),
  }),
]);

/** The event that puts it right, and who sends it. */
export const DriftHealing = z.object({
  machine: MachineName,
  id: z.string(),
  event: z.looseObject({ type: z.string() }),
  by: z.enum(["service", "machine", "staff"]).meta({
    description:
      "service: reconciliation sends it; machine: the actor is at work on it by itself; staff: people decide",
  }),
});
export type DriftHealing = z.infer<typeof DriftHealing>;

export const Drift = z
  .object({
    id: z.string().meta({ description: "made of kind and subject: the same difference has the same id" }),
    kind: DriftKind,
    state: z.enum(["open", "healing", "healed"]),
    about: z.object({ chargeId: z.string().nullable(), userId: z.int().nullable(), chatId: z.string().nullable() }),
    since: At.meta({ description: "since when it is so, as far as is known" }),
    foundAt: At,
    healedAt: At.nullable(),
    evidence: DriftEvidence,
    healing: DriftHealing.nullable().meta({ description: "null: no event of ours would put it right" }),
  })
  .meta({ id: "Drift" });
export type Drift = z.infer<typeof Drift>;
/** As it is found, before it has a place in the book. */
export type Finding = Omit<Drift, "state" | "foundAt" | "healedAt">;

const Total = z.int().meta({ description: "whole Stars" });

export const BooksDay = z
  .object({
    day: z.string().meta({ description: "UTC, `YYYY-MM-DD`" }),
    at: At.meta({ description: "when the two were compared last on that day" }),
    ledger: Total.meta({ description: "Stars in our books: charges, less refunds and chargebacks" }),
    telegram: Total.meta({ description: "the same by Telegram's list, as far as it was compared" }),
  })
  .meta({ id: "BooksDay" });
export type BooksDay = z.infer<typeof BooksDay>;

export const DriftCounts = z.object({
  paidNoActor: z.int(),
  paidNoAccess: z.int(),
  accessNoRight: z.int(),
  refundedStillIn: z.int(),
  chargedBack: z.int(),
  doubleCharge: z.int(),
  unknownMember: z.int(),
  notInBooks: z.int(),
} satisfies Record<DriftKind, z.ZodInt>);
export type DriftCounts = z.infer<typeof DriftCounts>;

export const DriftList = z
  .object({
    drifts: z.array(Drift),
    counts: DriftCounts.meta({ description: "not healed yet, by kind" }),
    days: z.array(BooksDay).meta({ description: "totals of the two books, newest first" }),
    now: At,
  })
  .meta({ id: "DriftList" });
export type DriftList = z.infer<typeof DriftList>;

export const DriftCheck = z
  .object({
    dryRun: z.boolean(),
    drifts: z
      .array(Drift)
      .meta({ description: "of a dry run: what a round would find, and the events that it would send" }),
    compared: z
      .object({ rows: z.int(), actors: z.int(), looks: z.int() })
      .meta({ description: "rows of Telegram's list, actors, people who were looked at" }),
    isWhole: z
      .boolean()
      .meta({ description: "false: there is more than one answer has room for, or Telegram's pace ended it" }),
  })
  .meta({ id: "DriftCheck" });
export type DriftCheck = z.infer<typeof DriftCheck>;
