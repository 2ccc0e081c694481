// The queues: what waits, what runs, what comes back later, and one job from near.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { AppError } from "../errors.ts";
import type { QueueInspector } from "../queues/ports.ts";
import { JobPage, JobState, Jobs, QueueLine, Queues } from "../support/answers/operations.ts";
import type { LogFields } from "../telemetry/log-fields.ts";
import { IdempotencyKey, parsed, parsedQuery, Reason } from "./parse-request.ts";
import { type AdminRoute, type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface QueuesDeps {
  readonly inspector: QueueInspector;
  /** The only record of what was done to a job. */
  readonly logger: { info(fields: LogFields, message: string): void };
}

const JobParams = z.object({ name: z.string().min(1).max(32), id: z.string().min(1).max(600) });
const QueueParams = JobParams.pick({ name: true });
const JobsQuery = z.strictObject({
  state: JobState.default("waiting").meta({ description: "only jobs in this state" }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: "jobs in one answer" }),
});
const CommandBody = z.strictObject({ reason: Reason, idempotencyKey: IdempotencyKey });

const VERBS = {
  retry: { role: "support", does: "Tries a failed job again.", done: "a failed job is tried again" },
  promote: { role: "support", does: "Runs a delayed job at once.", done: "a delayed job runs at once" },
  remove: {
    role: "owner",
    does: "Removes a job that nobody works on. Nothing is lost by that: what is to be done stands in the outbox, the inbox or among the timers, and the next sweep, within half a minute, makes a new job of it.",
    done: "a job was removed",
  },
} as const;
type Verb = keyof typeof VERBS;

const commandRoute = <V extends Verb>(verb: V) =>
  ({
    method: "POST",
    path: `/api/v1/queues/:name/jobs/:id/${verb}`,
    role: VERBS[verb].role,
    does: VERBS[verb].does,
    answers: "`{done: true}`",
    answer: z.object({ done: z.literal(true) }),
    body: CommandBody,
    errors: ["http.notFound", "queue.wrongState"],
  }) as const satisfies AdminRoute;

export const QUEUE_ROUTES = {
  queues: {
    method: "GET",
    path: "/api/v1/queues",
    twin: "/queues",
    role: "viewer",
    does: "The queues, with the number of jobs in each state.",
    answers: "`{queues: [{name, shards, counts}]}`",
    answer: Queues,
  },
  queue: {
    method: "GET",
    path: "/api/v1/queues/:name",
    role: "viewer",
    does: "One of them.",
    answers: "`{name, shards, counts}`",
    answer: QueueLine,
    errors: ["http.notFound"],
  },
  jobs: {
    method: "GET",
    path: "/api/v1/queues/:name/jobs",
    twin: "/queues/:name",
    role: "viewer",
    does: "Jobs of a queue in one state, those first that are next.",
    answers: "`{jobs: [{id, name, state, address, effect, attempts, at, dueAt, error}], total}`",
    answer: Jobs,
    query: JobsQuery,
    errors: ["http.notFound"],
  },
  job: {
    method: "GET",
    path: "/api/v1/queues/:name/jobs/:id",
    twin: "/queues/:name/jobs/:id",
    role: "viewer",
    does: "One job, with the actor that it works for and what it carries out. Jobs hold ids, no contents.",
    answers: "the same, with `queue` and `data`",
    answer: JobPage,
    errors: ["http.notFound"],
  },
  retry: commandRoute("retry"),
  promote: commandRoute("promote"),
  remove: commandRoute("remove"),
} as const satisfies AdminRoutes;

export function registerQueues(server: FastifyInstance, door: StaffDoor, { inspector, logger }: QueuesDeps): void {
  const found = <T>(one: T | null | undefined): T => {
    if (one === null || one === undefined) throw new AppError("http.notFound");
    return one;
  };

  addRoute(server, door, QUEUE_ROUTES.queues, async () => ({ queues: await inspector.queues() }));

  addRoute(server, door, QUEUE_ROUTES.queue, async (request) => {
    const { name } = parsed(QueueParams, request.params);
    return found((await inspector.queues()).find((queue) => queue.name === name));
  });

  addRoute(server, door, QUEUE_ROUTES.jobs, async (request) => {
    const { name } = parsed(QueueParams, request.params);
    const { state, limit } = parsedQuery(JobsQuery, request);
    const { jobs, total } = found(await inspector.jobs(name, state, limit));
    return { jobs: jobs.map(({ data: _, ...line }) => line), total };
  });

  addRoute(server, door, QUEUE_ROUTES.job, async (request) => {
    const { name, id } = parsed(JobParams, request.params);
    return { ...found(await inspector.job(name, id)), queue: name };
  });

  for (const verb of ["retry", "promote", "remove"] as const) {
    addRoute(server, door, QUEUE_ROUTES[verb], async (request) => {
      const { name, id } = parsed(JobParams, request.params);
      const { reason, idempotencyKey } = parsed(CommandBody, request.body);
      const outcome = await inspector.act(name, id, verb);
      if (outcome === "gone") throw new AppError("http.notFound");
      if (outcome === "wrongState") throw new AppError("queue.wrongState");
      const { name: by } = door.member(request);
      const fields = { event: `job.${verb}`, queue: name, jobId: id, by, reason, commandId: idempotencyKey };
      logger.info(fields, VERBS[verb].done);
      return { done: true };
    });
  }
}
