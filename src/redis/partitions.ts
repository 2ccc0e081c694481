/**
 * How many partitions actors are spread over. For ever: an actor's partition is a function of its address, so another number
 * would lose every stored actor (docs/adr/0003-partitions.md).
 */
export const PARTITIONS = 64;

/**
 * Hash tags whose Redis Cluster slots lie evenly: tag i falls into slot (i + 0.5) * 16384 / 64, so any number of masters gets an
 * equal share to within one partition. Tags like p0, p1 … do not spread (max/mean 1.5 on six masters).
 */
const TAGS = (
  "53t j3j if5 kec 574 74b akm 6bk 96a frw 0ip oin d1i 38o 0m0 xw he6 box 40w c9q hav 7ah 447 67a 1js " +
  "fcu 0xr m5 1n3 3me e2j iu 712 52d cmk 4dm 75r h5l 02bb ice 3y7 1za 2k6 8ax wu7 931 yg 8e8 7d8 5gn " +
  "621 41g jc0 qkn 66q i6o 3h5 1kc 2z4 0yb 3lu des he 802"
).split(" ");

/** A partition's tag, without braces. */
export function tagOf(partition: number): string {
  const tag = TAGS[partition];
  if (tag === undefined) throw new RangeError(`no partition ${partition}`);
  return tag;
}

/** FNV-1a, 32 bits, over UTF-16 code units: fast, spread well enough, and fixed for ever like the number of partitions. */
export function partitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash ^= key.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  // The low bits of FNV mix poorly for short keys that differ in the last digits: fold the high half in.
  return ((hash >>> 16) ^ (hash & 0xffff)) % PARTITIONS;
}

export const partitions = (): readonly number[] => Array.from({ length: PARTITIONS }, (_, index) => index);
