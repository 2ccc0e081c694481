// What the admin API answers about customers: who they are, what they paid, why they are where they are.
import { z } from "zod";
import { ActorLine, At, Person } from "./actors.ts";

/** One fact of the rule of access, in the order in which the rule asks. */
export const RuleFact = z
  .object({
    fact: z.enum(["risk", "override", "billing"]),
    value: z.string().nullable(),
    effect: z.enum(["opens", "closes", "none"]).meta({ description: "`none`: the rule went on to the next fact" }),
    decides: z.boolean().meta({ description: "true for the one fact that the answer rests on" }),
    text: z.string(),
  })
  .meta({ id: "RuleFact" });

/** One link of the chain payment → event → transition → Telegram call → membership seen. */
export const Evidence = z
  .object({
    kind: z.enum(["payment", "event", "transition", "telegram", "membership"]),
    at: At.nullable(),
    address: z.string().nullable(),
    seq: z.int().nullable().meta({ description: "the entry of that actor's history" }),
    text: z.string(),
    state: z.enum(["done", "waiting", "failed", "missing"]),
  })
  .meta({ id: "Evidence" });
export type Evidence = z.infer<typeof Evidence>;

/** What could be done about it: an event, ready to be previewed. */
export const Advice = z
  .object({
    text: z.string(),
    address: z.string(),
    event: z.looseObject({ type: z.string() }).nullable().meta({ description: "null: look there" }),
  })
  .meta({ id: "Advice" });
export type Advice = z.infer<typeof Advice>;

export const ChatAnswer = z
  .object({
    chatId: z.string(),
    title: z.string().nullable(),
    product: z.string().nullable(),
    entitled: z.boolean(),
    membership: z.string().nullable().meta({ description: "as Telegram said last" }),
    problem: z
      .enum(["paidNoAccess", "accessNoRight", "channelLost", "breakerHolds", "banned", "paymentHeld"])
      .nullable()
      .meta({
        description:
          "where right and membership differ, and why that may be; `paymentHeld`: money was taken, and has bought nothing yet",
      }),
    summary: z.string().meta({ description: "the answer in one sentence" }),
    facts: z.array(RuleFact.extend({ subscription: z.string().nullable() })),
    evidence: z.array(Evidence),
    advice: z.array(Advice),
  })
  .meta({ id: "ChatAnswer" });
export type ChatAnswer = z.infer<typeof ChatAnswer>;

export const Why = z.object({ customer: Person, now: At, chats: z.array(ChatAnswer) }).meta({ id: "Why" });
export type Why = z.infer<typeof Why>;

export const PaymentLine = z
  .object({
    address: z.string(),
    chargeId: z.string(),
    state: z.string(),
    at: At,
    amountMinor: z.int(),
    currency: z.string(),
    orderId: z.string().nullable(),
    plan: z.string().nullable(),
  })
  .meta({ id: "PaymentLine" });
export type PaymentLine = z.infer<typeof PaymentLine>;

export const TicketLine = z
  .object({
    id: z.string(),
    state: z.string().optional(),
    subject: z.string().optional(),
    detail: z.string().nullable().optional(),
    about: z.string().nullable().optional(),
    userId: z.int().nullable().optional(),
    customer: Person.nullable().optional(),
    since: At.optional(),
    messages: z.int().optional(),
    repeats: z.int().optional(),
    problem: z.string().optional(),
  })
  .meta({ id: "TicketLine" });
export type TicketLine = z.infer<typeof TicketLine>;

export const ScreenNow = z
  .object({
    language: z.enum(["ru", "en"]),
    html: z.string().meta({ description: "Telegram's HTML, as the bot would send it" }),
    text: z.string().meta({ description: "the same as plain text" }),
    buttons: z.array(z.array(z.object({ label: z.string(), url: z.boolean(), style: z.string().nullable() }))),
  })
  .meta({ id: "ScreenNow" });
export type ScreenNow = z.infer<typeof ScreenNow>;

/** A plan's promise and what became of it. */
export const SlaMeasure = z
  .object({
    what: z.enum(["ready", "refresh", "availability"]).meta({
      description:
        "`ready`: from payment to a working product; `refresh`: age of the oldest of the customer's data; `availability`: part of the last 30 days with data that were no older than promised",
    }),
    limit: z.number().meta({ description: "as it was bought" }),
    unit: z.enum(["minutes", "hours", "percent"]),
    measured: z.number().nullable().meta({ description: "null: there is nothing to measure yet" }),
    isBreached: z.boolean().nullable().meta({ description: "null: it can't be said yet" }),
    since: At.nullable().meta({ description: "from when it is measured" }),
    until: At.nullable().meta({ description: "when it is breached, unless something happens before; null: not known" }),
  })
  .meta({ id: "SlaMeasure" });
export type SlaMeasure = z.infer<typeof SlaMeasure>;

export const Sla = z
  .object({
    product: z.string(),
    plan: z.string(),
    spreadsheetId: z
      .string()
      .nullable()
      .meta({ description: "the one that does worst; null: none is connected, or nobody collects its data" }),
    measures: z.array(SlaMeasure),
  })
  .meta({ id: "Sla" });
export type Sla = z.infer<typeof Sla>;

export const CustomerPage = z
  .object({
    customer: Person,
    formerUsernames: z.array(z.string()),
    language: z.enum(["ru", "en"]),
    reachable: z.boolean(),
    consent: z
      .object({
        version: z.string(),
        at: At,
        language: z
          .enum(["ru", "en"])
          .nullable()
          .meta({ description: "in which the terms were shown; null where it was not kept yet" }),
      })
      .nullable()
      .meta({ description: "to the terms, the latest; the export of a person has all" }),
    risk: z.object({ blocked: z.boolean(), reason: z.string().nullable(), chargebacks: z.int() }),
    firstSeenAt: At.nullable().meta({ description: "null: only others have spoken of this person" }),
    actors: z.array(ActorLine),
    payments: z.array(PaymentLine),
    tickets: z.array(TicketLine),
    screen: ScreenNow.nullable().meta({
      description: "what the bot shows this person now; null when it cannot be drawn",
    }),
    secrets: z
      .array(z.object({ what: z.string(), setAt: At.nullable() }))
      .meta({ description: "that something sealed exists, and since when; never what it is" }),
    sla: z
      .array(Sla)
      .meta({ description: "what the customer's plans promise, per product; without those that promise nothing" }),
    now: At,
  })
  .meta({ id: "CustomerPage" });
export type CustomerPage = z.infer<typeof CustomerPage>;

/** One hit of the search box. */
export const Hit = z
  .object({
    kind: z.enum(["customer", "actor"]),
    address: z.string(),
    by: z.string().meta({ description: "what matched: telegramId, username, chargeId, orderId, actorId" }),
    customer: Person.nullable(),
    states: z.array(z.string()),
  })
  .meta({ id: "Hit" });
export const Hits = z.object({ hits: z.array(Hit) }).meta({ id: "Hits" });
export type Hit = z.infer<typeof Hit>;

export const Customers = z
  .object({ customers: z.array(ActorLine), cursor: z.string().nullable() })
  .meta({ id: "Customers" });
export type Customers = z.infer<typeof Customers>;

export const Approval = z
  .object({
    id: z.string(),
    kind: z.enum(["event", "bulk"]),
    title: z.string(),
    address: z.string().nullable(),
    event: z.looseObject({ type: z.string() }),
    count: z.int().meta({ description: "how many actors it concerns" }),
    reason: z.string(),
    askedBy: z.string(),
    askedRole: z.enum(["viewer", "support", "finance", "owner"]).meta({
      description: "of whoever asked: whoever approves has at least this one",
    }),
    askedAt: At,
    endsAt: At,
    state: z.enum(["waiting", "approved", "refused", "expired"]).meta({
      description: "`expired`: nobody approved it in time, or the actor moved on meanwhile",
    }),
    decidedBy: z.string().nullable(),
    decidedAt: At.nullable(),
    note: z.string().nullable().meta({ description: "the reason of whoever decided" }),
  })
  .meta({ id: "Approval" });
export type Approval = z.infer<typeof Approval>;

export const BulkDone = z
  .object({
    applied: z.int(),
    ignored: z.int(),
    duplicate: z.int(),
    failed: z.array(z.object({ address: z.string(), code: z.string() })),
  })
  .meta({ id: "BulkDone" });
export type BulkDone = z.infer<typeof BulkDone>;
