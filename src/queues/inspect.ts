// Queues and jobs for people who look, and the three things that they may do to a job.
import type { Job, JobType, Queue } from "bullmq";
import { UserId } from "../../machines/address.ts";
import { describeEffect } from "../runtime/audit-body.ts";
import type { StoredEffect } from "../runtime/step.ts";
import type { QueueInspector, QueueMeasures, SeenJob, SeenJobState, SeenQueue } from "./ports.ts";
import { QUEUE_NAMES, type QueueName, type QueueSet } from "./queue-set.ts";

const STATES: readonly SeenJobState[] = ["waiting", "active", "delayed", "failed", "completed"];
/** What job data may hold, all of it ids and numbers: anything else is of another build, and not shown. */
const KNOWN_DATA: ReadonlySet<string> = new Set(["effectId", "person", "partition", "dueAt", "early"]);
const LONGEST_ERROR = 200;
/** Jobs that should be over soon. */
const OLDEST_OF = ["wait", "active"] as const satisfies readonly JobType[];
/** BullMQ keeps the time of a delayed job times this, so that those of one millisecond keep their order. */
const SCORES_PER_MS = 4_096;

export interface InspectDeps {
  readonly queues: QueueSet;
  readonly outbox: { read(effectId: string): Promise<string | null> };
  /** Of a member of a sorted set. */
  readonly scoreOf: (key: string, member: string) => Promise<string | null>;
}

export function makeQueueInspector({ queues, outbox, scoreOf }: InspectDeps): QueueInspector & QueueMeasures {
  const shardsOf = (name: string): readonly Queue[] | null =>
    (QUEUE_NAMES as readonly string[]).includes(name) ? queues.all(name as QueueName) : null;

  const see = async (queue: Queue, job: Job, state: SeenJobState): Promise<SeenJob> => {
    const data = (typeof job.data === "object" && job.data !== null ? job.data : {}) as Record<string, unknown>;
    const { effectId, person } = data;
    const id = job.id ?? "";
    return {
      ...{ id, name: job.name, state, attempts: job.attemptsMade, at: job.timestamp ?? null },
      address: addressOf(effectId, person),
      effect: typeof effectId === "string" ? await effectOf(effectId) : null,
      dueAt: state === "delayed" ? await dueAtOf(queue, id) : null,
      error: job.failedReason ? (job.failedReason.split("\n")[0] ?? "").slice(0, LONGEST_ERROR) : null,
      data: Object.fromEntries(
        Object.entries(data).map(([name, value]) => [name, KNOWN_DATA.has(name) ? value : "(masked)"]),
      ),
    };
  };

  const dueAtOf = async (queue: Queue, id: string): Promise<number | null> => {
    const score = await scoreOf(queue.toKey("delayed"), id);
    return score === null ? null : Math.floor(Number(score) / SCORES_PER_MS);
  };

  const effectOf = async (effectId: string): Promise<string | null> => {
    const body = await outbox.read(effectId).catch(() => null);
    if (body === null) return null;
    try {
      return describeEffect(JSON.parse(body) as StoredEffect);
    } catch {
      return null; // of another build
    }
  };

  const find = async (name: string, id: string): Promise<{ queue: Queue; job: Job; state: SeenJobState } | null> => {
    for (const queue of shardsOf(name) ?? []) {
      const job: Job | undefined = await queue.getJob(id);
      const state = job ? stateOf(await job.getState()) : null;
      if (job && state) return { queue, job, state };
    }
    return null;
  };

  return {
    queues: () =>
      Promise.all(
        QUEUE_NAMES.map(async (name): Promise<SeenQueue> => {
          const shards = queues.all(name);
          const counts = await Promise.all(shards.map(countsOf));
          const sumOf = (state: SeenJobState) => counts.reduce((sum, count) => sum + count[state], 0);
          const [waiting, active, delayed, failed, completed] = STATES.map(sumOf) as [
            ...[number, number, number, number, number],
          ];
          return { name, shards: shards.length, counts: { waiting, active, delayed, failed, completed } };
        }),
      ),

    measures: () =>
      Promise.all(
        QUEUE_NAMES.map(async (name) => {
          const shards = queues.all(name);
          const [counts, oldest] = await Promise.all([
            Promise.all(shards.map(countsOf)),
            Promise.all(shards.flatMap((queue) => OLDEST_OF.map((type) => queue.getJobs([type], 0, 0, true)))),
          ]);
          const sumOf = (state: SeenJobState) => counts.reduce((sum, count) => sum + count[state], 0);
          const times = oldest.flat().map((job) => job?.timestamp ?? Number.NaN);
          const known = times.filter((time) => !Number.isNaN(time));
          return {
            name,
            counts: {
              ...{ waiting: sumOf("waiting"), active: sumOf("active") },
              ...{ delayed: sumOf("delayed"), failed: sumOf("failed") },
            },
            oldestAt: known.length === 0 ? null : Math.min(...known),
          };
        }),
      ),

    async jobs(name, state, limit) {
      const shards = shardsOf(name);
      if (!shards) return null;
      const found = await Promise.all(
        shards.map(async (queue) => {
          const jobs = await queue.getJobs(typesOf(state), 0, limit - 1, true);
          return Promise.all(jobs.filter((job) => job !== undefined).map((job) => see(queue, job, state)));
        }),
      );
      const counts = await Promise.all(shards.map(countsOf));
      return { jobs: found.flat().slice(0, limit), total: counts.reduce((sum, count) => sum + count[state], 0) };
    },

    async job(name, id) {
      const found = await find(name, id);
      return found && see(found.queue, found.job, found.state);
    },

    async act(name, id, verb) {
      const found = await find(name, id);
      if (!found) return "gone";
      const { job, state } = found;
      const isAllowed = { retry: state === "failed", promote: state === "delayed", remove: state !== "active" }[verb];
      if (!isAllowed) return "wrongState";
      try {
        if (verb === "retry") await job.retry();
        else if (verb === "promote") await job.promote();
        else await job.remove();
        return "done";
      } catch {
        // Somebody took it meanwhile, or it belongs to the schedule of the sweeps.
        return (await find(name, id)) ? "wrongState" : "gone";
      }
    },
  };
}

/** Ids of effects begin with their actor's address; updates are worked off by person. */
function addressOf(effectId: unknown, person: unknown): string | null {
  if (typeof effectId === "string") return effectId.slice(0, Math.max(0, effectId.indexOf("|"))) || null;
  return UserId.safeParse(Number(person)).success ? `customer/${String(person)}` : null;
}

/** Priorities are not used, but a job with one waits as well. */
const typesOf = (state: SeenJobState): JobType[] => (state === "waiting" ? ["wait", "prioritized"] : [state]);

async function countsOf(queue: Queue): Promise<Record<SeenJobState, number>> {
  const counts = await queue.getJobCounts("wait", "prioritized", "active", "delayed", "failed", "completed");
  const of = (...names: string[]) => names.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  return {
    waiting: of("wait", "waiting", "prioritized"),
    ...{ active: of("active"), delayed: of("delayed"), failed: of("failed"), completed: of("completed") },
  };
}

function stateOf(state: string): SeenJobState | null {
  if (state === "prioritized" || state === "waiting-children") return "waiting";
  return STATES.find((known) => known === state) ?? null;
}
