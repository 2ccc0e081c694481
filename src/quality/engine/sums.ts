// Counts and sums of cells: what is stored and added up; ratios are made from them once (contract 3.4, 3.5, 4.2).
import type { KeySettings, Sums } from "../model.ts";

/** Values closer than this are one: what is left of decimals in doubles. */
export const EPSILON = 1e-9;

export type GrowingSums = { -readonly [Member in keyof Sums]: number };

export const emptySums = (): GrowingSums => ({
  nCells: 0,
  nPaired: 0,
  nExact: 0,
  nEqual: 0,
  nMissingLocal: 0,
  nMissingUpstream: 0,
  nMape: 0,
  signMismatch: 0,
  sumAbsError: 0,
  sumError: 0,
  sumAbsUpstream: 0,
  sumApe: 0,
});

export const isExact = (u: number, l: number, { absTol, relTol }: Pick<KeySettings, "absTol" | "relTol">): boolean =>
  Math.abs(l - u) <= Math.max(absTol, relTol * Math.abs(u)) + EPSILON;

type CellSettings = Pick<KeySettings, "absTol" | "relTol" | "missingAsZero">;

/** Counts one cell. @param upstream, local NaN: missing */
export function addCell(sums: GrowingSums, upstream: number, local: number, settings: CellSettings): void {
  const u = settings.missingAsZero && Number.isNaN(upstream) ? 0 : upstream;
  const l = settings.missingAsZero && Number.isNaN(local) ? 0 : local;
  const isUpstreamMissing = Number.isNaN(u);
  const isLocalMissing = Number.isNaN(l);
  if (isUpstreamMissing && isLocalMissing) return;
  sums.nCells += 1;
  if (isLocalMissing) sums.nMissingLocal += 1;
  else if (isUpstreamMissing) sums.nMissingUpstream += 1;
  else addPair(sums, u, l, settings);
}

function addPair(sums: GrowingSums, u: number, l: number, settings: CellSettings): void {
  const error = Math.abs(l - u);
  const size = Math.abs(u);
  sums.nPaired += 1;
  if (isExact(u, l, settings)) sums.nExact += 1;
  if (error <= EPSILON) sums.nEqual += 1;
  if (u * l < 0) sums.signMismatch += 1;
  sums.sumAbsError += error;
  sums.sumError += l - u;
  sums.sumAbsUpstream += size;
  if (size > EPSILON) {
    sums.nMape += 1;
    sums.sumApe += error / size;
  }
}

const MEMBERS = Object.keys(emptySums()) as readonly (keyof Sums)[];

/** Days, groups or customers together. */
export function poolSums(parts: Iterable<Sums>): Sums {
  const pooled = emptySums();
  for (const part of parts) for (const member of MEMBERS) pooled[member] += part[member];
  return pooled;
}
