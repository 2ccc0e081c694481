import { describe, expect, it } from "vitest";
import { PARTITIONS, partitionOf, partitions, tagOf } from "../../src/redis/partitions.ts";
import { slotOf } from "../support/slots.ts";

const SLOTS = 16_384;
const slots = partitions().map((partition) => slotOf(`{${tagOf(partition)}}`));

/** Partitions per master, where each master has an equal stretch of slots as `redis-cli --cluster create` deals them out. */
function shares(masters: number): number[] {
  const counts = Array.from({ length: masters }, () => 0);
  for (const slot of slots) {
    const master = Math.min(masters - 1, Math.floor((slot * masters) / SLOTS));
    counts[master] = (counts[master] ?? 0) + 1;
  }
  return counts;
}

describe("the partitions' tags", () => {
  it("are 64 different ones in 64 different slots", () => {
    expect(new Set(partitions().map(tagOf)).size).toBe(PARTITIONS);
    expect(new Set(slots).size).toBe(PARTITIONS);
  });
  it.each(Array.from({ length: 16 }, (_, index) => index + 1))(
    "lie on %i masters as evenly as 64 things can",
    (masters) => {
      const counts = shares(masters);
      expect(Math.max(...counts)).toBeLessThanOrEqual(Math.ceil(PARTITIONS / masters));
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(Math.floor(PARTITIONS / masters));
    },
  );
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("give no master of %i more than a tenth above its share", (masters) => {
    expect(Math.max(...shares(masters)) / (PARTITIONS / masters)).toBeLessThanOrEqual(1.1);
  });
  it("are refused beyond the last one", () => {
    expect(() => tagOf(PARTITIONS)).toThrow(RangeError);
  });
});

describe("addresses", () => {
  it.each([
    ["people in a row", (index: number) => `customer/${7_000_000_000 + index}`],
    ["people a thousand apart", (index: number) => `customer/${7_000_000_000 + index * 1_000}`],
    ["one product", (index: number) => `subscription/${10_000 + index * 37}:wb-analytics`],
    ["charges", (index: number) => `payment/stxn_${((index * 2_654_435_761) % 2 ** 32).toString(36)}`],
    ["orders", (index: number) => `order/${index.toString(16).padStart(12, "0")}`],
  ])("are spread evenly: %s", (_name, address) => {
    const counts = new Map<number, number>();
    const total = 64_000;
    for (let index = 0; index < total; index += 1) {
      const partition = partitionOf(address(index));
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    expect(counts.size).toBe(PARTITIONS);
    expect(Math.max(...counts.values()) / (total / PARTITIONS)).toBeLessThanOrEqual(1.2);
  });
  it("stay where they are for ever: another answer would lose every stored actor", () => {
    expect(
      ["customer/7012345678", "subscription/7012345678:wb-analytics", "payment/ch_1", "7012345678", "ticket/t-1"].map(
        partitionOf,
      ),
    ).toEqual(FIXED);
  });
});

/** Written down once, never to be changed. */
const FIXED = [44, 52, 45, 42, 29];
