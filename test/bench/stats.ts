// The few statistics that the benches use.
import { cpus } from "node:os";
import type { Redis } from "ioredis";

export const median = (values: readonly number[]): number => percentile(values, 50);

/** Nearest rank. @param percent 0 to 100. @returns NaN for no values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1);
  return sorted[rank] ?? Number.NaN;
}

/** How far repeats lie apart: (largest - smallest) / median. */
export const spread = (values: readonly number[]): number =>
  (Math.max(...values) - Math.min(...values)) / median(values);

/** Processor time used so far. Unit: milliseconds. */
interface CpuReading {
  readonly at: number;
  readonly machine: number;
  readonly ours: number;
}

export async function readCpu(redis: Redis): Promise<CpuReading> {
  const info = await redis.info("cpu");
  const server = ["used_cpu_sys", "used_cpu_user"].map(
    (field) => Number(new RegExp(`${field}:([\\d.]+)`).exec(info)?.[1] ?? 0) * 1_000,
  );
  const { user, system } = process.cpuUsage();
  const machine = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return { at: performance.now(), machine, ours: server.reduce((sum, ms) => sum + ms, (user + system) / 1_000) };
}

/** Share of the machine's processors that others used between two readings. 0 to 1. */
export function foreignCpu(before: CpuReading, after: CpuReading): number {
  const available = (after.at - before.at) * cpus().length;
  return Math.max(0, (after.machine - before.machine - (after.ours - before.ours)) / available);
}
