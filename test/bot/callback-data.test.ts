import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALLBACK_DATA_MAX, parsePress, press } from "../../src/bot/callback-data.ts";
import { chargeMark } from "../../src/bot/screens/info.ts";

const code = fc.stringMatching(/^[a-z0-9-]{1,32}$/);

describe("the data of a button", () => {
  it("comes back as it was written, for every code a plans file may have", () => {
    fc.assert(
      fc.property(code, (plan) => {
        expect(parsePress(press("plan", plan))).toEqual({ event: "plan", arg: plan });
        expect(parsePress(press("cancelask", plan))).toEqual({ event: "cancelask", arg: plan });
      }),
    );
  });

  it("fits Telegram's 64 bytes with the longest code", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9-]{32}$/),
        (longest) => Buffer.byteLength(press("cancelask", longest)) <= CALLBACK_DATA_MAX,
      ),
    );
    expect(Buffer.byteLength(press("refundask", chargeMark("x".repeat(256))))).toBeLessThanOrEqual(CALLBACK_DATA_MAX);
  });

  it("is refused when it says anything else, without throwing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (forged) => {
        const parsed = parsePress(forged);
        expect(parsed === null || `v1:${parsed.event}:${parsed.arg}` === forged).toBe(true);
      }),
    );
  });

  it.each([
    ["another version", "v2:plans:"],
    ["an unknown event", "v1:grant:club"],
    ["an argument where none belongs", "v1:plans:club"],
    ["no argument where one belongs", "v1:plan:"],
    ["a second argument", "v1:plan:month:7012345678"],
    ["somebody else's id", "v1:refund:7012345678"],
    ["a language we do not speak", "v1:lang:de"],
    ["a prototype's name", "v1:constructor:"],
    ["a newline", "v1:plan:month\n"],
    ["nothing", ""],
  ])("is refused with %s", (_what, forged) => {
    expect(parsePress(forged)).toBeNull();
  });
});
