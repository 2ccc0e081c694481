// Guessing tokens must be slow. Counted in this process: several processes allow as many times more, which helps nobody against 2^128.
import { LRUCache } from "lru-cache";

const WRONG_TRIES = 10;
/** Unit: milliseconds. */
const WITHIN_MS = 60_000;
const LOCKED_MS = 60_000;
/** More networks than anybody but a botnet has; the one that was quiet for longest is forgotten. */
const NETWORKS = 10_000;

export interface LockOut {
  /** How long this address must still wait. Unit: milliseconds; 0: it may try. */
  waitMs(address: string): number;
  /** It has given a wrong token. */
  wrong(address: string): void;
}

/** @param now wall clock, also where the domain's clock is moved by a test. Epoch ms. */
export function makeLockOut(now: () => number): LockOut {
  const seen = new LRUCache<string, { readonly since: number; readonly wrong: number; readonly until: number }>({
    max: NETWORKS,
  });
  return {
    waitMs: (address) => Math.max(0, (seen.get(networkOf(address))?.until ?? 0) - now()),
    wrong(address) {
      const network = networkOf(address);
      const known = seen.get(network);
      const isRecent = known !== undefined && now() - known.since < WITHIN_MS;
      const [since, wrong] = isRecent ? [known.since, known.wrong + 1] : [now(), 1];
      seen.set(
        network,
        wrong >= WRONG_TRIES ? { since, wrong: 0, until: now() + LOCKED_MS } : { since, wrong, until: 0 },
      );
    },
  };
}

/** What one person has: a single IPv4 address, or a /64 of IPv6, in which addresses cost nothing. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1] ?? address;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  return [...before, ...zeros, ...after].slice(0, 4).join(":");
}
