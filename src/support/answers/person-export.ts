// What the admin API answers about all that is kept of one person.
import { z } from "zod";
import { At } from "./actors.ts";

const Text = z.string().nullable();

export const PersonExport = z
  .object({
    madeAt: At,
    telegramId: z.int(),
    person: z
      .object({
        firstName: Text,
        username: Text,
        formerUsernames: z.array(z.string()),
        language: z.enum(["ru", "en"]),
        firstSeenAt: At,
        cameBy: Text.meta({ description: "the campaign of the link by which they came" }),
        remindersMuted: z.boolean(),
        trialUsedAt: At.nullable(),
        riskReason: Text,
      })
      .nullable()
      .meta({ description: "null: only others have spoken of this person" }),
    consents: z.array(z.object({ version: z.string(), at: At, language: z.enum(["ru", "en"]).nullable() })).meta({
      description:
        "to the terms, newest first, each with the language in which they were shown; null where it was not kept yet",
    }),
    payments: z
      .array(
        z.object({
          entry: z.enum(["charge", "refund", "chargeback"]),
          chargeId: z.string(),
          orderId: Text,
          currency: z.string(),
          amountMinor: z.int(),
          at: At,
        }),
      )
      .meta({ description: "as the books have them, oldest first" }),
    pseudonym: Text.meta({ description: "by which exported books call somebody who was erased" }),
    conversations: z.array(
      z.object({
        id: z.string(),
        subject: Text,
        state: z.string(),
        messages: z.array(z.object({ from: z.enum(["customer", "staff"]), text: z.string(), at: At })),
      }),
    ),
    secrets: z
      .array(z.object({ what: z.string(), setAt: At.nullable() }))
      .meta({ description: "that something sealed exists, and since when; never what it is" }),
    records: z
      .array(
        z.object({
          address: z.string(),
          states: z.array(z.string()),
          holds: z
            .record(z.string(), z.unknown())
            .nullable()
            .meta({ description: "all that it remembers, but for what lies sealed; null: it cannot be read now" }),
          events: z.array(z.object({ at: At, type: z.string(), from: z.string() })),
          isWhole: z.boolean().meta({ description: "false: only the newest 10,000 events" }),
        }),
      )
      .meta({ description: "every actor that is theirs" }),
  })
  .meta({ id: "PersonExport" });
export type PersonExport = z.infer<typeof PersonExport>;
