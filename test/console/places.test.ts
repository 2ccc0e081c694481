import { describe, expect, it } from "vitest";
import { eventFromAddress, eventInAddress, placeOf, scrubbed } from "../../src/console/actor/places.ts";

describe("the scrubber", () => {
  it("leads to an event, and to the present at its right end", () => {
    expect(scrubbed("subscription/7:wb", 10, 13)).toBe("/console/actors/subscription/7%3Awb/events/10");
    expect(scrubbed("subscription/7:wb", 13, 13)).toBe("/console/actors/subscription/7%3Awb");
  });
  it("stops at the first event", () => {
    expect(scrubbed("payment/c", 0, 5)).toBe("/console/actors/payment/c/events/1");
  });
  it("keeps a slash of an id apart from those of the path", () => {
    expect(scrubbed("payment/a/b", 1, 5)).toBe("/console/actors/payment/a%2Fb/events/1");
  });
});

describe("the place of an actor's page", () => {
  it("is an event of the past where the address names one", () => {
    expect(placeOf({ machine: "payment", id: "a/b", part: "events", seq: "3" })).toEqual({
      address: "payment/a/b",
      seq: 3,
      dialog: null,
    });
  });
  it("is live where it names none, or nonsense", () => {
    expect(placeOf({ machine: "payment", id: "c", part: "events", seq: "x" })).toMatchObject({ seq: null });
    expect(placeOf({ machine: "payment", id: "c", part: "force" })).toMatchObject({ seq: null, dialog: "force" });
  });
});

describe("an event in an address", () => {
  it("is its type, or with its fields", () => {
    expect(eventInAddress({ type: "access.revoked" })).toBe("access.revoked");
    const event = { type: "term.extended", ms: 5 };
    expect(eventFromAddress(decodeURIComponent(eventInAddress(event)))).toEqual(event);
  });
  it("is nothing where the address holds nonsense", () => {
    expect(eventFromAddress("{broken")).toBeNull();
    expect(eventFromAddress('{"no":"type"}')).toBeNull();
    expect(eventFromAddress(undefined)).toBeNull();
  });
});
