// What the admin API answers about the service itself: what needs a person, timers, queues, the record of everything.
import { z } from "zod";
import { MachineName } from "../../../machines/address.ts";
import { At, HistoryEntry } from "./actors.ts";
import { DriftCounts } from "./drift.ts";

export const Me = z
  .object({
    name: z.string(),
    role: z.enum(["viewer", "support", "finance", "owner"]),
    mode: z.enum(["telegram", "sandbox"]),
    clock: z.enum(["real", "test"]),
    loopbackOnly: z.boolean().meta({ description: "the service listens on this machine only" }),
    timeZone: z.string(),
    now: At,
  })
  .meta({ id: "Me" });
export type Me = z.infer<typeof Me>;

/** Something that waits for a person, the most urgent first. */
export const Need = z
  .object({
    kind: z.enum([
      "channelLost",
      "channelDegraded",
      "breakerTripped",
      "paidOutside",
      "failedEffect",
      "quarantine",
      "updateSetAside",
      "lateTimers",
      "onboarding",
      "ticket",
      "approval",
    ]),
    count: z.int(),
    text: z.string(),
    href: z.string().meta({ description: "the page of the console that settles it" }),
    address: z.string().nullable().meta({ description: "of the one actor concerned, where it is one" }),
    customer: z.int().nullable().meta({ description: "Telegram id of the one person concerned, where it is one" }),
    held: z.int().nullable().meta({ description: "removals that a tripped breaker holds" }),
    since: At.nullable(),
  })
  .meta({ id: "Need" });
export type Need = z.infer<typeof Need>;

export const Overview = z
  .object({
    needs: z.array(Need),
    machines: z.array(z.object({ machine: MachineName, total: z.int(), states: z.record(z.string(), z.int()) })),
    drift: DriftCounts.meta({ description: "differences that reconciliation found and that are not gone, by kind" }),
    now: At,
  })
  .meta({ id: "Overview" });
export type Overview = z.infer<typeof Overview>;

export const PendingTimer = z
  .object({
    address: z.string(),
    id: z.string(),
    dueAt: At,
    lateMs: z.int().meta({ description: "0 when it is not due yet" }),
  })
  .meta({ id: "PendingTimer" });
export const Timers = z
  .object({ timers: z.array(PendingTimer), total: z.int(), late: z.int(), now: At, cursor: z.string().nullable() })
  .meta({ id: "Timers" });
export type Timers = z.infer<typeof Timers>;

export const JobState = z.enum(["waiting", "active", "delayed", "failed", "completed"]);
export type JobState = z.infer<typeof JobState>;
export const QueueLine = z
  .object({
    name: z.string().meta({ description: "updates, actors, outside, clock" }),
    shards: z.int(),
    counts: z.object({
      waiting: z.int(),
      active: z.int(),
      delayed: z.int(),
      failed: z.int(),
      completed: z.int().meta({ description: "kept ones; a finished job goes at once" }),
    }),
  })
  .meta({ id: "QueueLine" });
export const Queues = z.object({ queues: z.array(QueueLine) }).meta({ id: "Queues" });
export type Queues = z.infer<typeof Queues>;

export const JobLine = z
  .object({
    id: z.string(),
    name: z.string(),
    state: JobState,
    address: z.string().nullable().meta({ description: "the actor that it works for" }),
    effect: z.string().nullable().meta({ description: "what kind of effect it carries out" }),
    attempts: z.int(),
    at: z.int().nullable().meta({ description: "when it was added, epoch ms by the wall clock" }),
    dueAt: z.int().nullable().meta({ description: "when it runs, epoch ms by the wall clock; null: at once" }),
    error: z.string().nullable(),
  })
  .meta({ id: "JobLine" });
export type JobLine = z.infer<typeof JobLine>;
export const Jobs = z.object({ jobs: z.array(JobLine), total: z.int() }).meta({ id: "Jobs" });
export const JobPage = JobLine.extend({
  queue: z.string(),
  data: z.unknown().meta({ description: "what identifies the work; contents of messages and secrets are masked" }),
}).meta({ id: "JobPage" });
export type JobPage = z.infer<typeof JobPage>;

export const AuditPage = z
  .object({ entries: z.array(HistoryEntry), cursor: z.string().nullable() })
  .meta({ id: "AuditPage" });
export type AuditPage = z.infer<typeof AuditPage>;

/** One message of `GET /api/v1/live` (server-sent events, `event: entry`). */
export const LiveEntry = HistoryEntry.pick({
  entryId: true,
  address: true,
  seq: true,
  at: true,
  event: true,
  cause: true,
  outcome: true,
  from: true,
  to: true,
  effects: true,
}).meta({ id: "LiveEntry" });
export type LiveEntry = z.infer<typeof LiveEntry>;

export const Problem = z
  .object({
    type: z.string().meta({ description: "link to the error's line in the documentation" }),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    fields: z.array(z.string()).optional(),
    requestId: z.string(),
  })
  .meta({ id: "Problem", description: "application/problem+json (RFC 9457)" });
export type Problem = z.infer<typeof Problem>;
