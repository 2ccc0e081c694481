import { type JobsOptions, type Processor, Queue, type Worker } from "bullmq";
import type { Cluster, Redis } from "ioredis";
import { PatientWorker } from "./patient-worker.ts";

/** What each queue carries. `actors` and `outside` are lanes of effects: a slow Telegram must not hold up events between actors. */
export const QUEUE_NAMES = ["updates", "actors", "outside", "clock"] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** Shared by all workers: BullMQ's defaults take 60 s to notice a killed worker and give up at the second time. */
const RECOVERY = { lockDuration: 5_000, stalledInterval: 2_000, maxStalledCount: 20 } as const;

/**
 * A finished job leaves at once: the outbox, the timers and the inbox are the truth, jobs only wake somebody. One that is repeated for days
 * must not grow: BullMQ would keep, and write anew, the stack trace of every attempt.
 */
const JOB_DEFAULTS: JobsOptions = { removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 };

/** Of a job that is repeated until its work says that it is done: the wait is `ComeBack`'s or the worker's. */
export const UNTIL_DONE = { attempts: 100_000, backoff: { type: "custom" } } as const satisfies JobsOptions;

/** Thrown by the work of a job to end this turn as planned; the next one comes after this time. Anything else that is thrown is reported. */
export class ComeBack extends Error {
  override readonly name = "ComeBack";
  readonly inMs: number;
  constructor(inMs: number, why = `come back in ${inMs} ms`) {
    super(why);
    this.inMs = inMs;
  }
}

export interface WorkOptions {
  /** How many jobs at once, in this process and for each shard. */
  readonly concurrency: number;
  /** How long after an unplanned failure the job is tried again. Unit: milliseconds. */
  readonly waitMs?: (attempts: number) => number;
}

/** Unit: milliseconds. For failures that nobody planned for, such as Redis going away in the middle. */
const UNPLANNED_WAIT_MS = 1_000;

export interface QueueSetOptions {
  /** A client for BullMQ (maxRetriesPerRequest null). Called once for all queues and once per worker. */
  readonly connect: (name: string) => Redis | Cluster;
  /** BullMQ's key prefix of a shard: a hash tag, so that all keys of a queue lie in one slot. */
  readonly prefixOf: (shard: number) => string;
  /** More than one only on Redis Cluster, where each shard lies on one master. */
  readonly shards: number;
  readonly onError: (where: string, error: Error) => void;
  /** How soon the job of a killed worker is taken over; tests of crashes cannot wait five seconds each time. Unit: milliseconds. */
  readonly recovery?: { readonly lockDuration: number; readonly stalledInterval: number };
}

/** The queues of this deployment, each split into shards. */
export class QueueSet {
  readonly #options: QueueSetOptions;
  readonly #queues = new Map<string, Queue>();
  readonly #workers: Worker[] = [];

  constructor(options: QueueSetOptions) {
    this.#options = options;
    const connection = options.connect("queues");
    for (const name of QUEUE_NAMES) {
      for (let shard = 0; shard < options.shards; shard += 1) {
        const queue = new Queue(name, { connection, prefix: options.prefixOf(shard), defaultJobOptions: JOB_DEFAULTS });
        queue.on("error", (error) => options.onError(`queue.${name}`, error));
        this.#queues.set(`${name}/${shard}`, queue);
      }
    }
  }

  get shards(): number {
    return this.#options.shards;
  }

  /** @param number a partition, or any number that spreads the work. */
  queue(name: QueueName, number: number): Queue {
    const queue = this.#queues.get(`${name}/${number % this.#options.shards}`);
    if (!queue) throw new Error(`no queue ${name}`);
    return queue;
  }

  all(name: QueueName): readonly Queue[] {
    return Array.from({ length: this.#options.shards }, (_, shard) => this.queue(name, shard));
  }

  /** One worker per shard. */
  work(name: QueueName, process: Processor, { concurrency, waitMs = () => UNPLANNED_WAIT_MS }: WorkOptions): void {
    const backoffStrategy = (attempts: number, _type?: string, error?: Error): number =>
      error instanceof ComeBack ? error.inMs : waitMs(attempts);
    for (let shard = 0; shard < this.#options.shards; shard += 1) {
      const worker = new PatientWorker(name, process, {
        ...RECOVERY,
        ...this.#options.recovery,
        concurrency,
        settings: { backoffStrategy },
        connection: this.#options.connect(`worker-${name}`),
        prefix: this.#options.prefixOf(shard),
      });
      worker.on("error", (error) => this.#options.onError(`worker.${name}`, error));
      worker.on("failed", (_job, error) => {
        if (!(error instanceof ComeBack)) this.#options.onError(`job.${name}`, error);
      });
      this.#workers.push(worker);
    }
  }

  async ready(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.waitUntilReady()));
    await Promise.all(this.#workers.map((worker) => worker.waitUntilReady()));
  }

  /** Lets running jobs finish, takes no new ones. */
  async stopWorkers(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
    this.#workers.length = 0;
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }
}

/** BullMQ refuses `:` in job ids; two effects must not become one job because of that. */
export const jobIdOf = (effectId: string): string => effectId.replaceAll("~", "~~").replaceAll(":", "~.");
