import { describe, expect, it } from "vitest";
import { makeLockOut, networkOf } from "../../src/http/lock-out.ts";
import { manualClock } from "../support/actors.ts";

const fill = (tries: number, address = "192.0.2.1") => {
  const clock = manualClock();
  const lockOut = makeLockOut(() => clock.now());
  for (let n = 0; n < tries; n += 1) lockOut.wrong(address);
  return { clock, lockOut };
};

describe("an address with wrong tokens", () => {
  it("may go on after nine, and waits a minute after ten", () => {
    expect(fill(9).lockOut.waitMs("192.0.2.1")).toBe(0);
    const { clock, lockOut } = fill(10);
    expect(lockOut.waitMs("192.0.2.1")).toBe(60_000);
    clock.time += 59_999;
    expect(lockOut.waitMs("192.0.2.1")).toBe(1);
    clock.time += 1;
    expect(lockOut.waitMs("192.0.2.1")).toBe(0);
  });
  it("begins at nothing again after the lock-out", () => {
    const { clock, lockOut } = fill(10);
    clock.time += 60_000;
    for (let n = 0; n < 9; n += 1) lockOut.wrong("192.0.2.1");
    expect(lockOut.waitMs("192.0.2.1")).toBe(0);
  });
  it("is counted with its whole IPv6 network", () => {
    const { lockOut } = fill(10, "2001:db8::1");
    expect(lockOut.waitMs("2001:db8:0:0:ffff::2")).toBe(60_000);
    expect(lockOut.waitMs("2001:db8:0:1::1")).toBe(0);
  });
});

describe("the network of an address", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["fe80::1:2:3:4:5", "fe80:0:0:1"],
    ["::1", "0:0:0:0"],
    ["", ""],
  ])("of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
