import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEnvelope } from "../../src/sealing/envelope.ts";
import { makeKeyRing, type SecretOwner } from "../../src/sealing/key-ring.ts";
import { Secret } from "../../src/sealing/secret.ts";
import { ringOf, sealingKeys } from "../support/key-ring.ts";
import { SEED, seeded } from "../support/seeds.ts";

const ANNA: SecretOwner = { address: "onboarding/7012345678:club", purpose: "wbToken" };
const TOKEN = new Secret("eyJhbGciOiJFUzI1NiJ9.eyJleGFtcGxlIjp0cnVlfQ.ZXhhbXBsZQ");
const refused = (details: object = {}) =>
  expect.objectContaining({ code: "sealing.refused", details: expect.objectContaining(details) });

describe("a sealed secret", () => {
  const ring = ringOf("k1");

  it(`opens to what it was, whatever that is (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 5_000 }), (text) => {
        expect(ring.open(ring.seal(new Secret(text), ANNA), ANNA).reveal()).toBe(text);
      }),
      seeded(100),
    );
  });
  it("is one word of text that names its format, its key and its purpose, and shows nothing else", () => {
    const sealed = ring.seal(TOKEN, ANNA);
    expect(sealed).toMatch(/^s1\.k1\.wbToken\.[\w-]{80}\.[\w-]+$/);
    for (const part of TOKEN.reveal().split(".")) expect(sealed).not.toContain(part);
    expect(sealed).not.toContain("7012345678");
  });
  it("is another one every time, with a data key of its own", () => {
    const sealed = Array.from({ length: 50 }, () => ring.seal(TOKEN, ANNA));
    const parts = sealed.flatMap((text) => text.split(".").slice(3));
    expect(new Set(parts).size).toBe(100);
  });
  it.each<readonly [string, SecretOwner]>([
    ["another actor", { ...ANNA, address: "onboarding/7012345679:club" }],
    ["another product of the same person", { ...ANNA, address: "onboarding/7012345678:other" }],
    ["the person", { ...ANNA, address: "person/7012345678" }],
    ["another purpose", { ...ANNA, purpose: "chatText" }],
    ["nobody", { ...ANNA, address: "" }],
  ])("does not open for %s", (_who, owner) => {
    const { address, purpose } = owner;
    expect(() => ring.open(ring.seal(TOKEN, ANNA), owner)).toThrow(refused({ keyId: "k1", address, purpose }));
  });
  it("does not open for another purpose that was written over its own", () => {
    const sealed = ring.seal(TOKEN, ANNA).replace(".wbToken.", ".chatText.");
    expect(() => ring.open(sealed, { ...ANNA, purpose: "chatText" })).toThrow(refused());
    expect(() => ring.open(sealed, ANNA)).toThrow(refused());
  });
  it("does not open with the inner layer of another one, of the same owner", () => {
    const [first, second] = [ring.seal(TOKEN, ANNA), ring.seal(new Secret("x"), ANNA)].map((text) => text.split("."));
    const mixed = [...(first ?? []).slice(0, 4), (second ?? [])[4]].join(".");
    expect(() => ring.open(mixed, ANNA)).toThrow(refused());
  });
  it("does not open when any of its bytes was changed", () => {
    const sealed = ring.seal(TOKEN, ANNA);
    const envelope = readEnvelope(sealed);
    if (envelope === null) throw new Error("unreadable");
    const opened: number[] = [];
    for (const part of ["wrappedKey", "data"] as const) {
      for (let at = 0; at < envelope[part].length; at += 1) {
        const bytes = Buffer.from(envelope[part]);
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
        const text = sealed.replace(envelope[part].toString("base64url"), bytes.toString("base64url"));
        expect(text).not.toBe(sealed);
        expect(() => ring.open(text, ANNA)).toThrow(refused());
        opened.push(at);
      }
    }
    expect(opened.length).toBeGreaterThan(100);
  });
  it.each([
    "",
    "s1",
    "s2.k1.wbToken.a.b",
    "eyJhbGciOiJFUzI1NiJ9.e30.AAAA",
    "s1.k1.wbToken..",
    `s1.k1.wbToken.${"a".repeat(80)}.a`,
  ])("is not read from %j", (text) => {
    expect(() => ring.open(text, ANNA)).toThrow(refused());
    expect(() => ring.rewrap(text, ANNA.address)).toThrow(refused());
    expect(() => ring.isCurrent(text)).toThrow(refused());
  });
  it("is in no error about it", () => {
    const sealed = ring.seal(TOKEN, ANNA);
    try {
      ring.open(sealed, { ...ANNA, address: "onboarding/1:club" });
      expect.unreachable();
    } catch (error) {
      const { message, details } = error as { message: string; details: unknown };
      const told = `${message} ${JSON.stringify(details)}`;
      expect(told).not.toContain(sealed.slice(-20));
      expect(told).not.toContain("eyJ");
    }
  });
});

describe("several keys", () => {
  const [before, both, after] = [ringOf("k1"), ringOf("k2", "k1"), ringOf("k2")];

  it("all open, the first seals", () => {
    expect(both.open(before.seal(TOKEN, ANNA), ANNA).reveal()).toBe(TOKEN.reveal());
    expect(after.open(both.seal(TOKEN, ANNA), ANNA).reveal()).toBe(TOKEN.reveal());
    expect([both.currentKeyId, both.keyIds]).toEqual(["k2", ["k2", "k1"]]);
  });
  it("without the one that sealed do not open, and say which is missing", () => {
    const unknown = expect.objectContaining({ code: "sealing.unknownKey", details: { keyId: "k1" } });
    const sealed = before.seal(TOKEN, ANNA);
    expect(() => after.open(sealed, ANNA)).toThrow(unknown);
    expect(() => after.rewrap(sealed, ANNA.address)).toThrow(unknown);
  });
  it("with another one under the same id do not open", () => {
    const [wrong] = sealingKeys("other");
    const ring = makeKeyRing([{ id: "k1", key: wrong?.key ?? Buffer.alloc(32) }]);
    expect(() => ring.open(before.seal(TOKEN, ANNA), ANNA)).toThrow(refused({ keyId: "k1" }));
  });
  it("do not open a secret under the id of another one of them", () => {
    const sealed = before.seal(TOKEN, ANNA).replace("s1.k1.", "s1.k2.");
    expect(() => both.open(sealed, ANNA)).toThrow(refused({ keyId: "k2" }));
  });
});

describe("a secret that is put under another key", () => {
  const [before, both, after] = [ringOf("k1"), ringOf("k2", "k1"), ringOf("k2")];
  const sealed = before.seal(TOKEN, ANNA);
  const moved = both.rewrap(sealed, ANNA.address);

  it("is the same one, its encrypted data untouched, and needs the old key no more", () => {
    expect(both.isCurrent(sealed)).toBe(false);
    expect(both.isCurrent(moved)).toBe(true);
    expect(moved.split(".")[4]).toBe(sealed.split(".")[4]);
    expect(moved.split(".")[3]).not.toBe(sealed.split(".")[3]);
    expect(after.open(moved, ANNA).reveal()).toBe(TOKEN.reveal());
    expect(() => before.open(moved, ANNA)).toThrow(expect.objectContaining({ code: "sealing.unknownKey" }));
  });
  it("stays bound to its owner", () => {
    expect(() => after.open(moved, { ...ANNA, address: "onboarding/1:club" })).toThrow(refused());
    expect(() => both.rewrap(sealed, "onboarding/1:club")).toThrow(refused());
  });
  it("is as it was when it is there already", () => {
    expect(both.rewrap(moved, ANNA.address)).toBe(moved);
  });
});

describe("a key ring", () => {
  it.each<readonly [string, Parameters<typeof makeKeyRing>[0]]>([
    ["without a key", []],
    ["with one id twice", sealingKeys("k1", "k1")],
    ["with a short key", [{ id: "k1", key: Buffer.alloc(16) }]],
    ["with an id that would not stand in a sealed text", [{ id: "k.1", key: Buffer.alloc(32) }]],
  ])("%s is not made", (_what, keys) => {
    expect(() => makeKeyRing(keys)).toThrow(RangeError);
  });
});
