// Callers that each wait for their answer before they ask again.

export interface LoopResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Runs `callers` loops of `call` for a while. Each call gets the next number, beginning with `from`. */
export async function closedLoop(
  callers: number,
  durationMs: number,
  call: (n: number) => Promise<unknown>,
): Promise<LoopResult> {
  const latencies: number[] = [];
  let n = 0;
  const start = performance.now();
  const end = start + durationMs;
  const loop = async () => {
    for (let before = start; before < end; ) {
      await call(n++);
      const now = performance.now();
      latencies.push(now - before);
      before = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, loop));
  const seconds = (performance.now() - start) / 1_000;
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { perSecond: latencies.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}
